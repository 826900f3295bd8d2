package trace

import "golang.org/x/sys/unix"

// oldCalls are those that newer machines no longer have.
var oldCalls = []int{unix.SYS_OPEN, unix.SYS_CREAT, unix.SYS_RENAME, unix.SYS_LINK, unix.SYS_UNLINK}

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
	}
	return r, t.below(r.Path) || t.below(r.To)
}
