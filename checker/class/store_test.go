//go:build linux

package class

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/grade/minikit"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

// hand writes files of a class: name, content, name, content.
func hand(t *testing.T, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, files[i])
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(files[i+1]), 0o644))
	}
}

func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := z.Create(files[i])
		require.NoError(t, err)
		f.Write([]byte(files[i+1]))
	}
	require.NoError(t, z.Close())
	return b.String()
}

// noted is a database with what is in the folder, and no verdict.
func noted(t *testing.T, k *kit.Kit, dir string) *Store {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	c, submissions, err := grading(k, dir, filepath.Join(t.TempDir(), "class.db"))
	require.NoError(t, err)
	t.Cleanup(func() { c.Store.Close() })
	_, err = c.read(t.Context(), submissions, &Summary{})
	require.NoError(t, err)
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, left)
	return c.Store
}

const good = "package greet\n\nfunc Hello(name string) string { return name }\n"

func TestWhatCannotBeReadIsOneLearnersError(t *testing.T) {
	k, dir := minikit.New(t), t.TempDir()
	hand(t, dir, "ann/greet/greet.go", good, "bea.zip", zipped(t, "greet/greet.go", good), "cyd/01-greet/greet.go", good, "cyd/greet/greet.go", good,
		"bomb.zip", zipped(t, "big", strings.Repeat("0", 64<<20)), "dots.zip", zipped(t, "../greet/greet.go", good), "line.zip", zipped(t, "greet/a\nb.go", good),
		"twin.zip", zipped(t, "greet/greet.go", good, "greet/greet.go", good), "half.tar.gz", "\x1f\x8b no more", "gil.rar", "Rar!", "two\nlines/greet/greet.go", good,
		"ida/greet/greet.go", good, "ida.zip", zipped(t, "greet/greet.go", good), "jo/notes.txt", "not Go", "=1+2/greet/greet.go", good,
		"moodle_7_file/work.zip", zipped(t, "main/greet/greet.go", good), "grow/greet/greet.go", "package greet\n"+strings.Repeat("// more\n", 1<<18),
		".hidden/x", "", "..lou/greet/greet.go", good)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "none"), 0o755))
	require.NoError(t, os.Symlink("ann", filepath.Join(dir, "link")))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "sly", "greet"), 0o755))
	require.NoError(t, os.Symlink("../../ann/greet/greet.go", filepath.Join(dir, "sly", "greet", "greet.go")))

	book := gradebook(t, noted(t, k, dir))
	for learner, why := range map[string]string{
		"ann": "not graded yet: 1", "bea": "not graded yet: 1", "moodle_7_file": "not graded yet: 1", "'=1+2": "not graded yet: 1",
		"cyd": "cannot be read: greet", "sly": "cannot be read: greet", "grow": "cannot be read: greet",
		"bomb": "an archive bomb", "dots": `"../greet/greet.go" leads out of it`, "line": `"greet/a\nb.go" is not plain text`, "twin": "is in it twice",
		"half": "cannot be unpacked", "gil.rar": "no archive that can be read", `"two\nlines"`: "is not plain text", "ida": "is handed in twice",
		"..lou": "begins with dots", "jo": "no attempt in", "none": "no attempt in", "link": "is a symbolic link",
	} {
		row, ok := book[learner]
		require.True(t, ok, learner)
		require.Contains(t, row["note"], why, learner)
		require.NotContains(t, row["note"], os.TempDir(), learner)
		delete(book, learner)
	}
	require.Empty(t, book)
}

func TestALinkInAnArchiveIsRefusedAndNothingLeadsOut(t *testing.T) {
	k, dir := minikit.New(t), t.TempDir()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	head := &zip.FileHeader{Name: "greet/greet.go"}
	head.SetMode(os.ModeSymlink | 0o777)
	f, err := z.CreateHeader(head)
	require.NoError(t, err)
	f.Write([]byte("/etc/passwd"))
	head = &zip.FileHeader{Name: "toil"}
	head.SetMode(os.ModeSymlink | 0o777)
	f, err = z.CreateHeader(head)
	require.NoError(t, err)
	f.Write([]byte("/tmp"))
	require.NoError(t, z.Close())
	hand(t, dir, "kim.zip", b.String())
	l, err := noted(t, k, dir).line("kim")
	require.NoError(t, err)
	require.Contains(t, l.Cells[0].Message, filepath.Join(dir, "kim.zip", "greet", "greet.go")+" is a symbolic link")
	require.Contains(t, l.Cells[2].Message, "toil is a symbolic link")
}

// kept is a database with one verdict.
func kept(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a b?c#d%20.db")
	s, err := Open(lang.English, file)
	require.NoError(t, err)
	require.NoError(t, s.exercises(lang.English, minikit.New(t).Exercises))
	require.NoError(t, s.keep("0123", "kit", "namespaces", result.Exercise{Name: "greet", Status: result.Pass, Score: 4, MaxScore: 4,
		Scenarios: []result.Scenario{{Name: "again", Status: result.Pass, Timeline: []result.Event{{Who: "a", Kind: result.Ends, Other: "b"}}}}}))
	require.NoError(t, s.Close())
	return file
}

func TestAVerdictIsKeptWhole(t *testing.T) {
	s, err := Look(lang.English, kept(t))
	require.NoError(t, err)
	defer s.Close()
	e, err := s.verdict("0123")
	require.NoError(t, err)
	require.Equal(t, result.Ends, e.Scenarios[0].Timeline[0].Kind)
	require.Equal(t, "b", e.Scenarios[0].Timeline[0].Other)
}

