# All that is needed is Python 3.11 or newer with pip, and make. Each target does its own set-up in .venv.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV ?= .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.stamp
WORKERS ?= auto
ARGS ?=

.PHONY: demo test check check-lint check-format check-types check-imports check-seams e2e bench lock clean setup

demo: $(STAMP)
	$(BIN)/hub demo --dir .demo $(ARGS)

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -rs $(ARGS)

check: check-lint check-format check-types check-imports check-seams

check-lint: $(STAMP)
	$(BIN)/ruff check

check-format: $(STAMP)
	$(BIN)/ruff format --check

check-types: $(STAMP)
	$(BIN)/mypy

check-imports: $(STAMP)
	$(BIN)/lint-imports

check-seams: $(STAMP)
	$(BIN)/python -m pytest tests/project -m "not slow" -q

e2e: $(STAMP)
	$(BIN)/python -m pytest tests/e2e -m e2e -rs $(ARGS)

bench: $(STAMP)
	$(BIN)/hub bench $(ARGS)

# Pins every dependency with the hashes of all its files, for Linux and macOS and every Python from 3.11 on.
# Pins that still fit stay as they are; `make lock ARGS=--upgrade` takes the newest of all.
lock: $(VENV)/pyvenv.cfg
	$(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check --upgrade --target $(VENV)/lock uv
	$(VENV)/lock/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --quiet \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(ARGS) -o requirements.lock
	rm -rf $(VENV)/lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(STAMP)

# pip comes from outside: where Python is packaged in parts, venv alone brings none.
$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)

$(STAMP): requirements.lock pyproject.toml $(VENV)/pyvenv.cfg
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up $(VENV) (takes a minute, once) ..."
	@$(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check \
		--no-deps --no-build-isolation --no-index -e .
	@touch $@
