# Tasks of tickt. They need only Go, make and git, except: `make race` needs a C compiler, `make check` Node.js with npm, and
# `make browser` Chromium.

GO           ?= go
# a count, because with a duration Go before 1.27 may fail when the time is up (go.dev/issue/75804)
FUZZTIME     ?= 100000x
SINCE        ?=
TESTFLAGS    ?=
GOLANGCI     := v2.15.0
LINTER       := .bin/golangci-lint-$(GOLANGCI)
VERSION      ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
OAPICODEGEN  := v2.8.2
CONTRACT     := adapters/httpapi/openapi.yaml
CONTRACTJSON := adapters/httpapi/openapi.json
CLIENT       := test/client/client.gen.go
APILINTER    := test/openapi/node_modules/.package-lock.json
BROWSER      ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)) chromium)
WITHPOSTGRES := $(GO) run ./test/postgres/cmd/withpostgres
SOURCES       = $(shell git ls-files --cached --others --exclude-standard '*.go')

export CGO_ENABLED := 0

.DEFAULT_GOAL := help
.PHONY: help run build generate generated test check lint apilint browser race cover bench fuzz load fmt clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## set up the database and the superuser if necessary, and serve on :8000
	@bin/tickt migrate up
	@bin/tickt seed
	@bin/tickt createsuperuser --username admin --email admin@example.com --phone-number +9779800000000 --generate-password --if-none
	@exec bin/tickt serve

build: ## build bin/tickt
	$(GO) build -trimpath -ldflags '-s -w -X tickt/bootstrap.Version=$(VERSION)' -o bin/tickt ./bootstrap/cmd/tickt

generate: ## generate the Go client of the API and openapi.json
	$(GO) run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@$(OAPICODEGEN) -config test/client/generate.yaml -o $(CLIENT) $(CONTRACT)
	$(GO) run ./test/openapi/cmd/yamltojson <$(CONTRACT) >$(CONTRACTJSON)

test: ## run every test; those of the use cases and the API on memory, SQLite and PostgreSQL
	@GOGC=400 TEST_STORE=memory,sqlite,postgres $(WITHPOSTGRES) $(GO) run ./test/run -ldflags='-s -w' $(TESTFLAGS) ./...

check: lint apilint ## run the linters and every test, and check formatting and generated files
	$(GO) vet ./...
	@unformatted=$$(gofmt -l $(SOURCES)); [ -z "$$unformatted" ] || { echo "not formatted:"; echo "$$unformatted"; exit 1; }
	@$(MAKE) --no-print-directory generated test

generated: # fails if the generated files are out of date
	@new=$$(mktemp -d) && $(MAKE) --no-print-directory generate CLIENT=$$new/client CONTRACTJSON=$$new/json && \
		cmp $$new/client $(CLIENT) && cmp $$new/json $(CONTRACTJSON) || { echo "generated files are out of date: run make generate"; exit 1; }

lint: $(LINTER) ## run the linters
	$(LINTER) run --allow-parallel-runners ./...

$(LINTER):
	GOBIN=$(CURDIR)/.bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	mv .bin/golangci-lint $@

apilint: $(APILINTER) ## lint the OpenAPI document
	@cd test/openapi && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
		node_modules/.bin/redocly lint --config redocly.yaml --format stylish ../../$(CONTRACT)

$(APILINTER): test/openapi/package-lock.json
	@command -v npm >/dev/null || { echo "linting the OpenAPI document needs Node.js with npm (Debian, Ubuntu: apt-get install npm)"; exit 1; }
	npm --prefix test/openapi ci --no-audit --no-fund
	@touch $@

browser: ## test the pages in Chromium
	TEST_BROWSER=$(BROWSER) $(GO) test -count=1 -run "OnTheReferencePage|InABrowser" ./test/journey ./adapters/httpapi

race: export CGO_ENABLED := 1
race: ## run every test with the race detector
	$(WITHPOSTGRES) $(GO) test -race $(TESTFLAGS) ./...

cover: ## run every test and print the coverage
	$(WITHPOSTGRES) $(GO) test -coverprofile=coverage.out -coverpkg=./... $(TESTFLAGS) ./...
	@$(GO) tool cover -func=coverage.out | tail -n 1

bench: ## run the benchmarks
	$(WITHPOSTGRES) $(GO) test -run '^$$' -bench . -benchmem $(TESTFLAGS) ./...

fuzz: ## run every fuzz test for FUZZTIME (100000x); with SINCE, only those in directories that changed since that commit
	@$(WITHPOSTGRES) sh -ec ' \
		grep -rl --include="*_test.go" "^func Fuzz" . | sort | while read -r file; do \
			package=$$(dirname "$$file"); \
			if [ -n "$(SINCE)" ] && git diff --quiet "$(SINCE)" -- "$$package"; then continue; fi; \
			sed -n "s/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p" "$$file" | while read -r target; do \
				echo "$$target in $$file"; \
				$(GO) test -run "^$$" -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x "$$package" </dev/null || exit 1; \
			done || exit 1; \
		done'

load: ## measure the service, compared with a minimal handler on the same database
	$(WITHPOSTGRES) -durable $(GO) run ./test/load $(LOADFLAGS)

fmt: $(LINTER) ## format the code
	$(LINTER) fmt ./...

clean: ## remove build output, but not the data in var
	rm -rf bin .bin coverage.out test/openapi/node_modules
