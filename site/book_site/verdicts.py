"""The verdict beside the proof, and the page that sums the verdicts up.

While a document is read, matproof checks it. Every theorem, proof and other box then ends with the number of
its relations that have been checked, and a verdict other than "holds" is a warning, so that `-W` fails. The
figures are added to the page ``status_page``, whose own text says what they mean.

The event ``book-checked`` hands the results on, so that nobody else need run the checker: its argument is a
list of pairs, each a box of the document tree and the list of the `matproof.Result` in it that hold.

Configuration: ``status_page``, the name of that document; without it, the marks are not linked.
``mutants_file`` and ``attack_file``, the figures that `make mutants` and `make attack` have written, relative
to the configuration, or "". ``verdicts_file``, where verdicts are kept from one build to the next, or "".
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx_exercise.nodes import is_extension_node

import matproof
from matproof.cache import Cache

from .boxes import is_proof, is_statement
from .katex import CELL

THEOREMS = {"theorem", "lemma", "corollary", "proposition"}
FENCE = re.compile(r"\s*(:{3,}|`{3,})")

KEPT = "matproof_cache"  # the attribute of the application that holds the verdicts of earlier builds

logger = logging.getLogger(__name__)


def check(app, doctree: nodes.document) -> None:
    """Check the document that has just been read, mark its boxes, keep its figures."""
    docname = app.env.docname
    path = Path(app.env.doc2path(docname))
    source = path.read_text(encoding="utf-8")
    checked = matproof.check(source, path=path.name, cache=_kept(app))
    report = checked.to_json()
    for claim in report["documents"][0]["claims"]:
        if claim["verdict"] != "holds":
            _complain(path, claim)
    boxes = list(_results_in_boxes(doctree, checked.documents[0].results, source))
    for box, results in boxes:
        relations = Counter(result.claim.relation for result in results)
        if relations:
            box["checked"] = dict(relations)
    _all_figures(app.env)[docname] = _figures(doctree, report)
    app.emit("book-checked", boxes)


def open_cache(app: Sphinx) -> None:
    """Find the verdicts of earlier builds."""
    name = app.config.verdicts_file
    setattr(app, KEPT, Cache(Path(app.confdir) / name) if name else None)


def _kept(app: Sphinx) -> Cache | None:
    return getattr(app, KEPT, None)


def save_cache(app: Sphinx, error: Exception | None) -> None:
    """Keep the verdicts for the next build; what is wrong with the file is not worth a warning."""
    cache = _kept(app)
    if cache is not None:
        cache.save()
        if cache.complaint:
            logger.info(f"matproof: {cache.complaint}")


def _complain(path: Path, claim: dict) -> None:
    where = f"cell {claim['cell']}, line {claim['line']}" if claim["cell"] else str(claim["line"])
    message = f"matproof: {claim['verdict']}: {claim['latex']}: {claim['reason']}"
    logger.warning(message, location=f"{path}:{where}", type="matproof")


def _all_figures(env) -> dict[str, dict]:
    if not hasattr(env, "book_verdicts"):
        env.book_verdicts = {}
    return env.book_verdicts


def _figures(doctree: nodes.document, report: dict) -> dict:
    """What the status page says of one document."""
    claims = report["documents"][0]["claims"]
    statements = Counter(node["realtype"] for node in doctree.findall(is_statement))
    tried = {value for claim in claims for values in claim["exponents"].values() for value in values}
    return {
        "theorems": sum(statements[kind] for kind in THEOREMS),
        "proofs": sum(1 for _ in doctree.findall(is_proof)),
        "equalities": sum(claim["relation"] == "=" for claim in claims),
        "inequalities": sum(claim["relation"] == "!=" for claim in claims),
        "definitions": report["summary"]["definitions"],
        "conditions": report["summary"]["conditions"],
        "exponents": sorted(tried),
        "problems": sum(claim["verdict"] != "holds" for claim in claims),
    }


# ------------------------------------------------------------------------------------- the mark in a box


def _results_in_boxes(
    doctree: nodes.document, results: Iterable[matproof.Result], source: str
) -> Iterator[tuple[nodes.Element, list[matproof.Result]]]:
    """Every box with the relations in it that hold."""
    cells = _cells(source)
    relations = [r for r in results if r.claim.relation != "in" and r.verdict.verdict == "holds"]
    for box in doctree.findall(_is_box):
        cell, first = _start(box)
        last = _closing_line(cells[cell], first)
        yield box, [r for r in relations if (r.claim.cell or 0) == cell and first <= r.claim.line <= last]


def _is_box(node: nodes.Node) -> bool:
    return is_statement(node) or is_proof(node) or is_extension_node(node)


def _cells(source: str) -> dict[int, list[str]]:
    """The lines of each cell, counted from 1; those of a text that is no notebook are number 0."""
    try:
        notebook = json.loads(source)
    except ValueError:
        return {0: source.splitlines()}
    return {n: "".join(cell["source"]).splitlines() for n, cell in enumerate(notebook["cells"], 1)}


def _start(box: nodes.Element) -> tuple[int, int]:
    """Cell (0 outside of notebooks) and line of a box's first line, both counted from 1."""
    line = next(node.line for node in (box, box.parent) if node.line)
    return (line // CELL, line % CELL - 1) if line >= CELL else (0, line)


def _closing_line(lines: list[str], first: int) -> int:
    """The line on which the fence ends that is opened on the first line."""
    fence = FENCE.match(lines[first - 1])[1]
    closing = (n for n in range(first + 1, len(lines) + 1) if lines[n - 1].strip() == fence)
    return next(closing, len(lines))


def describe(relations: dict[str, int]) -> str:
    """The words of a mark: "✓ 9 equalities and 1 inequality checked"."""
    parts = []
    for relation, singular in (("=", "equality"), ("!=", "inequality")):
        number = relations.get(relation, 0)
        if number:
            parts.append(f"{number} {singular if number == 1 else singular[:-1] + 'ies'}")
    return f"✓ {' and '.join(parts)} checked"


def write_marks(app, doctree: nodes.document, docname: str) -> None:
    """End every box that has checked relations with its mark."""
    for box in list(doctree.findall(lambda node: isinstance(node, nodes.Element) and "checked" in node)):
        words = describe(box["checked"])
        mark = nodes.paragraph(classes=["verdict"])
        status = app.config.status_page
        if status in app.env.found_docs:
            address = app.builder.get_relative_uri(docname, status) + "#" + _row_id(docname)
            mark += nodes.reference("", words, refuri=address, internal=True)
        else:
            mark += nodes.Text(words)
        box += mark


# ------------------------------------------------------------------------------------- the status page

COLUMNS = {
    "theorems": "Theorems",
    "proofs": "Proofs",
    "equalities": "Equalities",
    "inequalities": "Inequalities",
    "definitions": "Definitions",
    "conditions": "Conditions",
    "exponents": "Exponents",
}


def renew_status(app, env) -> list[str]:
    """The status page depends on all others."""
    return [app.config.status_page] if app.config.status_page in env.found_docs else []


def write_status(app, doctree: nodes.document, docname: str) -> None:
    """Put the figures into the last section of the status page."""
    if docname != app.config.status_page:
        return
    *_, last = doctree.findall(nodes.section)
    last += _table(app)
    if app.config.mutants_file:
        last += nodes.paragraph("", _mutants(app))
    if app.config.attack_file:
        last += nodes.paragraph("", _attack(app))


def _table(app) -> nodes.table:
    figures = _all_figures(app.env)
    # The relations between documents are listed in the order of the table of contents.
    chapters = [name for name in app.env.collect_relations() if _has_mathematics(figures.get(name, {}))]
    rows = [_row([_chapter_link(app, name), *_cells_of(figures[name])], _row_id(name)) for name in chapters]
    total = Counter()
    for name in chapters:
        total.update({key: value for key, value in figures[name].items() if isinstance(value, int)})
    rows.append(_row([nodes.Text("Together"), *_cells_of({**total, "exponents": []})], "status-total"))
    return _assemble(["Chapter", *COLUMNS.values()], rows)


def _has_mathematics(figures: dict) -> bool:
    return any(figures.get(name) for name in COLUMNS)


def _chapter_link(app, name: str) -> nodes.reference:
    address = app.builder.get_relative_uri(app.config.status_page, name)
    return nodes.reference("", app.env.titles[name].astext(), refuri=address, internal=True)


def _cells_of(figures: dict) -> list[nodes.Text]:
    values = [figures.get(name, 0) for name in COLUMNS]
    return [nodes.Text(_range(value) if isinstance(value, list) else str(value)) for value in values]


def _range(values: list[int]) -> str:
    return f"{values[0]} to {values[-1]}" if values else ""


def _row_id(docname: str) -> str:
    return "status-" + nodes.make_id(docname)


def _row(cells: list[nodes.Node], name: str = "") -> nodes.row:
    row = nodes.row(ids=[name] if name else [])
    for cell in cells:
        row += nodes.entry("", nodes.paragraph("", "", cell))
    return row


def _assemble(heads: list[str], rows: list[nodes.row]) -> nodes.table:
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=1) for _ in heads]
    group += nodes.thead("", _row([nodes.Text(head) for head in heads]))
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=["status"])


