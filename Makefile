# Everything a developer runs; each target uses the environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PERIOD ?= 2026

.PHONY: run test lint check lab bench clean
.DEFAULT_GOAL := run

$(VENV)/.run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $(VENV)/.run $@

run: $(VENV)/.run  ## install and run the sample agency
	$(BIN)/zi-eval run --period $(PERIOD)

test: $(VENV)/.dev  ## the tests
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(VENV)/.dev  ## format, lint, types, architecture
	$(BIN)/ruff format --check zi_eval tests
	$(BIN)/ruff check zi_eval tests notebooks
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## everything CI runs

lab: $(VENV)/.run
	$(BIN)/zi-eval lab

clean:
	rm -rf $(VENV) outputs/*/

bench: $(VENV)/.dev  ## our batch beside the usual ways, in one run
	$(BIN)/python -m tests.bench.batch
