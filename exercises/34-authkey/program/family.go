package program

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"forklings/checker/syncpoint"
	"forklings/exercises/34-authkey"
)

// family is about a process's own key. A program starts a child, that one a grandchild, and beside it a stranger.
func family(me syncpoint.Role) {
	key := authkey.Key()
	me.Say("size", len(key))
	me.Say("again", bytes.Equal(key, authkey.Key()))
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

	case "child": // FILE [two words] [] [more]
		me.Say("key", whose(key))
		me.Say("arguments", fmt.Sprintf("%q", os.Args[3:]))
		me.Reach("has-key")
		exe, err := os.Executable()
		must(err)
		stranger := exec.Command(exe, "stranger", os.Args[2])
		stranger.Stdout, stranger.Stderr = os.Stdout, os.Stderr
		must(stranger.Start())
		if len(os.Args) > 3 {
			_, err = authkey.Start("child", os.Args[2])
			must(err)
		}
		me.Reach("started")
		os.Exit(7)

	case "stranger": // FILE
		me.Say("key", whose(key))
		me.Reach("has-key")
	}
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

// kind tells bytes from text. Of 32 random bytes, not all are printable.
func kind(key []byte) string {
	if len(bytes.TrimFunc(key, func(r rune) bool { return r >= ' ' && r <= '~' })) == 0 {
		return "characters"
	}
	return "bytes"
}

// seen tells where others can read the key of a process and of this one.
func seen(key []byte, pid int) string {
	for _, p := range []string{"self", fmt.Sprint(pid)} {
		for _, file := range []string{"cmdline", "environ"} {
			text, err := os.ReadFile(filepath.Join("/proc", p, file))
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
