// Package bootstrap starts this same program again, as a child that runs one target and nothing else.
package bootstrap

import (
	"errors"
	"os"
	"os/exec"
	"sync/atomic"
)

// mark is the argv[0] of a child. What a process is given as arguments goes to that one run of a program and
// to no other, whereas the environment, the directory and open files are handed on to whatever is run next.
const mark = "bootstrap-child"

// running: this child's target has been called.
var running atomic.Bool

// Guard stands at the head of main. In a child of Start it calls target, once, with the name that Start was
// given, and then ends the process with status 0, also while children of its own run on: what follows Guard in main
// never runs there. The exit is not deferred, so that a panic in the target ends the process with status 2, as
// everywhere. In every other process Guard returns at once.
func Guard(target func(name string)) {
	if !IsChild() {
		return
	}
	running.Store(true)
	target(os.Args[1])
	os.Exit(0)
}

// IsChild reports whether Start has started this program. The arguments are there before any code runs and stay as
// they are, so it is right at every moment.
func IsChild() bool { return os.Args[0] == mark && len(os.Args) == 2 }

// Start runs this same program again, as a child, and returns while it runs. There Guard calls the target with
// this name, a plain word. Every Start makes one process, which goes on when its parent ends. When the program cannot
// be started, Start returns the error.
//
// In a child whose target has not been called yet, Start starts nothing, then and later: the child's child would come
// by here again, and so would its child.
func Start(name string) error {
	if IsChild() && !running.Load() {
		return errors.New("bootstrap: this process is a child, and its target has not been called yet; start children behind Guard in main, or in the target")
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	child := &exec.Cmd{Path: exe, Args: []string{mark, name}, Stdout: os.Stdout, Stderr: os.Stderr}
	if err := child.Start(); err != nil {
		return err
	}
	go child.Wait() // so that it does not stay a zombie; how it ends is not asked here
	return nil
}
