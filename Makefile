# Every target prepares what it needs; the second time that takes under a second. `make` alone lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Bytecode is kept: without it every test process compiles all modules again.
unexport PYTHONDONTWRITEBYTECODE

STACK ?= testnet
MODE ?= ledger
ARGS ?=
BACKUPS ?= build/backups
BACKUP ?=

PYTHON := .venv/bin/python
REHEARSAL := $(PYTHON) -m ops.rehearsal
UNIT_SECONDS := 300

.PHONY: help setup up preview policies prove scanners recover drift backup verify restore down test lint format bench upgrade-check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  STACK=testnet|mainnet (now: $(STACK))   MODE=ledger|machines (now: $(MODE))   ARGS='--diff': more options for pulumi"

setup: ## make this checkout ready: Python packages, Pulumi CLI, Python language host
	@toolchain/setup

up: setup ## rehearse the stack: `pulumi up` on simulated clouds, then a summary
	@$(REHEARSAL) up --stack "$(STACK)" --mode "$(MODE)" $(if $(ARGS),-- $(ARGS))

preview: setup ## real engine, simulated clouds and the policy pack; nothing is created
	@$(REHEARSAL) preview --stack "$(STACK)" --mode "$(MODE)" $(if $(ARGS),-- $(ARGS))

policies: setup ## judge what is there, the rehearsal's state, by the policy pack
	@$(PYTHON) -m ops.policies --stack "$(STACK)" --rehearsal $(ARGS)

scanners: setup ## compare the policy pack with Checkov; installs it under build/
	@$(PYTHON) -m ops.scanners $(ARGS)

prove: setup ## decide the claims about reach and placement over what the stack would send
	@$(PYTHON) -m ops.prove --stack "$(STACK)" --json "build/prove.$(STACK).json" $(ARGS)

recover: setup ## put the rehearsal's state right after a killed `up`
	@$(PYTHON) -m ops.recover --stack "$(STACK)" --rehearsal $(ARGS)

drift: setup ## what changed in the simulated accounts behind the engine's back
	@$(PYTHON) -m ops.drift --stack "$(STACK)" --rehearsal $(ARGS)

backup: setup ## back up the state of the stack's rehearsal, and prove the backup
	@$(PYTHON) -m ops.state backup --stack "$(STACK)" --rehearsal --to "$(BACKUPS)" $(ARGS)

verify: setup ## prove a backup again: BACKUP=<export>
	@$(PYTHON) -m ops.state verify --stack "$(STACK)" --rehearsal --from "$(BACKUP)" $(ARGS)

restore: setup ## put a backup of the stack's rehearsal back: BACKUP=<export>
	@$(PYTHON) -m ops.state restore --stack "$(STACK)" --rehearsal --from "$(BACKUP)" $(ARGS)

down: setup ## remove the stack's rehearsal, whatever state it is in
	@$(REHEARSAL) down --stack "$(STACK)"

lint: setup ## ruff, pyright and shellcheck
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m pyright
	toolchain/shellcheck

test: lint ## everything CI runs
	timeout --signal=INT --kill-after=30 $(UNIT_SECONDS) $(PYTHON) -m pytest tests/unit -n auto --dist loadfile
	$(PYTHON) -m pytest tests/mocks -n auto --dist loadfile --timeout=300
	$(PYTHON) -m pytest tests/policies -n auto --dist worksteal --timeout=300
	$(PYTHON) -m pytest tests/simcloud -n auto --dist loadfile --timeout=300
	$(PYTHON) -m pytest tests/proofs -n auto --dist loadscope --timeout=300
	$(PYTHON) -m pytest tests/engine -n 2 --dist loadfile --timeout=300

format: setup ## let ruff format the code and mend what it can
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

upgrade-check: setup ## would newer SDKs replace anything? tried on simulated clouds
	@$(PYTHON) -m ops.upgrade_check --stack "$(STACK)" $(ARGS)

bench: setup ## measure, into build/bench.json
	$(PYTHON) -m bench
