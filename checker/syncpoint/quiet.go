package syncpoint

import "runtime/debug"

// heap is what a program may fill before the garbage collector runs all the same, in bytes.
const heap = 256 << 20

// Whatever the Go runtime does by itself looks like the program's own work: after a collection its scavenger gives pages
// back, naps, and looks again, for naps of seconds where the machine is busy (bgscavenge in runtime/mgcscavenge.go). So
// there is no collection but those that are asked for by runtime.GC, and those that memory needs.
func init() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(heap)
}
