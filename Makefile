# Two commands matter: `make run` starts the demo home, `make test` checks everything.

SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
HOME_DIR ?= run/demo-home
# two workers at least: the tests wait for brokers and servers more than they compute
JOBS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ "$$n" -lt 2 ] && n=2; [ "$$n" -gt 8 ] && n=8; echo $$n)
# what failed beside others is run once more alone; --cache-clear: the list of it is this run's
PYTEST = $(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --cache-clear
BIN := $(VENV)/bin
# errors only: pip warns about every package index of the machine that lacks something
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-warn-script-location

.PHONY: help run ui ui-if-possible test test-all bench conformance compare lint types pytest install install-dev system-packages clean distclean

help:
	@echo "make run       start Marge with the demo home on http://localhost:8123"
	@echo "make ui        build the web interface (make run and make test do it when its sources have changed)"
	@echo "make test      lint, types and tests (installs what they need)"
	@echo "make test-all  the same with the tests that take minutes"
	@echo "make bench     benchmarks, as a table and as JSON in loadtests/results/"
	@echo "make conformance  how much of Home Assistant's recorded behaviour is answered as recorded, by area"
	@echo "make compare   Marge beside a real Home Assistant: identical calls, and how fast each answers"
	@echo "make lint | types | pytest    one part of make test"
	@echo "make clean     remove caches; make distclean: also $(VENV) and run/"

run: install ui-if-possible
	@exec $(BIN)/marge --config $(HOME_DIR) --demo

# Fast when the sources are those of the last build. Without Node.js it is taken from the Python package index.
ui: install
	@$(BIN)/python ui/build.py --install-node

ui-if-possible: install
	@$(BIN)/python ui/build.py --install-node --optional

test: install-dev system-packages ui-if-possible lint types pytest

test-all: install-dev system-packages ui-if-possible lint types
	@$(PYTEST) || { [ $$? -eq 1 ] && $(BIN)/python -m tests.again; }

bench: install-dev
	@$(BIN)/python -m loadtests.bench

REPLAYS := tests/conformance/test_service_calls.py tests/domains/test_service_effects.py tests/templating/test_replay.py \
	tests/automations/test_replay.py

conformance: install-dev
	@$(BIN)/python -m tests.conformance all
	@$(BIN)/python -m pytest -q -s -p no:cacheprovider $(REPLAYS)

compare: install-dev
	@$(BIN)/python -m loadtests.compare

lint: install-dev
	@$(BIN)/ruff check --quiet .
	@echo "ruff: clean"

types: install-dev
	@$(BIN)/mypy --no-error-summary
	@echo "mypy: clean"

pytest: install-dev
	@$(PYTEST) -m "not slow" || { [ $$? -eq 1 ] && $(BIN)/python -m tests.again -m "not slow"; }

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

# A stamp file a set of dependencies; setup.cfg names them.
$(VENV)/.installed: setup.cfg pyproject.toml
	@python=; \
	for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3.14; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Marge needs Python 3.11 or newer, and '$(PYTHON)' is not. Install it, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; \
	  exit 1; \
	fi; \
	echo "Installing Marge into $(VENV) with $$($$python --version) (once; takes a minute)"; \
	"$$python" -m venv $(VENV) || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@MARGE_BUILD_UI=no $(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need"
	@MARGE_BUILD_UI=no $(PIP) --editable '.[dev]'
	@touch $@

system-packages:
	@sh tests/system-packages.sh

clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV) .cache run ui/node_modules marge/http/static/ui