func TestADatabaseThatCannotBeUsedIsToldAndLeftAlone(t *testing.T) {
	file := kept(t)
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	refused := func(what string, data []byte, why string) {
		t.Helper()
		at := filepath.Join(t.TempDir(), what)
		require.NoError(t, os.WriteFile(at, data, 0o644))
		_, err := Open(lang.English, at)
		require.ErrorContains(t, err, why, what)
		after, err := os.ReadFile(at)
		require.NoError(t, err)
		require.Equal(t, data, after, what)
	}
	refused("text", bytes.Repeat([]byte("learner,points\n"), 20), "is no SQLite database")
	refused("short", []byte("SQLite"), "is no SQLite database")
	later := bytes.Clone(whole)
	later[63] = version + 1
	refused("later", later, "has the form of version 2, and this checker knows version 1 only")
	damaged := bytes.Clone(whole)
	for i := 4096; i < len(damaged); i += 2 {
		damaged[i] ^= 0xff
	}
	refused("damaged", damaged, "is damaged")
	refused("cut", whole[:len(whole)/2], "is damaged")

	other := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", other)
	require.NoError(t, err)
	_, err = db.Exec("CREATE TABLE x(y)")
	require.NoError(t, err)
	require.NoError(t, db.Close())
	data, err := os.ReadFile(other)
	require.NoError(t, err)
	refused("other", data, "is the database of another program")

	s, err := Open(lang.English, file)
	require.NoError(t, err)
	_, err = Open(lang.English, file)
	require.ErrorContains(t, err, "is in use by another checker")
	require.NoError(t, s.Close())
	s, err = Open(lang.English, file)
	require.NoError(t, err)
	require.NoError(t, s.Close())

	_, err = Open(lang.English, filepath.Join(t.TempDir(), "no", "class.db"))
	require.ErrorContains(t, err, "there is no folder")
	_, err = Look(lang.English, filepath.Join(t.TempDir(), "class.db"))
	require.ErrorContains(t, err, "there is no")
}

func TestShardsOfTwoSubmissionsOfOneLearnerDoNotMerge(t *testing.T) {
	k, one, two := minikit.New(t), t.TempDir(), t.TempDir()
	hand(t, one, "ann/greet/greet.go", good, "bob/greet/greet.go", good)
	hand(t, two, "ann/greet/greet.go", good+"// more\n", "cyd/greet/greet.go", good)
	a, b := noted(t, k, one), noted(t, k, two)
	require.NoError(t, a.Close())
	require.NoError(t, b.Close())
	s, err := Open(lang.English, filepath.Join(t.TempDir(), "class.db"))
	require.NoError(t, err)
	defer s.Close()
	require.ErrorContains(t, s.Merge([]string{a.file, b.file}), "of: ann. Nothing was merged")
	learners, open, err := s.Standing()
	require.NoError(t, err)
	require.Zero(t, learners+open)
	require.NoError(t, s.Merge([]string{b.file}))
	learners, open, err = s.Standing()
	require.NoError(t, err)
	require.Equal(t, []int{2, 2}, []int{learners, open})
	require.ErrorContains(t, s.Merge([]string{s.file}), "into itself")
}

func TestTheShardIsTheFlagsOrTheMachines(t *testing.T) {
	for _, c := range []struct{ flag, env, want, from string }{
		{"", "", "0/0", ""},
		{"2/5", "JOB_COMPLETION_INDEX=0", "2/5", ""},
		{"5", "JOB_COMPLETION_INDEX=0", "1/5", "JOB_COMPLETION_INDEX"},
		{"5", "CI_NODE_INDEX=4 CI_NODE_TOTAL=9", "4/5", "CI_NODE_INDEX"},
		{"", "CI_NODE_INDEX=4 CI_NODE_TOTAL=9", "4/9", "CI_NODE_INDEX"},
		{"", "JOB_COMPLETION_INDEX=0", "-shard N says how many", ""},
		{"5", "", "Neither", ""},
		{"5", "JOB_COMPLETION_INDEX=5", "-shard 6/5", ""},
		{"0/5", "", "-shard 0/5", ""},
		{"x/5", "", "-shard x/5", ""},
	} {
		s, err := ParseShard(lang.English, c.flag, func(name string) string {
			for _, pair := range strings.Fields(c.env) {
				if n, value, _ := strings.Cut(pair, "="); n == name {
					return value
				}
			}
			return ""
		})
		if err != nil {
			require.ErrorContains(t, err, c.want)
			continue
		}
		require.Equal(t, c.want, strings.Join([]string{string(rune('0' + s.Number)), string(rune('0' + s.Of))}, "/"), "%+v", c)
		require.Equal(t, c.from, s.From)
	}
	var all []Submission
	for i := range 100 {
		all = append(all, Submission{Learner: string(rune('A' + i))})
	}
	n := 0
	for i := range 3 {
		n += len(Shard{Number: i + 1, Of: 3}.Take(all))
	}
	require.Equal(t, 100, n)
}

func TestWhatLooksLikeAFormulaIsText(t *testing.T) {
	for text, want := range map[string]string{"=1+2": "'=1+2", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'=1", "＝1": "'＝1", "ann": "ann", "a\r\nb": "a b", "": ""} {
		require.Equal(t, want, plain(text))
	}
}
