package scenario

import (
	"cmp"
	"os"
	"path/filepath"
	"time"

	"forklings/checker/lang"
	"forklings/checker/proc"
	"forklings/checker/sandbox"

	"golang.org/x/sys/unix"
)

// Ways in which processes have too much of something.
var (
	storm  = why{lang.Mark("the processes multiplied without end, and were stopped")}
	memory = why{lang.Mark("the memory was used up, and the processes were stopped")}
	disk   = why{lang.Mark("the disk was filled, and the processes were stopped")}
)

// diskEvery is how often files are looked for that have no name, or are not counted by their file system, while a line waits: it costs
// more than the rest of a look.
const diskEvery = 250 * time.Millisecond

// excess tells what the processes have too much of; immediate if of nothing.
func (s *stage) excess(l proc.Look) why {
	pages := 0
	for pid, st := range l.Processes {
		if pid != s.box.Inner() {
			pages += st.Memory
		}
	}
	if w := s.refused(); w != immediate {
		return w
	}
	switch {
	case s.stormed, len(l.Processes) > sandbox.Processes+1, l.Crowded():
		return storm
	case pages*os.Getpagesize() > sandbox.Memory && s.memory(l) > sandbox.Memory:
		return memory
	case s.box.Sized && s.overfull(0):
		return disk
	case time.Since(s.disked) > diskEvery:
		s.disked = time.Now()
		return s.hidden()
	}
	return immediate
}

// refused tells what the processes have had too much of, so that the kernel gave no more: whatever a look can see, and however
// seldom it comes.
func (s *stage) refused() why {
	switch memoryOut, machineOut, threadsOut := s.box.Refused(); {
	case memoryOut:
		return memory
	case machineOut:
		return scarce
	case threadsOut:
		return storm
	}
	return immediate
}

// excessive is what a line has failed for, or what the processes had too much of when it did.
func (s *stage) excessive(w why) why {
	switch w {
	case storm, flood, memory, disk, lost, scarce, cancelled:
		return w
	}
	if x := cmp.Or(s.refused(), s.hidden()); x != immediate {
		return x
	}
	return w
}

// hidden tells what the processes of the last whole look have too much of that costs more to find out.
func (s *stage) hidden() why {
	inMemory, onDisk := map[uint64]int64{}, map[uint64]int64{}
	for pid := range s.last.Processes {
		s.proc.Nameless(pid, inMemory, onDisk)
	}
	switch {
	case sum(inMemory) > sandbox.Memory: // a page of theirs that nobody has mapped is no process's
		return memory
	case s.fills(s.last, sum(onDisk)):
		return disk
	}
	return immediate
}

func sum(files map[uint64]int64) (bytes int64) {
	for _, n := range files {
		bytes += n
	}
	return bytes
}

// memory is what the processes have for themselves: the pages of one program are in memory once, however many run it.
func (s *stage) memory(l proc.Look) (bytes int) {
	for pid := range l.Processes {
		if pid != s.box.Inner() {
			bytes += s.proc.Own(pid)
		}
	}
	return bytes
}

// fills reports whether the programs have too much in their folder and in files without a name, or have written too much.
func (s *stage) fills(l proc.Look, bytes int64) bool {
	written := 0
	for pid := range l.Processes {
		written += s.proc.Written(pid)
	}
	if written > sandbox.Written {
		return true
	}
	return s.overfull(bytes)
}

// overfull reports whether the programs' folder holds too much, with so many bytes in files that have no name in it.
func (s *stage) overfull(nameless int64) bool {
	bytes, files, counted := s.box.Filled() // nameless ones, too
	if !counted {
		bytes = nameless
		count(s.seen, &files, &bytes)
	}
	return bytes > sandbox.Disk || files > sandbox.DiskFiles
}

// count adds up what is in a folder. It stops as soon as there are too many files: who makes them without end is faster than who
// reads them all.
func count(dir string, files *int, bytes *int64) {
	// What was a folder a moment ago may be a link to another one, or a FIFO.
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	f := os.NewFile(uintptr(fd), dir)
	var folders []string
	for err == nil && *files <= sandbox.DiskFiles {
		var entries []os.DirEntry
		entries, err = f.ReadDir(1000)
		for _, e := range entries {
			*files++
			path := filepath.Join(dir, e.Name())
			var st unix.Stat_t
			if e.IsDir() {
				folders = append(folders, path)
			} else if e.Type().IsRegular() && unix.Lstat(path, &st) == nil {
				*bytes += st.Blocks * 512
			}
		}
	}
	f.Close() // before it goes deeper, which may be very deep
	for _, folder := range folders {
		if *files > sandbox.DiskFiles {
			return
		}
		count(folder, files, bytes)
	}
}

// hoards reports whether a process has as many open descriptors as it may.
func (s *stage) hoards() bool {
	for pid := range s.last.Processes {
		if pid != s.box.Inner() && len(s.proc.Descriptors(pid)) >= int(sandbox.Limits.Files) {
			return true
		}
	}
	return false
}
