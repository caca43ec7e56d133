# Everything this project can do, and the only way it is done. `make` alone lists it.
# A fresh machine needs Python 3.11 or newer, make and git; `make run` and `make test` set up the rest.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8080
WORKERS ?=
SCENARIO ?=
# Not taken from the environment: some shells and compilers export a HOST of their own.
HOST = 127.0.0.1
# Whole modules, because they share servers; in their order, so that the last are short and no worker is left alone.
DIST := --dist loadscope --no-loadscope-reorder
# How long `make soak` loads each way of serving, and fuzzes, in seconds.
SOAK_S = 300
FUZZ_S = 600
# One more than the machine has cores, because tests often wait; and no more than memory has room for.
PROCESSES = $(shell $(BIN)/python -c 'import os; print(min(len(os.sched_getaffinity(0)) + 1, 4))')
# Handed to pytest as they are: make test ARGS='tests/unit -k journal'
ARGS =

# The tests start hundreds of interpreters; to compile the same modules takes each of them longer than to run them.
unexport PYTHONDONTWRITEBYTECODE

BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --quiet
# Stamps: what stands in the environment was installed from these very files.
CAN_RUN := $(VENV)/.can-run
CAN_TEST := $(VENV)/.can-test
PEERS := bench/peers
TOOLS := tests/spec/tools
CAN_BENCH := $(PEERS)/node_modules/.can-bench

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run test nightly contract check format lint types floors spec docs lock soak licences bench bench-quick bench-lock spec-lock clean

help: ## List the targets.
	@sed -n 's/^\([a-z]*\):.*## /\1 /p' $(MAKEFILE_LIST) | while read -r name what; do printf '%-8s %s\n' "$$name" "$$what"; done

run: $(CAN_RUN) ## Set up, then serve; HOST=, PORT=, WORKERS= and SCENARIO= pass through.
	@exec $(BIN)/mockserver serve --host $(HOST) --port $(PORT) \
	  $(if $(WORKERS),--workers $(WORKERS)) $(if $(SCENARIO),--scenario '$(SCENARIO)')

test: $(CAN_TEST) ## Set up, then run the tests, but for those of nightly; ARGS= goes to pytest.
	@exec $(BIN)/python -m pytest -n $(PROCESSES) $(DIST) -m 'not nightly' $(ARGS)

nightly: $(CAN_TEST) ## Run the tests that take long: generated clients, more seeds, more installations.
	@exec $(BIN)/python -m pytest -n $(PROCESSES) $(DIST) -m nightly $(ARGS)

contract: $(CAN_TEST) ## Judge the mock by the server suite, and the shipped clients on the mock.
	@exec $(BIN)/mockserver selfcheck

check: lint types floors spec test ## All that a commit must pass: lint, types, floors, spec, test.

format: $(CAN_TEST) ## Format the code and mend what the linter can mend.
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lint: $(CAN_TEST) ## Check the format and lint.
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(CAN_TEST) ## Check the types, strictly.
	$(BIN)/mypy

floors: $(CAN_TEST) ## Check who imports whom.
	$(BIN)/lint-imports

# The generators take minutes; they run nightly.
spec: $(CAN_TEST) ## Let the validators read both OpenAPI documents, and send their examples to a server.
	$(BIN)/python -m pytest --quiet --ignore tests/spec/generators tests/spec $(ARGS)

docs: $(CAN_TEST) ## Make a site of the pages, in build/site; it needs no network, and a dead link stops it.
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --conf-dir docs --doctree-dir build/site-cache . build/site $(ARGS)
	@echo "Open build/site/index.html"

soak: $(CAN_TEST) ## Load and fuzz for ten minutes each; numbers go to reports/soak.xml, and FUZZ_SEED= repeats a run.
	@SOAK_S=$(SOAK_S) FUZZ_S=$(FUZZ_S) FUZZ_SEED=$(or $(FUZZ_SEED),$(shell date +%s)) $(BIN)/python -m pytest -n 2 --dist loadscope \
	  --junit-xml reports/soak.xml tests/resilience/test_load.py tests/resilience/test_fuzz.py $(ARGS)

