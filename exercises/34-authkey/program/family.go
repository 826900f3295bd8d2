package program

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/syncpoint"
	"forklings/exercises/34-authkey"

	"golang.org/x/sys/unix"
)

// family is about a process's own key. A program starts a child, that one two grandchildren, and beside them a stranger.
func family(me syncpoint.Role) {
	if me == "stranger" {
		me.Say("inherits", inherited())
	}
	key := slices.Clone(authkey.Key())
	me.Say("size", len(key))
	mine := authkey.Key()
	me.Say("again", bytes.Equal(key, mine))
	for i := range mine {
		mine[i] ^= 0xff
	}
	me.Say("kept", bytes.Equal(key, authkey.Key()))
	switch me {
	case "family": // FILE
		me.Say("kind", kind(key))
		must(os.WriteFile(os.Args[2], fingerprint(key), 0o600))
		me.Reach("has-key")
		p, err := authkey.Start("child", os.Args[2], "two words", "", "more")
		must(err)
		me.Say("seen", seen(key, p.Pid))
		me.Reach("started")
		state, err := p.Wait()
		must(err)
		me.Say("status", state.ExitCode())
		me.Reach("waited")

	case "limited": // FILE: at first with an argument that is too long, and then it can open nothing
		must(os.WriteFile(os.Args[2], fingerprint(key), 0o600))
		_, err := authkey.Start("child", strings.Repeat("x", 200<<10))
		me.Say("start", verdict(err))
		me.Reach("long")
		arrange.Descriptors(0, func() { _, err = authkey.Start("child", os.Args[2]) })
		me.Say("start", verdict(err))
		me.Reach("limited")
		p, err := authkey.Start("child", os.Args[2])
		must(err)
		me.Reach("started")
		_, err = p.Wait()
		must(err)
		me.Reach("waited")

	case "child": // FILE [two words] [] [more]
		me.Say("key", whose(key))
		me.Say("output", output())
		me.Say("arguments", fmt.Sprintf("%q", os.Args[3:]))
		me.Reach("has-key")
		if len(os.Args) > 3 {
			for range 2 {
				_, err := authkey.Start("child", os.Args[2])
				must(err)
			}
		}
		exe, err := os.Executable()
		must(err)
		stranger := exec.Command(exe, "stranger", os.Args[2])
		stranger.Stdout, stranger.Stderr = os.Stdout, os.Stderr
		must(stranger.Start())
		me.Reach("started")
		os.Exit(7)

	case "stranger": // FILE
		me.Say("key", whose(key))
		me.Reach("has-key")
	}
}

func verdict(err error) string {
	if err == nil {
		return "nil"
	}
	return "error"
}

// whose compares a key with the one whose fingerprint is in the file.
func whose(key []byte) string {
	want, err := os.ReadFile(os.Args[2])
	must(err)
	if bytes.Equal(fingerprint(key), want) {
		return "shared"
	}
	return "another"
}

func fingerprint(key []byte) []byte {
	sum := sha256.Sum256(key)
	return []byte(hex.EncodeToString(sum[:]))
}

// kind tells bytes from text, and both from few bytes. Of 32 random bytes, not all are printable, and about 30 are different.
func kind(key []byte) string {
	if len(bytes.TrimFunc(key, func(r rune) bool { return r >= ' ' && r <= '~' })) == 0 {
		return "characters"
	}
	values := map[byte]bool{}
	for _, b := range key {
		values[b] = true
	}
	if len(values) < 16 {
		return fmt.Sprintf("%d bytes and their repetition", len(values))
	}
	return "bytes"
}

// inherited looks for the key whose fingerprint is in the file, in all files that this process has got open.
func inherited() string {
	want, err := os.ReadFile(os.Args[2])
	must(err)
	for fd := 3; fd < 64; fd++ {
		path := fmt.Sprintf("/proc/self/fd/%d", fd)
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > 4096 {
			continue
		}
		text, _ := os.ReadFile(path) // what it must not read has no key for it
		for i := 0; i+32 <= len(text); i++ {
			if bytes.Equal(fingerprint(text[i:i+32]), want) {
				return "the key"
			}
		}
	}
	return "nothing"
}

// output tells whose standard output and standard error this process has.
func output() string {
	for fd := 1; fd <= 2; fd++ {
		own, err := os.Stat(fmt.Sprintf("/proc/self/fd/%d", fd))
		must(err)
		other, err := os.Stat(fmt.Sprintf("/proc/%d/fd/%d", os.Getppid(), fd))
		must(err)
		if !os.SameFile(own, other) {
			return fmt.Sprintf("not the parent's descriptor %d", fd)
		}
	}
	return "inherited"
}

// seen tells where others can read the key of a process and of this one.
func seen(key []byte, pid int) string {
	for _, p := range []string{"self", fmt.Sprint(pid)} {
		for _, file := range []string{"cmdline", "environ"} {
			text, err := os.ReadFile(filepath.Join("/proc", p, file))
			if errors.Is(err, unix.ESRCH) { // it has ended
				continue
			}
			must(err)
			if holds(text, key) {
				return "in " + file
			}
		}
	}
	names, err := filepath.Glob("*")
	must(err)
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil && holds(text, key) {
			return "in a file"
		}
	}
	return "nowhere"
}

// holds looks for a key in a text, as it is or written in one of the usual ways.
func holds(text, key []byte) bool {
	for _, form := range forms(key) {
		if len(form) > 0 && strings.Contains(string(text), form) {
			return true
		}
	}
	return false
}
