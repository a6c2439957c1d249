# Everything a fresh clone needs is one word away; `make help` lists the words.
# Each target prepares what it needs, once: .ci/setup.sh looks first and acts only if it must.

PY      := .venv/bin/python
RUNTIME := .venv/runtime.stamp
DEV     := .venv/dev.stamp
BUILDER := .venv/installer.stamp

ROOMS   := $(wildcard kiosk sync benchmarks tests)
QML     := kiosk/ui/qml
# Passed on to the command, as in: make run ARGS="--fullscreen"
ARGS    ?=

# Tests, checks, pictures and builds need no display, and look the same on every machine.
headless := QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software

.DEFAULT_GOAL := help
.PHONY: run test lint format torture bench screenshots installer lock clean help
.NOTPARALLEL:
.DELETE_ON_ERROR:

run: $(RUNTIME)  ## open the kiosk with a sample event on the practice Stripe
	@$(PY) -m kiosk $(ARGS)

test: $(DEV)  ## run every test
	@$(headless) $(PY) -m pytest -n auto --dist worksteal $(ARGS)

lint: $(DEV)  ## check style, types, layers and QML
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check . || { echo "make format puts this right."; exit 1; }
	@$(PY) -m mypy --no-error-summary $(ROOMS) .ci/lint_qml.py
	@PYTHONPATH=. .venv/bin/lint-imports --cache-dir build/import-linter --no-logo
	@$(headless) $(PY) .ci/lint_qml.py $(QML)

format: $(DEV)  ## lay the code out as lint wants it
	@$(PY) -m ruff format --quiet .
	@$(PY) -m ruff check --quiet --fix .

torture: $(DEV)  ## kill the program thousands of times; ARGS="--rounds 100 --seed 1 selling"
	@$(PY) -m tests.torture $(ARGS)

bench: $(DEV)  ## measure: one table, and the same as JSON
	@$(headless) $(PY) -m benchmarks $(ARGS)

screenshots: $(DEV)  ## draw every screen into build/screenshots
	@$(headless) PYTHONPATH=. $(PY) tests/ui/screenshots.py --out build/screenshots $(ARGS)

installer: $(BUILDER)  ## freeze the program into dist/kiosk, and let it check itself
	@$(headless) .ci/installer.sh

lock: $(DEV)  ## choose the newest allowed versions again and pin them with their hashes
	@.ci/lock.sh

clean:  ## remove what make made, except a practice folder with sales in it
	@rm -rf .venv build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## list these words
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(RUNTIME): requirements.lock .ci/setup.sh
	@.ci/setup.sh runtime
	@touch $@

$(DEV): requirements-dev.lock .ci/setup.sh
	@.ci/setup.sh dev
	@touch $@ $(RUNTIME)

$(BUILDER): requirements-dev.lock .ci/setup.sh
	@.ci/setup.sh installer
	@touch $@ $(DEV) $(RUNTIME)
