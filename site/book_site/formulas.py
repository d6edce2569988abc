"""The formula index: every identity that a theorem states, in both layouts, as a page and as a file.

While a document is read, the equalities of its theorems, lemmas and corollaries are kept, with what they rest
on; matproof carries each over to the other layout and judges it there, and a verdict other than "holds" is a
warning. The page ``formulas_page`` has a section of the label ``formulas-KIND`` for every kind of derivative
(`matproof.topics.KINDS`, with hyphens), to which its formulas are added, and may have one of the label
``formulas-json``, to which the addresses of the file and of its schema are added.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from matproof import Claim, Result
from matproof.about.hypotheses import hypotheses, shape
from matproof.about.layouts import other_layout, readable
from matproof.about.topics import derivative_kind, topics
from matproof.decide.judge import judge

from .boxes import is_proof, is_statement
from .search import numbered_name
from .text import plain_text
from .verdicts import THEOREMS

LAYOUTS = ("numerator", "denominator")
FILE = "formulas.json"
SCHEMA = "_static/formulas.schema.json"

logger = logging.getLogger(__name__)


# --------------------------------------------------------------------------------------- what is kept


def collect(app, boxes: list[tuple[nodes.Element, list[Result]]]) -> None:
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


def _all_entries(env) -> dict[str, list[dict]]:
    if not hasattr(env, "book_formulas"):
        env.book_formulas = {}
    return env.book_formulas


def _entry(box: nodes.Element, claims: list[Claim], proof: str, proof_claims: list[Claim]) -> dict:
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
        "checked": {"statement": len(claims), "proof": len(proof_claims)},
    }


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


def _formulas(chains: list[list[Claim]]) -> list[dict]:
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


def purge(app, env, docname: str) -> None:
    """Forget the identities of a document that is read again or gone."""
    _all_entries(env).pop(docname, None)


def _in_order(env) -> list[tuple[str, dict]]:
    """All entries with their documents, in the order of the table of contents."""
    entries = _all_entries(env)
    return [(name, entry) for name in env.collect_relations() for entry in entries.get(name, [])]


# ------------------------------------------------------------------------------------------- the page

TITLES = {"numerator": "Numerator layout", "denominator": "Denominator layout"}


def renew(app, env) -> list[str]:
    """The index depends on all other pages."""
    return [app.config.formulas_page] if app.config.formulas_page in env.found_docs else []


def write_page(app, doctree: nodes.document, docname: str) -> None:
    """Put the formulas into the sections of the index."""
    if docname != app.config.formulas_page:
        return
    sections = {name: node for node in doctree.findall(nodes.section) for name in node["ids"]}
    for name, entry in _in_order(app.env):
        label = "formulas-" + entry["derivative"].replace(" ", "-")
        if label in sections:
            sections[label] += _section(app, name, entry)
        else:
            message = "the formula index has no section of the label %s, which %s needs"
            logger.warning(message, label, entry["anchor"], location=docname)
    if "formulas-json" in sections:
        sections["formulas-json"] += _links_to_files(app)


def _section(app, docname: str, entry: dict) -> nodes.section:
    """One theorem: its title, links, hypotheses and formulas."""
    section = nodes.section(ids=[f"formula-{entry['anchor']}"], classes=["formula"])
    section.source, section.line = entry["place"]
    section += nodes.title("", entry["title"] or numbered_name(app.env, docname, entry))
    section += _links(app, docname, entry)
    if entry["assumptions"]:
        section += _listed("For ", entry["assumptions"])
    section += _both_layouts(entry)
    if entry["topics"]:
        section += nodes.paragraph("", ", ".join(entry["topics"]), classes=["formula-topics"])
    return section


def _links(app, docname: str, entry: dict) -> nodes.paragraph:
    """Theorem 2.1 · proof · 9 equalities checked"""
    address = app.builder.get_relative_uri(app.config.formulas_page, docname)
    name = numbered_name(app.env, docname, entry)
    links = nodes.paragraph(classes=["formula-links"])
    links += nodes.reference("", name, refuri=f"{address}#{entry['anchor']}", internal=True)
    if entry["proof"]:
        links += nodes.Text(" · ")
        links += nodes.reference("", "Proof", refuri=f"{address}#{entry['proof']}", internal=True)
    number = sum(entry["checked"].values())
    links += nodes.Text(f" · ✓ {number} {'equality' if number == 1 else 'equalities'} checked")
    return links


def _listed(word: str, formulas: list[str]) -> nodes.paragraph:
    paragraph = nodes.paragraph("", word, classes=["formula-given"])
    for position, tex in enumerate(formulas):
        paragraph += [nodes.Text(", ")] if position else []
        paragraph += nodes.math("", tex)
    return paragraph


def _both_layouts(entry: dict) -> nodes.definition_list:
    """A list of the two layouts with their formulas; one item where they are written alike."""
    written = {layout: [formula["latex"] for formula in entry[layout]] for layout in LAYOUTS}
    heads = {layout: _head(TITLES[layout], entry[layout]) for layout in LAYOUTS}
    if entry["numerator"] == entry["denominator"]:
        items = [_item(_head("Both layouts", entry["numerator"]), written["numerator"])]
    elif written["numerator"] == written["denominator"]:
        head = [*heads["numerator"], nodes.Text(" · "), *heads["denominator"]]
        items = [_item(head, written["numerator"])]
    else:
        items = [_item(heads[layout], written[layout]) for layout in LAYOUTS]
    return nodes.definition_list("", *items)


def _head(name: str, formulas: list[dict]) -> list[nodes.Node]:
    """A layout and the different shapes of the formulas in it; that of a scalar is not worth a word."""
    head: list[nodes.Node] = [nodes.Text(name)]
    for size in dict.fromkeys(r" \times ".join(one["shape"]) for one in formulas if one["shape"]):
        head += [nodes.Text(", "), nodes.math("", size)]
    return head


def _item(head: list[nodes.Node], formulas: list[str]) -> nodes.definition_list_item:
    blocks = [nodes.math_block("", tex, number=None, nowrap=True) for tex in formulas]
    return nodes.definition_list_item("", nodes.term("", "", *head), nodes.definition("", *blocks))


def _links_to_files(app) -> nodes.bullet_list:
    """The addresses of the file and of its schema, as seen from the page."""
    here = app.builder.get_target_uri(app.config.formulas_page)
    links = nodes.bullet_list()
    for path, words in ((FILE, "The formulas as JSON"), (SCHEMA, "The schema of this file")):
        link = nodes.reference("", words, refuri="../" * here.count("/") + path, internal=True)
        links += nodes.list_item("", nodes.paragraph("", "", link))
    return links


def complete_context(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Tell the template which page has the filter."""
    context["has_filter"] = pagename == app.config.formulas_page


