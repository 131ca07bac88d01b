# The menu. Every verb installs what it is missing first (tools/packages.txt, apt), so each works on
# a fresh Debian 12.

JOBS := $(shell nproc)
INSTALL := tools/install-dependencies.sh
BINARY := build/release/bin/ginnel

.DEFAULT_GOAL := help
.PHONY: help run build test unit system asan tsan bench bench-long lint lint-all format coverage fuzz docs clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: build ## serve http://localhost:8080 with ./data/ginnel.db
	exec ./ginnel serve

build: ## build the release binary, build/release/bin/ginnel
	$(INSTALL) run build
	cmake --preset release -DBUILD_TESTING=OFF
	cmake --build build/release -j $(JOBS) --target ginnel

test: ## run everything: unit tests (asan, tsan), checks, system tests
	$(INSTALL)
	tools/test.sh

unit: ## run the unit tests and the checks of the tools
	$(INSTALL)
	tools/test.sh unit

asan: ## run the unit tests under AddressSanitizer and UBSan
	$(INSTALL)
	tools/test.sh asan

tsan: ## run the unit tests of what has threads under ThreadSanitizer
	$(INSTALL)
	tools/test.sh tsan

system: ## run the system tests against the release binary
	$(INSTALL)
	tools/test.sh system

bench: build ## measure against the budgets and print the ratios
	$(INSTALL)
	/usr/bin/python3 bench/run.py

bench-long: build ## measure among ten million links, then ten minutes of 20,000 clicks a second
	$(INSTALL)
	cmake --build build/release -j $(JOBS) --target open_loop
	/usr/bin/python3 bench/run.py --long
	bench/soak.py

lint: ## check style, layers, awaits, scripts, clang-tidy on changed files
	$(INSTALL)
	tools/lint.sh

lint-all: ## the same with clang-tidy on all files
	$(INSTALL)
	tools/lint.sh --all

format: ## let clang-format rewrite every C++ file
	$(INSTALL) test
	find src tests bench -name '*.h' -o -name '*.cc' | xargs clang-format-14 -i

coverage: ## count the lines that tests reach; fails below 92 %, writes build/coverage/report.html
	$(INSTALL)
	tools/coverage.sh

fuzz: ## run each fuzz target for two minutes; GINNEL_FUZZ_SECONDS changes that
	$(INSTALL)
	tools/fuzz.sh

docs: build ## write docs/configuration.md from the settings table
	$(BINARY) config docs > build/configuration.md
	mv build/configuration.md docs/configuration.md

clean: ## delete everything that was built
	rm -rf build
