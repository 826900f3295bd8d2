#!/usr/bin/env bash
# Gradescope runs this once, when the autograder's image is built: Go, the checker, and a build cache that is warm.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "$0")")") # /autograder
export PATH=/usr/local/go/bin:$PATH HOME=${HOME:-/root} GOTOOLCHAIN=local GOWORK=off GOFLAGS=

if [ "$(go env GOVERSION 2> /dev/null)" != "go@GO@" ]; then
	case $(uname -m) in
	x86_64) arch=amd64 ;;
	aarch64) arch=arm64 ;;
	*) echo "setup.sh: no Go for $(uname -m) is known here" >&2; exit 1 ;;
	esac
	apt-get update -qq
	apt-get install -y -qq ca-certificates curl
	rm -rf /usr/local/go
	curl -fsSL "https://go.dev/dl/go@GO@.linux-$arch.tar.gz" | tar -C /usr/local -xz
fi

cd "$root/source/kit"
go build -o "$root/checker" ./cmd/checker
CGO_ENABLED=0 GOFLAGS=-buildvcs=false go build -ldflags='-s -w' -o /dev/null ./cmd/programs # so that the cache is warm
if [ -f "$root/source/course.yml" ]; then
	"$root/checker" course "$root/source/course.yml"
fi
"$root/checker" doctor
