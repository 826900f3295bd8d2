package supervisor

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Limits are those of each single program, setrlimit(2). 0 is no limit.
type Limits struct {
	FileSize uint64 `json:",omitempty"` // of the largest file that it writes, in bytes; files in memory too
	Data     uint64 `json:",omitempty"` // private memory that can be written, in bytes. Not RLIMIT_AS: Go reserves addresses by the gigabyte.
	Files    uint64 `json:",omitempty"` // open descriptors
}

// set limits this process, and with it all programs: it writes no files itself. There are no core files.
func (l Limits) set() error {
	set := func(what string, resource int, n uint64) error {
		var now unix.Rlimit
		if err := unix.Getrlimit(resource, &now); err != nil {
			return fmt.Errorf("limit %s: %w", what, err)
		}
		n = min(n, now.Max) // by a lower one of the user's we abide
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: n, Max: n}); err != nil {
			return fmt.Errorf("limit %s: %w", what, err)
		}
		return nil
	}
	if err := set("core files", unix.RLIMIT_CORE, 0); err != nil {
		return err
	}
	for _, x := range []struct {
		what     string
		resource int
		n        uint64
	}{{"the size of files", unix.RLIMIT_FSIZE, l.FileSize}, {"memory", unix.RLIMIT_DATA, l.Data}, {"open files", unix.RLIMIT_NOFILE, l.Files}} {
		if x.n > 0 {
			if err := set(x.what, x.resource, x.n); err != nil {
				return err
			}
		}
	}
	return nil
}
