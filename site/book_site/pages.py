"""The theme, and what surrounds the text of a page: head, launch links, sitemap."""

import html
import os
import re
import zlib
from pathlib import Path

from docutils import nodes
from sphinx.util.images import get_image_size

from .text import plain_text, shorten

THEME = Path(__file__).resolve().parent.parent / "theme"
# Scripts, styles and fonts of the site itself and nothing else. KaTeX places glyphs by style attributes.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    ]
)
PERMALINK = re.compile(r'<a class="headerlink" href="([^"]*)" title="([^"]*)">[^<]*</a>(</h[1-6]>)?')
DESCRIPTION_LENGTH = 160


def configure(app) -> None:
    """Name the pages that come from no document; the search needs neither a server nor Sphinx's index."""
    # Who publishes it elsewhere, such as a fork, says where; the pages themselves work under any address.
    app.config.html_baseurl = os.environ.get("BOOK_ADDRESS", app.config.html_baseurl)
    app.config.html_additional_pages = {"search": "search.html", "404": "404.html"}
    if app.config.root_doc != "index":
        app.config.html_additional_pages["index"] = "index.html"
    app.builder.search = False


def drop_scripts(app, doctree: nodes.document, docname: str) -> None:
    """Drop the inline scripts of sphinx-thebe, which Jupyter Book always loads."""
    for node in list(doctree.children):
        if isinstance(node, nodes.raw) and "<script" in node.astext():
            doctree.remove(node)


def complete_context(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Give the templates what a page needs beside its text."""
    outdir = Path(app.outdir)
    context["content_security_policy"] = POLICY
    context["asset_version"] = lambda name: _version(outdir / "_static" / name)
    context["html_baseurl"] = app.config.html_baseurl
    context["launch"] = _launch_links(context)
    context["contents"] = _contents(context)
    if doctree is not None:
        context["description"] = describe(doctree)
        context["body"] = _finish_body(app, context["body"])


def _version(path: Path) -> str:
    """A query that changes with the file, so that no browser shows a new page with an old style."""
    return f"?v={zlib.crc32(path.read_bytes()):08x}"


def _launch_links(context: dict) -> list[dict]:
    """The services that sphinx-book-theme has found in the configuration, with their links."""
    groups = [group for group in context.get("header_buttons", []) if group.get("label") == "launch-buttons"]
    return groups[0]["buttons"] if groups else []


def _contents(context: dict) -> str:
    """The list of chapters, with the sections of the current one under its name."""
    chapters = context["toctree"](maxdepth=1, collapse=True, includehidden=True)
    # The captions of parts are no headings of the text.
    chapters = chapters.replace(' role="heading"', "")
    sections = re.search(r"<ul>.*</ul>", context.get("toc", "").strip().removeprefix("<ul>"), re.DOTALL)
    if not sections:
        return chapters
    inner = sections[0].strip().removesuffix("</ul>").rstrip().removesuffix("</li>")
    current = re.compile(r'<a class="current reference internal" href="#">.*?</a>', re.DOTALL)
    return current.sub(lambda match: match[0] + inner, chapters)


def describe(doctree: nodes.document) -> str:
    """The first paragraph of a page that is running text, shortened."""
    for paragraph in doctree.findall(nodes.paragraph):
        if any(isinstance(child, nodes.Text) for child in paragraph.children):
            return shorten(plain_text(paragraph), DESCRIPTION_LENGTH)
    return ""


def _finish_body(app, body: str) -> str:
    """Let wide tables scroll in a box of their own, tell the size of pictures, mend roles and permalinks."""
    sources = {name: path for path, name in app.builder.images.items()}

    def sized(match: re.Match) -> str:
        path = sources.get(html.unescape(match[2]).rsplit("/", 1)[-1])
        size = path and get_image_size(Path(app.srcdir) / path)
        attributes = f' width="{size[0]}" height="{size[1]}"' if size else ""
        return f'{match[1]}{attributes} loading="lazy" '

    body = re.sub(r'(<img [^>]*src="([^"]+)")(?![^>]*width=) ?', sized, body)
    body = PERMALINK.sub(_permalink, body)
    body = body.replace('role="doc-biblioentry"', 'role="listitem"')
    return body.replace("<table", '<div class="table-scroll"><table').replace("</table>", "</table></div>")


def _permalink(match: re.Match[str]) -> str:
    """A permalink with a name of its own; behind the heading, whose name would otherwise end in "#"."""
    href, words, closing = match.groups()
    link = f'<a class="headerlink" href="{href}" title="{words}" aria-label="{words}">#</a>'
    return (closing or "") + link


def write_sitemap(app, error: Exception | None) -> None:
    """List the documents for search engines, if the address of the site is known."""
    base = app.config.html_baseurl
    if error or app.builder.name != "html" or not base:
        return
    pages = sorted(base + app.builder.get_target_uri(name) for name in app.env.found_docs)
    urls = "".join(f"<url><loc>{html.escape(page)}</loc></url>\n" for page in pages)
    sitemap = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}">\n{urls}</urlset>\n'
    (Path(app.outdir) / "sitemap.xml").write_text(sitemap, encoding="utf-8")


SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def setup(app) -> None:
    """Register the theme ``book`` and the handlers."""
    app.add_html_theme("book", str(THEME))
    app.connect("builder-inited", configure)
    app.connect("doctree-resolved", drop_scripts, priority=900)
    # After sphinx-book-theme, which collects the launch links at 501.
    app.connect("html-page-context", complete_context, priority=900)
    app.connect("build-finished", write_sitemap)
