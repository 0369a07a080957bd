# Two commands do all the set-up on a machine that has Python: make serve, make test.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: serve test contract fuzz mutation install browser build check messages clean

serve: build
	$(BIN)/kg serve

test: .venv/dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n auto --maxprocesses 8 --dist worksteal

# The contract of the API tried at length: more than 5,000 requests, some minutes.
contract: .venv/dev
	$(BIN)/python benchmarks/contract.py

# Hostile input at five doors, ten minutes each.
fuzz: .venv/dev
	for door in yaml query sparql exports parameters; do $(BIN)/python benchmarks/fuzz.py $$door --seconds 600 || exit 1; done

# Is every line of a guard held by a test? About an hour.
mutation: .venv/dev
	$(BIN)/python benchmarks/mutation.py

install: .venv/installed

build: .venv/installed
	$(BIN)/kg build

check: .venv/installed
	$(BIN)/kg check

# The interface strings: read from code, templates and vocabulary, brought into each catalogue, and compiled.
messages: .venv/installed
	@mkdir -p build
	$(BIN)/python -m babel.messages.frontend -q extract -F babel.cfg -k _l --no-wrap --no-location --sort-output --omit-header -o build/messages.pot .
	$(BIN)/python -m babel.messages.frontend -q update -i build/messages.pot -d webui/translations --no-wrap --no-fuzzy-matching --ignore-pot-creation-date
	$(BIN)/python -m babel.messages.frontend -q compile -d webui/translations

# A Chromium for the browser tests: the system's if there is one, else Playwright's.
browser: .venv/dev
	@$(BIN)/python tests/browser.py || $(BIN)/python -m playwright install --with-deps chromium

.venv/bin/pip:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/installed: pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/dev: pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --editable . --group dev
	@touch $@ .venv/installed

clean:
	rm -rf .venv build dist
