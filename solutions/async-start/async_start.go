// Package asyncstart does one thing by calling a function and one by starting a process, and reports each when
// it is so.
package asyncstart

import (
	"errors"
	"os"
	"os/exec"
)

// Run starts program, a path, as a child with these arguments, and calls call, once, while the child runs. It reports,
// each as soon as it is so and never before, in this order whoever is done first: started, called, ended.
//
// Each report stands behind the line that causes it, and no line can come back too early: Start when the program
// runs, call when the function is done, Wait when the child has ended. So nothing has to be slept for.
//
// When the child cannot be started, Run returns the error at once. How the child ended is not asked here: a status
// other than 0 is an end like any other.
func Run(program string, args []string, call func(), report func(what string)) error {
	child := exec.Command(program, args...)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr // files: for anything else Wait would wait until nobody writes
	if err := child.Start(); err != nil {
		return err
	}
	report("started")

	call()
	report("called")

	var status *exec.ExitError
	if err := child.Wait(); err != nil && !errors.As(err, &status) {
		return err
	}
	report("ended")
	return nil
}
