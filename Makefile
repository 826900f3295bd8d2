# `make` is the main job: where you are, and the next exercise's verdict.
.PHONY: next test verify same bench generate gradescope

# What is set for other modules does not count here: flags, a workspace above, modules switched off, a C compiler.
next: export GOFLAGS := -buildvcs=false
next: export GOWORK := off
next: export GO111MODULE := on
next: export CGO_ENABLED := 0

next:
	@{ $(ready); } && go run ./cmd/checker || { code=$$?; $(stopped); exit $$code; }

# On a fresh clone, and after an upgrade, Go fetches and builds for a while: this says so, counts on a terminal, and is silent when
# there is nothing to do. What go says besides is passed on when it fails.
define ready
	case "$${LC_ALL:-$${LC_MESSAGES:-$$LANG}}" in zh*) zh=yes;; *) zh=;; esac; \
	! command -v go >/dev/null || { go build -v ./checker/cli 2>&1; echo "= $$?"; } | { n=0; told=; said=; end="$$(printf '\nx')"; while read -r line; do \
		case "$$line" in \
		"= 0") status=0; continue;; \
		"= "*) status=1; continue;; \
		"go: downloading "*) n=$$n;; \
		*" "*|"#"*) said="$$said$$line$${end%x}"; continue;; \
		*) n=$$((n + 1));; \
		esac; \
		if [ ! "$$told" ]; then told=yes; \
			if [ "$$zh" ]; then echo "make: Go 正在下载并构建 checker，第一次要等一会儿" >&2; \
			else echo "make: Go fetches and builds the checker; the first time, that takes a while" >&2; fi; \
		fi; \
		[ ! -t 2 ] || printf '\r\033[K%4d  %.64s' "$$n" "$${line#go: }" >&2; \
	done; \
	if [ "$$told" ] && [ -t 2 ]; then printf '\r\033[K' >&2; fi; \
	[ "$$status" = 0 ] || { printf '%s' "$$said" >&2; exit 1; }; }
endef

# Why go itself could not begin; when it could, the checker has said what there is to say.
define stopped
	case "$${LC_ALL:-$${LC_MESSAGES:-$$LANG}}" in zh*) zh=yes;; *) zh=;; esac; \
	tell() { if [ "$$zh" ]; then echo "make: $$2" >&2; else echo "make: $$1" >&2; fi; }; \
	runs() { dir=$$(mktemp -d 2>/dev/null) || return 0; \
		{ echo '#!/bin/sh' >"$$dir/x" && chmod +x "$$dir/x"; } 2>/dev/null; \
		[ ! -s "$$dir/x" ] || "$$dir/x" 2>/dev/null; set -- $$?; rm -r "$$dir"; return $$1; }; \
	if ! command -v go >/dev/null; then \
		tell "no go on PATH: install Go 1.25 or newer from https://go.dev/dl/ and put its bin folder on PATH" \
			"PATH 上没有 go：请从 https://go.dev/dl/ 安装 Go 1.25 或更新的版本，并把它的 bin 目录加入 PATH"; \
		[ ! -x /usr/local/go/bin/go ] || tell 'there is one in /usr/local/go/bin: export PATH=$$PATH:/usr/local/go/bin' \
			'/usr/local/go/bin 里有一个：export PATH=$$PATH:/usr/local/go/bin'; \
	elif ! said=$$(go list -m 2>&1); then case "$$said" in \
	*GOPROXY*|*"dial tcp"*|*"no such host"*|*"timeout"*|*"toolchain not available"*) \
		tell "this kit needs Go 1.25 or newer, and this Go could not fetch one: install it from https://go.dev/dl/, or be online once, with a proxy that you can reach, with go env -w GOPROXY=ADDRESS,direct" \
			"本课程需要 Go 1.25 或更新的版本，而这个 Go 下载不到：请从 https://go.dev/dl/ 安装，或联网一次，并用 go env -w GOPROXY=ADDRESS,direct 换一个能访问的代理，ADDRESS 是代理的地址";; \
	*) tell "this kit needs Go 1.25 or newer: install it from https://go.dev/dl/; from Go 1.21 on it can also fetch one itself, GOTOOLCHAIN=auto" \
			"本课程需要 Go 1.25 或更新的版本：请从 https://go.dev/dl/ 安装；Go 1.21 以上也可以设 GOTOOLCHAIN=auto 让它自己下载";; \
	esac; \
	elif ! runs; then \
		tell "programs in $${TMPDIR:-/tmp} may not be run (mounted noexec?): export TMPDIR=FOLDER, one of yours where they may" \
			"$${TMPDIR:-/tmp} 里的程序不能运行（挂载时带 noexec？）：用 export TMPDIR=目录 换成自己的、可以运行程序的目录"; \
	elif said=$$(go build -o /dev/null ./cmd/checker 2>&1); then :; else case "$$said" in \
	*"nor GOPATH is set"*|*'nor $$HOME are defined'*) \
		tell "HOME is not set, and the go command keeps its caches there: export HOME=FOLDER, one that you may write to" \
			"没有设置 HOME，而 go 命令的缓存放在那里：export HOME=目录（要可写）";; \
	*GOPROXY*|*"dial tcp"*|*"no such host"*|*"timeout"*) \
		tell "go could not fetch the modules that the kit needs: be online once, with GOPROXY unset or a proxy that you can reach, with go env -w GOPROXY=ADDRESS,direct" \
			"go 取不到所需的模块：请联网一次，取消 GOPROXY 的设置，或换一个能访问的代理，用 go env -w GOPROXY=ADDRESS,direct 设置，ADDRESS 是代理的地址";; \
	*) tell "go could not build the checker, as it says above: is a disk full, or a folder not yours to write? TMPDIR, GOCACHE and GOMODCACHE choose other ones" \
			"go 无法构建 checker，原因见上：磁盘是否已满？目录是否可写？可以用 TMPDIR、GOCACHE 和 GOMODCACHE 换目录";; \
	esac; \
	fi
endef

# The kit's own tests: formatting, vet, unit tests, and the attempts that the kit keeps as evidence: solutions walled in in
# every way that this machine has, right attempts and one wrong attempt for each mistake in one of them. All of them
# everywhere: make verify. The unit tests mostly wait for processes, so more packages than CPUs go at once.
test:
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo "gofmt would change the files above"; exit 1; }
	go vet ./...
	go test -p 4 -count=1 ./checker/... ./cmd/...
	go run ./cmd/checker verify -tier spread -first

# The same, everything in every way, many times and beside busy processes.
verify:
	go run ./cmd/checker verify -tier all -repeat 50 -load 4

# Every attempt that the kit keeps, graded twice: the same grade both times. make same N=30 takes so many, spread over all.
same:
	go test ./checker/grade -count=1 -run SameGrade -timeout 12h -v -twice $(or $(N),1000000)

# How fast grading is beside one test binary per package.
bench:
	go run ./cmd/bench

generate:
	go run ./cmd/checker generate

# Gradescope's autograder.zip, by a course file where there is one: make gradescope COURSE=course.yml
gradescope:
	go run ./cmd/checker ci $(if $(COURSE),-course "$(COURSE)") -o autograder.zip gradescope
