# tickt: what people and automation ask for. Only Go, make and git are needed; `make race` needs a C compiler too.

GO           ?= go
FUZZTIME     ?= 30s
TESTFLAGS    ?=
GOLANGCI     := v2.15.0
LINTER       := .bin/golangci-lint-$(GOLANGCI)
VERSION      ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
WITHPOSTGRES := $(GO) run ./test/postgres/cmd/withpostgres
SOURCES       = $(shell git ls-files --cached --others --exclude-standard '*.go')

export CGO_ENABLED := 0

.DEFAULT_GOAL := help
.PHONY: help run build test check lint race cover bench fuzz load fmt clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## set up what is missing and serve on :8000
	@bin/tickt migrate up
	@bin/tickt seed
	@bin/tickt createsuperuser --username admin --email admin@example.com --phone-number +9779800000000 --generate-password --if-none
	@exec bin/tickt serve

build: ## make bin/tickt
	$(GO) build -trimpath -ldflags '-s -w -X tickt/bootstrap.Version=$(VERSION)' -o bin/tickt ./bootstrap/cmd/tickt

test: ## run every test, on a PostgreSQL too
	$(WITHPOSTGRES) $(GO) test $(TESTFLAGS) ./...

check: lint ## lint, vet, formatting and every test
	$(GO) vet ./...
	@unformatted=$$(gofmt -l $(SOURCES)); [ -z "$$unformatted" ] || { echo "not formatted:"; echo "$$unformatted"; exit 1; }
	@$(MAKE) --no-print-directory test

lint: $(LINTER) ## run the linters
	$(LINTER) run --allow-parallel-runners ./...

$(LINTER):
	GOBIN=$(CURDIR)/.bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	mv .bin/golangci-lint $@

race: export CGO_ENABLED := 1
race: ## run every test with the race detector
	$(WITHPOSTGRES) $(GO) test -race $(TESTFLAGS) ./...

cover: ## run every test and say how much of the code they reach
	$(WITHPOSTGRES) $(GO) test -coverprofile=coverage.out -coverpkg=./... $(TESTFLAGS) ./...
	@$(GO) tool cover -func=coverage.out | tail -n 1

bench: ## run the benchmarks
	$(WITHPOSTGRES) $(GO) test -run '^$$' -bench . -benchmem $(TESTFLAGS) ./...

fuzz: ## run every fuzz test for FUZZTIME (30s)
	@$(WITHPOSTGRES) sh -ec ' \
		grep -rl --include="*_test.go" "^func Fuzz" . | sort | while read -r file; do \
			sed -n "s/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p" "$$file" | while read -r target; do \
				echo "$$target in $$file"; \
				$(GO) test -run "^$$" -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" </dev/null || exit 1; \
			done || exit 1; \
		done'

load: ## measure the service beside a bare handler on the same database
	$(WITHPOSTGRES) $(GO) run ./test/load

fmt: $(LINTER) ## format the code
	$(LINTER) fmt ./...

clean: ## remove what was built; the data in var stays
	rm -rf bin .bin coverage.out
