package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
)

// output is what one run of go build said.
type output struct {
	ok       bool
	packages map[string]string // import path -> what was said about it
	order    []string
	failed   map[string]bool // import paths
	other    string          // what was said about no package
}

func (o *output) of(importPath string) string { return o.packages[importPath] }

func (o *output) all() string {
	var s strings.Builder
	for _, path := range o.order {
		s.WriteString(o.packages[path])
	}
	return s.String() + o.other
}

// ofExercises reports whether all that failed are exercises' packages.
func (o *output) ofExercises() bool {
	for path := range o.failed {
		if !strings.Contains(path, "/exercises/") {
			return false
		}
	}
	return len(o.failed) > 0
}

// findGo returns the go command to build with.
func findGo(k *kit.Kit) (string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", lang.Errorf("no go command found on PATH (%w); install Go %s or newer from https://go.dev/dl/ and put its bin folder on PATH",
			errors.Unwrap(err), needed(k))
	}
	return path, nil
}

var goLine = regexp.MustCompile(`(?m)^go\s+([0-9][^\s]*)`)

// needed is the Go that the kit's go.mod asks for.
func needed(k *kit.Kit) string {
	mod, _ := os.ReadFile(filepath.Join(k.Root, "go.mod"))
	if found := goLine.FindSubmatch(mod); found != nil {
		return string(found[1])
	}
	return strings.TrimPrefix(runtime.Version(), "go")
}

// build runs go build for the programs of these exercises. The error is for what happened outside of the go tool;
// what the go tool refuses is in the output.
func (b *builder) build(binary string, handed []attempt.Handed) (*output, error) {
	overlay, err := b.overlay(handed)
	if err != nil {
		return nil, err
	}
	out, err := b.compile(binary, overlay)
	if err == nil && !out.ok && b.writes != nil && !b.fetched && !out.ofExercises() {
		// What the kit needs may have to be fetched first, which the walls forbid.
		if b.fetched = true; b.fetch() != nil {
			b.writes = nil // so that the go tool says what is wrong, and not that it may not write
		}
		return b.compile(binary, overlay)
	}
	return out, err
}

// fetch brings the modules that the kit itself needs, and the version of Go. It sees nothing of an attempt.
func (b *builder) fetch() error {
	return runTied(b.command("list", "-deps", "-mod=readonly", "./cmd/programs"), nil)
}

func (b *builder) compile(binary, overlay string) (*output, error) {
	cmd := b.command("build",
		"-p", strconv.Itoa(runtime.NumCPU()), // not GOMAXPROCS, which is 1
		"-json",          // says whose output it is; the text could be forged by what an attempt makes the compiler print
		"-ldflags=-s -w", // a third of the time of a build is the linker writing DWARF
		"-mod=readonly", "-overlay", overlay, "-o", binary, "./cmd/programs")
	cmd.Env = append(cmd.Env, b.apart...)
	var stdout, stderr bounded
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := runTied(cmd, b.writes)
	var exit *exec.ExitError
	switch {
	case b.ctx.Err() != nil:
		return nil, lang.Errorf("the build was ended: %w", context.Cause(b.ctx))
	case err != nil && !errors.As(err, &exit):
		return nil, lang.Errorf("go build: %w", err)
	}
	return read(err == nil, stdout.String(), stderr.String()), nil
}

// bounded keeps the first megabytes that are written to it.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if room := 16<<20 - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// read sorts the lines of go build -json.
func read(ok bool, stdout, stderr string) *output {
	o := &output{ok: ok, packages: map[string]string{}, failed: map[string]bool{}, other: stderr}
	for line := range strings.Lines(stdout) {
		var event struct{ ImportPath, Action, Output string }
		if json.Unmarshal([]byte(line), &event) != nil {
			o.other += line
			continue
		}
		o.failed[event.ImportPath] = true
		if _, known := o.packages[event.ImportPath]; !known {
			o.order = append(o.order, event.ImportPath)
			if strings.HasPrefix(event.Output, "# ") {
				event.Output = ""
			}
		}
		o.packages[event.ImportPath] += event.Output
	}
	return o
}

// command prepares a run of the go tool in the kit, as the leader of a process group that dies with ctx. What the user
// has set that would change the build is set back; proxies and caches are the user's.
func (b *builder) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(b.ctx, b.gotool, args...)
	cmd.Dir = b.kit.Root
	cmd.Env = append(cmd.Environ(),
		"CGO_ENABLED=0", "GO111MODULE=on", "GOWORK=off", "GOOS=linux", "GOARCH="+runtime.GOARCH,
		// Not empty, because then what go env -w has written would count.
		"GOFLAGS=-buildvcs=false",
		"GOTMPDIR="+filepath.Join(b.dir, "tmp"))
	if os.Getenv("GOGC") == "" {
		// A sixth of a build's time is garbage collection; below this size nobody misses it.
		cmd.Env = append(cmd.Env, "GOGC=off", "GOMEMLIMIT=256MiB")
	}
	if os.Getenv("GOMAXPROCS") == "" {
		// Compilers side by side do more than threads of one: another tenth.
		cmd.Env = append(cmd.Env, "GOMAXPROCS=1")
	}
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// explain is the error for a build that failed, and no attempt is to blame.
func (b *builder) explain(out *output) error {
	// Looked at only now: it costs time.
	cmd := b.command("env", "GOVERSION")
	cmd.Dir = b.dir // outside of the kit, whose go.mod may be what the go tool refuses
	cmd.Env = append(cmd.Env, "PWD="+b.dir, "GOTOOLCHAIN=local")
	var said bytes.Buffer
	cmd.Stdout = &said
	if runTied(cmd, nil) == nil {
		have := strings.TrimSpace(said.String())
		if need := needed(b.kit); version.IsValid(have) && version.Compare(have, "go"+need) < 0 {
			return lang.Errorf("this kit needs Go %s, and %s is %s; install a newer one from https://go.dev/dl/\n%s",
				need, b.gotool, have, strings.TrimSpace(out.all()))
		}
	}
	if b.ctx.Err() != nil {
		return lang.Errorf("the build was ended: %w", context.Cause(b.ctx))
	}
	return lang.Errorf("the kit at %s cannot be built, and no attempt is to blame:\n%s", b.kit.Root, strings.TrimSpace(out.all()))
}
