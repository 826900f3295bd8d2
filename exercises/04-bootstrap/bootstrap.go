// Package bootstrap starts this same program again, as a child that runs one target and nothing else.
package bootstrap

import "errors"

// Guard stands at the head of main. In a child of Start it calls target, once, with the name that Start was
// given, and then ends the process with status 0, also while children of its own run on: what follows Guard in main
// never runs there. A panic in the target ends the process with status 2, as everywhere. In every other process
// Guard returns at once.
func Guard(target func(name string)) {}

// IsChild reports whether Start has started this program. It is right at every moment: before Guard is called, in
// the target, and in the first process also when that has started children.
//
// A program that somebody runs in the ordinary way (os/exec, execve(2)), with arguments of its own, is no child, not
// even when it is this same program, run by a child or by a parent of children, or in the place of a child.
func IsChild() bool { return false }

// Start runs this same program again, as a child, and returns while it runs. There Guard calls the target with
// this name, a plain word. Every Start makes one process, which goes on when its parent ends. When the program cannot
// be started, Start returns the error.
//
// In a child whose target has not been called yet, Start starts nothing, then and later: it returns an error whose
// text says what to do, and names Guard. In the target it works as everywhere: a child may have children.
func Start(name string) error { return errors.New("not written yet") }
