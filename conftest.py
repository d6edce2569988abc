"""For all tests, and for the notebooks of the book, which nbval collects as tests."""

pytest_plugins = ["nbval_figures"]
