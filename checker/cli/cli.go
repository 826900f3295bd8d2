// Package cli is the command: what each of its subcommands does, prints and returns.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/format"
	"forklings/checker/grade"
	"forklings/checker/lang"
	"forklings/checker/sandbox"
	"forklings/checker/syllabus"

	"golang.org/x/sys/unix"
)

// Exit statuses, the same for every subcommand.
const (
	OK          = 0
	Failed      = 1 // something did not pass, or was refused
	Usage       = 2 // the command was called wrongly
	CannotJudge = 3 // the machine's or the kit's fault, never the learner's
	Interrupted = 130
	Gone        = 141 // nobody reads the output any more, as after `| head`; 128+SIGPIPE, as of other commands
)

// Streams are where the command reads and writes.
type Streams struct {
	In       *os.File
	Out, Err io.Writer
	Redraw   bool // Err is a terminal on which a line can be drawn anew
	Color    bool // Out is a terminal that shows colours, and nobody forbade them
	Width    int  // of the terminal that Out is, in columns; 0: it is none
}

// command is a subcommand. Its page of help is in pages.
type command struct {
	args   string
	says   lang.Words // in a line
	run    func(ctx context.Context, c *call) error
	flags  func(c *call)
	author bool // for who writes exercises
}

// call is one run of a subcommand.
type call struct {
	Streams
	flag.FlagSet
	args  []string
	words []string // behind --
	opt   options
	share []attempt.Handed
	trace grade.Trace
	lang  lang.Lang
	told  string // what was said of the memory
	kept  *keeper

	syllabus *syllabus.Course // by which is graded; nil without a course file
	whole    bool             // everything that the course counts is graded, not a few exercises
}

// options are the values of all flags; a subcommand declares those that it has.
type options struct {
	kit, attempt, format, out, tier, only, replay, lang           string
	chapter, state                                                string
	course, repository, ref, require                              string
	jobs, repeat, load, number                                    int
	noLandlock, noCgroups, noPtrace, noTimeline, all, giveUp, yes bool
	step, verbose, check, shared, full, first, diff               bool
	python, poll                                                  bool
	limit                                                         time.Duration
	db, csv, html, shard, exercises                               string // of a class
	hide                                                          bool
}

// status is an error that ends the command with this exit status; without text nothing more is printed.
type status struct {
	code int
	text string
}

func (s status) Error() string { return s.text }

// misuse is the error of a command that was called wrongly, to be said in the reader's language.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

func usage(format string, args ...any) error { return misuse{lang.Errorf(format, args...)} }

// Main runs the command with these arguments, and returns its exit status.
func Main(args []string) int {
	signal.Ignore(syscall.SIGPIPE) // a closed pipe is a failed write, not a death with processes left
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	defer sandbox.Close()
	s := streams()
	err := run(ctx, args, s)
	l := spoken(args)
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		fmt.Fprintln(s.Err, "checker:", l.Text("interrupted; nothing is left running"))
		return Interrupted
	}
	var st status
	var wrong misuse
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return OK
	case errors.As(err, &wrong):
		fmt.Fprintln(s.Err, "checker:", l.Error(wrong.error))
		return Usage
	case errors.As(err, &st):
		if st.code == OK {
			fmt.Fprintln(s.Out, st.text)
		} else if st.text != "" {
			fmt.Fprintln(s.Err, "checker:", st.text)
		}
		return st.code
	}
	if errors.Is(err, errGone) {
		return Gone
	}
	fmt.Fprintln(s.Err, "checker:", explain(l, err))
	return CannotJudge
}

// spoken is the language of these arguments and this environment, whether the arguments are right or not.
func spoken(args []string) lang.Lang {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	format := ""
	for i, arg := range args {
		name, value, joined := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if !strings.HasPrefix(arg, "-") || name != "lang" && name != "format" {
			continue
		}
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		if name == "format" {
			format = value
		} else if l, ok := lang.Parse(value); ok {
			return l
		}
	}
	if known(format) && format != "text" { // what programs read is English unless it was asked for otherwise
		return lang.English
	}
	return lang.FromEnvironment(os.Getenv)
}

// known: it is a form of some command's results.
func known(name string) bool {
	_, found := format.Find(name)
	return found
}

// streams are this process's, and what can be done with them.
func streams() Streams {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	able := os.Getenv("TERM") != "dumb"
	if size, err := unix.IoctlGetWinsize(int(os.Stdout.Fd()), unix.TIOCGWINSZ); err == nil {
		if s.Width = int(size.Col); s.Width == 0 { // a terminal that does not know
			s.Width = 80
		}
		s.Color = able && os.Getenv("NO_COLOR") == ""
	}
	_, err := unix.IoctlGetWinsize(int(os.Stderr.Fd()), unix.TIOCGWINSZ)
	s.Redraw = err == nil && able
	return s
}

func run(ctx context.Context, args []string, s Streams) error {
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if len(args) > 0 && name == "" && slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		name, args = "help", nil
	}
	c := &call{Streams: s, lang: spoken(args)}
	cmd, ok := commands()[name]
	if !ok {
		return c.noCommand(name)
	}
	c.Init("checker "+name, flag.ContinueOnError)
	c.SetOutput(io.Discard)
	if cmd.flags != nil {
		cmd.flags(c)
	}
	if i := slices.Index(args, "--"); i >= 0 && (name == "trace" || name == "completion") {
		args, c.words = args[:i], append([]string{}, args[i+1:]...)
	}
	err := c.parse(args, name == "run")
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return c.page(name, cmd)
		}
		return c.misused(err, name)
	}
	if c.isSet("lang") {
		if _, ok := lang.Parse(c.opt.lang); !ok {
			return usage("-lang %q: there are en and zh", c.opt.lang)
		}
	}
	if cmd.args == "" && name != "" && len(c.args) > 0 {
		return usage("%s takes no arguments; `checker help %[1]s` shows what it takes", name)
	}
	return cmd.run(ctx, c)
}

// parse takes flags anywhere among the arguments; of run, what stands behind the exercise is the program's.
func (c *call) parse(args []string, pass bool) error {
	for {
		if err := c.Parse(args); err != nil {
			return err
		}
		args = c.FlagSet.Args()
		if len(args) == 0 {
			return nil
		}
		c.args, args = append(c.args, args[0]), args[1:]
		if pass {
			c.args = append(c.args, args...)
			return nil
		}
	}
}

// isSet reports whether the flag was given.
func (c *call) isSet(name string) (set bool) {
	c.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}

// columns is how wide text may be.
func (c *call) columns() int {
	if c.Width == 0 {
		return 80
	}
	return max(c.Width, 30)
}

// plural is "1 file" or "2 files".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// errGone is that of an output that nobody reads any more. The reader has what it wanted: nothing is said of it.
var errGone = errors.New("the output is gone")

// printf writes to the output.
func (c *call) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(c.Out, format, args...)
	if errors.Is(err, syscall.EPIPE) {
		return errGone
	}
	if err != nil {
		return lang.Errorf("cannot write the output: %w", err)
	}
	return nil
}
