# Two commands do all the set-up on a machine that has Python: make serve, make test.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: serve test install browser build check clean

serve: build
	$(BIN)/kg serve

test: .venv/dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q

install: .venv/installed

build: .venv/installed
	$(BIN)/kg build

check: .venv/installed
	$(BIN)/kg check

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
