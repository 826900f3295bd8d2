# `make` is the main job: where you are, and the next exercise's verdict.
.PHONY: next test verify bench generate

next:
	@go run ./cmd/checker

# The kit's own tests: formatting, vet, unit tests, and the attempts that the kit keeps as evidence: solutions walled in in
# every way that this machine has, right attempts and one wrong attempt for each mistake in one of them. All of them
# everywhere: make verify.
test:
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo "gofmt would change the files above"; exit 1; }
	go vet ./...
	go test -count=1 ./checker/... ./cmd/...
	go run ./cmd/checker verify -tier spread -first

# The same, everything in every way, many times and beside busy processes.
verify:
	go run ./cmd/checker verify -tier all -repeat 50 -load 4

# How fast grading is beside one test binary per package.
bench:
	go run ./cmd/bench

generate:
	go run ./cmd/checker generate
