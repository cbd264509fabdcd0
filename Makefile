# Every command of the house; `make help` lists them.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
PIP := $(RUN) pip install --quiet --disable-pip-version-check
PYTEST := $(RUN) pytest --numprocesses auto --dist worksteal
PINS := uv pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate pyproject.toml --group build

.PHONY: help demo test check prove bench fix pins clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/project ## plan a year, and show it
	@$(VENV)/bin/tretton demo

test: $(VENV)/dev ## run the tests
	$(PYTEST)

check: $(VENV)/dev ## run what CI runs: format, lint, types, layers, tests
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PYTEST)

prove: $(VENV)/dev ## run the long proofs, and every property at its full count
	HYPOTHESIS_PROFILE=prove $(PYTEST) -m "prove or hypothesis"

bench: $(VENV)/dev ## measure
	$(RUN) tests.benchmarks

fix: $(VENV)/dev ## format, and mend what can be mended
	$(RUN) ruff check --fix
	$(RUN) ruff format

pins: ## renew the pins (needs uv)
	$(PINS) --output-file .ci/requirements.txt
	$(PINS) --group dev --constraints .ci/requirements.txt --output-file .ci/requirements-dev.txt

clean: ## remove all that was made
	rm -rf $(VENV) demo-plan build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find scheduler api examples tests -name __pycache__ -type d -prune -exec rm -rf {} +

# What is installed, a stamp for each layer: the pins with their hashes first, then the project, which pip cannot hash.

$(VENV)/pins: .ci/requirements.txt
	@command -v "$(PYTHON)" >/dev/null && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Tretton needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is missing: install it (Debian, Ubuntu: apt install python3-venv), and try again."; exit 1; }
	@echo "Installing into $(VENV), once; it takes half a minute."
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(PIP) --no-compile --require-hashes --requirement .ci/requirements.txt
	@touch $@

$(VENV)/project: $(VENV)/pins pyproject.toml
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev: $(VENV)/project .ci/requirements-dev.txt
	@echo "Installing what the tests and the checks need."
	@$(PIP) --no-compile --require-hashes --requirement .ci/requirements-dev.txt
	@touch $@
