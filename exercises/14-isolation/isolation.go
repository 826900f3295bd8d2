// Package isolation runs functions on copies of a program's state, in child processes.
package isolation

import "errors"

// Child is a process that runs, or has run, one function.
type Child struct{}

// Register makes a function known under a name, here and in every child. It calls nothing. When the function runs, it
// gets a state of its own, and send, by which it tells its caller what that is to know. A message is on its way when send
// returns, received or not; send may wait for somebody who receives only when many kilobytes are on their way. When nobody
// is there any more to receive, the message is lost, and the function goes on.
//
// Calls of send at the same time are not asked for, nor are those of Register, or of Receive on one child.
func Register[S any](name string, f func(state *S, send func(message string))) {}

// Main is called by the program as soon as its functions are registered, and before it does anything else. In a child it
// runs the function and then ends the process: it never returns. In the program itself it returns at once, also when the
// caller or a function has run that by os/exec.
func Main() {}

// Start runs the function of that name in a child of the caller: this same program, run again. It returns while the
// function runs. A function may call it as well.
//
// The function gets a copy of the state, which is a pointer to a struct of the type that the function was registered for.
// The exported fields are copied as they are at this moment: integers, strings, slices of strings, maps from strings to
// integers. They may hold megabytes, of any UTF-8 text; nil and empty are the same. From then on the two have nothing in
// common: what the function changes, neither the caller sees nor any other child, and the function sees nothing of what
// these change. Each Start copies the state anew.
//
// A name that nobody has registered is an error, and creates no process. When none can be made, that is an error, too, and
// nothing stays open.
func Start[S any](name string, state *S) (*Child, error) { return nil, errors.New("not written yet") }

// Receive returns the next message that this child's function has sent. Messages arrive whole and in the order of sending,
// while the function goes on: any UTF-8 text, also an empty one, or a megabyte. What the function prints is no message:
// that goes to the caller's standard output and standard error.
//
// Until there is a message Receive sleeps in the kernel, and keeps no other child's Receive waiting. After the last one
// it sleeps until the child has ended. Then it returns io.EOF if the function has returned, and another error if the
// child ended otherwise: by os.Exit with whatever status, 0 as well, by a panic or a signal. Then nothing is left of the
// child, neither a zombie nor an open descriptor nor a file, and every further Receive returns io.EOF or an error as
// this one did. The caller's other children are left alone. The child's own children, and other programs that it has
// started, are not waited for and go on.
func (c *Child) Receive() (message string, err error) { return "", errors.New("not written yet") }
