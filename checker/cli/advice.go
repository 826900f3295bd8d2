package cli

import (
	"errors"
	"regexp"
	"strings"
	"syscall"

	"forklings/checker/lang"
)

var tooOld = regexp.MustCompile(`requires go >= |invalid go version|unknown (?:block type|directive): toolchain|toolchain not available|go: download go1`)

var buildCache = regexp.MustCompile(`build cache|GOCACHE is not defined|go-build: `)

// cures are what to do about a message of the go command. The first that fits counts.
var cures = []struct {
	fits *regexp.Regexp
	says lang.Words
}{
	{regexp.MustCompile(`module lookup disabled by GOPROXY=off`),
		lang.Mark("the modules that the kit needs are not on this machine, and GOPROXY=off forbids to fetch them: unset GOPROXY (go env -u GOPROXY) and be online once, or copy another machine's module cache and set GOMODCACHE to it")},
	{regexp.MustCompile(`proxy\.golang\.org|dial tcp|no such host|i/o timeout|TLS handshake|connection refused|server misbehaving`),
		lang.Mark("the modules that the kit needs are fetched once, and that failed: be online, or name a proxy that you can reach, with go env -w GOPROXY=ADDRESS,direct")},
	{tooOld,
		lang.Mark("install a newer Go from https://go.dev/dl/; from Go 1.21 on it can also fetch one itself: GOTOOLCHAIN=auto")},
	{regexp.MustCompile(`no space left on device|disk quota exceeded`),
		lang.Mark("a disk is full: make room (go clean -cache frees Go's part of it), or set TMPDIR and GOCACHE to folders with room")},
	{regexp.MustCompile(`GOMODCACHE \(\)|neither GOMODCACHE nor GOPATH is set|neither \$XDG_CACHE_HOME nor \$HOME are defined`),
		lang.Mark("HOME is not set, and the go command keeps its caches there: export HOME=FOLDER, one that you may write to")},
	{buildCache,
		lang.Mark("set GOCACHE to a folder that you may write to, with some room: export GOCACHE=FOLDER")},
	{regexp.MustCompile(`module cache|GOMODCACHE|pkg/mod: `),
		lang.Mark("set GOMODCACHE to a folder that you may write to: export GOMODCACHE=FOLDER")},
	{regexp.MustCompile(`missing go\.sum entry|checksum mismatch|verifying module`),
		lang.Mark("go.mod or go.sum was changed: git checkout go.mod go.sum")},
	{regexp.MustCompile(`signal: killed|cannot allocate memory|out of memory`),
		lang.Mark("the machine has too little memory for the build: close something, or give the virtual machine or the container 1 GB more")},
	{regexp.MustCompile(`read-only file system|permission denied`),
		lang.Mark("that place cannot be written: take a clone of your own in a folder that you may write to")},
	{regexp.MustCompile(`resource temporarily unavailable|too many open files`),
		lang.Mark("the limit of processes or of open files is reached: ulimit -a shows them")},
}

// advise says what to do about a message of the go command or the system; "" when nobody knows.
func advise(l lang.Lang, said string) string {
	for _, cure := range cures {
		if cure.fits.MatchString(said) {
			return l.Say(cure.says)
		}
	}
	return ""
}

// advice is what to do about an error, beside what it says itself.
func advice(l lang.Lang, err error) string {
	switch {
	case strings.HasPrefix(err.Error(), "cannot write "): // to a place that was named by whoever has called
		return ""
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return advise(l, syscall.ENOSPC.Error())
	}
	return advise(l, err.Error())
}
