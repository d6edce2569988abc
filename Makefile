# Everything is done inside .venv, which is made from the lock when it is missing or older than the lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SITE := _build/html
# Verdicts of earlier runs, each good for as long as nothing changes that it depends on.
VERDICTS := _build/verdicts.json
# nbval runs a notebook's cells in order, so a notebook stays on one worker: --dist loadscope.
PYTEST := $(BIN)/python -m pytest --numprocesses=2 --dist=loadscope --quiet
DECKS := PYTHONPATH=site $(BIN)/python -m decks
PRINTED := PYTHONPATH=site $(BIN)/python -m printed

.DEFAULT_GOAL := help
.PHONY: help quick book deck pdf test test-site test-pdf links bench-site notebooks matrix student check mutants attack \
  bench lock upgrade wheels lint types language serve clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

# A new lock makes a new environment; a change of the package's own metadata only installs the package again.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
$(READY): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "This book needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing). Name another one: make PYTHON=python3.12 …" >&2; exit 1; }
	$(if $(filter requirements.txt,$?),@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV))
	$(INSTALL) $(if $(filter requirements.txt,$?),--requirement requirements.txt,--no-deps --editable .)
	@touch $@

# What the pages need from npm, and what only their tests need besides. npm comes with the locked Python
# environment where the machine has no recent Node.js.
NPM := $(BIN)/python site/book_site/node.py
MODULES := site/node_modules/ready
TEST_MODULES := site/node_modules/ready-for-tests

$(MODULES): site/package-lock.json | $(READY)
	$(NPM) ci --prefix site --omit=dev --no-audit --no-fund --loglevel=error
	@touch $@

$(TEST_MODULES): site/package-lock.json | $(READY)
	$(NPM) ci --prefix site --no-audit --no-fund --loglevel=error
	@touch $(MODULES) $@

book: $(READY) $(MODULES)  ## build the static site from the stored notebooks
	$(BIN)/python site/build.py
	@echo "The book is built. Open $(SITE)/index.html, or run: make serve"

deck: $(READY) $(MODULES)  ## cut the slides of all chapters from the built site
	$(DECKS) $(SITE)

pdf: book  ## print the book and its slides as PDF, with Chromium
	$(PRINTED) $(SITE)

quick: $(READY) $(MODULES)  ## style, types, every equals sign and the quick unit tests, in a quarter of a minute
	@$(MAKE) --no-print-directory --jobs=2 quick-matproof quick-others check lint

# The rest of the tests is marked `slow`: they start notebooks or other processes, or search at random.
# Two processes for two halves: workers of one process would both import and collect everything.
QUICK := $(BIN)/python -m pytest --quiet -p no:nbval -p no:xdist -m 'not slow'
quick-matproof: $(READY)
	$(QUICK) tests/matproof

quick-others: $(READY) $(MODULES)
	$(QUICK) tests --ignore=tests/matproof

test: $(READY) $(MODULES) lint check  ## run all tests: units, every equals sign, notebooks, structure of the book
	$(PYTEST) --nbval

test-site: book $(TEST_MODULES)  ## open every page of the built site in a real browser
	$(PYTEST) --dist=load tests/site/browser_checks.py tests/site/deck_checks.py --site $(SITE)

test-pdf: pdf  ## read the printed book back: bookmarks, fonts, margins, links
	$(PYTEST) tests/site/pdf_checks.py --site $(SITE)

links: book  ## ask every other site that the book links to whether the link is still good
	$(BIN)/python tools/check_links.py $(SITE)

bench-site: book $(TEST_MODULES)  ## compare the site with the stock theme and MathJax 3
	$(BIN)/python tests/site/bench_site.py --site $(SITE)

lint: types  ## check the types, and the style of code and cells
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet site src tests tools

types: $(READY)  ## check the types: no error more than tools/types-baseline.txt knows
	$(BIN)/python tools/check_types.py

notebooks: $(READY)  ## re-execute the chapters and normalise what they store
	$(BIN)/python tools/notebooks.py run

matrix: $(READY)  ## run the chapters under other BLAS kernels, vector features and numbers of threads
	$(BIN)/python tools/matrix.py

student: $(READY)  ## derive notebooks with blanks for students, in _build/student
	$(BIN)/python tools/student.py

language: $(READY)  ## bring the page of the language up to date with the checker
	$(BIN)/python tools/language_page.py

check: $(READY)  ## let matproof check every equals sign of the book
	$(BIN)/matproof check --cache $(VERDICTS) book

mutants: $(READY)  ## change the book's claims, one place at a time: does the checker notice?
	$(BIN)/python tools/mutants.py --figures book/appendix/mutants.json

attack: $(READY)  ## attack the checker with 100,000 generated claims of known truth
	PYTHONPATH=tools $(BIN)/python -m attack --count 100000 --figures book/appendix/attack.json

bench: $(READY)  ## how fast the checker is, and how much faster than SymPy
	$(BIN)/python tools/bench.py

serve: $(READY)  ## show the built site at http://localhost:8000
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory $(SITE)

# `uv` takes the versions that the lock has for its preferences, but cannot read the last line, the package itself.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate
lock: $(READY)  ## renew requirements.txt from requirements.in, keeping the versions that it has
	@sed -i.old '/^-e /d' requirements.txt && rm requirements.txt.old
	$(LOCK) $(UPGRADE) requirements.in --output-file requirements.txt
	@echo '-e .' >> requirements.txt

upgrade: UPGRADE := --upgrade
upgrade: lock  ## the same, with the newest version of everything

wheels: $(READY)  ## ask the package index whether the lock has wheels for every supported Python
	@for version in 3.11 3.12 3.13 3.14; do \
	  grep -v '^-e' requirements.txt | $(BIN)/uv pip install --quiet --dry-run --no-deps --only-binary :all: \
	    --python-version $$version --target $(VENV)/none --requirement - || exit 1; \
	  echo "Python $$version: a wheel for every package of the lock"; \
	done

clean:  ## remove the environment and everything built
	rm -rf $(VENV) site/node_modules _build .pytest_cache .ruff_cache .mypy_cache .hypothesis
