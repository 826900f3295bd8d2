// Package pid1 is a small init: it runs a main program, and is the parent of all that this leaves behind.
package pid1

import "errors"

// Run runs the main program as an init does, and returns when it has ended, with the status that the init is to exit
// with: the main program's own, or 128+N when signal N has ended it. It is called once, and sleeps in the kernel meanwhile.
//
// The main program gets exactly these arguments, and the init's environment, directory, input and output; no signal
// is ignored for it that was not before. That it cannot be started is an error, and then no child is left.
//
// Whoever loses its parent below the main program becomes a child of the init, whether that is PID 1 or not. Every child
// that ends is cleared away at once, also when many have ended while the init was stopped: whoever ended before the main
// program was collected is gone when Run returns. None of that ends the init, and neither does a main program that is
// stopped.
//
// Every signal that the init is sent, and that os/signal can catch, goes on to the main program, once, and to nobody else;
// those that came while that was being started, when it has been. SIGCHLD and SIGURG do not.
//
// When the main program has ended, Run waits for nobody else and ends nobody, and nothing is forwarded any more. After Run,
// which may have been an error, signals have the effect for the caller that they had before.
func Run(path string, args ...string) (status int, err error) {
	return 0, errors.New("not written yet")
}
