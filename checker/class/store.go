package class

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"forklings/checker/lang"
	"forklings/checker/result"
)

const (
	application = 0x666f726b // of the database's header, https://www.sqlite.org/fileformat2.html#database_header
	version     = 1          // of the tables
)

// driver is the name under which an executable has linked SQLite, as modernc.org/sqlite does.
const driver = "sqlite"

// Linked reports whether this executable can open the database of a class. cmd/class can.
func Linked() bool { return slices.Contains(sql.Drivers(), driver) }

// Codes of SQLite's errors, https://www.sqlite.org/rescode.html
const (
	codePerm     = 3
	codeBusy     = 5
	codeLocked   = 6
	codeReadOnly = 8
	codeIO       = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotADB   = 26
)

// tables are made in one transaction with the two numbers above.
const tables = `
CREATE TABLE exercise(name TEXT PRIMARY KEY, number INTEGER NOT NULL, title TEXT NOT NULL, points INTEGER NOT NULL, scenarios TEXT NOT NULL);
CREATE TABLE learner(name TEXT PRIMARY KEY, path TEXT NOT NULL, error TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE part(learner TEXT NOT NULL, exercise TEXT NOT NULL, key TEXT NOT NULL, status TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY(learner, exercise)) WITHOUT ROWID;
CREATE INDEX part_key ON part(key);
CREATE TABLE attempt(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, exercise TEXT NOT NULL, files BLOB NOT NULL);
CREATE INDEX attempt_exercise ON attempt(exercise, id);
CREATE TABLE verdict(key TEXT PRIMARY KEY, exercise TEXT NOT NULL, status TEXT NOT NULL, score INTEGER NOT NULL, points INTEGER NOT NULL, message TEXT NOT NULL,
	kit TEXT NOT NULL, tier TEXT NOT NULL, at TEXT NOT NULL, outcome TEXT NOT NULL, detail BLOB NOT NULL);
CREATE TABLE failure(key TEXT NOT NULL, place INTEGER NOT NULL, scenario TEXT NOT NULL, status TEXT NOT NULL, mistake TEXT NOT NULL, PRIMARY KEY(key, place)) WITHOUT ROWID;
`

// Of the exercises that count, as the table exercise has them: a condition, and the learners who wait for a verdict.
const (
	counts  = "exercise IN (SELECT name FROM exercise)"
	waiting = "SELECT learner FROM part p WHERE p.key<>'' AND p." + counts + " AND p.key NOT IN (SELECT key FROM verdict)"
)

// Store keeps who handed in what, and every verdict, in a SQLite database. Each change is a transaction: a checker that is killed
// leaves what was kept before. While it is open for writing no other checker can open it.
type Store struct {
	// Weigh, when set, gives a learner's result the points of a course; a point for each scenario without. It is asked when points are
	// told, so that other points need no grading.
	Weigh func(*result.Result) *result.Result

	// Hide, when set, takes out of the report what learners are not to see.
	Hide func(*result.Result) *result.Result

	file string
	lang lang.Lang
	db   *sql.DB
}

// Open opens the database, or makes it where there is none. What is no database of a class, or of another version, or damaged, is left as
// it is, and the error says so.
func Open(l lang.Lang, file string) (*Store, error) {
	return open(l, file, "rwc", "EXCLUSIVE")
}

// Look opens a database that is there, to read.
func Look(l lang.Lang, file string) (*Store, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(l.Sprintf("there is no %s; checker class DIR makes it", file))
	}
	return open(l, file, "rw", "NORMAL")
}

