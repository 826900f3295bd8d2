package arrange

import "golang.org/x/sys/unix"

// Aside does something to the scenario's files that is not the learner's code's doing, such as to put a folder in the place of one. The
// timeline tells it in a line, as the scenario's: between a look for one name and a look for the other, of files that never are.
func Aside(f func()) {
	unix.Access(".kit/aside", unix.F_OK)
	f()
	unix.Access(".kit/back", unix.F_OK)
}
