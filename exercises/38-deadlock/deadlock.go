// Package deadlock moves money between the accounts of a bank that many processes use at once.
package deadlock

import "errors"

// Transfer moves amount, which is 1 or more, from one account to another one, and returns nil when it is done.
//
// The accounts are the files dir/from and dir/to; each holds a decimal number that fits an int, with a newline after
// it, and the newline may be missing afterwards. Processes may write dir differently. Names in dir that have a dot in
// them are yours, for locks or temporary files, in all processes. The rest stays as it is.
//
// Each account has a lock of its own. Transfer takes both, calls inside once while it holds both, changes the two
// numbers, and gives both locks back before it returns, also with an error. While it is inside, every other transfer
// from or to one of its accounts waits: asleep in the kernel until a lock is given back, without looking again and
// again. A transfer waits only for those that use one of its accounts.
//
// Whatever other transfers there are, and in which direction: all of them get done, though one may be stopped for a
// while (SIGSTOP). That somebody else has a lock is no error. A process makes one transfer at a time, often several in
// a row; none is killed in it.
//
// Not enough money is an error, and so is an unknown account; both change nothing, and inside need not be called. The
// balance that counts is the one which the account has once its lock is taken. A transfer from an account to itself
// changes nothing and returns nil; it may return an error when the account is unknown or has less. inside need not be
// called.
func Transfer(dir, from, to string, amount int, inside func()) error {
	return errors.New("not written yet")
}