func open(l lang.Lang, file, mode, locking string) (*Store, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	s := &Store{file: file, lang: l}
	fresh, err := s.examine()
	if err != nil {
		return nil, err
	}
	at := url.URL{Scheme: "file", Path: file, RawQuery: url.Values{
		"mode": {mode}, "_txlock": {"immediate"},
		"_pragma": {"busy_timeout(3000)", "locking_mode(" + locking + ")", "synchronous(FULL)"},
	}.Encode()}
	if s.db, err = sql.Open(driver, at.String()); err != nil {
		return nil, s.explain(err)
	}
	s.db.SetMaxOpenConns(1)
	if err := s.prepare(fresh); err != nil {
		s.db.Close()
		return nil, s.explain(err)
	}
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// examine looks at the file's header before SQLite may touch it. A file that is empty, or not there, is fresh.
func (s *Store) examine() (fresh bool, err error) {
	f, err := openRegular(s.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(s.file)); err != nil {
			return false, errors.New(s.lang.Sprintf("cannot make %s: there is no folder %s", s.file, filepath.Dir(s.file)))
		}
		return true, nil
	case errors.Is(err, fs.ErrInvalid), err != nil:
		return false, errors.New(s.lang.Sprintf("%s cannot be the database of a class: %v", s.file, errors.Unwrap(err)))
	}
	defer f.Close()
	head := make([]byte, 100)
	n, err := io.ReadFull(f, head)
	switch {
	case n == 0 && err == io.EOF:
		return true, nil
	case err != nil && err != io.ErrUnexpectedEOF:
		return false, errors.New(s.lang.Sprintf("%s cannot be the database of a class: %v", s.file, err))
	case err != nil, string(head[:16]) != "SQLite format 3\x00":
		return false, errors.New(s.lang.Sprintf("%s is no SQLite database, and nothing of it was touched; -db names another file", s.file))
	}
	id, v := binary.BigEndian.Uint32(head[68:]), binary.BigEndian.Uint32(head[60:])
	switch {
	case id == 0 && v == 0: // perhaps killed while it was made
		return true, nil
	case id != application:
		return false, errors.New(s.lang.Sprintf("%s is the database of another program, and nothing of it was touched; -db names another file", s.file))
	case v != version:
		return false, errors.New(s.lang.Sprintf("%s has the form of version %d, and this checker knows version %d only; nothing of it was touched. Use the checker that made it, or grade into another file with -db", s.file, v, version))
	}
	return false, nil
}

func (s *Store) prepare(fresh bool) error {
	if fresh {
		var found int
		if err := s.db.QueryRow("SELECT count(*) FROM sqlite_master").Scan(&found); err != nil {
			return err
		}
		if found > 0 {
			return errors.New(s.lang.Sprintf("%s is the database of another program, and nothing of it was touched; -db names another file", s.file))
		}
		err := s.change(func(tx *sql.Tx) error {
			_, err := tx.Exec(tables + fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d;", application, version))
			return err
		})
		if err != nil {
			return err
		}
	}
	// Only now: the header is in the file itself, where examine looks for it.
	var mode, found string
	if err := s.db.QueryRow("PRAGMA journal_mode=WAL").Scan(&mode); err != nil {
		return err
	}
	if err := s.db.QueryRow("PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return s.broken(found)
	}
	// Takes the lock.
	return s.change(func(tx *sql.Tx) error { return nil })
}

// change is one transaction.
func (s *Store) change(do func(tx *sql.Tx) error) error {
	tx, err := s.db.Begin()
	if err != nil {
		return s.explain(err)
	}
	if err := do(tx); err != nil {
		tx.Rollback()
		return s.explain(err)
	}
	return s.explain(tx.Commit())
}

func (s *Store) broken(why string) error {
	return errors.New(s.lang.Sprintf("%s is damaged (%s). Nothing of it was thrown away: move it elsewhere, and `sqlite3 FILE .recover` saves what can be saved; then grade anew", s.file, why))
}

// explain says what an error of SQLite means, and what to do.
func (s *Store) explain(err error) error {
	var e interface{ Code() int }
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case codeBusy, codeLocked:
		return errors.New(s.lang.Sprintf("%s is in use by another checker or another program; nothing was changed. Wait until it has ended, or grade into another file with -db and merge the two", s.file))
	case codeCorrupt, codeNotADB:
		return s.broken(err.Error())
	case codeFull:
		return errors.New(s.lang.Sprintf("%s takes no more: the disk is full. What is in it is whole; make room, and the same command goes on", s.file))
	case codeReadOnly, codeCantOpen, codePerm:
		return errors.New(s.lang.Sprintf("%s cannot be written: %v; it and its folder must be writable, or -db names another file", s.file, err))
	case codeIO:
		return errors.New(s.lang.Sprintf("%s cannot be read or written: %v. What was kept before is whole; make sure that its disk works and has room, and the same command goes on", s.file, err))
	}
	return fmt.Errorf("%s: %w", s.file, err)
}
