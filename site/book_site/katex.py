"""The formulas are typeset by KaTeX while the book is built.

Provides the math renderer ``katex``. A page then needs KaTeX's style sheet and fonts, which are copied from
``site/node_modules``, and no script. Every formula that KaTeX cannot read is a warning with its place.

Configuration: ``katex_macros``, a mapping from macro to expansion (``{"\\\\R": "\\\\mathbb{R}"}``).
"""

import hashlib
import json
import re
import sqlite3
import subprocess
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from .node import find_node

SITE = Path(__file__).resolve().parent.parent
KATEX = SITE / "node_modules" / "katex"
SERVER = SITE / "katex-server.mjs"
# myst-nb counts the lines of a notebook's n-th cell from here times n.
CELL = 10_000
# A line may end between the parts of an inline formula, each of which KaTeX opens so.
PART = '<span class="katex-base">'

logger = logging.getLogger(__name__)


class TexError(ValueError):
    """A formula that KaTeX cannot typeset; `line` is counted from 0, or None."""

    def __init__(self, message: str, line: int | None):
        super().__init__(message)
        self.line = line


class Typesetter:
    """KaTeX in one long-running Node.js process, started when the first formula is not in the cache."""

    def __init__(self, cache: Path, macros: dict[str, str]):
        self.macros = macros
        self.process: subprocess.Popen | None = None
        cache.parent.mkdir(parents=True, exist_ok=True)
        # Autocommit: a build that is interrupted keeps what it has typeset.
        self.cache = sqlite3.connect(cache, isolation_level=None)
        self.cache.execute("PRAGMA synchronous = OFF")
        self.cache.execute("CREATE TABLE IF NOT EXISTS formula (key BLOB PRIMARY KEY, html TEXT)")
        version = json.loads((KATEX / "package.json").read_bytes())["version"]
        self.salt = json.dumps([version, SERVER.read_text(encoding="utf-8"), macros])

    def html(self, tex: str, display: bool) -> str:
        """HTML and hidden MathML of a formula. Raises TexError if KaTeX cannot read it."""
        key = hashlib.sha256(json.dumps([self.salt, tex, display]).encode()).digest()
        found = self.cache.execute("SELECT html FROM formula WHERE key = ?", [key]).fetchone()
        if found:
            return found[0]
        html = self._render(tex, display)
        self.cache.execute("INSERT OR REPLACE INTO formula VALUES (?, ?)", [key, html])
        return html

    def _render(self, tex: str, display: bool) -> str:
        if self.process is None:
            command = [find_node(), str(SERVER)]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        request = json.dumps({"tex": tex, "display": display, "macros": self.macros})
        self.process.stdin.write(request.encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise ExtensionError(f"KaTeX stopped while it typeset {tex!r}; its message stands above.")
        answer = json.loads(line)
        if "error" in answer:
            raise TexError(answer["error"], answer["line"])
        return answer["html"]

    def close(self) -> None:
        """Close the cache and let the process end."""
        self.cache.close()
        if self.process is not None:
            self.process.communicate()


def place(node: nodes.Node, offset: int) -> str:
    """Where an error stands, some lines below a node's first: file and line; in a notebook, cell and line."""
    while node.parent is not None and (node.source is None or node.line is None):
        node = node.parent
    line = (node.line or 1) + offset
    if line < CELL:
        return f"{node.source}:{line}"
    # myst-nb places the first line of a cell at CELL * n + 2.
    return f"{node.source}:cell {line // CELL}, line {line % CELL - 1}"


def _typeset(translator, node: nodes.Node, display: bool) -> str:
    tex = node.astext()
    try:
        return translator.builder.app.katex.html(tex, display)
    except TexError as error:
        logger.warning("TeX: %s in %r", error, tex, location=place(node, error.line or 0), type="katex")
        return f'<code class="tex-error">{translator.encode(tex)}</code>'


def keep_together(app, doctree: nodes.document, docname: str) -> None:
    """Let no line end between a formula and the bracket before it or the comma after it.

    Browsers end lines on either side of a formula, as if it were a word of its own.
    """
    for formula in list(doctree.findall(nodes.math)):
        parent, place = formula.parent, formula.parent.index(formula)
        before, after = _text(parent, place - 1), _text(parent, place + 1)
        start, head = re.fullmatch(r"(.*?)(\S{0,3})", before, re.DOTALL).groups()
        tail, end = re.fullmatch(r"(\S{0,3})(.*)", after, re.DOTALL).groups()
        if head or tail:
            together = nodes.inline(
                "", "", nodes.Text(head), formula.deepcopy(), nodes.Text(tail), classes=["together"]
            )
            parent[place - bool(before) : place + 1 + bool(after)] = [
                nodes.Text(start),
                together,
                nodes.Text(end),
            ]


def _text(parent: nodes.Element, place: int) -> str:
    neighbour = parent[place] if 0 <= place < len(parent) else None
    return str(neighbour) if isinstance(neighbour, nodes.Text) else ""


def visit_inline(translator, node: nodes.math) -> None:
    """Write an inline formula, with a `wbr` between its parts: there it may be broken, and nowhere else."""
    html = _typeset(translator, node, display=False).replace(f"</span>{PART}", f"</span><wbr>{PART}")
    translator.body.append(translator.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    translator.body.append(html + "</span>")
    raise nodes.SkipNode


def visit_display(translator, node: nodes.math_block) -> None:
    """Write a display in a box that scrolls when it is wider than the column, its number beside it."""
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    translator.body.append(f'<div class="math-scroll">{_typeset(translator, node, display=True)}</div>')
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def start(app) -> None:
    """Open the cache beside the doctrees, copy the assets; ExtensionError if KaTeX is missing."""
    if app.builder.format != "html":
        return
    if not (KATEX / "dist").is_dir():
        raise ExtensionError("KaTeX is missing: run `make book`, which installs it, or `npm ci` in site/.")
    app.katex = Typesetter(Path(app.doctreedir).parent / "katex.sqlite", app.config.katex_macros)
    copy_assets(Path(app.outdir) / "_static" / "katex")


def copy_assets(target: Path) -> None:
    """Copy KaTeX's style sheet and its WOFF2 fonts, which every browser of the last ten years reads."""
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    css = (KATEX / "dist" / "katex.min.css").read_text(encoding="utf-8")
    older_formats = r',url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)'
    (target / "katex.css").write_text(re.sub(older_formats, "", css), encoding="utf-8")
    for font in sorted((KATEX / "dist" / "fonts").glob("*.woff2")):
        (target / "fonts" / font.name).write_bytes(font.read_bytes())


def finish(app, error: Exception | None) -> None:
    """End the process, whether or not the build succeeded."""
    if app.builder.format == "html":
        app.katex.close()


def setup(app) -> None:
    """Register the renderer, its configuration and its style sheet."""
    app.add_config_value("katex_macros", {}, "env")
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_display, None))
    app.add_css_file("katex/katex.css", priority=400)
    app.connect("builder-inited", start)
    # Last of all, so that others find the formulas where the text has them.
    app.connect("doctree-resolved", keep_together, priority=950)
    app.connect("build-finished", finish)
