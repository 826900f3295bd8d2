package trace

import "golang.org/x/sys/unix"

// oldCalls are those that newer machines no longer have.
var oldCalls = []int{
	unix.SYS_OPEN, unix.SYS_CREAT, unix.SYS_RENAME, unix.SYS_LINK, unix.SYS_UNLINK, unix.SYS_MKDIR, unix.SYS_RMDIR, unix.SYS_SYMLINK,
	unix.SYS_STAT, unix.SYS_LSTAT, unix.SYS_ACCESS,
}

const fstatat = unix.SYS_NEWFSTATAT

func (t *Tracer) decodeOld(k *task, nr int) (r Record, wanted bool) {
	a := k.args
	switch nr {
	case unix.SYS_OPEN:
		r = Record{Op: Open, Call: "open", Path: t.path(k, at, a[0]), Flags: a[1]}
	case unix.SYS_CREAT:
		r = Record{Op: Open, Call: "creat", Path: t.path(k, at, a[0]), Flags: unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC}
	case unix.SYS_RENAME:
		r = Record{Op: Rename, Call: "rename", Path: t.path(k, at, a[0]), To: t.path(k, at, a[1])}
	case unix.SYS_LINK:
		r = Record{Op: Link, Call: "link", Path: t.path(k, at, a[0]), To: t.path(k, at, a[1])}
	case unix.SYS_UNLINK:
		r = Record{Op: Unlink, Call: "unlink", Path: t.path(k, at, a[0])}
	case unix.SYS_MKDIR:
		r = Record{Op: Mkdir, Call: "mkdir", Path: t.path(k, at, a[0])}
	case unix.SYS_RMDIR:
		r = Record{Op: Unlink, Call: "rmdir", Path: t.path(k, at, a[0])}
	case unix.SYS_SYMLINK:
		r = Record{Op: Symlink, Call: "symlink", To: text(k.tid, a[0]), Path: t.path(k, at, a[1])}
	case unix.SYS_STAT, unix.SYS_LSTAT, unix.SYS_ACCESS:
		r = Record{Op: Look, Call: "stat", Path: t.path(k, at, a[0])}
	}
	return r, t.below(r.Path) || t.below(r.To)
}
