# The two commands of a newcomer are `make run` and `make test`; each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODES ?= 3
SECONDS ?= 60
# Compiled modules are kept, whatever the surroundings say: without them each of the hundreds of processes that the
# tests start compiles for three seconds, and pytest rewrites every test anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: packages packages-test setup setup-dev run test check bench chaos screenshots lock system-packages clean

setup: $(VENV)/.station

run: setup
	@$(BIN)/loa run --demo

$(BIN)/python:
	@sh deploy/make-venv.sh "$(PYTHON)" "$(VENV)"

$(VENV)/.station: requirements/station.txt pyproject.toml | $(BIN)/python
	@echo "Đang cài đặt các gói cần thiết (một lần, vài phút)…"
	@sh deploy/pip-install.sh $(BIN)/python -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes -r requirements/station.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup-dev: $(VENV)/.dev

$(VENV)/.dev: requirements/dev.txt pyproject.toml $(VENV)/.station
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Debian packages of the integration and browser tests; without root it says what it leaves out.
system-packages:
	@sh deploy/test-packages.sh

test: setup-dev system-packages
	@sh tests/run.sh $(BIN)/python

check: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m requirements.known_holes
	@$(BIN)/python -m requirements.sbom
	@$(BIN)/python -m requirements.secrets_scan
	@$(BIN)/python -m pytest -q -ra -n 2 tests/unit -m "not integration and not browser and not long"

# Other readers of Vietnamese, to be measured beside ours; in an environment of their own, and never needed.
$(VENV)/peers/.ready: requirements/peers.txt $(VENV)/.dev
	@$(BIN)/python -m venv $(VENV)/peers
	@-$(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt && touch $@

bench: setup-dev system-packages $(VENV)/peers/.ready
	@$(BIN)/python -m bench

chaos: setup-dev system-packages
	@$(BIN)/python -m tests.chaos --seconds $(SECONDS)

screenshots: setup-dev system-packages
	@$(BIN)/python -m tests.browser.rig.screenshots

# Debian packages of station and node in build/packages, amd64 and arm64, from the pinned wheels (docs/operations.md).
ARCHITECTURES ?= amd64 arm64
packages: setup-dev
	@$(BIN)/python deploy/packages/build.py $(addprefix --arch ,$(ARCHITECTURES))

# Installs, upgrades, removes and purges them in a copy of this machine that is thrown away; as root, two minutes.
packages-test: setup-dev
	@sh deploy/packages/test.sh $(BIN)/python

# Pins every package with its hashes; run it after touching the dependencies in pyproject.toml.
lock:
	@sh requirements/lock.sh

clean:
	rm -rf $(VENV) build *.egg-info
