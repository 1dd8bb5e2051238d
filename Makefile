# Every target is one line; what is longer lives in scripts/.
.DEFAULT_GOAL := help
.PHONY: run test check bench golden screens charts help

run: ## start the demo; it prints its addresses and logins
	go run ./cmd/sipas serve --demo

test: ## install what is missing, then every test: Go with -race on SQLite and PostgreSQL, JavaScript, browser
	@scripts/setup && scripts/with-postgres scripts/test

check: ## formatting, linters, the arrows between packages, words that must not be here
	@scripts/check

bench: ## measure beside the machine's own limits, write bench/RESULTS.md
	cd bench && go run .

golden: ## rewrite the golden files from what the program says now; read the diff before committing
	SIPAS_GOLDEN=1 go test ./...

screens: ## take a picture of every page into docs/screens/
	@scripts/setup && cd e2e && node screens.mjs

charts: ## bundle what the charts draw with, from the versions of charts/package-lock.json
	@scripts/charts

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10
