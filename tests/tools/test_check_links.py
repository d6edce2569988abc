"""The weekly link check, against a server of its own."""

import http.server
import threading

import pytest
from check_links import answer, links, main


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path.strip("/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def address():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def page(tmp_path):
    def write(*hrefs):
        text = "".join(f'<a class="x" href="{href}">x</a>' for href in hrefs)
        (tmp_path / "page.html").write_text(f'<link href="https://own.example/">{text}')
        return tmp_path

    return write


def test_links_to_other_sites_are_found_once(page):
    site = page("other.html", "https://a.example/?x=1&amp;y=2#one", "https://a.example/?x=1&amp;y=2", "#x")
    assert links(site) == {"https://a.example/?x=1&y=2": "page.html"}


@pytest.mark.parametrize("status", [200, 403, 404])
def test_the_answer_is_the_status(address, status):
    assert answer(f"{address}/{status}") == status


@pytest.mark.parametrize(
    ("statuses", "result"), [((200,), 0), ((200, 403, 500), 0), ((200, 404), 1), ((410,), 1)]
)
def test_only_what_is_gone_is_an_error(page, address, statuses, result, capsys):
    assert main([str(page(*(f"{address}/{status}" for status in statuses)))]) == result
    assert f"{len(statuses)} links to other sites, {result} of them gone" in capsys.readouterr().out


def test_who_does_not_answer_is_named(page, address, capsys):
    assert main([str(page("http://127.0.0.1:1/"))]) == 0
    assert "page.html: http://127.0.0.1:1/: " in capsys.readouterr().out
