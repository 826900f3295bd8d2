package timeline

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"forklings/checker/lang"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// file says what was done with a file, a pipe or a socket.
func (b *builder) file(r trace.Record) string {
	name := b.short(r.Path)
	switch r.Op {
	case trace.Open:
		how := lang.Mark("opens %s")
		switch create := r.Flags&unix.O_CREAT != 0; {
		case create && r.Flags&unix.O_EXCL != 0:
			how = lang.Mark("creates %s")
		case create && r.Flags&unix.O_TRUNC != 0:
			how = lang.Mark("empties or creates %s")
		case create:
			how = lang.Mark("opens or creates %s")
		case r.Flags&unix.O_TRUNC != 0:
			how = lang.Mark("empties %s")
		}
		return b.failed(b.lang.Say(how, name), r)
	case trace.Close:
		switch r.Data {
		case kept:
			return b.lang.Sprintf("closes %s, not the descriptor that it locked", name)
		case lost:
			return b.lang.Sprintf("closes %s, and so loses its lock", name)
		}
		return b.lang.Sprintf("closes %s", name)
	case trace.Read, trace.Write:
		what := b.lang.Sprintf("reads from %s", name)
		if r.Op == trace.Write {
			what = b.lang.Sprintf("writes to %s", name)
		}
		switch {
		case r.Phase == trace.Begins && r.Op == trace.Write:
			return b.lang.Sprintf("waits to write to %s", name)
		case r.Phase == trace.Begins:
			return b.lang.Sprintf("waits to read from %s", name)
		case r.Failure == "EAGAIN" && trace.Channel(r.Path) && r.Op == trace.Write:
			return b.lang.Sprintf("finds %s full", name)
		case r.Failure == "EAGAIN" && trace.Channel(r.Path):
			return b.lang.Sprintf("finds %s empty", name)
		case r.Failure != "":
			return b.failed(what, r)
		case r.Times > 1:
			return b.lang.Sprintf("%s: %d bytes in %d calls", what, r.N, r.Times)
		case r.Op == trace.Read && r.N == 0:
			return b.lang.Sprintf("%s: end of file", what)
		}
		return b.lang.Sprintf("%s: %s", what, b.quote(r.Data, r.N))
	case trace.Lock:
		return b.lock(r, name)
	case trace.Rename:
		return b.failed(b.lang.Sprintf("renames %s to %s", name, b.short(r.To)), r)
	case trace.Link:
		return b.failed(b.lang.Sprintf("links %s as %s", name, b.short(r.To)), r)
	case trace.Unlink:
		return b.failed(b.lang.Sprintf("removes %s", name), r)
	case trace.Truncate:
		return b.failed(b.lang.Sprintf("cuts %s", name), r)
	case trace.Mkdir:
		return b.failed(b.lang.Sprintf("makes the folder %s", name), r)
	case trace.Symlink:
		return b.failed(b.lang.Sprintf("makes %s a symbolic link", name), r)
	case trace.Look:
		if r.Failure == "" {
			return b.lang.Sprintf("finds %s", name)
		}
		return b.failed(b.lang.Sprintf("looks for %s", name), r)
	case trace.Arranged:
		return b.lang.Sprintf("the scenario changes %s here", name)
	case trace.Turn:
		return b.lang.Sprintf("has to wait: it is the turn of %s", b.who(r.Target))
	}
	return ""
}

func (b *builder) lock(r trace.Record, name string) string {
	if r.Unlocks() {
		return b.failed(b.lang.Sprintf("unlocks %s", name), r)
	}
	switch {
	case r.Phase == trace.Begins:
		return b.lang.Sprintf("wants to lock %s", name)
	case r.Failure == "EAGAIN" || r.Failure == "EWOULDBLOCK" || r.Failure == "EACCES":
		return b.lang.Sprintf("finds %s locked", name)
	}
	return b.failed(b.lang.Sprintf("locks %s", name), r)
}

// short names a file below the scenario's folder by its name there, and channels by numbers.
func (b *builder) short(path string) string {
	if trace.Channel(path) {
		if b.channels[path] == "" {
			kind := lang.Mark("pipe %d")
			if strings.HasPrefix(path, "socket:") {
				kind = lang.Mark("socket %d")
			}
			b.channels[path] = b.lang.Say(kind, len(b.channels)+1)
		}
		return b.channels[path]
	}
	if rest, ok := strings.CutPrefix(path, b.dir+"/"); ok {
		return rest
	}
	return path
}

// quote shows the beginning of what was read or written, and says how much it was in all. Of what is long and
// no text, or has no letters, it says only that; where it was cut, there may be a part of a character.
func (b *builder) quote(data string, n int64) string {
	const most = 24
	for range utf8.UTFMax - 1 {
		if int64(len(data)) < n {
			data = strings.TrimSuffix(data, string(utf8.RuneError))
		}
	}
	if strings.ContainsRune(data, utf8.RuneError) {
		return b.lang.Sprintf("%d bytes", n)
	}
	control := strings.ContainsFunc(data, func(c rune) bool { return unicode.IsControl(c) && !strings.ContainsRune("\n\r\t", c) })
	long := len(data) > most || int64(len(data)) < n
	if control && (long || !strings.ContainsFunc(data, unicode.IsLetter)) {
		return b.lang.Sprintf("%d bytes", n)
	}
	if long {
		return b.lang.Sprintf("%s... (%d bytes)", quoted(data[:min(len(data), most)]), n)
	}
	return quoted(data)
}

// quoted puts a text with quotes in it between back quotes, so that it is read as it is.
func quoted(data string) string {
	if strings.ContainsAny(data, `"\`) && strconv.CanBackquote(data) {
		return "`" + data + "`"
	}
	return strconv.Quote(data)
}
