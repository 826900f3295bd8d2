//go:build linux

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"forklings/checker/render"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// display is a terminal that is looked at: as much of an xterm as bubbletea makes use of (console_codes(4)).
type display struct {
	mutex          sync.Mutex
	columns, rows  int
	cells          [][]string // "" behind a wide character
	x, y           int
	top, bottom    int  // of the part that scrolls
	other          bool // the alternate screen is shown
	hidden, pasted bool // the cursor is; pastes are bracketed
	rest           []byte
	changed        chan struct{}
	raw            strings.Builder
}

func newDisplay(columns, rows int) *display {
	d := &display{changed: make(chan struct{}, 1)}
	d.resize(columns, rows)
	return d
}

func (d *display) resize(columns, rows int) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.columns, d.rows, d.x, d.y, d.top, d.bottom = columns, rows, 0, 0, 0, rows-1
	d.cells = nil
	for range rows {
		d.cells = append(d.cells, d.blank())
	}
}

func (d *display) blank() []string {
	row := make([]string, d.columns)
	for i := range row {
		row[i] = " "
	}
	return row
}

// text is what can be read.
func (d *display) text() string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	var b strings.Builder
	for _, row := range d.cells {
		b.WriteString(strings.TrimRight(strings.Join(row, ""), " ") + "\n")
	}
	return b.String()
}

func (d *display) Write(data []byte) (int, error) {
	d.mutex.Lock()
	d.raw.Write(data)
	d.rest = append(d.rest, data...)
	for {
		n := d.step(d.rest)
		if n == 0 {
			break
		}
		d.rest = d.rest[n:]
	}
	d.mutex.Unlock()
	select {
	case d.changed <- struct{}{}:
	default:
	}
	return len(data), nil
}

// step takes one character or sequence, and gives its length; 0: there is more to come.
func (d *display) step(b []byte) int {
	switch {
	case len(b) == 0:
		return 0
	case b[0] == 0x1b:
		return d.escape(b)
	case b[0] == '\r':
		d.x = 0
	case b[0] == '\n':
		d.feed()
	case b[0] == '\b':
		d.x = max(d.x-1, 0)
	case b[0] == '\t':
		d.x = min(d.x/8*8+8, d.columns-1)
	case b[0] < ' ':
	default:
		if !utf8.FullRune(b) {
			return 0
		}
		r, n := utf8.DecodeRune(b)
		d.put(string(r))
		return n
	}
	return 1
}

func (d *display) put(s string) {
	width := render.Width(s)
	if width == 0 {
		return
	}
	if d.x+width > d.columns {
		d.x = 0
		d.feed()
	}
	row := d.cells[d.y]
	if row[d.x] == "" { // the other half of a wide character is lost
		row[d.x-1] = " "
	}
	row[d.x] = s
	d.x += width
	if d.x < d.columns && row[d.x] == "" {
		row[d.x] = " "
	}
	if width == 2 {
		row[d.x-1] = ""
	}
}

func (d *display) feed() {
	if d.y != d.bottom {
		d.y = min(d.y+1, d.rows-1)
		return
	}
	copy(d.cells[d.top:d.bottom+1], d.cells[d.top+1:d.bottom+1])
	d.cells[d.bottom] = d.blank()
}

func (d *display) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case ']', 'P', '_': // up to the string's end
		for i := 2; i < len(b); i++ {
			if b[i] == 7 {
				return i + 1
			}
			if b[i] == '\\' && b[i-1] == 0x1b {
				return i + 1
			}
		}
		return 0
	case 'M':
		if d.y == d.top {
			copy(d.cells[d.top+1:d.bottom+1], d.cells[d.top:d.bottom])
			d.cells[d.top] = d.blank()
		} else {
			d.y--
		}
		return 2
	case '[':
	default:
		return 2
	}
	for i := 2; i < len(b); i++ {
		if b[i] >= 0x40 && b[i] <= 0x7e {
			d.control(string(b[2:i]), b[i])
			return i + 1
		}
	}
	return 0
}

