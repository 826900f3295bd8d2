package program

import (
	"os"
	"runtime"
	"slices"
)

// init keeps main on the first thread, which a Go program has to its end: who starts services there learns nothing.
func init() {
	if slices.Contains(os.Args, "supervise-on-threads") {
		runtime.LockOSThread()
	}
}
