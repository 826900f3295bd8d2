package build

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/kit"
)

// What strangers hand in is built with a cache of the build's own, which ends with it: what a compiler with a fault could be made
// to write there meets nobody else's build. Go's cache stands behind it, and is only read. The go tool asks a program for
// both (GOCACHEPROG, pkg.go.dev/cmd/go#hdr-Build_and_test_caching), and that program is this one.

// role as the first argument makes a program the cache of a build. The others are the folder of its own, and Go's cache.
const role = "forklings-build-cache"

func init() {
	if len(os.Args) == 4 && os.Args[1] == role {
		if err := serve(store{os.Args[2], os.Args[3]}, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// isolate gives the build a cache of its own above Go's, which is only read from here on.
func (b *builder) isolate(handed []attempt.Handed) {
	own := filepath.Join(b.dir, "cache")
	program := apart(own, b.cache)
	if b.cache == "" || program == "" {
		return
	}
	b.warm(handed)
	b.apart = []string{"GOCACHE=" + own, "GOCACHEPROG=" + program}
	if b.writes != nil {
		b.writes = []string{b.dir}
	}
}

// warmed has the folders of exercises whose untouched stubs were built.
var warmed = struct {
	sync.Mutex
	dirs map[string]bool
}{dirs: map[string]bool{}}

// warm builds what the kit itself has for these exercises, once in a process, with their untouched stubs: so Go's cache has it for every
// build to come. What goes wrong here goes wrong again where somebody hears of it, and is tried again with the next build.
func (b *builder) warm(handed []attempt.Handed) {
	warmed.Lock()
	defer warmed.Unlock()
	var stubs []attempt.Handed
	for _, h := range handed {
		if !warmed.dirs[h.Exercise.Dir] {
			stubs = append(stubs, attempt.Single(h.Exercise, h.Exercise.StubFile()))
		}
	}
	if len(stubs) == 0 {
		return
	}
	out, err := b.build(os.DevNull, stubs)
	for _, h := range stubs {
		warmed.dirs[h.Exercise.Dir] = err == nil && out.ok
	}
}

// apart is the value of GOCACHEPROG for a build with a cache of its own; "" where a path cannot be written in it.
func apart(own, behind string) string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	words := []string{program, role, own, behind}
	for i, w := range words {
		switch {
		case !strings.Contains(w, "'"):
			words[i] = "'" + w + "'"
		case !strings.Contains(w, `"`):
			words[i] = `"` + w + `"`
		default:
			return ""
		}
	}
	return strings.Join(words, " ")
}

// strangers reports whether an attempt is none of the kit's own.
func strangers(k *kit.Kit, handed []attempt.Handed) bool {
	return slices.ContainsFunc(handed, func(h attempt.Handed) bool {
		rel, err := filepath.Rel(k.Root, h.Dir)
		return h.Dir != "" && (err != nil || !filepath.IsLocal(rel))
	})
}

// request and response are the go tool's, pkg.go.dev/cmd/go/internal/cacheprog.
type request struct {
	ID       int64
	Command  string
	ActionID []byte
	OutputID []byte
	BodySize int64
}

type response struct {
	ID            int64
	Err           string     `json:",omitempty"`
	KnownCommands []string   `json:",omitempty"`
	Miss          bool       `json:",omitempty"`
	OutputID      []byte     `json:",omitempty"`
	Size          int64      `json:",omitempty"`
	Time          *time.Time `json:",omitempty"`
	DiskPath      string     `json:",omitempty"`
}

// serve answers the go tool until it says that it needs nothing more, or has ended.
func serve(s store, in io.Reader, out io.Writer) error {
	requests, answers := json.NewDecoder(bufio.NewReaderSize(in, 1<<20)), json.NewEncoder(out)
	if err := answers.Encode(response{KnownCommands: []string{"get", "put", "close"}}); err != nil {
		return err
	}
	for {
		var q request
		if err := requests.Decode(&q); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		a := response{ID: q.ID}
		switch q.Command {
		case "get":
			if e, ok := s.get(q.ActionID); ok {
				a.OutputID, a.Size, a.Time, a.DiskPath = e.output, e.size, &e.when, e.file
			} else {
				a.Miss = true
			}
		case "put":
			var body []byte
			if q.BodySize > 0 {
				if err := requests.Decode(&body); err != nil {
					return err
				}
			}
			file, err := s.put(q.ActionID, q.OutputID, body)
			if err != nil {
				a.Err = err.Error()
			}
			a.DiskPath = file
		}
		if err := answers.Encode(a); err != nil || q.Command == "close" {
			return err
		}
	}
}

// store has what was built: own is written and read, behind only read. Both are as Go's cache is: in a folder for the first byte of
// an ID, ID-a says which output an action had, and ID-d is an output. Nobody promises that of Go's; where it is otherwise, more
// is built than needs be.
type store struct{ own, behind string }

type entry struct {
	output []byte
	size   int64
	when   time.Time
	file   string
}

func (s store) get(action []byte) (entry, bool) {
	for _, dir := range []string{s.own, s.behind} {
		if e, ok := look(dir, action); ok {
			return e, true
		}
	}
	return entry{}, false
}

// look finds what an action had put out: a line of a version, the action, the output, its size in bytes, and when in nanoseconds.
func look(dir string, action []byte) (e entry, ok bool) {
	line, err := os.ReadFile(name(dir, action, "a"))
	if err != nil {
		return e, false
	}
	words := strings.Fields(string(line))
	if len(words) != 5 || words[0] != "v1" || words[1] != hex.EncodeToString(action) {
		return e, false
	}
	var nanoseconds int64
	var errs [3]error
	e.output, errs[0] = hex.DecodeString(words[2])
	e.size, errs[1] = strconv.ParseInt(words[3], 10, 64)
	nanoseconds, errs[2] = strconv.ParseInt(words[4], 10, 64)
	e.when, e.file = time.Unix(0, nanoseconds), name(dir, e.output, "d")
	info, err := os.Stat(e.file)
	return e, errs == [3]error{} && err == nil && info.Mode().IsRegular() && info.Size() == e.size
}

func (s store) put(action, output, body []byte) (file string, err error) {
	file = name(s.own, output, "d")
	line := fmt.Sprintf("v1 %x %x %20d %20d\n", action, output, len(body), time.Now().UnixNano())
	for _, f := range []struct {
		name string
		data []byte
	}{{file, body}, {name(s.own, action, "a"), []byte(line)}} {
		if err := os.MkdirAll(filepath.Dir(f.name), 0o777); err != nil {
			return "", err
		}
		if err := os.WriteFile(f.name, f.data, 0o666); err != nil {
			return "", err
		}
	}
	return file, nil
}

func name(dir string, id []byte, kind string) string {
	text := hex.EncodeToString(id)
	return filepath.Join(dir, (text + "00")[:2], text+"-"+kind)
}
