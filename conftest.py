"""For all tests, and for the notebooks of the book, which nbval collects as tests."""

import sys

# What jsonschema needs for IRIs, which do not occur here: 38 grammars, compiled in every process.
sys.modules.setdefault("rfc3987_syntax", None)

pytest_plugins = ["nbval_figures"]
