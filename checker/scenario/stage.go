package scenario

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"forklings/checker/explore"
	"forklings/checker/lang"
	"forklings/checker/proc"
	"forklings/checker/result"
	"forklings/checker/sandbox"
	"forklings/checker/script"
	"forklings/checker/supervisor"
	"forklings/checker/syncpoint"
	"forklings/checker/trace"

	"golang.org/x/sys/unix"
)

// stage is where one scenario plays. It is used by one goroutine only, and everything it learns comes through
// descriptors that pump polls, so that "nothing is pending" is a question with an answer.
type stage struct {
	Play
	ctx     context.Context
	script  script.Script
	points  map[string]bool // where processes are held
	hear    func(Event)     // by hand: told what happens
	holdAll bool            // by hand: hold everybody everywhere
	busy    map[string]bool // declared to be busy by design
	stretch time.Duration   // the times of the script are so many times longer
	late    bool            // the play was too slow for them

	work, bin string
	seen      string // work, as it is seen from here
	box       *sandbox.Sandbox
	proc      *proc.FS
	listener  int
	fresh     []int // connected, nothing said so far
	byName    map[string]*process
	byPID     map[int]*process
	cast      []*process    // everybody, in the order of appearance
	timers    map[int]timer // by PID: ITIMER_REAL
	sockets   map[socket]time.Duration

	reply   *supervisor.Report
	replyFD int
	number  int       // the PID that the next start is to have, 0: any
	lost    error     // the supervisor is gone
	stormed bool      // a fork was refused: too many processes
	disked  time.Time // the folder was last looked through

	traced  *traced         // when the play is traced
	turns   *turns          // while processes take turns
	player  *explore.Player // who chooses the turns of this play
	victims []int           // who is killed in some of the orders
	moment  int             // how many points and calls were announced

	histories map[string]*past // by object
	unclear   error            // a history that cannot be decided
	breaks    int              // when what came back cannot be explained

	closing bool

	last    proc.Look
	most    result.Effort
	detail  string // who was busy, and how
	verdict *result.Scenario

	active   int // who was busy, and what it kept doing
	activity string
}

func newStage(ctx context.Context, p Play, parsed script.Script) *stage {
	return &stage{
		Play: p, ctx: ctx, script: parsed, points: parsed.Points(), listener: -1, stretch: 1,
		player: &explore.Player{}, busy: map[string]bool{}, byName: map[string]*process{}, byPID: map[int]*process{}, timers: map[int]timer{},
		sockets: map[socket]time.Duration{}, histories: map[string]*past{},
	}
}

func (s *stage) open(work string) (err error) {
	s.work, s.seen, s.bin = cmp.Or(s.At, work), work, filepath.Join(s.Dir, ".bin", s.Program) // not in work, which programs may write to
	if err := os.Mkdir(filepath.Dir(s.bin), 0o755); err != nil {
		return err
	}
	if s.Binary != "" {
		if err := link(s.Binary, s.bin); err != nil {
			return err
		}
	}
	if err := os.Symlink(s.work, filepath.Join(filepath.Dir(s.bin), syncpoint.Work)); err != nil {
		return err
	}
	if s.listener, err = listen(filepath.Dir(s.bin)); err != nil {
		return err
	}
	if s.hear == nil { // by hand a program is trusted
		s.Sandbox.Own, s.Sandbox.Work = filepath.Dir(s.bin), s.work
	}
	s.Sandbox.Holds = s.script.Uses("hold")
	s.Sandbox.Numbers = s.script.Uses("reuse") || s.script.Uses("protect")
	if s.Trace {
		if s.Files == "" {
			s.Files = s.work
		}
		s.Sandbox.Trace = s.Files
		s.traced = &traced{halted: map[int]bool{}}
	}
	if s.box, err = sandbox.Start(s.Sandbox); err == nil {
		if s.proc, err = proc.Open(s.box.Proc()); err == nil {
			err = s.furnish(work)
		}
	}
	if err != nil {
		s.close()
	}
	return err
}

// furnish puts the script's files where the programs find them.
func (s *stage) furnish(from string) error {
	switch {
	case s.box.Sized:
		s.seen = s.box.Seen
		return os.CopyFS(s.seen, os.DirFS(from)) // in the order of their names: so their inode numbers rise, too
	case s.At != "":
		return lang.Errorf("the scenario's folder is no file system of its own any more")
	case s.script.Uses("explore"):
		return orderInodes(s.work)
	}
	return nil
}

// link gives the program its name by a hard link, so that os.Executable in it names that; a symbolic link
// would be resolved. On another file system it is a copy.
func link(from, to string) error {
	os.Chmod(from, 0o555) // another scenario's program may have taken the right to run it away
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func listen(dir string) (int, error) {
	d, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	defer unix.Close(d)
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, err
	}
	at := &unix.SockaddrUnix{Name: fmt.Sprintf("/proc/self/fd/%d/%s", d, syncpoint.Socket)}
	if err := unix.Bind(fd, at); err != nil {
		unix.Close(fd)
		return -1, lang.Errorf("bind %s: %w", filepath.Join(dir, syncpoint.Socket), err)
	}
	return fd, unix.Listen(fd, 4096)
}