licences: $(CAN_RUN) ## List the licence of every package that the server runs with.
	@$(BIN)/python tests/support/packaging/licences.py

bench: $(CAN_BENCH) ## Measure this server beside its peers and write docs/maintaining/performance.md; most of an hour.
	@exec $(BIN)/python -m bench $(ARGS)

# See that every part of it works, in seconds; writes nothing into the checkout.
bench-quick: $(CAN_TEST)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && cp docs/maintaining/performance.md "$$folder" && \
	  $(BIN)/python -m bench --quick --only ours --results "$$folder/results.json" --docs "$$folder" $(ARGS)

clean: ## Remove the environment and whatever else was made here.
	rm -rf $(VENV) $(TOOLS)/node_modules $(TOOLS)/venv build dist reports .hypothesis .schemathesis .*_cache

# --- the environment -------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "$(PYTHON) is Python %d.%d; 3.11 or newer is needed. Name another: make $(MAKECMDGOALS) PYTHON=python3.13" % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV)

$(CAN_RUN): requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) from requirements/runtime.txt, once ..." >&2
	@$(INSTALL) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(CAN_TEST): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) from requirements/dev.txt, once ..." >&2
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(CAN_RUN) $@

# The servers that ours is measured beside. Nothing of them is needed to serve or to test, and none runs a script here.
$(CAN_BENCH): $(PEERS)/package-lock.json $(PEERS)/requirements.txt | $(CAN_TEST)
	@for program in wrk node npm java; do command -v $$program >/dev/null || { \
	  echo "make bench needs $$program; on Debian: apt-get install wrk nodejs npm openjdk-17-jre-headless" >&2; exit 1; }; done
	@echo "Installing the peers into $(PEERS), once ..." >&2
	@npm ci --prefix $(PEERS) --ignore-scripts --loglevel error
	@$(PYTHON) -m venv --clear $(PEERS)/venv
	@$(PEERS)/venv/bin/python -m pip install --disable-pip-version-check --quiet --quiet --require-hashes -r $(PEERS)/requirements.txt
	@touch $@

# --- the locks -------------------------------------------------------------------------------------------

# One resolution for every Python and platform; the smaller locks are cut from the large one, so that all agree.
# pip's own settings are put aside, because a lock must not know where this machine looks for packages.
COMPILE := PIP_CONFIG_FILE=/dev/null env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u PIP_INDEX_URL \
  $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --no-annotate --custom-compile-command 'make lock'

lock: $(CAN_TEST) ## Resolve requirements/*.txt anew from pyproject.toml; ARGS=--upgrade takes newer versions.
	$(INSTALL) --require-hashes -r requirements/lock.txt
	$(COMPILE) pyproject.toml --all-extras --group dev --output-file requirements/dev.txt $(ARGS)
	$(COMPILE) pyproject.toml --extra lmdb --extra redis --constraints requirements/dev.txt --output-file requirements/runtime.txt
	$(COMPILE) --group build --constraints requirements/dev.txt --output-file requirements/build.txt
	$(COMPILE) --group lock --output-file requirements/lock.txt $(ARGS)

# Of the validators and generators: the versions stand in package.json and requirements.in.
spec-lock: $(CAN_TEST)
	$(INSTALL) --require-hashes -r requirements/lock.txt
	npm install --prefix $(TOOLS) --package-lock-only
	$(subst 'make lock','make spec-lock',$(COMPILE)) $(TOOLS)/requirements.in --output-file $(TOOLS)/requirements.txt $(ARGS)

# Of the peers: the versions stand in package.json and requirements.in.
bench-lock: $(CAN_TEST)
	$(INSTALL) --require-hashes -r requirements/lock.txt
	npm install --prefix $(PEERS) --package-lock-only
	$(subst 'make lock','make bench-lock',$(COMPILE)) $(PEERS)/requirements.in --output-file $(PEERS)/requirements.txt $(ARGS)
