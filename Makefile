# Everything a developer does, each with its own set-up. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FIRMS ?= 20000

.DEFAULT_GOAL := help
.PHONY: help demo test lint fmt nightly bench lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## run the whole job on a synthetic city (FIRMS=20000) in build/demo
	$(BIN)/mianshen demo --firms $(FIRMS) -w build/demo

test: lint ## check style, types, imports, then run every test
	$(BIN)/pytest -n 2 --dist loadfile

lint: $(READY) ## check style, types and imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(READY) ## rewrite the sources in the project's style
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

nightly: $(READY) ## run the tests that take minutes, with many more random examples
	HYPOTHESIS_PROFILE=nightly $(BIN)/pytest -n 2 --dist loadfile -m "nightly or not nightly"

bench: $(READY) ## measure seconds and memory at full size
	$(BIN)/python benchmarks/match.py

lock: ## pin every dependency again, newest first, with hashes for all platforms
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet uv==0.13.9
	build/lock/bin/uv pip compile pyproject.toml --all-extras --group dev --universal --upgrade \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--quiet --output-file constraints.txt

clean: ## remove everything that was made
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Mianshen needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments: install its venv module" >&2; \
		echo "(on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r constraints.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
