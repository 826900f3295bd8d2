package class

import (
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
)

// Merge takes over what other databases hold, such as those of a class's shards: each whole or not at all. Verdicts of the same attempt
// are the same. A learner who is in two of them with different submissions is an error, and then nothing is taken over.
func (s *Store) Merge(files []string) error {
	for _, file := range files {
		if abs, err := filepath.Abs(file); err == nil && abs == s.file {
			return errors.New(s.lang.Sprintf("%s cannot be merged into itself; -db names the file for the result", file))
		}
		other, err := Look(s.lang, file) // says what is wrong with it
		if err != nil {
			return err
		}
		other.Close()
	}
	seen := map[string][2]string{} // learner -> content, file
	for i := -1; i < len(files); i++ {
		name := s.file
		if i >= 0 {
			name = files[i]
		}
		clash, err := s.clash(i, name, files, seen)
		if err != nil {
			return err
		}
		if clash != "" {
			return errors.New(clash)
		}
	}
	for _, file := range files {
		if err := s.attached(file, func() error { return s.change(take) }); err != nil {
			return err
		}
	}
	return nil
}

// clash says which learners are in a database with another submission than in one before.
func (s *Store) clash(i int, name string, files []string, seen map[string][2]string) (clash string, err error) {
	look := func(query string) error {
		rows, err := s.db.Query(query)
		if err != nil {
			return s.explain(err)
		}
		defer rows.Close()
		var both []string
		with := ""
		for rows.Next() {
			var learner, content string
			if err := rows.Scan(&learner, &content); err != nil {
				return s.explain(err)
			}
			if before, ok := seen[learner]; ok && before[0] != content {
				both, with = append(both, learner), before[1]
				continue
			}
			seen[learner] = [2]string{content, name}
		}
		if len(both) > 0 {
			clash = s.lang.Sprintf("%s and %s hold different submissions, or were graded differently, of: %s. Nothing was merged; grade these learners again into one of the two", with, name, strings.Join(both, ", "))
		}
		return s.explain(rows.Err())
	}
	if i < 0 {
		return clash, look("SELECT name, content FROM learner ORDER BY name")
	}
	err = s.attached(files[i], func() error { return look("SELECT name, content FROM other.learner ORDER BY name") })
	return clash, err
}

// attached does something while another database is attached as other, to be read.
func (s *Store) attached(file string, do func() error) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	at := url.URL{Scheme: "file", Path: file, RawQuery: "mode=rw"}
	if _, err := s.db.Exec("ATTACH ? AS other", at.String()); err != nil {
		return s.explain(err)
	}
	err = do()
	_, detach := s.db.Exec("DETACH other")
	return errors.Join(err, s.explain(detach))
}

// take copies what is attached.
func take(tx *sql.Tx) error {
	_, err := tx.Exec(`
		INSERT OR IGNORE INTO exercise SELECT * FROM other.exercise;
		INSERT OR IGNORE INTO verdict SELECT * FROM other.verdict;
		INSERT OR IGNORE INTO failure SELECT * FROM other.failure;
		INSERT OR IGNORE INTO learner SELECT * FROM other.learner;
		INSERT OR IGNORE INTO part SELECT * FROM other.part;
		INSERT OR IGNORE INTO attempt(key, exercise, files) SELECT key, exercise, files FROM other.attempt;
		DELETE FROM attempt WHERE key IN (SELECT key FROM verdict);`)
	return err
}
