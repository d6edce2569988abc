"""Compare the site with the same book as Jupyter Book builds it, with its stock theme and MathJax 3.

    python tests/site/bench_site.py [--site _build/html] [--runs 5] [--json FILE]

Both are served from this machine, compressed, to one browser. The medians for the longest chapter, with an
empty cache: bytes and requests; milliseconds until every formula is typeset and its fonts are there;
milliseconds in which the main thread was blocked (what each task takes beyond 50 ms); layout shift. Then the
bytes that the next chapter costs with a warm cache.
"""

import argparse
import contextlib
import gzip
import http.server
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "site"))

import browser  # noqa: E402

MATHJAX = ROOT / "site" / "node_modules" / "mathjax" / "es5"
OWN = {"html_theme", "html_math_renderer", "status_page", "mutants_file", "attack_file", "verdicts_file"}
COMPRESSED = {".html", ".css", ".js", ".svg", ".json"}

OBSERVE = """
globalThis.seen = { blocked: 0, shift: 0 };
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) seen.blocked += Math.max(0, task.duration - 50);
}).observe({ type: "longtask", buffered: true });
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) seen.shift += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""
# A formula of MathJax is typeset when its start is over, one of KaTeX when it has been painted.
TYPESET = """async () => {
  const until = async (ready) => {
    while (!ready()) await new Promise((done) => setTimeout(done, 5));
    return ready();
  };
  const [paint] = await until(() => {
    const found = performance.getEntriesByName("first-contentful-paint");
    return found.length && found;
  });
  if (globalThis.MathJax) {
    await until(() => MathJax.startup?.promise);
    await MathJax.startup.promise;
    await document.fonts.ready;
    return performance.now();
  }
  await document.fonts.ready;
  const fonts = performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith(".woff2"));
  return Math.max(paint.startTime, ...fonts.map((entry) => entry.responseEnd));
}"""


class _CompressingHandler(http.server.SimpleHTTPRequestHandler):
    """Serves what can be compressed compressed, and lets the browser keep it, as static hosts do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        content = path.read_bytes()
        self.send_response(200)
        if path.suffix in COMPRESSED:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def build_stock(folder: Path) -> Path:
    """Build the book with the stock theme and a local MathJax 3; returns the folder of its pages."""
    configuration = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    sphinx = configuration["sphinx"]
    del sphinx["local_extensions"]
    sphinx["config"] = {key: value for key, value in sphinx["config"].items() if key not in OWN}
    sphinx["config"]["mathjax_path"] = "mathjax/tex-mml-chtml.js"
    (folder / "stock.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    command = [
        str(Path(sys.executable).with_name("jupyter-book")),
        "build",
        str(ROOT),
        "--path-output",
        str(folder),
    ]
    command += ["--config", str(folder / "stock.yml"), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.copytree(MATHJAX, folder / "_build" / "html" / "_static" / "mathjax")
    return folder / "_build" / "html"


def longest_chapters(site: Path, number: int) -> list[str]:
    """The notebooks with the most formulas, the longest first; both sites make their pages of one text."""
    notebooks = [path.relative_to(ROOT).with_suffix(".html") for path in ROOT.glob("book/**/*.ipynb")]
    pages = [site / name for name in notebooks if (site / name).is_file()]
    length = {page: page.read_text(encoding="utf-8").count('class="math') for page in pages}
    return [str(page.relative_to(site)) for page in sorted(length, key=length.get, reverse=True)[:number]]


@contextlib.contextmanager
def fresh_page(chromium, throttle: int):
    """A page with an empty cache on a slowed-down processor, and the list of bytes it receives."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(OBSERVE)
    page = context.new_page()
    page.set_default_timeout(180_000)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    yield page, received
    context.close()


def measure(chromium, home: str, chapters: list[str], throttle: int) -> dict[str, float]:
    """One visit to a chapter and then to the next."""
    with fresh_page(chromium, throttle) as (page, received):
        page.goto(home + chapters[0], wait_until="load")
        typeset = page.evaluate(TYPESET)
        page.wait_for_timeout(1500)
        seen = page.evaluate("seen")
        figures = {
            "bytes": sum(received),
            "requests": len(received),
            "typeset": typeset,
            "blocked": seen["blocked"],
            "shift": seen["shift"],
        }
        received.clear()
        page.goto(home + chapters[1], wait_until="load")
        page.evaluate(TYPESET)
        return {**figures, "next": sum(received)}


def compare(sites: dict[str, Path], runs: int) -> list[dict]:
    """The medians of all measurements, a row for each site and speed."""
    chapters = longest_chapters(sites["book"], 2)
    cases = [(name, throttle) for name in sites for throttle in (1, 4)]
    visits = {case: [] for case in cases}
    with contextlib.ExitStack() as stack:
        chromium = stack.enter_context(browser.chromium())
        homes = {
            name: stack.enter_context(browser.serve(site, _CompressingHandler))
            for name, site in sites.items()
        }
        # The sites take turns, so that whatever else the machine does falls on both.
        for _ in range(runs):
            for name, throttle in cases:
                visits[name, throttle].append(measure(chromium, homes[name], chapters, throttle))
    return [
        {"site": name, "throttle": throttle, "chapter": chapters[0], **_medians(visits[name, throttle])}
        for name, throttle in cases
    ]


def _medians(visits: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(visit[key] for visit in visits) for key in visits[0]}


def to_text(rows: list[dict]) -> str:
    """The comparison as a table."""
    columns = f"{'kB':>8}{'requests':>10}{'typeset ms':>12}{'blocked ms':>12}{'shift':>8}{'next kB':>9}"
    head = f"{'':8}{'CPU':>5}{columns}"
    lines = [f"longest chapter: {rows[0]['chapter']}", head]
    for row in rows:
        speed, kilobytes, following = f"1/{row['throttle']}", row["bytes"] / 1000, row["next"] / 1000
        times = f"{row['typeset']:12.0f}{row['blocked']:12.0f}{row['shift']:8.3f}"
        lines.append(
            f"{row['site']:8}{speed:>5}{kilobytes:8.0f}{row['requests']:10.0f}{times}{following:9.0f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html", help="the book as built")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = compare({"book": options.site, "stock": build_stock(Path(folder))}, options.runs)
    print(to_text(rows))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
