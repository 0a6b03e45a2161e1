# Everything runs from .venv, which the first target that needs it makes; nothing else has to be installed.
PYTHON ?= python3
BIN := .venv/bin
VENV := .venv/.ready

.PHONY: run serve test check bench catalog nginx
run: $(VENV)        ## take in content/ and publish what is due: portal, Zalo and Facebook (simulator)
	$(BIN)/bantin run
serve: $(VENV)      ## scheduler, monitor, portal and simulator pages on loopback
	$(BIN)/bantin serve
test: $(VENV)       ## all tests
	$(BIN)/python -m pytest -q -n auto
nginx: $(VENV)      ## the portal behind the real nginx (apt-get install nginx-light)
	$(BIN)/python -m pytest -q -n0 -m nginx tests/nginx
check: $(VENV)      ## format, lint, types, imports, docs equal code
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/python -m tools.catalog --check
bench: $(VENV)      ## measure; see bench/README.md
	$(BIN)/python bench/tagging.py $(LABELLED)
catalog: $(VENV)    ## renew the Vietnamese catalogues and the generated documents from the code
	$(BIN)/python -m tools.catalog
$(VENV): requirements-dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
