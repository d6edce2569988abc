"""Attack the checker: documents and formulas as people write them, whose truth is known beforehand.

`formulas` makes statements that are true or false by construction, or by the oracle's word; `spelling` varies
how they are written without changing what they say, or changes what they say by a part that is easily
overlooked; `documents` puts them into Markdown, LaTeX and notebooks; `referee` compares the checker's report
with what is known, and shrinks what it finds.
"""
