// A robust mutex, as the C library makes it: a futex in a file that all map, and the kernel marks it when the thread of its owner ends (set_robust_list(2)).

package abandonedlock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	waiters   = 0x80000000
	ownerDied = 0x40000000
	tidMask   = 0x3fffffff
)

// One page: word 0 is the futex, the list node is at 16, word at 64 says "inconsistent".
type Lock struct {
	path string
	mem  []byte
}

type robustHead struct {
	next    uintptr
	offset  int64
	pending uintptr
}

var (
	keeperOnce sync.Once
	jobs       = make(chan func())
	head       *robustHead
)

func keeper(f func()) {
	keeperOnce.Do(func() {
		ready := make(chan bool)
		go func() {
			runtime.LockOSThread()
			m, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
			if err != nil {
				panic(err)
			}
			head = (*robustHead)(unsafe.Pointer(&m[0]))
			head.next = uintptr(unsafe.Pointer(head))
			head.offset = -16
			if _, _, e := unix.RawSyscall(unix.SYS_SET_ROBUST_LIST, uintptr(unsafe.Pointer(head)), 24, 0); e != 0 {
				panic(e)
			}
			close(ready)
			for f := range jobs {
				f()
			}
		}()
		<-ready
	})
	done := make(chan bool)
	jobs <- func() { f(); close(done) }
	<-done
}

func New(path string) *Lock { return &Lock{path: path} }

func (l *Lock) Acquire() (abandoned bool, err error) {
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if err := f.Truncate(4096); err != nil {
		return false, err
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return false, err
	}
	keeper(func() { abandoned, err = lock(mem) })
	if err != nil {
		unix.Munmap(mem)
		return false, err
	}
	l.mem = mem
	return abandoned, nil
}

func lock(mem []byte) (bool, error) {
	word := (*uint32)(unsafe.Pointer(&mem[0]))
	node := (*uintptr)(unsafe.Pointer(&mem[16]))
	bad := (*uint32)(unsafe.Pointer(&mem[64]))
	tid := uint32(unix.Gettid())
	head.pending = uintptr(unsafe.Pointer(node))
	extra := uint32(0)
	for {
		v := atomic.LoadUint32(word)
		if v&tidMask == 0 {
			// free, or its owner died
			if v&ownerDied != 0 {
				atomic.StoreUint32(bad, 1)
			}
			if atomic.CompareAndSwapUint32(word, v, tid|v&waiters|extra) {
				break
			}
			continue
		}
		if v&waiters == 0 {
			if !atomic.CompareAndSwapUint32(word, v, v|waiters) {
				continue
			}
			v |= waiters
		}
		_, _, e := unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), 0, uintptr(v), 0, 0, 0)
		if e != 0 && e != unix.EAGAIN && e != unix.EINTR {
			head.pending = 0
			return false, e
		}
		extra = waiters
	}
	*node = head.next
	head.next = uintptr(unsafe.Pointer(node))
	head.pending = 0
	return atomic.LoadUint32(bad) != 0, nil
}

func (l *Lock) unlock(ok bool) error {
	if l.mem == nil {
		return errors.New("not the owner")
	}
	keeper(func() {
		word := (*uint32)(unsafe.Pointer(&l.mem[0]))
		node := (*uintptr)(unsafe.Pointer(&l.mem[16]))
		bad := (*uint32)(unsafe.Pointer(&l.mem[64]))
		if ok {
			atomic.StoreUint32(bad, 0)
		} else {
			atomic.StoreUint32(bad, 1)
		}
		head.pending = uintptr(unsafe.Pointer(node))
		// take it out of the list: the only lists here are short
		p := &head.next
		for *p != uintptr(unsafe.Pointer(node)) {
			p = (*uintptr)(unsafe.Pointer(*p))
		}
		*p = *node
		if atomic.SwapUint32(word, 0)&waiters != 0 {
			unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), 1, 1, 0, 0, 0)
		}
		head.pending = 0
	})
	err := unix.Munmap(l.mem)
	l.mem = nil
	return err
}

func (l *Lock) Release() error { return l.unlock(true) }

func readNumber(p string) (int, error) {
	b, err := os.ReadFile(p)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSuffix(string(b), "\n"))
}

func writeNumber(p string, n int) error {
	f, err := os.OpenFile(p, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	s := strconv.Itoa(n) + "\n"
	if _, err := f.WriteAt([]byte(s), 0); err != nil {
		return err
	}
	return f.Truncate(int64(len(s)))
}

func note(dir string, from, to int) error {
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if _, err := unix.Write(fd, []byte(fmt.Sprintf("%d %d", from, to))); err != nil {
		return err
	}
	return unix.Linkat(unix.AT_FDCWD, fmt.Sprintf("/proc/self/fd/%d", fd), unix.AT_FDCWD, filepath.Join(dir, "note"), unix.AT_SYMLINK_FOLLOW)
}

func settle(dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, "note"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var from, to int
	if _, err := fmt.Sscan(string(b), &from, &to); err != nil {
		return err
	}
	if err := writeNumber(filepath.Join(dir, "from"), from); err != nil {
		return err
	}
	if err := writeNumber(filepath.Join(dir, "to"), to); err != nil {
		return err
	}
	return os.Remove(filepath.Join(dir, "note"))
}

func Move(dir string, amount int, between func()) (err error) {
	l := New(filepath.Join(dir, "lock"))
	if _, err := l.Acquire(); err != nil {
		return err
	}
	good := true
	defer func() {
		if e := l.unlock(good); err == nil {
			err = e
		}
	}()
	if err := settle(dir); err != nil {
		good = false
		return err
	}
	pf, pt := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	from, err := readNumber(pf)
	if err != nil {
		return err
	}
	to, err := readNumber(pt)
	if err != nil {
		return err
	}
	for _, p := range []string{pf, pt} {
		f, err := os.OpenFile(p, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		f.Close()
	}
	if err := note(dir, from-amount, to+amount); err != nil {
		return err
	}
	good = false
	undo := func(err error) error {
		if writeNumber(pf, from) == nil && writeNumber(pt, to) == nil && os.Remove(filepath.Join(dir, "note")) == nil {
			good = true
		}
		return err
	}
	if err := writeNumber(pf, from-amount); err != nil {
		return undo(err)
	}
	between()
	if err := writeNumber(pt, to+amount); err != nil {
		return undo(err)
	}
	if err := os.Remove(filepath.Join(dir, "note")); err != nil {
		return undo(err)
	}
	good = true
	return nil
}

func Repair(dir string) error {
	l := New(filepath.Join(dir, "lock"))
	if _, err := l.Acquire(); err != nil {
		return err
	}
	err := settle(dir)
	if e := l.unlock(err == nil); err == nil {
		err = e
	}
	return err
}
