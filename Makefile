# One target an intention. The first time needs the network; later times do not.
# `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is installed is pinned, in the isolated build environment as well.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests and measurements start the program hundreds of times: Python may keep what it has compiled, as it usually does.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test quick coverage soak lint types format bench docs links pictures phrases rules evidence clients transcript \
	wheel release clean

help: ## List the targets.
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

demo: $(VENV)/.installed ## Send the sample issue on this machine alone, and prove that each person got it once.
	@$(BIN)/bulletin demo

# Many tests wait for a server, a browser or the clock: four at once keep two cores busy.
PYTEST = $(patsubst %,TMPDIR=%,$(shell sh tests/memory.sh)) $(BIN)/python -m pytest
AT_ONCE := --numprocesses 4 --dist worksteal

test: $(VENV)/.installed-tests ## Run all tests, with fewer examples of what is wild than `make soak`.
	@sh tests/components.sh
	@$(MAKE) --no-print-directory tests/node/node_modules/.installed tests/verapdf/jars/.installed
	EXAMPLES=$${EXAMPLES:-0.4} $(PYTEST) $(AT_ONCE) $(COVERAGE)

quick: $(VENV)/.installed-tests ## Run the tests that need no server, no browser and little time (a fifth of all).
	EXAMPLES=0.2 $(PYTEST) $(AT_ONCE) -m "not slow and not browser and not postgres"

coverage: ## Run all tests, and see which lines they never reach (half as long again).
	@$(MAKE) --no-print-directory test COVERAGE="--cov --cov-report=term"

soak: $(VENV)/.installed-tests ## Try what only endurance shows: many kills, all faults, many more examples (hours).
	@sh tests/components.sh
	CRASH_KILLS=200 $(BIN)/python -m pytest --timeout 1800 tests/delivery/dispatch/test_crash.py tests/delivery/dispatch/test_surroundings.py -s -k killed_at_any
	WORKER_MINUTES=2 $(BIN)/python -m pytest --timeout 1800 tests/delivery/workers/test_workers_endure.py -s
	EXAMPLES=10 $(BIN)/python -m pytest --timeout 1800 tests/delivery/workers/test_fence.py
	REWOUND_KILLS=50 $(BIN)/python -m pytest --timeout 1800 tests/delivery/dispatch/test_rewound.py -s
	LEDGER_EXAMPLES=2000 $(BIN)/python -m pytest --timeout 1800 tests/delivery/ledger/test_ledger_model.py
	EXAMPLES=4 $(BIN)/python -m pytest --timeout 1800 tests/delivery/smtp/test_faults.py tests/proof/test_proof_measure.py tests/database/test_schema.py
	EXAMPLES=4 $(BIN)/python -m pytest --timeout 1800 tests/bounces/test_corpus.py tests/bounces/test_broken_messages.py
	$(BIN)/python benchmarks/returns.py
	EXAMPLES=10 $(PYTEST) $(AT_ONCE) --timeout 1800 -m hypothesis

lint: $(VENV)/.installed-tests ## Check style, and that imports point the right way.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(VENV)/.installed-tests ## Check types, strictly.
	$(BIN)/mypy

format: $(VENV)/.installed-tests ## Lay the code out.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-tests ## Measure commands, the preview, the pages for readers, and how fast mail leaves (minutes).
	@$(MAKE) --no-print-directory benchmarks/node/node_modules/.installed
	@$(BIN)/python benchmarks/startup.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/proof.py
	@$(BIN)/python benchmarks/opt_outs.py
	@$(BIN)/python benchmarks/lists.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/databases.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/storage.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/signing.py
	@$(BIN)/python benchmarks/preview.py
	@$(BIN)/python benchmarks/returns.py
	@$(BIN)/python benchmarks/readers.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/sending.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/search.py
	@$(BIN)/python benchmarks/editions.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/archive.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/workers.py $(if $(WRITE),--write $(WRITE))
	@$(BIN)/python benchmarks/shared_claims.py $(if $(WRITE),--write $(WRITE))

docs: $(VENV)/.installed-tests ## Build the documentation as a site, into build/docs/site.
	@$(BIN)/python docs/building/make.py

links: $(VENV)/.installed-tests ## Try every link of the documentation to another site (needs the network).
	@$(BIN)/python docs/building/make.py --links

pictures: $(VENV)/.installed-tests ## Take the pictures in docs/pictures anew, in headless Chromium.
	@sh tests/components.sh
	$(BIN)/python docs/pictures.py

phrases: $(VENV)/.installed-tests ## Compile the phrases of each language, after a change of bulletin/languages/*.po.
	@$(BIN)/python docs/phrases.py

rules: $(VENV)/.installed ## Write docs/rules and docs/checks anew, from the rules of the proof and the checks of doctor.
	@$(BIN)/python docs/rules.py
	@$(BIN)/python docs/checks.py

evidence: $(VENV)/.installed-tests tests/node/node_modules/.installed tests/verapdf/jars/.installed ## Test accessibility, and write what was tested for the accessibility statement.
	@$(BIN)/python tests/evidence.py

clients: $(VENV)/.installed ## Take what mail programs support anew from caniemail.com's data (needs npm).
	@$(BIN)/python docs/clients.py

transcript: $(VENV)/.installed-tests ## Type a first bulletin from start to finish, and write docs/transcript.md (needs the network).
	@$(BIN)/python docs/transcript.py

wheel: $(VENV)/.installed ## Build the package into dist/.
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

release: $(VENV)/.installed-tests ## Build what is published into dist/, and try it on each Python that is here (minutes).
	@$(BIN)/python release

clean: ## Remove everything that was installed, built or measured.
	rm -rf $(VENV) dist build benchmarks/build .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The language server of editors, and axe, which checks accessibility.
tests/node/node_modules/.installed: tests/node/package-lock.json
	@if command -v npm >/dev/null 2>&1; then \
		echo "Installing what the tests need from npm (once) …"; \
		npm ci --prefix tests/node --no-audit --no-fund --silent && touch $@; \
	else \
		echo "npm is missing: the tests of editors and of accessibility will fail, and say what to type." >&2; \
	fi

# The checker of PDF/UA-1, from Maven Central.
tests/verapdf/jars/.installed: tests/verapdf/pom.xml
	@if command -v mvn >/dev/null 2>&1; then \
		echo "Installing what checks PDFs from Maven Central (once) …"; \
		rm -rf $(@D); \
		mvn --quiet --batch-mode --file $< dependency:copy-dependencies && touch $@; \
	else \
		echo "Maven is missing: the tests of PDFs will fail, and say what to type." >&2; \
	fi

# Another sender, to compare with.
benchmarks/node/node_modules/.installed: benchmarks/node/package-lock.json
	@if command -v npm >/dev/null 2>&1; then \
		echo "Installing what the benchmark needs from npm (once) …"; \
		npm ci --prefix benchmarks/node --no-audit --no-fund --silent && touch $@; \
	fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "bulletin needs Python 3.11 or later. Name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv is missing. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing bulletin into $(VENV) (once) …"
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed
	@echo "Installing what the tests need into $(VENV) (once) …"
	@$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@
