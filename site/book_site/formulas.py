"""The formula index: every identity that a theorem states, in both layouts, as a page and as a file.

While a document is read, the equalities of its theorems, lemmas and corollaries are kept, with what they rest
on; matproof carries each over to the other layout and judges it there, and a verdict other than "holds" is a
warning. The page ``formulas_page`` has a section of the label ``formulas-KIND`` for every kind of derivative
(`matproof.topics.KINDS`, with hyphens), to which its formulas are added, and may have one of the label
``formulas-json``, to which the addresses of the file and of its schema are added.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util import logging

from matproof import Claim, Result
from matproof.about.hypotheses import hypotheses, shape, used
from matproof.about.layouts import other_layout, readable
from matproof.about.topics import derivative_kind, topics
from matproof.decide.judge import judge
from matproof.language.nodes import Derivative, Dots, DottedSums, ExplicitMatrix, Node, walk
from matproof.language.scope import Scope

from .boxes import is_proof, is_statement
from .code import NUMPY, SYMPY, both_sides
from .keys import key
from .search import numbered_name
from .text import plain_text
from .verdicts import THEOREMS

LAYOUTS = ("numerator", "denominator")
FILE = "formulas.json"
SCHEMA = "_static/formulas.schema.json"

logger = logging.getLogger(__name__)


# --------------------------------------------------------------------------------------- what is kept


def collect(app: Any, boxes: list[tuple[nodes.Element, list[Result]]]) -> None:
    """Keep the identities of a document that has just been checked; they are stored with the environment."""
    proofs = {box["ids"][0]: _equalities(results) for box, results in boxes if is_proof(box) and box["ids"]}
    entries = []
    for box, results in boxes:
        claims = _equalities(results)
        if is_statement(box) and box["realtype"] in THEOREMS and claims:
            proof = f"proof-of-{box['label']}"
            entries.append(_entry(box, claims, proof if proof in proofs else "", proofs.get(proof, [])))
    _all_entries(app.env)[app.env.docname] = entries


def _equalities(results: list[Result]) -> list[Claim]:
    return [result.claim for result in results if result.claim.relation == "="]


def _all_entries(env: Any) -> dict[str, list[dict[str, Any]]]:
    if not hasattr(env, "book_formulas"):
        env.book_formulas = {}
    return env.book_formulas


def _entry(box: nodes.Element, claims: list[Claim], proof: str, proof_claims: list[Claim]) -> dict[str, Any]:
    """One theorem, in LaTeX and plain data."""
    own = claims[0].scope.layout
    chains = _chains(claims)
    others = [_in_other_layout(chain, box) for chain in chains]
    both = {layout: _formulas(chains if layout == own else others) for layout in LAYOUTS}
    return {
        "kind": box["realtype"],
        "counter": box["countertype"],
        "anchor": box["label"],
        "title": plain_text(box.children[0]).strip(" ()"),
        "proof": proof,
        "place": (box.source, box.line),
        "derivative": derivative_kind(claims),
        "topics": topics(claims),
        "assumptions": hypotheses(claims),
        "layout": own,
        **both,
        "rows": {
            layout: [_line(chain) for chain in (chains if layout == own else others)] for layout in LAYOUTS
        },
        "sought": _is_sought(claims),
        "checked": {"statement": len(claims), "proof": len(proof_claims)},
    }


def _line(chain: list[Claim]) -> dict[str, Any]:
    """One line of the table: what is differentiated, its derivative, other forms, the shape, code."""
    scope = chain[0].scope
    sides = [side for side in (chain[0].lhs, *(claim.rhs for claim in chain)) if side is not None]
    # What only turns the factors around under a trace belongs behind the fold.
    value = next((place for place, side in enumerate(sides) if place and not _is_rotation(side, sides)), -1)
    last = value % len(sides)
    claim = replace(chain[0], rhs=sides[last])
    code = {dialect.name: both_sides(claim, dialect) for dialect in (NUMPY, SYMPY)}
    return {
        "what": _in_line(readable(sides[0], scope)),
        "value": readable(sides[last], scope),
        "also": [readable(side, scope) for place, side in enumerate(sides) if place not in (0, last)],
        "shape": list(shape(chain[0])),
        "keys": _keys(sides, scope),
        "code": {name: found[1] for name, found in code.items() if found},
    }


def _keys(sides: list[Node], scope: Scope) -> list[str]:
    """Under what a reader's formula finds the line: what is differentiated, in every form that is given."""
    pairs = [(side.of, side.by[0]) for side in sides if isinstance(side, Derivative)]
    found = [key(of, by, scope) for of, by in pairs] or [key(sides[0], None, scope)]
    return sorted({one for one in found if one and "(" in one})


