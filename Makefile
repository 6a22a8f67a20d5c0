# All set-up happens here, in a private .venv: a fresh machine needs Python 3.11+, git and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: test lint site serve rule demo bench mutants fuzz clean

test: .venv/ready
	$(BIN)/pytest -n auto --dist loadgroup

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/definition-of-done catalogue --check
	$(BIN)/definition-of-done check

# The docs, strictly, into build/site; `make serve` shows them while they are written.
site: .venv/ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir build/site

serve: .venv/ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

# A rule and its test to fill in: make rule ID=migration-docstring-period FAMILY=migrations
rule: .venv/ready
	$(BIN)/python -m tests.scaffold $(ID) $(FAMILY)

demo: .venv/ready
	$(BIN)/python -m tests.demo

bench: .venv/ready
	$(BIN)/python -m tests.bench

# Five minutes, and as long to learn which tests execute what; CI does not run it.
mutants: .venv/ready
	$(BIN)/python -m tests.mutants 300

# For each family of files, `make fuzz SECONDS=60`; atheris, where it can be had, guides it. Then
# the largest files of each kind, about an hour.
SECONDS ?= 60
fuzz: .venv/ready
	-$(BIN)/pip install --quiet --disable-pip-version-check atheris
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)
	$(BIN)/python -m tests.fuzz.sizes

.venv/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv build hooks/*.egg-info
