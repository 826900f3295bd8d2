package class

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/progress"
	"forklings/checker/result"
)

// exercises notes the exercises that count, and no others.
func (s *Store) exercises(l lang.Lang, all []kit.Exercise) error {
	return s.change(func(tx *sql.Tx) error {
		if _, err := tx.Exec("DELETE FROM exercise"); err != nil {
			return err
		}
		for _, e := range all {
			scenarios, err := e.Scenarios()
			if err != nil {
				return err
			}
			title, _ := e.Title(l)
			var names []string
			for _, x := range scenarios {
				names = append(names, x.Name)
			}
			_, err = tx.Exec("INSERT INTO exercise VALUES(?,?,?,?,?)", e.Name, e.Number, title, len(scenarios), strings.Join(names, " "))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// submission replaces what is noted of a learner, and keeps the files of those attempts that have no verdict.
func (s *Store) submission(x Submission, parts []part, refused error) error {
	return s.change(func(tx *sql.Tx) error {
		if _, err := tx.Exec("DELETE FROM part WHERE learner=?", x.Learner); err != nil {
			return err
		}
		why := ""
		if refused != nil {
			why = clip(refused.Error(), mostMessage)
		}
		content := sha256.New()
		fmt.Fprintf(content, "%q\n", why)
		for _, p := range parts {
			fmt.Fprintf(content, "%q %q %q %q\n", p.exercise.Name, p.key, p.status, p.message)
			if _, err := tx.Exec("INSERT INTO part VALUES(?,?,?,?,?)", x.Learner, p.exercise.Name, p.key, string(p.status), clip(p.message, mostMessage)); err != nil {
				return err
			}
			if p.key == "" {
				continue
			}
			files, err := packFiles(p.files)
			if err != nil {
				return err
			}
			if _, err := tx.Exec("INSERT OR IGNORE INTO attempt(key, exercise, files) SELECT ?1,?2,?3 WHERE NOT EXISTS (SELECT 1 FROM verdict WHERE key=?1)", p.key, p.exercise.Name, files); err != nil {
				return err
			}
		}
		_, err := tx.Exec("INSERT OR REPLACE INTO learner VALUES(?,?,?,?)", x.Learner, x.Path, why, hex.EncodeToString(content.Sum(nil)[:16]))
		return err
	})
}

// mostMessage is how much is kept of what a compiler or a reader says.
const mostMessage = 8 << 10

func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return string(bytes.ToValidUTF8([]byte(text[:most]), nil)) + "…"
}

// forget drops attempts that nobody hands in any more.
func (s *Store) forget() error {
	return s.change(func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM attempt WHERE key NOT IN (SELECT key FROM part)")
		return err
	})
}

// next is the first attempt at the exercise behind the one with this number that has no verdict; 0 when there is none.
func (s *Store) next(e kit.Exercise, behind int64) (id int64, key string, files []attempt.File, err error) {
	var packed []byte
	err = s.db.QueryRow("SELECT id, key, files FROM attempt WHERE exercise=? AND id>? ORDER BY id LIMIT 1", e.Name, behind).Scan(&id, &key, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil, nil
	}
	if err == nil {
		files, err = unpackFiles(packed)
	}
	return id, key, files, s.explain(err)
}

// keep keeps a verdict, and drops the files that it is of.
func (s *Store) keep(key, kit, tier string, e result.Exercise) error {
	detail, err := packVerdict(e)
	if err != nil {
		return err
	}
	outcome, err := json.Marshal(outcomes(e.Scenarios))
	if err != nil {
		return err
	}
	return s.change(func(tx *sql.Tx) error {
		at := time.Now().UTC().Format(time.RFC3339)
		_, err := tx.Exec("INSERT OR REPLACE INTO verdict VALUES(?,?,?,?,?,?,?,?,?,?,?)",
			key, e.Name, string(e.Status), e.Score, e.MaxScore, clip(e.Message, mostMessage), kit, tier, at, string(outcome), detail)
		if err != nil {
			return err
		}
		for i, f := range failed(e) {
			if _, err := tx.Exec("INSERT OR REPLACE INTO failure VALUES(?,?,?,?,?)", key, i, f.Name, string(f.Status), f.Mistake); err != nil {
				return err
			}
		}
		_, err = tx.Exec("DELETE FROM attempt WHERE key=?", key)
		return err
	})
}

// completed are, of the learners who have handed in an attempt, those with all verdicts.
func (s *Store) completed(key string) ([]string, error) {
	return s.texts("SELECT learner FROM part WHERE key=? AND learner NOT IN ("+waiting+") ORDER BY learner", key)
}

// outcome is of a scenario's verdict what can weigh.
type outcome struct {
	Name    string        `json:"n"`
	Status  result.Status `json:"s"`
	Because string        `json:"b,omitempty"` // why it was skipped
}

func outcomes(all []result.Scenario) (out []outcome) {
	for _, s := range all {
		o := outcome{Name: s.Name, Status: s.Status}
		if s.Status == result.Skip {
			o.Because = s.Because
		}
		out = append(out, o)
	}
	return out
}

// number is a count.
func (s *Store) number(query string, args ...any) (n int, err error) {
	err = s.db.QueryRow(query, args...).Scan(&n)
	return n, s.explain(err)
}

// texts is a column.
func (s *Store) texts(query string, args ...any) (all []string, err error) {
	rows, err := s.db.Query(query, args...)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, s.explain(err)
		}
		all = append(all, text)
	}
	return all, s.explain(rows.Err())
}

// verdict is one that was kept.
func (s *Store) verdict(key string) (e result.Exercise, err error) {
	var detail []byte
	err = s.db.QueryRow("SELECT detail FROM verdict WHERE key=?", key).Scan(&detail)
	if err == nil {
		e, err = unpackVerdict(detail)
	}
	return e, s.explain(err)
}

// pack and unpackBytes are for what is kept as a blob.
func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	err = errors.Join(err, z.Close())
	return b.Bytes(), err
}

func unpackBytes(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func packFiles(files []attempt.File) ([]byte, error) {
	data, err := json.Marshal(files)
	if err != nil {
		return nil, err
	}
	return pack(data)
}

func unpackFiles(packed []byte) (files []attempt.File, err error) {
	data, err := unpackBytes(packed)
	if err == nil {
		err = json.Unmarshal(data, &files)
	}
	return files, err
}

func packVerdict(e result.Exercise) ([]byte, error) {
	data, err := progress.Marshal(e)
	if err != nil {
		return nil, err
	}
	return pack(data)
}

func unpackVerdict(packed []byte) (result.Exercise, error) {
	data, err := unpackBytes(packed)
	if err != nil {
		return result.Exercise{}, err
	}
	return progress.Unmarshal(data)
}
