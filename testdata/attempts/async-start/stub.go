// Package asyncstart does one thing by calling a function and one by starting a process, and reports each when
// it is so.
package asyncstart

import "errors"

// Run starts program, a path, as a child with these arguments (argv[0] is not among them), and calls call, once, while
// the child runs. It reports, each as soon as it is so and never before, in this order whoever is done first:
//
//	report("started")   the start has come back; the child may run on for as long as it likes
//	report("called")    call has been called, and has come back
//	report("ended")     this child has ended, and was waited for; until then Run sleeps in the kernel
//
// Run goes on only when report has come back. After the last one it returns nil, however the child ended, and nothing
// of the child is left. It may be called again at any time, also by call.
//
// When the child cannot be started, Run returns the error at once: it reports nothing, and does not call call.
func Run(program string, args []string, call func(), report func(what string)) error {
	return errors.New("not written yet")
}
