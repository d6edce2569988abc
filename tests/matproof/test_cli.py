"""The command line: what it prints and how it ends."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from matproof.cli import main

TRUE = "Let $\\mathbf{A} \\in \\mathbb{R}^{n \\times n}$.\n\n$$\n\\mathbf{A} = \\mathbf{A}\n$$ (same)\n"
FALSE = TRUE.replace("= ", "= 2")
LAYOUT = r"""Let $\mathbf{a}, \mathbf{x} \in \mathbb{R}^{n}$.
$$\frac{\partial \mathbf{a}^{\top}\mathbf{x}}{\partial \mathbf{x}} = \mathbf{a}$$"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files into an empty current folder."""
    monkeypatch.chdir(tmp_path)

    def writer(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return writer


def test_status_and_text(write, capsys):
    write(true_md=TRUE, false_md=FALSE)
    assert main(["check", "true.md"]) == 0
    assert capsys.readouterr().out == "true.md: the claim holds\n"
    assert main(["check", "true.md", "false.md"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "true.md: the claim holds"
    assert lines[-1] == "2 documents, 2 equals signs, 2 claims: 1 holds, 1 fails, 0 undecided, 0 unreadable"


def test_folders_are_searched(write, capsys):
    write(a__true_md=TRUE, a__b__true_tex=TRUE, a__other_py="x = 1", **{".hidden__false_md": FALSE})
    assert main(["check"]) == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()[:2]] == [
        "a/b/true.tex",
        "a/true.md",
    ]


def give(monkeypatch, data):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))


def test_standard_input(monkeypatch, capsys):
    give(monkeypatch, FALSE.encode())
    assert main(["check", "-"]) == 1
    assert capsys.readouterr().out.startswith("<stdin>: 1 claim: 0 hold, 1 fails")


def test_standard_input_begins_with_a_byte_order_mark(monkeypatch, capsys):
    give(monkeypatch, "\ufeff---\nmatproof: {layout: denominator}\n---\n$1=2$ ü".encode())
    assert main(["check", "--format", "json", "-"]) == 1
    assert json.loads(capsys.readouterr().out)["documents"][0]["layout"] == "denominator"


@pytest.mark.parametrize("data", [b"\xff $1=2$", b"$1=2$ \xed\xa0\x80", b"\xc3"])
def test_standard_input_that_is_not_utf8(monkeypatch, capsys, data):
    give(monkeypatch, data)
    assert main(["check", "-"]) == 2
    assert capsys.readouterr().err == "matproof: <stdin>: not UTF-8\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_devices_and_pipes_are_no_documents(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.md")
    for path in (str(tmp_path / "pipe.md"), os.devnull):
        assert main(["check", path]) == 2
        assert capsys.readouterr().err == f"matproof: {path}: not a regular file\n"


def test_files_that_are_too_large(write, monkeypatch, capsys):
    monkeypatch.setattr("matproof.read.files.MAX_BYTES", 10)
    write(large_md="x" * 11, small_md="x" * 10)
    assert main(["check", "small.md"]) == 0
    assert main(["check", "large.md"]) == 2
    assert capsys.readouterr().err == "matproof: large.md: too large; expected at most 10 bytes\n"


def test_a_file_that_cannot_be_read_costs_the_others_nothing(write, capsys):
    write(a_ipynb="no notebook", false_md=FALSE)
    for paths in (["."], ["a.ipynb", "false.md"], ["false.md", "missing.md"]):
        assert main(["check", *paths]) == 2
        out, err = capsys.readouterr()
        assert "false.md: 1 claim: 0 hold, 1 fails" in out
        assert err.startswith("matproof: ")


def test_json(write, capsys):
    write(false_md=FALSE)
    assert main(["check", "--format", "json", "false.md"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["summary"]["fails"] == 1
    assert data["documents"][0]["path"] == "false.md"


def test_the_layout_option_overrides_the_document(write, capsys):
    write(plain_md=LAYOUT, own_md="---\nmatproof: {layout: denominator}\n---\n" + LAYOUT)
    assert main(["check", "plain.md"]) == 1
    assert main(["check", "plain.md", "--layout", "denominator"]) == 0
    assert main(["check", "own.md"]) == 0
    assert main(["check", "own.md", "--layout", "numerator"]) == 1


def test_lenient(write, capsys):
    write(a_txt=r"$$\operatorname{tr}(\mathbf{A}) = \operatorname{tr}(\mathbf{A}^{\top})$$")
    assert main(["check", "a.txt"]) == 1
    assert main(["check", "--lenient", "a.txt"]) == 0


def test_explain(write, capsys):
    write(true_md=TRUE)
    assert main(["explain", "true.md", "same", "1"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("true.md:4 (same, 1): holds\n")
    assert r"declared: \mathbf{A} \in \mathbb{R}^{n \times n}" in output
    assert main(["explain", "true.md"]) == 0
    assert main(["explain", "true.md", "other"]) == 2
    assert capsys.readouterr().err == "matproof: true.md: no such claim; there are claims under: same\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "missing.md"], "matproof: missing.md: No such file or directory"),
        (["check", "binary.md"], "matproof: binary.md: not UTF-8"),
        (["check", "bad.ipynb"], "matproof: bad.ipynb: not a notebook (JSONDecodeError"),
        (["check", "empty"], "matproof: no documents in empty"),
        (["explain", "empty"], "matproof: empty: a folder; expected one file"),
    ],
)
def test_files_that_cannot_be_read(write, tmp_path, capsys, arguments, message):
    write(bad_ipynb="{")
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe")
    (tmp_path / "empty").mkdir()
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(message)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check", "--layout", "other"],
        ["check", "--max-seconds", "0"],
        ["check", "--seed", "x"],
        ["prove"],
    ],
)
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: matproof" in capsys.readouterr().err


