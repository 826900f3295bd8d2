// Package identity tells a process who it is, who started it, and which program it runs.
package identity

import "errors"

// PID is this process's number, whichever of its threads asks.
func PID() int { return 0 }

// ParentPID is the number of this process's parent, as it is at the time of the call: when the parent has ended
// meanwhile, it is the number of whoever has adopted this process.
func ParentPID() int { return 0 }

// Program is the full path of the executable file that this process runs, whatever name it was started under. The
// file stays where it is meanwhile.
func Program() (string, error) { return "", errors.New("not written yet") }

// Ancestors are the PIDs from this process upwards, as they are at the time of the call: this process first,
// then its parent, the parent's parent, and so on, however many there are. The last one is the process whose PPID is
// 0, and need not be PID 1; the 0 is not in the list. A process may have any name, with blanks, brackets, newlines and
// "PPid:" in it. When an ancestor ends while it is looked at, the line is read again from the beginning.
func Ancestors() ([]int, error) { return nil, errors.New("not written yet") }
