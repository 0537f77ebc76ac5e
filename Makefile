# Thin: CMake presets and scripts do the work. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
export TOXVOL_DATA ?= $(if $(wildcard ../shared/data/raw),$(abspath ../shared/data/raw),)

.PHONY: help setup build demo test quick bench trust format lint lint-all docs site clean

help: ## This list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## Install what build and tests need (Debian packages, .venv)
	@scripts/setup.sh

build: setup ## The program: build/release/toxvol
	@cmake --preset release >build-configure.log || { cat build-configure.log; exit 1; }
	@rm -f build-configure.log
	@cmake --build --preset release

demo: build ## Three markets from files to a report; ends with what was found in them
	@scripts/demo.sh

lint: setup ## Format and layers
	@scripts/lint.sh

lint-all: lint ## The same, and clang-tidy over the whole tree
	@scripts/tidy_all.sh

test: setup ## Everything that CI runs: 40 minutes with a filled ccache, longer without
	@scripts/test.sh full

quick: setup ## Lint, unit and golden tests of the g++ Debug build
	@scripts/test.sh quick

trust: setup ## What is slow and seldom finds anything: large parity samples, long fuzz
	@scripts/test.sh trust

bench: setup ## Speed, as ratios within one run
	@scripts/bench.sh

format: setup ## Put every source into the house format
	@git ls-files '*.hpp' '*.cpp' | xargs clang-format-19 -i
	@.venv/bin/ruff format --quiet .
	@scripts/web.sh format

docs: build ## Write the generated pages again
	@build/release/toxvol config explain --markdown > docs/config.md
	@build/release/toxvol schemas > build/schemas.md
	@sed -i -e '/<!-- begin: make docs -->/,/<!-- end -->/{//!d}' \
	  -e '/<!-- begin: make docs -->/r build/schemas.md' docs/schemas.md

site: ## The docs as a site with a search: build/site
	@scripts/site.sh

clean: ## Remove what was built
	@rm -rf build demo
