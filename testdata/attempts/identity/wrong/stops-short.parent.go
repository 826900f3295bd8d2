// Knows itself and its parent only.
package identity

import (
	"os"
)

func PID() int { return os.Getpid() }

func ParentPID() int { return os.Getppid() }

func Program() (string, error) { return os.Executable() }

func Ancestors() ([]int, error) {
	return []int{os.Getpid(), os.Getppid()}, nil
}
