"""The walls between the rooms: which imports which. docs/architecture.md draws them."""

import ast
from pathlib import Path

import pytest

import matproof

ROOT = Path(matproof.__file__).parent
# room -> the rooms that it may import from
WALLS = {
    "arithmetic": set(),
    "language": set(),
    "read": {"language"},
    "decide": {"arithmetic", "language"},
    "about": {"decide", "language", "read"},
    "report": {"about", "language", "read"},
    "notebook": set(),
}
GRAMMAR = "read.grammar"


def imports(path: Path, root: Path = ROOT):
    """The modules of the package that a module imports, by their full names inside of it."""
    package = path.relative_to(root).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            outside = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join((*outside, *filter(None, (node.module or "").split("."))))
            if node.level:
                yield from (f"{name}.{alias.name}".strip(".") for alias in node.names)
            elif name.partition(".")[0] == "matproof":
                yield name.partition(".")[2]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] == "matproof":
                    yield alias.name.partition(".")[2]


def broken(root: Path = ROOT):
    """Every import that goes through a wall."""
    for room, allowed in WALLS.items():
        for path in sorted((root / room).rglob("*.py")):
            for name in imports(path, root):
                target = name.partition(".")[0]
                through_the_wall = target not in allowed | {room}
                if through_the_wall or (room == "report" and name.startswith(GRAMMAR)):
                    yield f"{path.relative_to(root)} imports {name}"


def test_no_import_goes_through_a_wall():
    assert list(broken()) == []


def test_every_room_has_its_walls():
    rooms = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(WALLS)


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("arithmetic", "from ..language.nodes import Node"),
        ("language", "from ..arithmetic import jets"),
        ("read", "from ..decide.judge import judge"),
        ("decide", "from matproof.read.grammar import parse"),
        ("decide", "import matproof.read"),
        ("report", "from ..read.grammar import parse"),
        ("language", "from ..checking import check"),
    ],
)
def test_a_hole_in_a_wall_is_seen(tmp_path, room, line):
    for name in WALLS:
        (tmp_path / name).mkdir()
    (tmp_path / room / "hole.py").write_text(line + "\n", "utf-8")
    assert len(list(broken(tmp_path))) == 1
