package program

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"

	"forklings/checker/syncpoint"
	parallel "forklings/exercises/46-parallel"

	"golang.org/x/sys/unix"
)

// task is a task in its process.
func task(me syncpoint.Role, kind string) {
	runtime.LockOSThread()
	record := parallel.Record{Progress: parallel.Span{From: now()}}
	me.Say("born-with", born())
	me.Reach("begun")
	switch kind {
	case "turns":
		record.OnCPU = work(me, func(b *board, spent time.Duration) bool { return b.inTurns() })
	case "meet":
		const most = 60 * time.Millisecond // each, of CPU time: a machine that is too busy is not waited for
		record.OnCPU = work(me, func(b *board, spent time.Duration) bool { return b.met.Load() || spent > most })
	case "crowd":
		waitForCrowd()
	case "leave": // somebody who has this task's output
		exe, err := os.Executable()
		must(err)
		left := exec.Command(exe, "left")
		left.Stdout, left.Stderr = os.Stdout, os.Stderr
		must(left.Start())
	case "fail":
		os.Exit(3)
	case "die":
		must(unix.Kill(os.Getpid(), unix.SIGKILL))
	}
	if kind == "turns" || kind == "meet" {
		record.Progress.To = now()
		text, err := json.Marshal(record)
		must(err)
		must(os.WriteFile(filepath.Join(folder(), "record-"+string(me)), text, 0o644))
	}
}

// board is what the three tasks share.
type board struct {
	last   atomic.Int64     // who has worked last: 1, 2 or 3
	stints [3]atomic.Uint64 // how often one has worked after another
	from   [3]atomic.Int64  // since when one is on a CPU, without having left it for a moment
	to     [3]atomic.Int64  // until when that is known
	met    atomic.Bool      // two of these times have met
}

// inTurns reports whether each has had a turn, and another one later.
func (b *board) inTurns() bool {
	return b.stints[0].Load() >= 2 && b.stints[1].Load() >= 2 && b.stints[2].Load() >= 2
}

// work works until it is done, and tells the times at which it was on a CPU without a gap. Whoever is taken off its CPU
// for a moment is counted to have switched (getrusage(2)), while the state stays R.
func work(me syncpoint.Role, done func(b *board, spent time.Duration) bool) (spans []parallel.Span) {
	b := open()
	i := slices.Index([]syncpoint.Role{"a", "b", "c"}, me)
	began := threadCPU()
	for !done(b, threadCPU()-began) {
		switches := switched()
		span := parallel.Span{From: now()}
		b.to[i].Store(0)
		b.from[i].Store(int64(span.From))
		for !done(b, threadCPU()-began) {
			if b.last.Swap(int64(i+1)) != int64(i+1) {
				b.stints[i].Add(1)
			}
			for range 5_000 {
			}
			to := now()
			if switched() != switches {
				break
			}
			span.To = to
			b.to[i].Store(int64(to))
			for j := range 3 {
				if j != i && b.meets(i, j) {
					b.met.Store(true)
				}
			}
		}
		if span.To > span.From {
			spans = append(spans, span)
		}
	}
	return spans
}

// meets reports whether the two have been on a CPU at the same moment, of late.
func (b *board) meets(i, j int) bool {
	from, to := b.from[j].Load(), b.to[j].Load()
	return b.from[j].Load() == from && to > from && max(from, b.from[i].Load()) < min(to, b.to[i].Load())
}

// switched counts how often this thread has left a CPU.
func switched() int64 {
	var r unix.Rusage
	must(unix.Getrusage(unix.RUSAGE_THREAD, &r))
	return r.Nvcsw + r.Nivcsw
}

func open() *board {
	file, err := os.OpenFile(filepath.Join(folder(), "board"), os.O_CREATE|os.O_RDWR, 0o644)
	must(err)
	must(file.Truncate(int64(unsafe.Sizeof(board{}))))
	memory, err := unix.Mmap(int(file.Fd()), 0, int(unsafe.Sizeof(board{})), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	must(err)
	return (*board)(unsafe.Pointer(&memory[0]))
}

// folder is where the tasks leave what they have seen, wherever they were started.
func folder() string {
	exe, err := os.Executable()
	must(err)
	dir := filepath.Join(filepath.Dir(exe), syncpoint.Work, ".kit")
	must(os.MkdirAll(dir, 0o755))
	return dir
}

// records reads what the tasks have seen.
func records() (records []parallel.Record) {
	names, _ := filepath.Glob(filepath.Join(folder(), "record-*"))
	for _, name := range names {
		text, err := os.ReadFile(name)
		must(err)
		var r parallel.Record
		must(json.Unmarshal(text, &r))
		records = append(records, r)
	}
	return records
}

// meets reports whether two tasks were on a CPU at the same moment.
func meets(records []parallel.Record) bool {
	for i, a := range records {
		for _, b := range records[i+1:] {
			for _, s := range a.OnCPU {
				if slices.ContainsFunc(b.OnCPU, func(t parallel.Span) bool { return max(s.From, t.From) < min(s.To, t.To) }) {
					return true
				}
			}
		}
	}
	return false
}
