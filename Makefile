# Two commands: `make demo` and `make test`. Everything else is a part of them, or takes longer.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
AS_OF := 2026-11-22

.PHONY: help demo test test-deep check prove bench bench-population docs lock lock-requirements setup clean serve browser node-tools pictures spark postgres java

help:  ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

.venv/run: requirements/run.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Corrin needs Python 3.11 to 3.13: make PYTHON=python3.12 demo")'
	$(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

setup: .venv/dev  ## Install everything for development, from hashes, into .venv

demo: .venv/run  ## Set up, check the guideline, assess the bundled patients, screen a made-up population
	@$(BIN)/corrin check
	@$(BIN)/corrin assess --as-of $(AS_OF) examples/weak-legs-on-metformin.json examples/subacute-combined-degeneration.bundle.json
	@rm -rf build/demo && $(BIN)/corrin synth --patients 2000 --lean --complete medicines --out build/demo/export
	@$(BIN)/corrin screen build/demo/export --out build/demo/screened --as-of $(AS_OF) --complete medicines
	@echo; echo "More patients: examples/. The guideline itself: guideline/. The proofs: make prove."

test: .venv/dev  ## Lint, types, layers, the guideline, and every test that is not deep
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/corrin check
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not deep"

test-deep: .venv/dev  ## The long runs: every planted fault, more random tables and patients
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/dev  ## Read the pages, run their examples, report
	$(BIN)/corrin check

prove: .venv/run  ## Prove the guideline for every profile; writes build/certificate.json
	$(BIN)/corrin prove

bench-population: .venv/dev  ## Measure screening on about 5 GB of made-up data (20 GB of disk, several minutes)
	$(BIN)/python -m benchmarks.population

bench: .venv/dev  ## Measure, and print a table with ratios
	$(BIN)/python -m benchmarks

docs: .venv/dev  ## Build the documents into site/
	$(BIN)/python docs/build.py

lock: .venv/run  ## Write guideline/guideline.lock.json anew after changing a page
	$(BIN)/corrin lock

lock-requirements: .venv/dev  ## Pin the dependencies anew (needs uv)
	for name in run dev spark; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate requirements/$$name.in -o requirements/$$name.txt; done

clean:  ## Remove what was built
	rm -rf .venv build dist site

serve: .venv/run  ## Serve the page, CDS Hooks and FHIR on this machine only
	$(BIN)/corrin serve

browser:  ## Install Chromium and Pango (Debian), for the browser and PDF tests; needs root
	apt-get update -qq
	apt-get install -y -qq chromium libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core poppler-utils

postgres:  ## Install PostgreSQL's server (Debian), for the tests that start one of their own; needs root
	apt-get update -qq
	apt-get install -y -qq postgresql

pictures: .venv/dev  ## Take the pictures of docs/screenshots anew, and the cards beside them (needs make browser)
	$(BIN)/python -m tests.web.pictures

node-tools:  ## Install the FHIR validator written in JavaScript, for the tests of what we write; needs npm
	npm ci --prefix tests/fhir_service/node --no-audit --no-fund --ignore-scripts --loglevel=error

java:  ## Install Java 17 (Debian), which Spark runs on; needs root
	apt-get update -qq
	apt-get install -y -qq openjdk-17-jre-headless

spark: .venv/dev  ## Install Spark into .venv (Java 17 or later is needed to run it)
	$(PIP) install --require-hashes -r requirements/spark.txt