// close ends everything. An error means that processes may be left.
func (s *stage) close() (err error) {
	s.closing = true
	s.proc.Close() // before: what is open there, the kernel has to look for at the end of its process
	if s.box != nil {
		err = s.end()
	}
	if s.listener >= 0 {
		unix.Close(s.listener)
	}
	for _, fd := range s.fresh {
		unix.Close(fd)
	}
	for _, p := range s.cast {
		p.release()
		unix.Close(p.pidfd)
	}
	return err
}

func (s *stage) start(name, role string, args []string) error {
	if s.byName[name] != nil {
		return lang.Errorf("%s has shown itself already", name)
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.work, "TMPDIR=" + s.work}
	if s.script.Uses("explore") {
		env = append(env, "GOMAXPROCS=1") // one process has the turn at a time: fewer threads make it faster
	}
	return s.launch(name, supervisor.Request{
		Op: "start", Path: s.bin, Args: append([]string{s.bin, role}, s.arguments(args)...), Dir: s.work, Env: env,
		Out: filepath.Join(s.work, outputFile(name, "stdout")), Err: filepath.Join(s.work, outputFile(name, "stderr")),
	})
}

// launch has the supervisor start a program, and gives the process its name.
func (s *stage) launch(name string, r supervisor.Request, files ...int) error {
	r.PID, s.number = s.number, 0
	if err := s.ask(r, files...); err != nil {
		return err
	}
	s.add(&process{name: name, pid: s.reply.PID, pidfd: s.replyFD, started: true, as: strings.Join(r.Args[1:], "\x00")})
	return nil
}

func (s *stage) add(p *process) {
	p.proc, p.reached, p.says = s.proc, map[string]bool{}, map[string]string{}
	s.byPID[p.pid], s.byName[p.name] = p, p // a number used again is the newcomer's
	s.cast = append(s.cast, p)
	s.note(p, trace.Named, p.name, "")
}

// release lets a process go on. When there is nothing to release, an earlier line should have waited for it.
func (s *stage) release(name, point string) error {
	p := s.byName[name]
	if p == nil || len(p.holds) == 0 {
		return s.missed(name, lang.Errorf("nothing to release: %s", s.describe(name)))
	}
	i := len(p.holds) - 1
	if point != "" {
		if i = p.heldAt(point); i < 0 {
			return s.missed(name, lang.Errorf("nothing to release at %s: %s", point, s.describe(name)))
		}
	}
	p.released, p.idled, p.since, p.met = time.Now(), false, len(p.sequence), nil
	if !s.turns.hold() {
		s.goesOn(p, p.holds[i])
	}
	s.let(p.holds[i])
	p.holds = append(p.holds[:i], p.holds[i+1:]...)
	return nil
}

func (s *stage) signal(name string, sig unix.Signal) error {
	p := s.byName[name]
	if p == nil {
		return lang.Errorf("nobody to signal: %s", s.describe(name))
	}
	if s.traced != nil {
		s.record(trace.Record{At: trace.Now(), PID: p.pid, Op: trace.Sent, Signal: unix.SignalName(sig)})
	}
	if err := unix.PidfdSendSignal(p.pidfd, sig, nil, 0); err != nil {
		return s.missed(name, lang.Errorf("%s to %s: %w", unix.SignalName(sig), name, err))
	}
	return nil
}

// let lets a process go on from where it is held.
func (s *stage) let(h hold) {
	if h.tid == 0 {
		let(h.conn)
		return
	}
	if err := s.box.Send(supervisor.Request{Op: "go", TID: h.tid}); err != nil {
		s.lost = err
	}
}

func let(conn int) {
	unix.Sendto(conn, []byte{1}, unix.MSG_NOSIGNAL, nil)
	unix.Close(conn)
}

// timer is what setitimer was last asked for.
type timer struct {
	interval time.Duration // 0: it goes off once
	until    time.Time
}

// timerRuns reports whether the process has set a timer, and when it goes off.
func (s *stage) timerRuns(pid int) (left time.Duration, running bool) {
	t, ok := s.timers[pid]
	if left = time.Until(t.until); left <= 0 {
		left = t.interval
	}
	return left, ok && left > 0
}

// excuses are what the looks at /proc need to know beyond it.
func (s *stage) excuses() proc.Excuses {
	x := proc.Excuses{Busy: s.busyPIDs(), Timer: s.timerRuns}
	if s.traced != nil {
		x.Halted = func(pid, tid int) bool { return s.traced.halted[pid] || s.turns.parked(tid) || s.heldBefore(tid) }
	}
	if s.script.Uses("hold") {
		x.Held = s.heldBefore
	}
	if len(s.sockets) > 0 {
		x.Socket = func(name string, sends bool) time.Duration { return s.sockets[socket{name, sends}] }
	}
	return x
}

// socket is one direction of a socket that was given a timeout.
type socket struct {
	name  string
	sends bool
}
