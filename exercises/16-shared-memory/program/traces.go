package program

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// notes is the file in which creators and users of a number note what would be left if they were killed now.
const notes = ".kit/notes"

// note adds the files that this process has mapped for sharing, or has open, and that have a name in some folder. The
// folder /dev/shm belongs to everybody, so a list of it would tell nothing; these files are this process's.
func note() {
	paths := shared()
	links, _ := filepath.Glob("/proc/self/fd/*")
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil {
			paths = append(paths, to)
		}
	}
	must(os.MkdirAll(filepath.Dir(notes), 0o700))
	f, err := os.OpenFile(notes, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	must(err)
	for _, path := range paths {
		fmt.Fprintln(f, path)
	}
	must(f.Close())
}

// shared are the files that this process has mapped for sharing (proc_pid_maps(5)).
func shared() (paths []string) {
	f, err := os.Open("/proc/self/maps")
	must(err)
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if field := strings.Fields(lines.Text()); len(field) > 5 && field[1][3] == 's' {
			paths = append(paths, strings.Join(field[5:], " "))
		}
	}
	return paths
}

// left names a file that has been left behind, and takes it away: one that was noted and still has its name, or any in
// this folder, which is the temporary one too.
func left() string {
	noted, err := os.ReadFile(notes)
	must(err)
	exe, err := os.Executable()
	must(err)
	for path := range strings.Lines(string(noted)) {
		path = strings.TrimSuffix(path, "\n")
		info, err := os.Lstat(path)
		if err == nil && info.Mode().IsRegular() && path != exe && !kits(path) {
			os.Remove(path)
			return path
		}
	}
	here, err := os.ReadDir(".")
	must(err)
	for _, entry := range here {
		if !kits(entry.Name()) {
			return entry.Name()
		}
	}
	return "nothing"
}

// kits: the file is the kit's own, or the kernel's.
func kits(path string) bool {
	return slices.Contains([]string{".kit", ".bin", ".tmp"}, filepath.Base(path)) || strings.HasPrefix(path, "/sys/") ||
		strings.HasPrefix(path, "/proc/") || strings.HasSuffix(path, ".stdout") || strings.HasSuffix(path, ".stderr")
}

// number reads the memory as the number that it holds.
func number(memory []byte) string {
	if len(memory) < 8 {
		return fmt.Sprintf("%d bytes", len(memory))
	}
	return fmt.Sprint(int64(binary.NativeEndian.Uint64(memory)))
}

// tryToWrite tries every descriptor that this process was started with: the errors are nil where one can be written to, or
// mapped for writing.
func tryToWrite() (write, mmap error) {
	write, mmap = unix.EBADF, unix.EBADF
	for fd := 3; fd < 32; fd++ {
		if _, err := unix.Pwrite(fd, []byte{1}, 0); err == nil {
			write = nil
		}
		if _, err := unix.Mmap(fd, 0, 8, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err == nil {
			mmap = nil
		}
	}
	return write, mmap
}

// inherited are the descriptors that a program inherits which this process starts now, besides the first three.
func inherited() int {
	n := 0
	for fd := 3; fd < 64; fd++ {
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			n++
		}
	}
	return n
}

// collectGarbage returns when what nobody leads to has been finalized: an os.File, for one, has been closed.
func collectGarbage() {
	for range 3 { // who is finalized first in one round is open
		done := make(chan bool)
		runtime.AddCleanup(new([64]byte), func(c chan bool) { close(c) }, done)
		runtime.GC()
		<-done
	}
}

// makeWritable tries to make the pages of the memory writable.
func makeWritable(memory []byte) error {
	page := uintptr(os.Getpagesize())
	begin := uintptr(unsafe.Pointer(&memory[0])) &^ (page - 1)
	if _, _, errno := unix.Syscall(unix.SYS_MPROTECT, begin, page, unix.PROT_READ|unix.PROT_WRITE); errno != 0 {
		return errno
	}
	return nil
}
