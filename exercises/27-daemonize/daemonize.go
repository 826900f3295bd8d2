// Package daemonize runs a service as a UNIX daemon: in the background, far from whoever has started it, and once.
package daemonize

import "errors"

// Guard is the first call of main, in every process of the program. In a daemon it does not return: it calls service with
// the arguments that Start was given, and when that returns, it removes the PID file and ends the process. SIGTERM does
// in the daemon what the service makes of it, and ends it if the service does nothing about it.
//
// In a program that was run in the ordinary way, also when it is this same program and the service runs it, Guard
// returns at once.
func Guard(service func(args []string)) {}

// Start starts this same program as a daemon, and returns when the daemon is ready: when it is the only one for this
// PID file, and the file holds its PID, in decimal. A relative path is seen from the caller's directory.
//
// The daemon is in a session of its own, with no controlling terminal, and gets none when the service opens a
// terminal. Its directory is /, and its standard input, output and error are /dev/null. It has none of the caller's
// descriptors, also none of those that are handed on to other programs, and none of Start's once it is ready. It is no
// child of the caller, who has no more children or zombies afterwards than before, and keeps its directory, session,
// environment and descriptors as they were.
//
// When the daemon does not come to be ready, Start returns an error, and no process is left of it: another one runs for
// this PID file already, and goes on unharmed; or it has died without a word; or the PID file cannot be opened or written,
// and then the text contains the system's words for it ("no such file or directory"). Who runs is told by a lock, which
// ends with the daemon, whatever it has run, and not before, also when the service reads the PID file. What a PID file
// from earlier holds, be it the PID of a living process, keeps nobody from starting.
func Start(pidFile string, args ...string) error { return errors.New("not written yet") }

// Stop asks the daemon of this PID file to end: it sends SIGTERM, nothing else, and sleeps until the daemon has ended,
// however long it cleans up or is stopped. Then the PID file is gone, whether the daemon has removed it or not, and
// Start works again.
//
// When no daemon runs, Stop returns nil at once and signals nobody, whatever the PID file holds; a PID file from
// earlier is removed. When the daemon may not be signalled, Stop returns the error, and daemon and PID file stay. When
// the PID file cannot be removed, that is an error, too. Nil always means that the daemon has ended, or that there was
// none, and that no PID file is left.
func Stop(pidFile string) error { return errors.New("not written yet") }
