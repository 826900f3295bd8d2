//go:build !amd64

package trace

import "errors"

// SmallLauncher: there is one for amd64 only.
func SmallLauncher() (path string, err error) {
	return "", errors.New("no small launcher for this machine")
}
