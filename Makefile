# Everything a contributor needs, with make and Python only. `make` alone says what there is.
#   make PYTHON=/path/to/python3.12 env    uses that Python; otherwise the newest from 3.11 on PATH.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTHON ?= $(shell .ci/find-python)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help env demo test lint format prepare servers lock clean

help:  ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(STAMP)  ## Create .venv from the lock (once; at once when nothing changed)

$(STAMP): requirements-dev.lock pyproject.toml
	@.ci/check-python "$(PYTHON)"
	@echo "Creating $(VENV) with $$("$(PYTHON)" --version) from requirements-dev.lock; this takes about a minute."
	@$(PIP) --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

demo: env  ## Try it: an incident to its closing, one that goes wrong, a weekend; as a folder
	@$(BIN)/mailbot demo

test: env servers lint  ## Check everything: style, types, and every test
	@$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

lint: env  ## Style and types only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: env  ## Lay the code out as the lint wants it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

prepare:  ## Write secrets/ and council/ for docker-compose.yml; overwrites nothing
	@.ci/prepare-docker

bench: env  ## Measure speed and memory beside a bare loop or a server's own limit (six minutes)
	@for one in intake latency sending queries memory letters; do $(BIN)/python -m benchmarks.$$one || exit 1; done

servers:  ## Install the servers that the tests talk to, where this user may (Debian)
	@.ci/servers

lock:  ## Write both locks anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH (see its own documentation)."; exit 1; }
	uv pip compile --quiet --upgrade --generate-hashes --universal --no-header --no-annotate \
	    --extra postgres --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --upgrade --generate-hashes --universal --no-header --no-annotate \
	    --all-extras --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:  ## Remove what make made
	rm -rf $(VENV) demo-weekend build dist .coverage htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find mailbot tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