def _is_rotation(side: Node, sides: list[Node]) -> bool:
    """Whether a side is the derivative of another form of the same by the same."""
    return isinstance(side, Derivative) and isinstance(sides[0], Derivative) and side.by == sides[0].by


def _in_line(tex: str) -> str:
    r"""A derivative in one line: \partial f / \partial x."""
    inner = re.fullmatch(r"\\frac\{(\\partial.*)\}\{(\\partial[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", tex)
    return rf"{inner[1]} \,/\, {inner[2]}" if inner and r"\frac" not in inner[1] else tex


def _is_sought(claims: list[Claim]) -> bool:
    """Whether somebody would look for it: nothing with dots, nothing about numbers only."""
    parts = [part for claim in claims for side in (claim.lhs, claim.rhs) if side for part in walk(side)]
    return not any(isinstance(part, Dots | DottedSums | ExplicitMatrix) for part in parts) and any(
        declaration.kind in ("matrix", "vector") for claim in claims for declaration in used(claim)[0]
    )


def _chains(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims that go on from the one before, together."""
    chains: list[list[Claim]] = []
    for claim in claims:
        if chains and chains[-1][-1].rhs == claim.lhs:
            chains[-1].append(claim)
        else:
            chains.append([claim])
    return chains


def _in_other_layout(chain: list[Claim], box: nodes.Element) -> list[Claim]:
    """The claims of a chain in the other layout, judged there."""
    others: list[Claim] = []
    for claim in chain:
        others.append(other_layout(claim, after=others[-1] if others else None))
        verdict = judge(others[-1])
        if verdict.verdict != "holds":
            message = "matproof: %s in %s layout: %s: %s"
            details = verdict.verdict, others[-1].scope.layout, others[-1].latex, verdict.reason
            logger.warning(message, *details, location=box, type="matproof")
    return others


def _formulas(chains: list[list[Claim]]) -> list[dict[str, Any]]:
    """Each chain of equalities once, in LaTeX and with its shape."""
    found = {_latex(chain): list(shape(chain[0])) for chain in chains}
    return [{"latex": latex, "shape": size} for latex, size in found.items()]


def _latex(chain: list[Claim]) -> str:
    """A chain in one row, or in one row for each equals sign."""
    written = [(chain[0].lhs, chain[0].scope), *((one.rhs, one.scope) for one in chain)]
    first, *sides = (readable(side, scope) for side, scope in written if side is not None)
    if len(sides) == 1:
        return f"{first} = {sides[0]}"
    rows = r" \\ ".join(f"&= {side}" for side in sides)
    return rf"\begin{{aligned}} {first} {rows} \end{{aligned}}"


def purge(app: Any, env: Any, docname: str) -> None:
    """Forget the identities of a document that is read again or gone."""
    _all_entries(env).pop(docname, None)


def _in_order(env: Any) -> list[tuple[str, dict[str, Any]]]:
    """All entries with their documents, in the order of the table of contents."""
    entries = _all_entries(env)
    return [(name, entry) for name in env.collect_relations() for entry in entries.get(name, [])]


# ------------------------------------------------------------------------------------------- the page


def renew(app: Any, env: Any) -> list[str]:
    """The index depends on all other pages."""
    return [app.config.formulas_page] if app.config.formulas_page in env.found_docs else []


def write_page(app: Any, doctree: nodes.document, docname: str) -> None:
    """Put the formulas into the sections of the index, a table each."""
    if docname != app.config.formulas_page:
        return
    sections = {name: node for node in doctree.findall(nodes.section) for name in node["ids"]}
    tables: dict[str, list[nodes.row]] = {}
    for name, entry in _in_order(app.env):
        label = "formulas-" + entry["derivative"].replace(" ", "-")
        if label not in sections:
            message = "the formula index has no section of the label %s, which %s needs"
            logger.warning(message, label, entry["anchor"], location=docname)
        elif entry["sought"]:
            tables.setdefault(label, []).extend(_rows(app, name, entry))
    for label, rows in tables.items():
        sections[label] += _table(rows)
    if "formulas-json" in sections:
        sections["formulas-json"] += _links_to_files(app)


HEADS = ("What", "Is", "Shape", "For", "Where")


def _table(rows: list[nodes.row]) -> nodes.table:
    group = nodes.tgroup(cols=len(HEADS))
    group += [nodes.colspec(colwidth=1) for _ in HEADS]
    head = nodes.row()
    head += [nodes.entry("", nodes.paragraph("", words)) for words in HEADS]
    group += nodes.thead("", head)
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=["formulas"])


def _rows(app: Any, docname: str, entry: dict[str, Any]) -> Iterator[nodes.row]:
    """The lines of one theorem; only the first has its name as its place."""
    pairs = zip(*(entry["rows"][layout] for layout in LAYOUTS), strict=True)
    for number, pair in enumerate(pairs):
        both = dict(zip(LAYOUTS, pair, strict=True))
        row = nodes.row(ids=[] if number else [f"formula-{entry['anchor']}"], classes=["formula"])
        row.source, row.line = entry["place"]
        row += _cell(*_in_both(both, lambda one: [nodes.math("", one["what"])]))
        row += _cell(*_in_both(both, lambda one: [nodes.math("", rf"\displaystyle {one['value']}")]))
        row += _cell(*_in_both(both, lambda one: _shape(one["shape"])))
        row += _cell(*_listed(entry["assumptions"]))
        row += nodes.entry("", _where(app, docname, entry), *_more(entry, both))
        yield row


def _cell(*content: nodes.Node) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *content))


def _in_both(
    both: dict[str, dict[str, Any]], content: Callable[[dict[str, Any]], list[nodes.Node]]
) -> list[nodes.Node]:
    """Something for each layout, of which the reader sees the one that was chosen; once if it is the same."""
    made = {layout: content(both[layout]) for layout in LAYOUTS}
    texts = {"".join(node.astext() for node in parts) for parts in made.values()}
    if len(texts) == 1:
        return made["numerator"]
    return [nodes.inline("", "", *made[layout], classes=[f"in-{layout}"]) for layout in LAYOUTS]


def _shape(sizes: list[str]) -> list[nodes.Node]:
    return [nodes.math("", r" \times ".join(sizes))] if sizes else [nodes.Text("scalar")]


def _listed(formulas: list[str]) -> list[nodes.Node]:
    listed: list[nodes.Node] = []
    for position, tex in enumerate(formulas):
        listed += [nodes.Text(", ")] if position else []
        listed.append(nodes.math("", tex))
    return listed


def _where(app: Any, docname: str, entry: dict[str, Any]) -> nodes.paragraph:
    """The statement by its number, and words for the filter: its title, its kind, its topics."""
    address = app.builder.get_relative_uri(app.config.formulas_page, docname)
    name = numbered_name(app.env, docname, entry)
    where = nodes.paragraph()
    where += nodes.reference("", name, refuri=f"{address}#{entry['anchor']}", internal=True)
    words = " ".join([entry["title"], entry["kind"], *entry["topics"]])
    where += nodes.inline("", words, classes=["formula-words"])
    return where


def _more(entry: dict[str, Any], both: dict[str, dict[str, Any]]) -> list[nodes.Node]:
    """Behind a fold: the title, other forms, code."""
    title = nodes.paragraph("", entry["title"] or entry["kind"].title(), classes=["formula-title"])
    forms = _in_both(both, lambda one: [nodes.math("", tex) for tex in one["also"]])
    parts = [title]
    if both["numerator"]["also"]:
        parts.append(nodes.paragraph("", "Also ", *forms, classes=["formula-also"]))
    for language, words in (("numpy", "NumPy"), ("sympy", "SymPy")):
        code = {layout: {"text": both[layout]["code"].get(language)} for layout in LAYOUTS}
        if all(one["text"] for one in code.values()):
            written = _in_both(code, lambda one: [nodes.literal("", one["text"])])
            parts.append(nodes.paragraph("", f"{words} ", *written, classes=["formula-code"]))
    opening = '<details class="formula-more"><summary>more</summary><div>'
    return [nodes.raw("", opening, format="html"), *parts, nodes.raw("", "</div></details>", format="html")]


def _links_to_files(app: Any) -> nodes.bullet_list:
    """The addresses of the file and of its schema, as seen from the page."""
    here = app.builder.get_target_uri(app.config.formulas_page)
    links = nodes.bullet_list()
    for path, words in ((FILE, "The formulas as JSON"), (SCHEMA, "The schema of this file")):
        link = nodes.reference("", words, refuri="../" * here.count("/") + path, internal=True)
        links += nodes.list_item("", nodes.paragraph("", "", link))
    return links


def complete_context(
    app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Tell the template which page the index is, and whether it is this one."""
    known = app.config.formulas_page in app.env.found_docs
    context["formulas_page"] = app.config.formulas_page if known else ""
    context["has_filter"] = pagename == app.config.formulas_page


# ------------------------------------------------------------------------------------------- the file


def write_file(app: Any, error: Exception | None) -> None:
    """Write the file that `formulas.schema.json` describes."""
    if error or app.builder.name != "html" or not app.config.formulas_page:
        return
    formulas = [_row(app, name, entry) for name, entry in _in_order(app.env)]
    data = {"$schema": SCHEMA, "version": 1, "formulas": formulas}
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    (Path(app.outdir) / FILE).write_text(text, encoding="utf-8")


def write_index(app: Any, error: Exception | None) -> None:
    """Write what the search needs: keys, name, address and the typeset line in both layouts.

    A script like the index of words, for a page opened from a file.
    """
    if error or app.builder.name != "html" or not app.config.formulas_page:
        return
    lines = []
    for docname, entry in _in_order(app.env):
        address = f"{app.builder.get_target_uri(docname)}#{entry['anchor']}"
        name = f"{numbered_name(app.env, docname, entry)} ({entry['title']})".replace(" ()", "")
        for pair in zip(*(entry["rows"][layout] for layout in LAYOUTS), strict=True):
            tex = [f"{row['what']} = {row['value']}" for row in pair]
            typeset = [app.katex.html(rf"\displaystyle {one}", False) for one in tex]
            lines.append([sorted({*pair[0]["keys"], *pair[1]["keys"]}), name, address, *typeset])
    script = f"globalThis.formulaIndex = {json.dumps(lines, ensure_ascii=False)};\n"
    (Path(app.outdir) / "formula-index.js").write_text(script, encoding="utf-8")


def _row(app: Any, docname: str, entry: dict[str, Any]) -> dict[str, Any]:
    page = app.builder.get_target_uri(docname)
    copied = ("title", "derivative", "topics", "assumptions", "layout", *LAYOUTS, "checked")
    return {
        "id": entry["anchor"],
        "name": numbered_name(app.env, docname, entry),
        **{key: entry[key] for key in copied},
        "url": f"{page}#{entry['anchor']}",
        "proof": f"{page}#{entry['proof']}" if entry["proof"] else None,
    }


def setup(app: Any) -> None:
    """Register configuration and handlers."""
    app.add_config_value("formulas_page", "", "env")
    app.connect("book-checked", collect)
    app.connect("env-purge-doc", purge)
    app.connect("env-updated", renew)
    app.connect("doctree-resolved", write_page)
    app.connect("html-page-context", complete_context)
    app.connect("build-finished", write_file)
    # Before the typesetter ends.
    app.connect("build-finished", write_index, priority=400)