def _written_by(app: Sphinx, command: str, name: str) -> dict[str, Any]:
    """The figures of a file. Raises ExtensionError if nobody has made them."""
    path = Path(app.confdir) / name
    if not path.is_file():
        raise ExtensionError(f"{path} is missing: `{command}` writes it for the status page.")
    figures: dict[str, Any] = json.loads(path.read_bytes())
    return figures


def _mutants(app: Sphinx) -> str:
    """What became of the claims that were changed on purpose."""
    figures = _written_by(app, "make mutants", app.config.mutants_file)
    survivors, rejected = figures["survivors"], figures["called_false"]
    return (
        f"To test the checker itself, {figures['claims']} of these equalities were changed on purpose, one "
        f"place at a time, in {figures['tried']} ways: {figures['fails']} of the results were called false, "
        f"{figures['unreadable']} were refused as unreadable, {figures['undecided']} stayed undecided, and "
        f"{figures['holds']} were called true. A change may well make another true statement, as when the "
        "factors under a trace change places in a circle. An independent evaluator, with floating-point "
        "numbers and difference quotients, has looked at all that were called true and found "
        f"{_opinions(survivors)}; of a tenth of those called false it found {_opinions(rejected)}."
    )


def _attack(app: Sphinx) -> str:
    """What became of documents that were made up to take the checker in."""
    figures = _written_by(app, "make attack", app.config.attack_file)
    share = figures["decided"] / max(1, figures["known"])
    return (
        f"To attack it, {figures['documents']} documents with {figures['claims']} claims were made up, true "
        "and false ones, written in the ways in which people write: other commands for the same operation, "
        "braces, words and comments between the terms, rows of alignments, lists and quotes; with numbers "
        "next to large primes, sizes that are equal or far apart, conditions and definitions. "
        f"{figures['false_pass']} false claims were called true, {figures['false_alarm']} true ones false, "
        f"{figures['lost']} were overlooked; {figures['crash'] + figures['hang']} documents got no answer. "
        f"Of the {figures['known']} claims in the language that matproof reads it decided {share:.1%}."
    )


def _opinions(answers: dict[str, int]) -> str:
    return f"{answers['true']} true, {answers['false']} false and {answers['unsupported']} beyond it"


def purge(app, env, docname: str) -> None:
    """Forget the figures of a document that is read again or gone."""
    _all_figures(env).pop(docname, None)


def setup(app) -> None:
    """Register configuration and handlers."""
    app.add_config_value("status_page", "", "env")
    app.add_config_value("mutants_file", "", "env")
    app.add_config_value("attack_file", "", "env")
    app.add_config_value("verdicts_file", "", "")
    app.add_event("book-checked")
    app.connect("builder-inited", open_cache)
    app.connect("build-finished", save_cache)
    app.connect("doctree-read", check)
    app.connect("env-purge-doc", purge)
    app.connect("env-updated", renew_status)
    app.connect("doctree-resolved", write_status)
    app.connect("doctree-resolved", write_marks)
