package proc

import (
	"encoding/binary"
	"strconv"

	"golang.org/x/sys/unix"
)

// files reads files of a mounted /proc again and again. Those that every look reads are kept open, because
// finding them costs more than reading them. An open file of /proc stays the same process's, or thread's: when
// that has ended, reading fails, and a number used again is never taken for it.
type files struct {
	dir  int
	open map[string]*file
	turn int // of the looks
	buf  [8192]byte
}

type file struct {
	fd   int
	used int // the turn of the last use
}

// read gives a file's content, good until the next read.
func (f *files) read(name string) ([]byte, error) {
	if kept := f.open[name]; kept != nil {
		kept.used = f.turn
		if b, err := f.pread(kept.fd); err == nil && len(b) > 0 {
			return b, nil
		}
		f.drop(name)
	}
	fd, err := f.openat(name)
	if err != nil {
		return nil, err
	}
	f.open[name] = &file{fd, f.turn}
	return f.pread(fd)
}

func (f *files) readOnce(name string) ([]byte, error) {
	fd, err := f.openat(name)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	return f.pread(fd)
}

// pread reads from the start; what is read here fits into one read.
func (f *files) pread(fd int) ([]byte, error) {
	for {
		n, err := unix.Pread(fd, f.buf[:], 0)
		if err == unix.EINTR {
			continue
		}
		return f.buf[:max(n, 0)], err
	}
}

func (f *files) openat(name string) (int, error) {
	for {
		fd, err := unix.Openat(f.dir, name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// numbers lists the entries of a folder whose names are numbers.
func (f *files) numbers(name string, keep bool) (out []int) {
	kept := f.open[name]
	if kept == nil {
		fd, err := f.openat(name)
		if err != nil {
			return nil
		}
		kept = &file{fd: fd}
		if keep {
			f.open[name] = kept
		} else {
			defer unix.Close(fd)
		}
	}
	kept.used = f.turn
	if _, err := unix.Seek(kept.fd, 0, unix.SEEK_SET); err != nil {
		return nil
	}
	for {
		n, err := unix.Getdents(kept.fd, f.buf[:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 {
			return out
		}
		for b := f.buf[:n]; len(b) > 0; {
			// struct linux_dirent64: inode, offset, length, type, name (getdents(2))
			length := binary.NativeEndian.Uint16(b[16:])
			if name := unix.ByteSliceToString(b[19:length]); name[0] >= '0' && name[0] <= '9' {
				if i, err := strconv.Atoi(name); err == nil {
					out = append(out, i)
				}
			}
			b = b[length:]
		}
	}
}

// next begins a look, and closes what was not used in the last two.
func (f *files) next() {
	f.turn++
	for name, kept := range f.open {
		if kept.used < f.turn-2 {
			f.drop(name)
		}
	}
}

func (f *files) drop(name string) {
	unix.Close(f.open[name].fd)
	delete(f.open, name)
}

func (f *files) close() {
	for name := range f.open {
		f.drop(name)
	}
}
