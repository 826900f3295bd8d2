// Package bootstrap starts this same program again, as a child that runs one target and nothing else.
package bootstrap

import "errors"

// Guard stands at the head of main. In a child of Start it calls target, once, with the name that Start was
// given, and then ends the process with status 0: what follows Guard in main never runs there. In every other
// process it returns at once.
func Guard(target func(name string)) {}

// IsChild reports whether Start has started this program. It is right from the first moment on, also before
// Guard is called, and in the target.
//
// A program that somebody runs in the ordinary way (os/exec, execve(2)) is no child, not even when it is this
// same program, run by a child or by a parent of children, or in the place of a child.
func IsChild() bool { return false }

// Start runs this same program again, as a child, and returns while it runs. There Guard calls the target with
// this name, a plain word. Every Start makes one process.
//
// In a child whose target has not been called yet, Start starts nothing: it returns an error whose text says
// what to do, and names Guard. In the target it works as everywhere: a child may have children.
func Start(name string) error { return errors.New("not written yet") }