# ------------------------------------------------------------------------------------------- the file


def write_file(app, error: Exception | None) -> None:
    """Write the file that `formulas.schema.json` describes."""
    if error or app.builder.name != "html" or not app.config.formulas_page:
        return
    formulas = [_row(app, name, entry) for name, entry in _in_order(app.env)]
    data = {"$schema": SCHEMA, "version": 1, "formulas": formulas}
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    (Path(app.outdir) / FILE).write_text(text, encoding="utf-8")


def _row(app, docname: str, entry: dict) -> dict:
    page = app.builder.get_target_uri(docname)
    copied = ("title", "derivative", "topics", "assumptions", "layout", *LAYOUTS, "checked")
    return {
        "id": entry["anchor"],
        "name": numbered_name(app.env, docname, entry),
        **{key: entry[key] for key in copied},
        "url": f"{page}#{entry['anchor']}",
        "proof": f"{page}#{entry['proof']}" if entry["proof"] else None,
    }


def setup(app) -> None:
    """Register configuration and handlers."""
    app.add_config_value("formulas_page", "", "env")
    app.connect("book-checked", collect)
    app.connect("env-purge-doc", purge)
    app.connect("env-updated", renew)
    app.connect("doctree-resolved", write_page)
    app.connect("html-page-context", complete_context)
    app.connect("build-finished", write_file)
