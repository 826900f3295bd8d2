// Package cgroup limits processes together, whatever they have: also memory that only the kernel knows of, such as what waits in
// their sockets. The kernel does it by control groups, cgroups(7), of either version, where the user may make them.
package cgroup

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"forklings/checker/lang"

	"golang.org/x/sys/unix"
)

// Limits of all processes in a group together.
type Limits struct {
	Memory  int // bytes, also of files in memory and of the kernel's own; who has more loses a process, and nothing is swapped
	Threads int // who has as many gets no more: EAGAIN
}

// Group is one control group. In version 1 it is a folder for each controller, in version 2 one folder.
type Group struct {
	seats           []Seat
	memory, threads string // files that count what was refused
	unified         bool   // the first of them, in version 2
}

// Seat is a folder of a group, and the group that its processes came from.
type Seat struct{ Dir, Home string }

// Refused counts what a group's processes did not get so far. A group has the same number before and after who keeps to its limits.
type Refused struct {
	Memory  int // processes that were ended, since there was no more memory: in the group, or on the whole machine
	Full    int // how often the group itself had no more; version 1 does not tell the two apart
	Threads int // that were not started
}

// New makes an empty group below the one that this process is in. An error says why this user, or this machine, has none.
func New(l Limits) (*Group, error) { return System{"/proc"}.group(l) }

func (s System) group(l Limits) (_ *Group, err error) {
	memory, err := s.prepare("memory")
	if err != nil {
		return nil, err
	}
	threads, err := s.prepare("pids")
	if err != nil {
		return nil, err
	}
	g := &Group{unified: memory.unified}
	defer func() {
		if err != nil {
			g.Remove()
		}
	}()
	dir, err := g.sit(memory)
	if err != nil {
		return nil, err
	}
	if g.memory, err = limitMemory(dir, memory.unified, l.Memory); err != nil {
		return nil, err
	}
	if !threads.unified || !memory.unified {
		if dir, err = g.sit(threads); err != nil {
			return nil, err
		}
	}
	g.threads = filepath.Join(dir, "pids.events")
	return g, set(dir, "pids.max", l.Threads)
}

// sit makes a folder of the group's.
func (g *Group) sit(p place) (string, error) {
	dir, err := os.MkdirTemp(p.parent, "forklings-")
	if err != nil {
		return "", lang.Errorf("a control group cannot be made: %w", err)
	}
	g.seats = append(g.seats, Seat{dir, p.own})
	return dir, nil
}

// limitMemory returns the file that counts whom it has ended.
func limitMemory(dir string, unified bool, bytes int) (events string, err error) {
	if !unified {
		err := set(dir, "memory.limit_in_bytes", bytes)
		if _, none := os.Stat(filepath.Join(dir, "memory.memsw.limit_in_bytes")); err == nil && none == nil {
			err = set(dir, "memory.memsw.limit_in_bytes", bytes)
		}
		return filepath.Join(dir, "memory.oom_control"), err
	}
	err = set(dir, "memory.max", bytes)
	if _, none := os.Stat(filepath.Join(dir, "memory.swap.max")); err == nil && none == nil {
		err = set(dir, "memory.swap.max", 0)
	}
	return filepath.Join(dir, "memory.events"), err
}

func set(dir, file string, n int) error { return put(dir, file, strconv.Itoa(n)) }

// put writes to a file that the kernel has made: it is never created.
func put(dir, file, text string) error {
	f, err := os.OpenFile(filepath.Join(dir, file), os.O_WRONLY, 0)
	if err != nil {
		return lang.Errorf("a control group cannot be set up: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return lang.Errorf("a control group cannot be set up: %w", err)
	}
	return nil
}

// Seats are the group's folders.
func (g *Group) Seats() []Seat { return slices.Clone(g.seats) }

// Add moves a process into the group; what it starts from then on is born there.
func (g *Group) Add(pid int) error {
	for _, s := range g.seats {
		if err := set(s.Dir, "cgroup.procs", pid); err != nil {
			return err
		}
	}
	return nil
}

// Refused reads the counts.
func (g *Group) Refused() Refused {
	r := Refused{Memory: count(g.memory, "oom_kill"), Full: count(g.memory, "oom"), Threads: count(g.threads, "max")}
	if !g.unified {
		r.Full = r.Memory
	}
	return r
}

// count is the number behind a name in a file of such lines; 0 without one.
func count(file, name string) int {
	b, _ := os.ReadFile(file)
	for line := range bytes.Lines(b) {
		if f := bytes.Fields(line); len(f) == 2 && string(f[0]) == name {
			n, _ := strconv.Atoi(string(f[1]))
			return n
		}
	}
	return 0
}

// Remove removes the group; it fails while there are processes in it.
func (g *Group) Remove() error { return remove(g.seats) }

// Leave takes this process out of a group and removes that, for one whose maker may be gone. All others must have ended.
func Leave(seats []Seat) error {
	for _, s := range seats {
		if err := put(s.Home, "cgroup.procs", "0"); err != nil { // 0: who writes it
			return err
		}
	}
	return remove(seats)
}

// patience is for what the kernel ends a moment after its processes.
const patience = time.Second

func remove(seats []Seat) error {
	var errs []error
	for _, s := range seats {
		err := unix.Rmdir(s.Dir)
		for began := time.Now(); err == unix.EBUSY && time.Since(began) < patience; err = unix.Rmdir(s.Dir) {
			time.Sleep(10 * time.Millisecond)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, &fs.PathError{Op: "rmdir", Path: s.Dir, Err: err})
		}
	}
	return errors.Join(errs...)
}
