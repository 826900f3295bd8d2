//go:build !amd64

package proc

import "golang.org/x/sys/unix"

// pollCall is the poll that is restarted after a stop.
const pollCall = unix.SYS_PPOLL
