# Everything to type, from a fresh clone. `make` alone lists it: each target's comment is its help.
.DEFAULT_GOAL := help
.PHONY: help demo test setup system lint format bench bench-gate lock clean

# The first of these that is Python 3.11 to 3.13; `make PYTHON=…` takes another.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
endif
UV ?= uv
BIN := .venv/bin
LOCKING := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --overrides requirements.overrides.txt

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.runtime system ## set everything up and extract the reports of data/samples into out/demo
	$(BIN)/nianbao extract data/samples -o out/demo --format json,xlsx,html --overlay --force

test: setup system lint ## set up what tests need, then lint, types, import directions, all tests and the gate
	$(BIN)/pytest -n 2
	@$(MAKE) --no-print-directory bench-gate

setup: .venv/.dev ## make .venv with all locked dependencies, for developers; again it does nothing

system: ## install the Debian packages needed, as root; where that may not be, name them and stop
	@.ci/system "$(or $(PYTHON),python3)"

lint: .venv/.dev ## style, formatting, types, and which package may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev ## let ruff format and repair what it can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: .venv/.dev system ## compare speed and text with PaddleOCR's own pipeline and RapidOCR on the same pages
	$(BIN)/python -m eval.bench

GATES ?= $(basename $(notdir $(wildcard eval/baselines/*.json)))
bench-gate: .venv/.dev system ## fail if extraction got worse than eval/baselines on fixed cases of data/ (GATES=samples: on those)
	@set -e; for name in $(GATES); do \
		$(BIN)/nianbao eval gate data/$$name --baseline eval/baselines/$$name.json --out out/gate/$$name --jobs 2; done

lock: ## bring the lock files up to pyproject.toml; needs uv (python3 -m pip install uv)
	@command -v $(UV) >/dev/null || { echo "uv is not installed: python3 -m pip install uv" >&2; exit 1; }
	$(UV) pip compile $(LOCKING) pyproject.toml --group build -o requirements.lock
	$(UV) pip compile $(LOCKING) pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	$(UV) pip compile $(LOCKING) pyproject.toml --extra generate -c requirements-dev.lock -o requirements-generate.lock

clean: ## remove .venv, caches and out
	rm -rf .venv out build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.runtime: requirements.lock pyproject.toml
	@.ci/venv "$(PYTHON)" requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml
	@.ci/venv "$(PYTHON)" requirements-dev.lock
	@touch .venv/.runtime $@
