# Everything a developer runs; each target uses the environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PERIOD ?= 2026

.PHONY: run test test-long test-all test-repeat pictures fuzz faults lint lint-js check lab bench docs clean
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

PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
WORKERS ?= auto

test: $(VENV)/.dev  ## the tests, but for what is long by nature
	$(PYTEST) -m "not long"

test-long: $(VENV)/.dev  ## kills, full disks, lost clusters; the laws with many more examples
	HYPOTHESIS_PROFILE=thorough $(PYTEST) -m "long or law"

test-all: test test-long  ## every test

pictures: $(VENV)/.dev  ## keep how pages and forms look now: what test_pictures.py compares with
	ZI_EVAL_ACCEPT_PICTURES=1 $(PYTEST) tests/browser/test_pictures.py

COUNT ?= 20
BUSY ?= 2
test-repeat: $(VENV)/.dev  ## `make test` many times over, while others keep the processors busy
	$(BIN)/python -m tests.repeat --count $(COUNT) --busy $(BUSY) $(if $(REPEAT),-- $(REPEAT))

FUZZ ?= --inputs 20000
fuzz: $(VENV)/.dev  ## spoiled files, messages and journal lines, by the thousand
	$(BIN)/python -m tests.hostile.fuzz $(FUZZ)

FAULTS ?= --count 22
faults: $(VENV)/.dev  ## runs disturbed at random moments, each compared with an undisturbed one
	$(BIN)/python -m tests.faults $(FAULTS)

lint: $(VENV)/.dev lint-js  ## format, lint, types, architecture
	$(BIN)/ruff format --check zi_eval tests
	$(BIN)/ruff check zi_eval tests notebooks
	$(BIN)/mypy
	$(BIN)/lint-imports

lint-js: $(if $(shell command -v npx),node_modules/.eslint)  ## JavaScript, where Node.js is there
	$(if $(shell command -v npx),npx --no-install eslint zi_eval,@echo "no Node.js here: JavaScript is not linted")

node_modules/.eslint: package.json
	npm install --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

check: lint test  ## what a change needs to pass

lab: $(VENV)/.run
	$(BIN)/zi-eval lab

docs: $(VENV)/.docs  ## the page of all that can be typed, from the docstrings
	$(BIN)/python -m zi_eval.face.api outputs/api

$(VENV)/.docs: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	@touch $(VENV)/.run $@

clean:
	rm -rf $(VENV) node_modules outputs/*/

bench: $(VENV)/.dev  ## our batch beside the usual ways, in one run
	$(BIN)/python -m tests.bench.batch $(BENCH)
	$(BIN)/python -m tests.bench.parts
	$(BIN)/python -m tests.bench.face
	$(BIN)/python -m tests.bench.crowd
