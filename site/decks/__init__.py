"""The built chapters as reveal.js decks: ``python -m decks _build/html``, with ``site`` on the Python path.

Nothing is written twice: a deck is cut from the page that Sphinx has built.
"""
