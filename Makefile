# Short forms; the README's two commands are the long ones.
PYTHON = .venv/bin/python

.PHONY: run test lint words torture bench bench-exchange bench-search bench-pages screenshots

.venv/made: pyproject.toml
	python3 -m venv .venv
	.venv/bin/pip install -q -e '.[test]'
	touch $@

run: .venv/made
	.venv/bin/partnernet serve

test: .venv/made
	$(PYTHON) -m tests

lint: .venv/made
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m djlint templates --lint --quiet

# The catalogues of translations, brought up to date with the sentences in the code.
words: .venv/made
	$(PYTHON) -m tests.catalogue

# The laws, the kill tests and the fuzzing at full length: about an hour on two cores. Without atheris, which has no
# wheel everywhere, the run that is guided by coverage says that it was skipped.
torture: .venv/made
	-.venv/bin/pip install -q -e '.[fuzz]'
	PARTNERNET_TORTURE=1 $(PYTHON) -m tests tests/laws tests/torture tests/exchange tests/vectors tests/search \
	  tests/interchange/test_laws.py

bench: .venv/made
	$(PYTHON) -m bench

# Bundles, crowded roots and two servers over the wire: the tables of docs/measured.md, in about twenty minutes.
bench-exchange: .venv/made
	$(PYTHON) -m bench exchange

# How good search is and how fast: the tables of docs/search.md.
bench-search: .venv/made
	$(PYTHON) -m bench quality search

# Lighthouse, which npm brings; not part of the tests.
bench-pages: .venv/made
	$(PYTHON) -m bench.lighthouse

# Every page, for everybody, in three widths and two themes: screenshots/index.html. Renews the README's pictures.
screenshots: .venv/made
	$(PYTHON) -m tests.looks.screenshots