func (d *display) control(args string, final byte) {
	if strings.HasPrefix(args, "?") {
		on := final == 'h'
		for mode := range strings.SplitSeq(args[1:], ";") {
			switch {
			case final != 'h' && final != 'l':
			case mode == "1049":
				if d.other != on {
					for i := range d.cells {
						d.cells[i] = d.blank()
					}
				}
				d.other = on
			case mode == "25":
				d.hidden = !on
			case mode == "2004":
				d.pasted = on
			}
		}
		return
	}
	if strings.ContainsAny(args, "<>=!$ ") {
		return
	}
	number := func(i, without int) int {
		f := strings.Split(args, ";")
		if i < len(f) {
			if n, err := strconv.Atoi(f[i]); err == nil && n > 0 {
				return n
			}
		}
		return without
	}
	n := number(0, 1)
	row := d.cells[d.y]
	d.x = min(d.x, d.columns-1)
	switch final {
	case 'A':
		d.y = max(d.y-n, 0)
	case 'B', 'e':
		d.y = min(d.y+n, d.rows-1)
	case 'C', 'a':
		d.x = min(d.x+n, d.columns-1)
	case 'D':
		d.x = max(d.x-n, 0)
	case 'G', '`':
		d.x = min(n, d.columns) - 1
	case 'd':
		d.y = min(n, d.rows) - 1
	case 'H', 'f':
		d.y, d.x = min(n, d.rows)-1, min(number(1, 1), d.columns)-1
	case 'I':
		d.x = min((d.x/8+n)*8, d.columns-1)
	case 'Z':
		d.x = max((d.x-1)/8-n+1, 0) * 8
	case 'X':
		for i := d.x; i < min(d.x+n, d.columns); i++ {
			row[i] = " "
		}
	case '@':
		d.cells[d.y] = append(append(append([]string{}, row[:d.x]...), d.blank()[:min(n, d.columns-d.x)]...), row[d.x:]...)[:d.columns]
	case 'P':
		n = min(n, d.columns-d.x)
		d.cells[d.y] = append(append(append([]string{}, row[:d.x]...), row[d.x+n:]...), d.blank()[:n]...)
	case 'b':
		for range n {
			d.put(row[max(d.x-1, 0)])
		}
	case 'K':
		from, to := d.x, d.columns
		switch number(0, 0) {
		case 1:
			from, to = 0, d.x+1
		case 2:
			from = 0
		}
		for i := from; i < to; i++ {
			row[i] = " "
		}
	case 'J':
		from, to := d.y+1, d.rows
		switch number(0, 0) {
		case 0:
			for i := d.x; i < d.columns; i++ {
				row[i] = " "
			}
		case 1:
			from, to = 0, d.y
		default:
			from = 0
		}
		for i := from; i < to; i++ {
			d.cells[i] = d.blank()
		}
	case 'r':
		d.top, d.bottom = n-1, number(1, d.rows)-1
		d.x, d.y = 0, 0
	case 'L', 'M', 'S', 'T':
		from := d.y
		if final == 'S' || final == 'T' {
			from = d.top
		}
		part := append([][]string{}, d.cells[from:d.bottom+1]...)
		n = min(n, len(part))
		var fresh [][]string
		for range n {
			fresh = append(fresh, d.blank())
		}
		if final == 'L' || final == 'T' {
			part = append(fresh, part[:len(part)-n]...)
		} else {
			part = append(part[n:], fresh...)
		}
		copy(d.cells[from:], part)
	case 'm', 'n', 'c', 't', 'q', 'u', 's', 'p', 'g':
	default:
		d.put(fmt.Sprintf("?%s%c?", args, final)) // not known here: a test that sees it is to learn it
	}
}

// session is a command on a display.
type session struct {
	*display
	t    *testing.T
	tty  *os.File
	cmd  *exec.Cmd
	over chan struct{} // nobody writes to the terminal any more
	done chan error
}

// begin starts a command on a terminal of that size.
func begin(t *testing.T, dir string, columns, rows int, env []string, command ...string) *session {
	t.Helper()
	s := &session{display: newDisplay(columns, rows), t: t, over: make(chan struct{}), done: make(chan error, 1)}
	s.cmd = exec.Command(command[0], command[1:]...)
	s.cmd.Dir = dir
	s.cmd.Env = env
	tty, err := pty.StartWithSize(s.cmd, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)})
	if err != nil {
		t.Fatal(err)
	}
	s.tty = tty
	go func() {
		defer close(s.over)
		for buf := make([]byte, 1<<16); ; {
			n, err := tty.Read(buf)
			s.Write(buf[:n])
			if err != nil {
				return
			}
		}
	}()
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() {
		s.cmd.Process.Kill()
		tty.Close()
	})
	return s
}

// patience bounds a wait for what must come: how soon a broken program is told, nothing else.
const patience = 90 * time.Second

// see waits until all of these stand on the screen, and none of what follows a "".
func (s *session) see(want ...string) string {
	s.t.Helper()
	end := time.After(patience)
	for over := false; ; {
		text, missing, not := s.text(), "", false
		for _, w := range want {
			if w == "" {
				not = true
			} else if strings.Contains(text, w) == not {
				missing = w
			}
		}
		if missing == "" {
			return text
		}
		select {
		case <-s.changed:
		case err := <-s.done:
			s.done <- err
			if <-s.over; !over { // the last look is at all that it has written
				over = true
				continue
			}
			s.t.Fatalf("it ended (%v) without %q\n%s", err, missing, s.text())
		case <-end:
			s.t.Fatalf("never: %q (not: %v)\n%s", missing, not, text)
		}
	}
}

// keys types.
func (s *session) keys(text string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// ends waits for the end, and gives the exit status.
func (s *session) ends() int {
	s.t.Helper()
	select {
	case err := <-s.done:
		s.done <- err
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		s.t.Fatalf("it does not end\n%s", s.text())
	}
	return -1
}

func (s *session) size(columns, rows int) {
	s.t.Helper()
	s.resize(columns, rows)
	if err := pty.Setsize(s.tty, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) modes() unix.Termios {
	s.t.Helper()
	m, err := unix.IoctlGetTermios(int(s.tty.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}
	return *m
}

// left waits until no process is below the folder and no temporary folder is there.
func (s *session) left(dir, temporary string) {
	s.t.Helper()
	what := func() []string {
		folders, _ := filepath.Glob(filepath.Join(temporary, "*forklings-*"))
		return append(processesBelow(dir), folders...)
	}
	for end := time.Now().Add(patience); len(what()) > 0; time.Sleep(5 * time.Millisecond) { // between two looks at a fact
		if time.Now().After(end) {
			s.t.Fatalf("left: %s", strings.Join(what(), "\n"))
		}
	}
}
