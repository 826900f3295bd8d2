// Package asynccall calls into a child process without waiting for it, and is told of the call's end in three ways: by
// status, by notification and by callback.
package asynccall

import "errors"

// Call is a call that a child process answers: its answer is what the child writes to its standard output, all of it,
// byte by byte.
//
// The call is over when the child has ended (to be stopped, or to close its output, is not to end), the whole answer
// is there, and the child was waited for. It comes to that by itself, whether anybody asks or not; meanwhile nobody
// polls. Then nothing of it is left: no zombie, no open descriptor.
//
// The methods may be called by several goroutines at once, any number of times. Calls know nothing of each other,
// however many there are, and in whatever order they end. Children that Begin has not started are nobody's answer: they
// are not waited for.
type Call struct{}

// Begin begins a call: it starts a child, this same program run with these arguments, and returns without waiting for
// anything that the child does. The caller may change args afterwards. The child's standard error is no part of the
// answer, and may be as much as it likes; where that goes, and what standard input is, is up to you. It has no children
// of its own. It is never kept waiting for somebody to ask for the answer, however long that is.
//
// When the child cannot be started, the call is over at once. That is a failure like any other, and Ready, Get and Then
// tell of it.
func Begin(args ...string) *Call { return &Call{} }

// Ready is the status: it says whether the call is over. It never waits, neither for the child nor for goroutines that
// are in Get or in a callback.
func (c *Call) Ready() bool { return false }

// Get is the notification: it sleeps in the kernel until the call is over, and everybody who sleeps in it is woken
// then. When the call is over already, it returns at once, with the same result every time.
//
// A child that exits with status 0 was successful: err is nil, and the answer may be empty. Everything else is a failure, and
// half an answer is none: answer is "", and the text of err contains how the child ended, in the words of
// os.ProcessState: "exit status 3" or "signal: killed", say.
func (c *Call) Get() (answer string, err error) { return "", errors.New("not written yet") }

// Then sets up a callback, and returns at once. When the call is over, and not before, f is called with what Get
// returns: once for each Then, however many there are, also when Then comes after the end, and also when the same f was
// given before.
//
// Every f is called in a goroutine of its own, never by the caller of Then, who may hold a lock that f wants. So one
// that takes long keeps nobody waiting: neither Get nor other callbacks. When f is called, Ready is true and Get returns
// at once; f may call Then.
func (c *Call) Then(f func(answer string, err error)) {}
