# Two environments are never needed: .venv grows from "run" to "test" when the tests are first asked for.
SHELL := bash
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
LANGUAGES := ar en es fr ru zh
POT := build/messages.pot
TEAM := the IMRF forum contributors
# Options or names for the command behind a target: `make run ARGS="--port 9000"`, `make test ARGS=fast`.
ARGS ?=

.PHONY: help run test check lint format messages bench lock clean

help: ## Show what can be made
	@echo "IMRF round-table forum"; echo
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(VENV)/run.stamp ## Start a demonstration forum on this machine and print its address and accounts
	@exec $(BIN)/imrf-forum demo $(ARGS)

test: $(VENV)/test.stamp ## Check and test everything, real servers and browser included
	@$(BIN)/python -m tests $(ARGS)

check: $(VENV)/test.stamp ## The fast part of the tests: style, types, import contracts, unit tests
	@$(BIN)/python -m tests fast

lint: $(VENV)/test.stamp ## Style, types, import contracts and catalogues only
	@$(BIN)/python -m tests format lint types imports catalogues

format: $(VENV)/test.stamp ## Bring the Python sources into the house style
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format .

messages: $(VENV)/test.stamp ## Collect the words of the interface into the six catalogues
	@mkdir -p $(dir $(POT))
	@$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k plural_messages:1,2 --no-location --sort-output --no-wrap \
	    --project=imrf-forum --version=0.1 --msgid-bugs-address=CONTRIBUTING.md --last-translator="$(TEAM)" \
	    --copyright-holder="$(TEAM)" --header-comment="# Translations template for PROJECT. Licence: Apache-2.0." -o $(POT) .
	@for language in $(LANGUAGES); do \
	    $(BIN)/pybabel -q update -i $(POT) -d forum/locale -l $$language --init-missing --ignore-obsolete \
	        --no-fuzzy-matching --no-wrap --ignore-pot-creation-date || exit 1; done
	@$(BIN)/python -m tests.house.catalogue || true

bench: $(VENV)/test.stamp ## Measure speed and size against a yardstick of the same run
	@$(BIN)/python -m benchmarks $(ARGS)

# Needs uv (https://docs.astral.sh/uv/). Names no package index: pip asks the one it is set up with.
lock: ## Renew the two lock files from pyproject.toml
	@lock() { uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --quiet \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$$@"; }; \
	lock --all-extras $(ARGS) -o requirements-test.txt && lock --extra scale -c requirements-test.txt -o requirements.txt

clean: ## Remove what building, testing and the demonstration left behind, the environment too
	@rm -rf $(VENV) build dist .hypothesis .import_linter_cache .ruff_cache .mypy_cache .pytest_cache .coverage .coverage.*
	@rm -f forum.sqlite3 forum.sqlite3-* forum.sqlite3.*
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Python 3.11 or newer is needed. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making a Python environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

# The package itself is linked, not copied: --no-build-isolation, as the build tool is in the lock file.
$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/made.stamp
	@echo "Installing the locked packages (once, about a minute) …"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/run.stamp
	@echo "Installing the locked test packages (once) …"
	@$(PIP) install --require-hashes -r requirements-test.txt
	@touch $@
