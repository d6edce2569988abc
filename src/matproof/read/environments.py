"""The names of LaTeX's environments: which are displays, which are text, which are printed as they stand."""

from __future__ import annotations

import re

DISPLAYS = frozenset({
    "align", "alignat", "aligned", "alignedat", "array", "bmatrix", "Bmatrix", "cases", "darray",
    "dcases", "dgroup", "displaymath", "dmath", "dseries", "empheq", "eqnarray", "equation", "flalign",
    "flaligned", "gather", "gathered", "IEEEeqnarray", "IEEEeqnarraybox", "math", "mathpar", "matrix",
    "multline", "multlined", "numcases", "pmatrix", "rcases", "smallmatrix", "split", "subnumcases",
    "vmatrix", "Vmatrix", "xalignat", "xxalignat",
})  # fmt: skip
VERBATIM = frozenset({
    "alltt", "BVerbatim", "comment", "filecontents", "filecontents*", "lstlisting", "LVerbatim",
    "minted", "tikzpicture", "Verbatim", "verbatim",
})  # fmt: skip
THEOREMS = frozenset({
    "theorem", "lemma", "proposition", "corollary", "definition", "example", "remark", "exercise",
    "solution", "proof", "claim", "conjecture", "assumption", "axiom", "property", "observation",
    "algorithm",
})  # fmt: skip
TEXTS = THEOREMS | {
    "abstract", "acknowledgements", "acknowledgments", "adjustbox", "alertblock", "algorithmic",
    "answer", "appendices", "appendix", "block", "boxedminipage", "case", "center", "column", "columns",
    "definitions", "description", "document", "doublespace", "enumerate", "exampleblock", "examples",
    "fact", "figure", "flushleft", "flushright", "footnotesize", "frame", "framed", "hint", "itemize",
    "keywords", "landscape", "large", "letter", "list", "longtable", "mdframed", "minipage",
    "multicols", "notation", "note", "notes", "otherlanguage", "problem", "question", "quotation",
    "quote", "refsection", "remarks", "samepage", "shaded", "singlespace", "sloppypar", "small",
    "spacing", "subequations", "subfigure", "subtable", "summary", "table", "tabular", "tabularx",
    "tabulary", "tcolorbox", "thebibliography", "threeparttable", "titlepage", "trivlist", "verse",
    "wrapfigure",
}  # fmt: skip

LABEL = re.compile(r"\\label\s*\{([^}]*)\}")


def is_display(name: str) -> bool:
    """Whether an environment is mathematics."""
    return name.rstrip("*") in DISPLAYS


def is_text(name: str) -> bool:
    """Whether an environment is known to contain text, in which formulas have delimiters of their own."""
    return name.rstrip("*") in TEXTS
