"""What documents and workflows tell people and machines to run is there."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
TEXTS = [
    "README.md",
    "CONTRIBUTING.md",
    ".ci/run",
    "docs/architecture.md",
    *(f"docs/decisions/{p.name}" for p in ROOT.glob("docs/decisions/*")),
]
WORKFLOWS = sorted(path.name for path in ROOT.glob(".github/workflows/*.yml"))
COMMAND = re.compile(r"(?:`|^|^stage )make(?: [A-Z]+=\S+)* ([a-z-]+)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize("name", TEXTS)
def test_the_targets_that_a_text_names_exist(name):
    named = set(COMMAND.findall((ROOT / name).read_text(encoding="utf-8")))
    assert named <= TARGETS


@pytest.mark.parametrize("name", [name for name in TEXTS if name.endswith(".md")])
def test_the_files_that_a_text_names_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for link in LINK.findall(text):
        assert (ROOT / name).parent.joinpath(link).exists(), link
    for path in re.findall(r"`((?:book|docs|site|src|tests|tools)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def steps(name):
    jobs = yaml.safe_load((ROOT / ".github/workflows" / name).read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_there_are_workflows():
    assert WORKFLOWS == ["links.yml", "release.yml", "site.yml", "tests.yml"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_to_commits(name):
    for step in steps(name):
        assert "run" in step or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_only_read_unless_a_job_says_more(name):
    workflow = yaml.safe_load((ROOT / ".github/workflows" / name).read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job or "needs" in job for job in workflow["jobs"].values())


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_calls_what_is_there(name):
    for command in (step["run"] for step in steps(name) if "run" in step):
        target = re.match(r"make ([a-z-]+)", command)
        assert not target or target[1] in TARGETS
        for path in re.findall(r"(?:tools|\.ci)/[\w.-]+", command):
            assert (ROOT / path).is_file()


def test_all_supported_pythons_are_tested():
    workflow = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["tests"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]


def test_the_decisions_are_listed():
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    pages = sorted(path.name for path in ROOT.glob("docs/decisions/[0-9]*.md"))
    assert LINK.findall(index) == pages
    for page in pages:
        title = (ROOT / "docs/decisions" / page).read_text(encoding="utf-8").splitlines()[0]
        number, _, words = title.removeprefix("# ").partition(". ")
        assert page.startswith(f"{int(number):02}-")
        assert f"[{words}]({page})" in index


def form_of(name):
    return yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["error.yml", "new-identity.yml"])
def test_a_form_asks_for_something(name):
    form = form_of(name)
    assert {"name", "description", "body"} <= set(form)
    assert all(field["attributes"]["label"] for field in form["body"])
    assert len({field["id"] for field in form["body"]}) == len(form["body"])
    assert any(field.get("validations", {}).get("required") for field in form["body"])


def test_the_pages_fill_in_a_form_that_is_there():
    script = (ROOT / "site/theme/static/copying.js").read_text(encoding="utf-8")
    name = re.search(r'template: "([\w-]+\.yml)"', script)[1]
    assert "place" in {field["id"] for field in form_of(name)["body"]}
    assert "place: " in script


def test_hooks_need_no_download():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    assert all(hook["language"] == "system" for hook in hooks[0]["hooks"])
    programs = {hook["entry"].split()[0] for hook in hooks[0]["hooks"]}
    assert all(program.startswith(".venv/bin/") for program in programs)
