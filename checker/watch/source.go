package watch

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"forklings/checker/lang"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"
)

const (
	settle = 15 * time.Millisecond  // one save is several events
	most   = 100 * time.Millisecond // of them are waited for
	poll   = 250 * time.Millisecond // between two looks at the current exercise, where nothing is told
	check  = time.Second            // between two looks where it is
	grace  = time.Second            // that an event may come later than the content that it tells of
	rare   = 8                      // every so many looks, at all exercises
)

// source tells that exercises' files may have changed: because the kernel says so (inotify(7)), and by the clock, because
// it does not say everything. Whether they have is for the engine to see.
type source struct {
	lang lang.Lang
	root string   // the folder that holds the exercises' folders
	dirs []string // of the exercises
	wake chan struct{}

	mutex   sync.Mutex
	current int
	told    map[int]bool
	clock   bool // the current one is to be looked at
	all     bool // all are
	doubt   map[int]time.Time
	polling string

	deaf bool // for a test: the kernel tells nothing
}

func newSource(l lang.Lang, root string, dirs []string) *source {
	return &source{lang: l, root: root, dirs: dirs, wake: make(chan struct{}, 1), told: map[int]bool{}, doubt: map[int]time.Time{}}
}

// take gives the exercises to look at, and whether the kernel has told of each.
func (s *source) take() map[int]bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	look := s.told
	if s.clock || s.all {
		look[s.current] = look[s.current]
	}
	for i := range s.dirs {
		if s.all {
			look[i] = look[i]
		}
	}
	s.told, s.clock, s.all = map[int]bool{}, false, false
	return look
}

// missed notes that an exercise has changed and the kernel has not said so, neither before the look nor while it was made. When it
// still has not a little later, the kernel is not relied on any more.
func (s *source) missed(i int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.told[i] {
		return
	}
	if _, known := s.doubt[i]; !known {
		s.doubt[i] = time.Now()
	}
}

// look chooses the current exercise, which is looked at more often.
func (s *source) look(current int) {
	s.mutex.Lock()
	s.current = current
	s.mutex.Unlock()
}

// why says what keeps the kernel from telling; "" where nothing does.
func (s *source) why() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.polling
}

func (s *source) fallBack(why string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.polling == "" {
		s.polling = why
	}
}

func (s *source) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run tells until ctx is done. With polling, only the clock does.
func (s *source) run(ctx context.Context, polling bool) {
	var events <-chan fsnotify.Event
	var errs <-chan error
	var w *fsnotify.Watcher
	if polling {
		s.fallBack(s.lang.Text("you asked for it"))
	} else {
		var err error
		if w, err = fsnotify.NewWatcher(); err == nil {
			defer w.Close()
			events, errs = w.Events, w.Errors
			err = s.add(w)
		}
		if err != nil {
			s.fallBack(explain(s.lang, err))
		} else if name := shared(s.root); name != "" {
			s.fallBack(s.lang.Sprintf("this folder is on %s, which does not tell of every change", name))
		}
	}
	s.signal()
	index := map[string]int{}
	for i, dir := range s.dirs {
		index[dir] = i
	}
	var settled <-chan time.Time
	var first time.Time
	interval := check
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for n := 1; ; {
		if s.why() != "" && interval != poll {
			interval = poll
			tick.Reset(interval)
		}
		select {
		case <-ctx.Done():
			return
		case ev := <-events:
			if ev.Op == fsnotify.Chmod || s.deaf {
				continue
			}
			s.hear(w, index, ev)
			if settled == nil {
				first = time.Now()
			}
			if settled == nil || time.Since(first) < most {
				settled = time.After(settle)
			}
		case err := <-errs: // such as an overflow of the queue: anything may have changed
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				s.fallBack(explain(s.lang, err))
			}
			s.mutex.Lock()
			s.all = true
			s.mutex.Unlock()
			s.signal()
		case <-settled:
			settled = nil
			s.signal()
		case <-tick.C:
			s.ticked(n%rare == 0)
			if w != nil && n%rare == 0 {
				s.add(w) // folders that were made anew
			}
			n++
			s.signal()
		}
	}
}

func (s *source) add(w *fsnotify.Watcher) (err error) {
	if err := w.Add(s.root); err != nil {
		return err
	}
	for _, dir := range s.dirs {
		if one := w.Add(dir); one != nil && !errors.Is(one, unix.ENOENT) {
			err = one
		}
	}
	return err
}

// hear notes whose folder an event is about.
func (s *source) hear(w *fsnotify.Watcher, index map[string]int, ev fsnotify.Event) {
	i, ok := index[filepath.Dir(ev.Name)]
	if folder, is := index[ev.Name]; is { // the folder itself: made, moved or removed
		i, ok = folder, true
		if ev.Has(fsnotify.Create) {
			w.Remove(ev.Name)
			w.Add(ev.Name)
		}
	}
	if !ok {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.told[i] = true
	delete(s.doubt, i)
}

func (s *source) ticked(all bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.clock, s.all = true, s.all || all
	for _, since := range s.doubt {
		if time.Since(since) > grace && s.polling == "" {
			s.polling = s.lang.Text("a save was not told by the kernel, as happens in shared folders")
		}
	}
}

// explain says why the kernel does not tell.
func explain(l lang.Lang, err error) string {
	switch {
	case errors.Is(err, unix.ENOSPC):
		return l.Text("no more watches are to be had (sysctl fs.inotify.max_user_watches)")
	case errors.Is(err, unix.EMFILE):
		return l.Text("no more watchers are to be had (sysctl fs.inotify.max_user_instances)")
	}
	return printable(l.Sprintf("watching the folder failed: %v", err))
}

// shared names the file system where it is one whose files others change without this kernel; else "".
func shared(dir string) string {
	var st unix.Statfs_t
	if unix.Statfs(dir, &st) != nil {
		return ""
	}
	const vboxsf, prlfs = 0x786f4256, 0x7c7c6673
	return map[uint32]string{
		unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.SMB2_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "SMB", unix.V9FS_MAGIC: "9P",
		unix.FUSE_SUPER_MAGIC: "FUSE", unix.CEPH_SUPER_MAGIC: "Ceph", unix.AFS_SUPER_MAGIC: "AFS", vboxsf: "vboxsf", prlfs: "prl_fs",
	}[uint32(st.Type)]
}

// announceAll has everything looked at.
func (s *source) announceAll() {
	s.mutex.Lock()
	s.all = true
	for i := range s.dirs {
		s.told[i] = true
	}
	s.mutex.Unlock()
	s.signal()
}
