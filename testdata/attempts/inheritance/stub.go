// Package inheritance starts a child that gets what is chosen for it, and nothing else.
package inheritance

import (
	"errors"
	"os"
)

// Options say what a child gets.
type Options struct {
	Args  []string   // the arguments, without the program's name
	Env   []string   // the whole environment; nil for the caller's
	Dir   string     // the directory; "" for the caller's
	Stdin *os.File   // the standard input; nil for /dev/null
	Files []*os.File // open in the child as 3, 4 and so on; none is nil, one may be there twice
}

// Start runs this same program again, with these arguments, in a child of the caller, and returns while it runs. It does
// not wait for the child: its end is the caller's to wait for.
//
// The child has the caller's standard output and error, Stdin and Files, and no other descriptor, whoever opened it, with
// close-on-exec or without, whatever its number: one opened before the limit was lowered is above it, though none of Files
// is. It has not files of the same names, but the very same open ones: what either side reads or writes moves the one offset
// that both have.
//
// Env is all of the child's environment; one that is empty and not nil is empty. Nil stands for the environment that
// the caller has at this moment. When there is a Dir and no Env, PWD may name the new directory. It is the child that goes to
// Dir: a relative one counts from the caller's directory, and /proc/self is the child's own folder.
//
// Afterwards the caller has the environment, the directory and the open descriptors that it had before, and the pidfd of the
// process, whatever the child does with its own. Close-on-exec may be set, never cleared. That is so for an error, too. In the
// error for a Dir that does not exist errors.Is finds fs.ErrNotExist; a Dir that is a file is another error. Then there is no
// child, not even a zombie.
func Start(o Options) (*os.Process, error) { return nil, errors.New("not written yet") }
