# The two commands that matter are `make serve` and `make test`; `make` lists
# the rest. Each target says what is missing and how to get it.
.DEFAULT_GOAL := help
.PHONY: help serve build test check api journeys fmt screenshots lighthouse first-frame bench soak fuzz postgres install clean

# Settings (see README.md) may stand before or after `make serve`:
#   make serve TIANTOU_LISTEN=127.0.0.1:3001 DATABASE_URL=sqlite:data/second.db

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: ## Install what is missing, build, and serve the demonstration village on http://localhost:3000
	@scripts/serve.sh

build: ## Build the site and the release server
	@scripts/install.sh serve
	@scripts/build.sh --server-profile release

test: ## Everything CI runs: format, lints, both databases, browser journeys, weights
	@scripts/test.sh

check: ## The quick part of it: format, lints, wasm checks
	@scripts/test.sh check

api: ## Only Schemathesis against /api/v1
	@scripts/test.sh api

journeys: ## Only the browser tests (pass ONLY=journey for one file)
	@scripts/test.sh journeys $(ONLY)

fmt: ## Format all Rust code
	@cargo fmt --all

screenshots: ## Picture every page at 390 and 1280 px, both languages, into screenshots/
	@scripts/browse.sh screenshots.mjs

lighthouse: ## Lighthouse's four scores on a phone profile: home, product, story, trace
	@scripts/browse.sh --release lighthouse.mjs

first-frame: ## Time to the first decoded frame for 20 late viewers, on the release build
	@scripts/browse.sh --release first-frame.mjs

bench: ## Every benchmark beside its floor: pages, event streams, the live picture, orders on both databases
	@scripts/install.sh serve
	@scripts/build.sh --server-profile release
	@target/release/tiantou bench pages
	@target/release/tiantou bench feed
	@target/release/tiantou bench live
	@scripts/install.sh test
	@scripts/bench-orders.sh

soak: ## An hour of joining and leaving the live picture: memory and descriptors over time (SECONDS=60 for a minute)
	@scripts/install.sh serve
	@scripts/build.sh --server-profile release
	@target/release/tiantou bench soak --seconds $(or $(SECONDS),3600)

fuzz: ## libFuzzer on every parser that sees the network, two minutes each (SECONDS=10 for less)
	@scripts/fuzz.sh $(or $(SECONDS),120)

postgres: ## Start a throw-away PostgreSQL for tests and print what to export
	@scripts/postgres.sh start

install: ## Install what building and testing need, nothing else
	@scripts/install.sh test

clean: ## Remove what was built; keeps data/
	@rm -rf target screenshots end2end/node_modules
