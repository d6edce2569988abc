"""The book as one PDF, and each deck as a handout: ``python -m printed _build/html``, ``site`` on the path.

The PDF is Chromium's print of the built pages, joined. So it has the very formulas, boxes and numbers of the
site. LaTeX would need 300 MB of TeX Live and a second set of templates for the boxes and the cells; Sphinx's
own single page crashes on the exercises and would number everything anew.
"""
