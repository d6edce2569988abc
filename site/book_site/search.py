"""The index of the site's search: one entry for every section and every labelled box.

It is a script that assigns a list, since a page opened from a file may run a script but not fetch a file.
"""

import json
import re
from pathlib import Path

from docutils import nodes

from .boxes import JAPANESE, is_proof, is_statement
from .text import plain_text, shorten

TEXT_LENGTH = 1500


def collect(app, doctree: nodes.document) -> None:
    """Keep the entries of a document that has just been read; they are stored with the environment."""
    entries = [_section(node) for node in doctree.findall(nodes.section) if _is_titled(node)]
    entries += [_statement(node) for node in doctree.findall(is_statement)]
    _all_entries(app.env)[app.env.docname] = entries
    if terms := _terms(doctree):
        app.env.book_terms = terms


def _all_entries(env) -> dict[str, list[dict]]:
    if not hasattr(env, "book_search"):
        env.book_search = {}
    return env.book_search


def _is_titled(section: nodes.section) -> bool:
    return bool(section["ids"]) and isinstance(section.next_node(), nodes.title)


def _section(node: nodes.section) -> dict:
    def belongs_elsewhere(child: nodes.Node) -> bool:
        return child is not node and (isinstance(child, (nodes.section, nodes.title)) or is_statement(child))

    return {
        "kind": "",
        "above": _titles_above(node),
        "title": plain_text(node.next_node()),
        "anchor": node["ids"][0],
        "text": shorten(plain_text(node, belongs_elsewhere), TEXT_LENGTH),
    }


def _statement(node: nodes.Element) -> dict:
    title, content = node.children[0], node.children[1]
    return {
        "kind": node["realtype"],
        "above": _titles_above(node),
        "counter": node["countertype"],
        "title": plain_text(title).strip(" ()"),
        "anchor": node["label"],
        "text": shorten(plain_text(content, is_proof), TEXT_LENGTH),
    }


def _titles_above(node: nodes.Node) -> str:
    """The titles of the sections around a node, the innermost first."""
    titles = []
    while (node := node.parent) is not None:
        if isinstance(node, nodes.section) and _is_titled(node):
            titles.append(plain_text(node.next_node()))
    return " · ".join(titles)


def _terms(doctree: nodes.document) -> dict[str, str]:
    """The Japanese terms of a table, the first column, with their English, the third."""
    found = {}
    for row in doctree.findall(nodes.row):
        cells = [plain_text(cell).strip() for cell in row.children]
        if len(cells) > 2 and JAPANESE.match(cells[0]):
            found[cells[0]] = re.split(r"[,(:]", cells[2])[0].strip()
    return found


def purge(app, env, docname: str) -> None:
    """Forget the entries of a document that is read again or gone."""
    _all_entries(env).pop(docname, None)


def write(app, error: Exception | None) -> None:
    """Write the index of all documents of the book."""
    if error or app.builder.name != "html":
        return
    rows = [
        _row(app, docname, entry)
        for docname, entries in sorted(_all_entries(app.env).items())
        for entry in entries
        if docname in app.env.found_docs
    ]
    terms = json.dumps(getattr(app.env, "book_terms", {}), ensure_ascii=False)
    script = f"globalThis.searchIndex = {json.dumps(rows, ensure_ascii=False)};\n"
    script += f"globalThis.searchTerms = {terms};\n"
    (Path(app.outdir) / "search-index.js").write_text(script, encoding="utf-8")


def _row(app, docname: str, entry: dict) -> list[str]:
    """Heading, titles above it, address and text of an entry."""
    heading = entry["title"]
    if entry["kind"]:
        name = numbered_name(app.env, docname, entry)
        heading = " ".join(filter(None, [name, heading and f"({heading})"]))
    address = f"{app.builder.get_target_uri(docname)}#{entry['anchor']}"
    return [heading, entry["above"], address, entry["text"]]


def numbered_name(env, docname: str, entry: dict) -> str:
    """ "Theorem 2.1", by the ``kind``, ``counter`` and ``anchor`` of a statement."""
    numbers = env.toc_fignumbers.get(docname, {}).get(entry["counter"], {}).get(entry["anchor"], ())
    return " ".join(filter(None, [entry["kind"].title(), ".".join(map(str, numbers))]))


def setup(app) -> None:
    """Register the handlers."""
    # After the boxes have got their ids.
    app.connect("doctree-read", collect, priority=600)
    app.connect("env-purge-doc", purge)
    app.connect("build-finished", write)
