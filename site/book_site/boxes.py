"""Small repairs of the document tree, so that the pages are valid, accessible and need no script.

* The boxes of sphinx-proof and sphinx-exercise repeat one id (``proof``, ``proof-content``) on a page. A
  proof gets the id ``proof-of-LABEL`` of the statement before it; the others lose theirs.
* The word "Proof." is marked up, so that it can be styled.
* A solution of the class ``dropdown`` becomes a ``<details>``, which opens without a script.
* Every labelled box gets a permalink; its label stays when numbers shift.
* Japanese words are marked as Japanese, which screen readers and the choice of fonts depend on.
"""

import html
import re

from docutils import nodes
from sphinx_exercise.nodes import is_exercise_node, solution_node

REPEATED = {"proof-content", "exercise-content", "solution-content"}
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def is_statement(node: nodes.Node) -> bool:
    """Whether the node is a theorem, a definition or any other labelled box of sphinx-proof."""
    return isinstance(node, nodes.Element) and "realtype" in node and "label" in node


def is_proof(node: nodes.Node) -> bool:
    """Whether the node is the box of a proof."""
    return isinstance(node, nodes.admonition) and "proof" in node["classes"]


def repair(app, doctree: nodes.document) -> None:
    """Make the repairs that concern the tree; called once for every document that has been read."""
    _name_boxes(doctree)
    for paragraph in doctree.findall(nodes.paragraph):
        parts = [paragraph] if _is_japanese(paragraph) else paragraph.findall(nodes.emphasis)
        for part in filter(_is_japanese, parts):
            part["classes"].append("language-ja")


def _is_japanese(node: nodes.Node) -> bool:
    """Whether most letters are Japanese."""
    words = node.astext()
    letters = sum(letter.isalpha() for letter in words)
    return 2 * len(JAPANESE.findall(words)) > letters


def _name_boxes(doctree: nodes.document) -> None:
    label = None
    for node in list(doctree.findall(nodes.Element)):
        if is_statement(node):
            label = node["label"]
        elif is_proof(node):
            node["ids"] = [f"proof-of-{label}"] if label else []
            label = None
            _mark_word(node)


def drop_repeated_ids(app, doctree: nodes.document, docname: str) -> None:
    """Drop the ids that stand for no place; only now, since Sphinx numbers sections by their ids."""
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in REPEATED]


def add_permalinks(app: object, doctree: nodes.document, docname: str) -> None:
    """End the title of every labelled box with its address."""
    for box in doctree.findall(lambda node: is_statement(node) or is_exercise_node(node)):
        label = html.escape(box["label"])
        words = f"Link to this {box.get('realtype', 'exercise')}"
        link = f'<a class="headerlink" href="#{label}" title="{words}">#</a>'
        box.children[0].append(nodes.raw("", link, format="html"))


def _mark_word(proof: nodes.Element) -> None:
    """Take "Proof. ", which sphinx-proof writes into the first paragraph, out of the running text."""
    first = next(proof.findall(nodes.Text), None)
    if first is not None and first.startswith("Proof. "):
        word = nodes.emphasis("", "Proof.", classes=["proof-word"])
        first.parent.replace(first, [word, nodes.Text(first[len("Proof.") :])])


def visit_solution(translator, node: nodes.Element) -> None:
    """Open a solution; the reader opens one of the class ``dropdown``."""
    if "dropdown" not in node["classes"]:
        translator.body.append(translator.starttag(node, "div", CLASS="admonition"))
        return
    translator.body.append(translator.starttag(node, "details", CLASS="admonition"))
    translator.body.append('<summary class="admonition-title">')
    title = node.pop(0)
    # A link in it would catch the click that is meant to open the solution.
    for link in list(title.findall(nodes.reference)):
        link.replace_self(link.children)
    for child in title.children:
        child.walkabout(translator)
    translator.body.append("</summary>\n")


def depart_solution(translator, node: nodes.Element) -> None:
    """Close a solution."""
    translator.body.append("</details>\n" if "dropdown" in node["classes"] else "</div>\n")


def setup(app) -> None:
    """Register the repairs."""
    app.setup_extension("sphinx_exercise")
    app.add_node(solution_node, override=True, html=(visit_solution, depart_solution))
    app.connect("doctree-read", repair)
    app.connect("doctree-resolved", drop_repeated_ids)
    app.connect("doctree-resolved", add_permalinks)
