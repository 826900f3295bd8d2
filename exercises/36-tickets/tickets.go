// Package tickets sells tickets to processes that know nothing of each other.
//
// What is left stands in the file data.json of a folder: {"count": 3}. Every other name in the folder is free for
// this package to use.
package tickets

import "errors"

// Left tells how many tickets are left, as dir/data.json says at this moment. It never waits for a buyer, however
// long that one is in pay, and may be called in pay. Without a data.json, or when that is not JSON, it returns an
// error.
func Left(dir string) (int, error) { return 0, errors.New("not written yet") }

// Buy buys one ticket. From before it reads the count until after it has stored the new one it holds a lock that
// all buyers of this folder share, whichever processes they are in and however they write dir, also by a symbolic link.
// Who has to wait for it sleeps in the kernel, and gets no error, however long that takes. Buyers of other folders are
// not held up, and pay may buy in another one. No process calls Buy twice at a time for the same folder.
//
// When there is a ticket left, Buy calls pay, once, with the count that it has read now, however often it was called
// before, and whoever has written data.json; then it stores one less and returns true. Sold out is false and nil, and
// pay is not called.
//
// Nothing is sold when pay returns an error, which Buy returns, when pay panics, which goes through, and when the new
// count cannot be stored or there is no data.json, or none that is JSON, which are errors. However Buy ends, the lock is
// free at once, also when the process is killed and a program that pay has started lives on; then the next buyer can buy,
// whatever was left lying about.
//
// data.json is replaced as a whole: at every moment whoever opens it, without a lock, finds the old count or the new
// one, and reads it to its end. Who may read it before may read it afterwards.
func Buy(dir string, pay func(left int) error) (bool, error) {
	return false, errors.New("not written yet")
}
