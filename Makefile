# Every target sets up what it needs; a second call finds it there. Pass further words with ARGS: make test ARGS="-k digest"
PYTHON ?= python3
ARGS ?=
STORY ?= three_weeks
BIN := .venv/bin
PYTHON_PATHS := bot handlers scheduler sandbox tests docs $(wildcard bench)

.DEFAULT_GOAL := help
.PHONY: help run demo test check lock sbom audit bench simulate wheel catalogues docs
.DELETE_ON_ERROR:

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: .venv/.run ## Start Kept: in your workspace with the tokens of .env, in the sandbox without
	@exec $(BIN)/kept run $(ARGS)

demo: .venv/.run ## Watch three weeks of a team in the sandbox, then go on yourself; STORY=eight_weeks tells eight, STORY=ten_minutes one renegotiation
	@exec $(BIN)/kept run --story $(STORY) $(ARGS)

test: .venv/.dev ## Run every test
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

check: .venv/.types ## Run everything a change must pass: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check $(PYTHON_PATHS)
	$(BIN)/ruff check $(PYTHON_PATHS)
	$(BIN)/mypy --strict
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo
	@$(MAKE) --no-print-directory test

bench: .venv/.dev ## Measure the figures that the documentation quotes
	@$(BIN)/python -m bench $(ARGS)

simulate: .venv/.dev ## Try the reminders on fifty people, and write the table into docs/reminders.md
	@$(BIN)/python -m bench.simulate $(ARGS)

wheel: .venv/.dev ## Build the wheel, and the constraints to install it with, into dist/
	@$(BIN)/python -m hatchling build --target wheel
	@sed -n 's/^\([a-z][^ ]*==[^ ]*\).*/\1/p' requirements/otel.txt requirements/mcp.txt | sort -u > dist/constraints.txt

catalogues: .venv/.dev ## Write every sentence of the code into the catalogues in bot/locale, and count what they lack
	@$(BIN)/python -m docs.catalogues

docs: .venv/.dev ## Write the pages of reference that come from the code, and build the site into site/
	@$(BIN)/python -m docs.reference
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict --site-dir site

# The files name versions and hashes but no address: where packages come from is each machine's own affair.
compile = $(BIN)/uv pip compile --quiet --generate-hashes --universal --no-header --no-annotate --no-emit-index-url
lock: .venv/.uv ## Choose the newest allowed version of every dependency
	echo uv | $(compile) --upgrade --output-file requirements/uv.txt -
	$(compile) --upgrade --output-file requirements/run.txt pyproject.toml
	$(compile) --upgrade --group pyproject.toml:build --output-file requirements/build.txt
	$(compile) --upgrade --extra otel --constraint requirements/run.txt --constraint requirements/build.txt \
		--output-file requirements/otel.txt pyproject.toml
	$(compile) --upgrade --extra mcp --constraint requirements/otel.txt --output-file requirements/mcp.txt pyproject.toml
	$(compile) --upgrade --extra otel --extra mcp --group build --group dev --constraint requirements/otel.txt \
		--constraint requirements/mcp.txt --constraint requirements/build.txt --output-file requirements/dev.txt pyproject.toml
	$(compile) --upgrade --group pyproject.toml:types --constraint requirements/dev.txt \
		--output-file requirements/types.txt
	$(compile) --upgrade --group pyproject.toml:supply --output-file requirements/supply.txt
	@$(MAKE) --no-print-directory sbom

# In an environment of its own: the list is of what runs, and looking at it needs tools that do not.
.venv/supply/.made: requirements/supply.txt requirements/otel.txt requirements/mcp.txt .venv/.uv
	@rm -rf .venv/supply && $(BIN)/uv venv --quiet .venv/supply/tools && $(BIN)/uv venv --quiet .venv/supply/run
	$(call install_into,.venv/supply/tools/bin/python,requirements/supply.txt)
	$(call install_into,.venv/supply/run/bin/python,requirements/otel.txt requirements/mcp.txt)
	@touch $@

sbom: .venv/supply/.made ## List every package that runs, those of the extras too, with its licence, in requirements/sbom.cdx.json (CycloneDX)
	@.venv/supply/tools/bin/cyclonedx-py environment --output-reproducible --of JSON .venv/supply/run/bin/python \
		| $(PYTHON) -m docs.sbom > requirements/sbom.cdx.json

audit: .venv/supply/.made ## Look up known weaknesses of every package that runs; says so when the database is out of reach
	@$(PYTHON) -m docs.audit .venv/supply/tools/bin/pip-audit

# uv reads none of pip's settings, so the index and the certificates that pip uses here are handed to it. What only pip
# can reach (a folder of wheels, a login in netrc), pip then installs: slower, the same hashes.
define install_into
	@set -e; \
	pip_uses() { $(BIN)/pip config list 2>/dev/null | sed -n "s/^[a-z:]*\.$$1='\(.*\)'$$/\1/p" | head -n 1; }; \
	index="$${UV_DEFAULT_INDEX:-$${UV_INDEX_URL:-$$(pip_uses index-url)}}"; \
	cert="$${SSL_CERT_FILE:-$$(pip_uses cert)}"; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	if [ -n "$$cert" ]; then export SSL_CERT_FILE="$$cert"; fi; \
	echo "Installing $(2)"; \
	files="$(patsubst %,-r %,$(2))"; \
	$(BIN)/uv pip install --quiet --python $(1) --require-hashes $$files || { \
		echo "uv could not; trying pip"; \
		$(BIN)/pip --python $(1) install --quiet --require-hashes $$files; }
endef

define install
	$(call install_into,$(BIN)/python,$(1))
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-build-isolation --no-deps --editable .
endef

.venv/.run: requirements/run.txt requirements/build.txt pyproject.toml .venv/.uv
	$(call install,requirements/run.txt requirements/build.txt)
	@touch $@

.venv/.dev: requirements/dev.txt pyproject.toml .venv/.uv
	$(call install,requirements/dev.txt)
	@touch $@ .venv/.run

.venv/.types: requirements/types.txt .venv/.dev
	$(call install_into,$(BIN)/python,requirements/types.txt)
	@touch $@

.venv/.uv: requirements/uv.txt
	@command -v $(PYTHON) >/dev/null || { \
		echo "Kept needs Python 3.11 or newer, and there is no $(PYTHON). On Debian and Ubuntu: apt install python3 python3-venv" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Kept needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Install a newer one and name it:" \
			"make run PYTHON=python3.13" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment: its venv module is missing." \
			"On Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@$(BIN)/pip --version >/dev/null 2>&1 || { echo "Creating .venv"; $(PYTHON) -m venv --clear .venv; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@
