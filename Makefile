# The commands of this project; `make help` lists them.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
PIP := $(RUN) pip install --quiet --disable-pip-version-check
PYTEST := $(RUN) pytest --numprocesses auto --dist worksteal
LATER := prove or benchmark
PINS := uv pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate pyproject.toml --group build

.PHONY: help demo test check prove bench fix pins clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/project ## plan the example year and serve its page
	@$(VENV)/bin/tretton demo

test: $(VENV)/dev ## run the tests that need nothing but this repository
	$(PYTEST) -m "not (slow or external or $(LATER))"

check: $(VENV)/dev ## run the checks of CI: format, lint, types, import contracts, tests
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PYTEST) -m "not (slow or external or $(LATER))"
	$(PYTEST) -m "(slow or external) and not ($(LATER))"

prove: $(VENV)/dev ## run the long tests, and property tests with full example counts
	HYPOTHESIS_PROFILE=prove $(PYTEST) -m "prove or hypothesis"

bench: $(VENV)/dev ## run the benchmarks
	$(RUN) tests.benchmarks

fix: $(VENV)/dev ## format, and apply automatic lint fixes
	$(RUN) ruff check --fix
	$(RUN) ruff format

pins: ## update the pinned requirements (needs uv)
	$(PINS) --output-file .ci/requirements.txt
	$(PINS) --group dev --constraints .ci/requirements.txt --output-file .ci/requirements-dev.txt

clean: ## remove generated files
	rm -rf $(VENV) demo-plan build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find scheduler api examples tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Each of these targets is a stamp file. The pinned requirements are installed with hashes; the project itself is
# installed in a step of its own, because pip cannot verify a hash for it.

$(VENV)/pins: .ci/requirements.txt
	@command -v "$(PYTHON)" >/dev/null && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Tretton needs Python 3.11 or newer. Install it, or run make PYTHON=/path/to/python3."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing. Install it (Debian, Ubuntu: apt install python3-venv) and try again."; exit 1; }
	@echo "Installing into $(VENV); this takes about half a minute and happens once."
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(PIP) --no-compile --require-hashes --requirement .ci/requirements.txt
	@touch $@

$(VENV)/project: $(VENV)/pins pyproject.toml
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev: $(VENV)/project .ci/requirements-dev.txt
	@echo "Installing the requirements of the tests and checks."
	@$(PIP) --no-compile --require-hashes --requirement .ci/requirements-dev.txt
	@touch $@
