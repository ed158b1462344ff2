# `make demo` and `make test` do all that is needed on a machine with git, make and Python 3.11 or newer.
# Every step of the set-up leaves a stamp and is skipped until one of its inputs changes. The lock is whole, so nothing
# is resolved again (--no-deps): pip would otherwise look past a pin for a requirement with extras, and then refuse it.

VENV   ?= .venv
PORT   ?= 8000
SAMPLE ?= 0
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
endif

BIN    := $(VENV)/bin
STAMPS := $(VENV)/stamps
DIST   := superapp/web/static/dist
FRONT  := $(shell find superapp/frontend superapp/web/static/mark superapp/web/static/pita superapp/web/static/public -name node_modules -prune -o -type f -print 2>/dev/null)
WORDS  := $(shell find superapp plugins tenants -name node_modules -prune -o -name '*.po' -print 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test bench lint format lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "  PORT=8123 moves the demo, SAMPLE=500 brings in that many complaints, VENV=dir moves the environment."

setup: $(STAMPS)/project $(DIST)/.stamp ## Install everything beside the sources and build the pages' styles and scripts

demo: setup ## Run it here: PostgreSQL, two cities, a worker; Ctrl-C stops all
	@$(BIN)/superapp demo --port $(PORT) --sample $(SAMPLE)

test: setup lint ## Check everything: style, types, floors, and all tests on a real PostgreSQL
	$(BIN)/pytest -n 2 -rs

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## Measure each path beside its limit on this machine
	$(BIN)/python -m tests.bench

format: setup ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Choose the libraries' versions anew and write requirements.lock
	@rm -rf var/lock && mkdir -p var
	$(PYTHON) -m venv var/lock
	var/lock/bin/python -m pip install --quiet uv
	var/lock/bin/uv pip compile setup.cfg --all-extras --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-header --no-annotate --quiet -o requirements.lock
	@rm -rf var/lock
	@if grep -nE '://|^-|^ +--(index|extra|find)' requirements.lock; then \
		echo "requirements.lock must not name an address."; exit 1; fi

clean: ## Remove the environment and what was built; var/ with the data stays
	rm -rf $(VENV) $(DIST) superapp/frontend/node_modules *.egg-info .mypy_cache .ruff_cache

$(STAMPS)/venv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it or say make PYTHON=/path/to/python."; exit 1; }
	@echo "==> Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: on Debian or Ubuntu install python3-venv."; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/libraries: requirements.lock $(STAMPS)/venv
	@echo "==> Libraries, each checked by its hash (a minute or two the first time)"
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@touch $@

$(STAMPS)/project: setup.cfg pyproject.toml $(STAMPS)/libraries
	@echo "==> This project"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@rm -rf superapp.egg-info # left by the build; an old one would hide new plugins from what runs here
	@touch $@

$(DIST)/.stamp: $(STAMPS)/project $(FRONT) $(WORDS)
	@echo "==> Styles, scripts and word lists"
	@$(BIN)/python -m superapp.web.build
	@mkdir -p $(DIST) && touch $@
