package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"forklings/checker/sandbox"
	"forklings/checker/tempdir"

	"golang.org/x/sys/unix"
)

// doctor says what this machine allows and what follows from it. It fails when nothing can be judged here.
func doctor(_ context.Context, c *call) error {
	bad := 0
	say := func(ok bool, what, format string, args ...any) {
		mark := "ok "
		if !ok {
			mark = "NO "
			bad++
		}
		c.printf("%s %-12s %s\n", mark, what, fmt.Sprintf(format, args...))
	}
	k, err := c.openKit()
	if err != nil {
		say(false, "kit", "%v", err)
	} else {
		version, _ := k.Version()
		say(true, "kit", "%s, version %s, %d exercises", k.Root, version, len(k.Exercises))
	}
	say(true, "machine", "%s, %s/%s, %d CPUs", kernel(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	say(true, "user", "%s", user())
	gotool, err := exec.LookPath("go")
	if err != nil {
		say(false, "go", "no go on PATH: install it from https://go.dev/dl/ and put its bin folder on PATH")
	} else {
		out, err := exec.Command(gotool, "env", "GOVERSION").CombinedOutput()
		if err == nil && k != nil { // its go.mod may ask for a newer one
			cmd := exec.Command(gotool, "list", "-m")
			cmd.Dir, cmd.Env = k.Root, append(os.Environ(), "GO111MODULE=on", "GOWORK=off", "GOFLAGS=")
			if said, refused := cmd.CombinedOutput(); refused != nil {
				out, err = said, refused
			}
		}
		say(err == nil, "go", "%s (%s)", strings.TrimSpace(string(out)), gotool)
	}
	if err := temporary(); err != nil {
		say(false, "temporary", "%v", err)
	} else {
		say(true, "temporary", "programs can be written to %s and run from there", os.TempDir())
	}
	c.examine(say)
	if bad > 0 {
		return status{CannotJudge, plural(bad, "thing keeps", "things keep") + " this machine from grading"}
	}
	return nil
}

func (c *call) examine(say func(ok bool, what, format string, args ...any)) {
	p := sandbox.Try()
	switch {
	case p.Subreaper != nil:
		say(false, "sandbox", "neither namespaces (%v) nor a subreaper (%v)", p.Refused, p.Subreaper)
		return
	case p.Refused == nil:
		say(true, "sandbox", "namespaces: every scenario has its own PIDs, network and /proc, and is its own little machine")
	default:
		say(true, "sandbox", "subreaper: namespaces were refused (%v); verdicts are the same, the walls are thinner", p.Refused)
		if b, err := os.ReadFile("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"); err == nil && strings.TrimSpace(string(b)) == "1" {
			c.printf("    %-12s AppArmor refuses them here: sysctl kernel.apparmor_restrict_unprivileged_userns=0 (as root) would allow them\n", "")
		}
	}
	switch p.Confined {
	case "namespace":
		say(true, "signals", "what a program signals is inside its own namespace")
	case "landlock":
		say(true, "signals", "Landlock keeps a program's signals inside (scope signal)")
	case "seccomp":
		say(true, "signals", "no Landlock signal scope before Linux 6.12: kill(-1) is refused by a seccomp filter, so that it cannot end your session")
	}
	if p.Timers {
		say(true, "timers", "a program that polls by setitimer or alarm is seen doing it")
	} else {
		say(true, "timers", "no seccomp filter: a program that polls by setitimer or alarm cannot be told from one that sleeps")
	}
	if err := sandbox.Traces(); err == nil {
		say(true, "tracing", "what fails is shown as a timeline of what the processes did, and scenarios about orders are explored (ptrace)")
	} else {
		say(true, "tracing", "no timelines, and explored scenarios are skipped: %v; all other verdicts are the same", err)
	}
	if _, err := os.ReadFile("/proc/self/schedstat"); err != nil {
		say(true, "load", "no /proc/PID/schedstat: on a very busy machine a scenario may end as timeout, never as fail")
	}
}

// temporary tries what every scenario does: write a program, link it and run it.
func temporary() error {
	dir, remove, err := tempdir.New()
	if err != nil {
		return err
	}
	defer remove()
	program, link := filepath.Join(dir, "program"), filepath.Join(dir, "link")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		return err
	}
	if err := os.Link(program, link); err != nil {
		return fmt.Errorf("no hard links in %s: %w; TMPDIR chooses another place", os.TempDir(), err)
	}
	err = exec.Command(link).Run()
	if errors.Is(err, syscall.EACCES) {
		return fmt.Errorf("programs in %s may not be run (mounted noexec?): TMPDIR chooses another place", os.TempDir())
	}
	return err
}

func kernel() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "unknown kernel"
	}
	return "Linux " + unix.ByteSliceToString(u.Release[:])
}

func user() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	return fmt.Sprintf("uid %d", os.Geteuid())
}
