// Knows itself, its parent and PID 1, and thinks that this is all.
package identity

import (
	"os"
)

func PID() int { return os.Getpid() }

func ParentPID() int { return os.Getppid() }

func Program() (string, error) { return os.Executable() }

func Ancestors() ([]int, error) {
	return []int{os.Getpid(), os.Getppid(), 1}, nil
}
