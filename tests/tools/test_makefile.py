"""What `make` does for the environment.

Someone whose Python is too old or missing is told so in one line, naming both versions; and what has changed
decides whether the environment is made anew.
"""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def make_environment(python, folder):
    command = ["make", "--silent", f"{folder}/venv/ready", f"PYTHON={python}", f"VENV={folder}/venv"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def first_lines(result):
    return [line for line in result.stderr.splitlines() if not line.startswith("make")]


def test_an_old_python_is_named(tmp_path):
    old = tmp_path / "python3.10"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.10.13 && exit 0\nexit 1\n')
    old.chmod(0o755)
    result = make_environment(old, tmp_path)
    assert result.returncode != 0
    (line,) = first_lines(result)
    assert line.startswith("This book needs Python 3.11 or newer")
    assert "Python 3.10.13" in line


def test_a_missing_python_is_named(tmp_path):
    result = make_environment("no-such-python", tmp_path)
    assert result.returncode != 0
    (line,) = first_lines(result)
    assert "'no-such-python' is" in line
    assert "This book needs Python 3.11 or newer" in line


@pytest.mark.parametrize(
    ("changed", "anew", "installed"),
    [("requirements.txt", True, "--requirement requirements.txt"), ("pyproject.toml", False, "--editable .")],
)
def test_only_a_new_lock_makes_a_new_environment(tmp_path, changed, anew, installed):
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "ready").touch()
    command = ["make", "--dry-run", f"--what-if={changed}", f"VENV={tmp_path}/venv", f"{tmp_path}/venv/ready"]
    steps = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert ("-m venv" in steps) == anew
    assert installed in steps
