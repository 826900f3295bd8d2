package program

import (
	"os"
	"runtime"
	"slices"
	"sync"
)

// init keeps main on the first thread, which a Go program has to its end: who starts services there learns nothing.
func init() {
	if slices.Contains(os.Args, "supervise-on-threads") {
		runtime.LockOSThread()
	}
}

// endThreads ends every thread that nobody keeps: more goroutines than there can be idle threads lock one each and
// end, and a thread ends with the goroutine that has locked it (runtime.LockOSThread). While it waits for them the
// calling goroutine leaves its own thread to one of them, unless that is locked.
func endThreads() {
	var locked, ended sync.WaitGroup
	end := make(chan bool)
	for range 20 {
		locked.Add(1)
		ended.Go(func() {
			runtime.LockOSThread()
			locked.Done()
			<-end
		})
	}
	locked.Wait()
	close(end)
	ended.Wait()
}
