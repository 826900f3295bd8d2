//go:build !amd64 && !arm64

package trace

import "errors"

// SmallLauncher: there is none for this machine.
func SmallLauncher() (path string, err error) {
	return "", errors.New("no small launcher for this machine")
}
