"""The public address is written down in pyproject.toml; everything else that names it agrees."""

import re
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
REPOSITORY, HOMEPAGE = URLS["Repository"], URLS["Homepage"]
# The files that name it, for there is nobody who could fill it in. Workflows and pages are told it.
TEXTS = ["README.md", "CONTRIBUTING.md", "book/appendix/teaching.md"]
PLACES = ["pyproject.toml", "_config.yml", "CITATION.cff", *TEXTS]


def addresses(text):
    """The addresses of repositories and of project pages in a text, percent-encoded or not."""
    pattern = r"https://github\.com/[\w-]+/[\w-]+|https://[\w-]+\.github\.io/(?:[\w-]+/?)?"
    return set(re.findall(pattern, unquote(text)))


def settings(name):
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_address_has_its_form():
    assert re.fullmatch(r"https://[\w.-]+/[\w-]+/[\w-]+", REPOSITORY)
    assert re.fullmatch(r"https://[\w./-]+/", HOMEPAGE), "pages are appended to it"


def test_the_site_has_the_address():
    config = settings("_config.yml")
    assert config["repository"]["url"] == REPOSITORY
    assert config["html"]["baseurl"] == HOMEPAGE


def test_the_citation_has_the_address():
    citation = settings("CITATION.cff")
    assert (citation["repository-code"], citation["url"]) == (REPOSITORY, HOMEPAGE)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_has_the_address(name):
    assert REPOSITORY in addresses((ROOT / name).read_text(encoding="utf-8"))


def test_no_other_file_has_the_address():
    """A repository of the same name under another organisation would be a place that was forgotten."""
    name = REPOSITORY.rpartition("/")[2]
    command = ["git", "-C", str(ROOT), "grep", "--files-with-matches", "--ignore-case", "-I", rf"{name}\b"]
    files = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    for file in files:
        ours = {one for one in addresses((ROOT / file).read_text(encoding="utf-8")) if name in one}
        assert ours <= {REPOSITORY, HOMEPAGE}, file
        assert not ours or file in PLACES, f"{file} repeats the address: take it from pyproject.toml"


def test_the_citation_and_the_package_have_one_version():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert settings("CITATION.cff")["version"] == package["version"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("git+https://github.com/one/two.git", "https://github.com/one/two"),
        ("?repo=https%3A%2F%2Fgithub.com%2Fone%2Ftwo&branch=main", "https://github.com/one/two"),
        ("see https://one.github.io/two/book/index.html", "https://one.github.io/two/"),
    ],
)
def test_addresses_are_found(text, found):
    assert addresses(text) == {found}