def test_the_package_is_light_to_import():
    """The verification cells of a chapter import the package; the checker's own parts must wait."""
    code = (
        "import sys, matproof; heavy = {'numpy', 'sympy', 'matplotlib'} & set(sys.modules); matproof.check; "
    )
    code += "print(sorted(heavy), 'sympy' in sys.modules, 'matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[] False False"


@pytest.mark.slow
def test_the_package_is_a_command_too(write):
    write(notes_md=TRUE)
    done = subprocess.run(
        [sys.executable, "-m", "matproof", "check", "notes.md"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "notes.md: the claim holds\n"


# ------------------------------------------------------------------------------ how it ends, what it prints


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "matproof", *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        **options,
    )


def test_ctrl_c_ends_it_with_one_line(write, monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("matproof.judging.judge", interrupt)
    write(true_md=TRUE)
    assert main(["check", "true.md"]) == 130
    assert capsys.readouterr() == ("", "matproof: interrupted\n")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
def test_ctrl_c_while_several_processes_judge(write):
    many = "".join(f"$$\\mathbf{{A}}^{{{n}}} = \\mathbf{{A}}^{{{n}}}$$\n\n" for n in range(2, 3000))
    write(many_md=TRUE + "\n" + many)
    command = [sys.executable, "-m", "matproof", "check", "--jobs", "2", "many.md"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    time.sleep(2.5)  # in the midst of it; earlier and later it must end in the same way
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    assert (process.returncode, err) == (130, "matproof: interrupted\n") or process.returncode == 0, out


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes there")
def test_a_closed_pipe_ends_it_quietly(write):
    write(false_md=FALSE)
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "matproof", "check", "false.md"]
    try:
        done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, check=False, timeout=60)
    finally:
        os.close(write_end)
    assert (done.returncode, done.stderr) == (141, b"")


HALF = FALSE.replace("(same)", "(same)\n\n## A \ud83d \x1b[31m heading\n\n$$1 = 2$$\n")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_report_survives_what_cannot_be_printed(tmp_path, locale, form):
    cells = [{"cell_type": "markdown", "source": f"{HALF} é \u202e"}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}), "utf-8")
    environment = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}
    done = run("check", "--format", form, "a.ipynb", cwd=tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"\x1b" not in done.stdout
    if form == "json":
        assert json.loads(done.stdout)["summary"]["fails"] == 2


def test_the_cache_and_the_processes_change_nothing(write, capsys):
    write(a__true_md=TRUE, a__false_md=FALSE)
    reports = []
    for more in ([], ["--jobs", "2"], ["--cache", "b/c.json"], ["--cache", "b/c.json"]):
        assert main(["check", "--format", "json", *more, "a"]) == 1
        reports.append(capsys.readouterr().out)
    assert len(set(reports)) == 1


def test_a_damaged_cache_is_a_warning(write, capsys):
    write(true_md=TRUE, cache_json="{")
    assert main(["check", "--cache", "cache.json", "true.md"]) == 0
    assert capsys.readouterr().err.startswith("matproof: warning: cache.json: the cache cannot be used")


def test_the_time_of_a_document_can_be_bounded(write, capsys):
    write(true_md=TRUE)
    assert main(["check", "--max-document-seconds", "1e-9", "true.md"]) == 1
    assert "the time limit of the document was reached" in capsys.readouterr().out


@pytest.mark.parametrize("option", [("--jobs", "-1"), ("--jobs", "x"), ("--max-memory", "0")])
def test_wrong_numbers_are_refused(option):
    with pytest.raises(SystemExit) as status:
        main(["check", *option])
    assert status.value.code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded there")
def test_too_little_memory_is_said():
    pytest.importorskip("resource")
    done = run("check", "--max-memory", "1", "-", input=TRUE.encode())
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr
