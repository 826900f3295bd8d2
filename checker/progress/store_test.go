//go:build linux

package progress

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	if root := os.Getenv("PROGRESS_WRITER"); root != "" {
		writer(root, os.Getenv("PROGRESS_NAME"), os.Getenv("PROGRESS_KILLED") != "")
		return
	}
	os.Exit(m.Run())
}

// writer remembers ten verdicts, in a process of its own; killed: it is ended before the first takes its place.
func writer(root, name string, killed bool) {
	if killed {
		beforeRename = func(string) error { return syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	}
	s, _ := Open(root, lang.English)
	for n := range 10 {
		if err := s.Remember(fmt.Sprintf("%s%d-x", name, n), passing(fmt.Sprintf("%s%d", name, n))); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

func startWriter(t *testing.T, root, name, killed string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), "PROGRESS_WRITER="+root, "PROGRESS_NAME="+name, "PROGRESS_KILLED="+killed)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	require.NoError(t, cmd.Start())
	return cmd
}

func passing(name string) result.Exercise {
	return result.Exercise{Name: name, Status: result.Pass, Scenarios: []result.Scenario{{Name: "one", Status: result.Pass}}}
}

func failing(name, mistake string) result.Exercise {
	return result.Exercise{Name: name, Status: result.Fail, Scenarios: []result.Scenario{{Name: "one", Status: result.Fail, Mistake: mistake,
		Timeline: []result.Event{{Who: "child", PID: 7, What: "ends", Kind: result.Ends, Other: "parent"}}}}}
}

func open(t *testing.T, root string) *Store {
	t.Helper()
	s, notice := Open(root, lang.English)
	require.Empty(t, notice)
	return s
}

func TestAWriterThatDiesBeforeItsRenameLeavesTheOldState(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, open(t, root).Remember("a-x", passing("a")))
	err := startWriter(t, root, "b", "yes").Wait()
	require.ErrorContains(t, err, "killed")
	half, _ := filepath.Glob(filepath.Join(root, Folder, temporary))
	require.Len(t, half, 1, "it died in the middle")

	s := open(t, root)
	_, ok := s.Recall("a-x")
	require.True(t, ok)
	_, ok = s.Recall("b0-x")
	require.False(t, ok)
	require.NoError(t, s.Remember("c-x", passing("c")))
	half, _ = filepath.Glob(filepath.Join(root, Folder, temporary))
	require.Empty(t, half, "what it left is gone")
}

func TestWritersAtOnceLoseNothing(t *testing.T) {
	root := t.TempDir()
	one, two := startWriter(t, root, "one", ""), startWriter(t, root, "two", "")
	var both sync.WaitGroup
	s := open(t, root)
	for n := range 10 {
		both.Go(func() { s.Remember(fmt.Sprintf("three%d-x", n), passing(fmt.Sprintf("three%d", n))) })
	}
	both.Wait()
	require.NoError(t, one.Wait())
	require.NoError(t, two.Wait())
	s = open(t, root)
	for _, name := range []string{"one", "two", "three"} {
		for n := range 10 {
			_, ok := s.Recall(fmt.Sprintf("%s%d-x", name, n))
			require.True(t, ok, "%s%d", name, n)
		}
	}
}

func TestWhatCannotBeUsedIsSetAsideAndTold(t *testing.T) {
	whole := func(root string) string {
		require.NoError(t, open(t, root).Remember("a-x", passing("a")))
		data, err := os.ReadFile(filepath.Join(root, Folder, fileName))
		require.NoError(t, err)
		return string(data)
	}
	for name, spoil := range map[string]func(file, text string) error{
		"truncated":  func(file, text string) error { return os.WriteFile(file, []byte(text[:len(text)/2]), 0o644) },
		"empty":      func(file, _ string) error { return os.WriteFile(file, nil, 0o644) },
		"zeros":      func(file, text string) error { return os.WriteFile(file, make([]byte, len(text)), 0o644) },
		"other JSON": func(file, _ string) error { return os.WriteFile(file, []byte("[]\n"), 0o644) },
		"another version": func(file, text string) error {
			return os.WriteFile(file, []byte(strings.Replace(text, "/v1", "/v9", 1)), 0o644)
		},
		"a folder": func(file, _ string) error {
			os.Remove(file)
			return os.Mkdir(file, 0o755)
		},
		"wrong types": func(file, _ string) error {
			return os.WriteFile(file, []byte(`{"schema":"`+schema+`","exercises":{"a":{"attempts":"many"}}}`), 0o644)
		},
		"in the middle of two": func(file, text string) error { return os.WriteFile(file, []byte(text+text[10:]), 0o644) },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			text := whole(root)
			file := filepath.Join(root, Folder, fileName)
			require.NoError(t, spoil(file, text))
			s, notice := Open(root, lang.English)
			require.Contains(t, notice, filepath.Join(Folder, "state.json.damaged-1"))
			_, err := os.Lstat(file + ".damaged-1")
			require.NoError(t, err)
			_, ok := s.Recall("a-x")
			require.False(t, ok)
			require.NoError(t, s.Remember("b-x", passing("b")))
			s = open(t, root)
			_, ok = s.Recall("b-x")
			require.True(t, ok)
		})
	}
}

func TestAStateWithHolesIsUsed(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, Folder), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, Folder, fileName), []byte(`{"schema":"`+schema+`","exercises":{"a":null,"b":{}}}`), 0o644))
	s := open(t, root)
	require.Zero(t, s.Revealed("a", "m"))
	require.Zero(t, s.Journey("a"))
	require.NoError(t, s.Reveal("a", "m", 1))
	require.Equal(t, 1, s.Revealed("a", "m"))
}

func TestDamageWhileOpenIsRepairedFromWhatIsKnown(t *testing.T) {
	root := t.TempDir()
	s := open(t, root)
	require.NoError(t, s.Remember("a-x", passing("a")))
	require.NoError(t, os.WriteFile(s.file(), []byte("{"), 0o644))
	require.NoError(t, s.Remember("b-x", passing("b")))
	s = open(t, root)
	for _, key := range []string{"a-x", "b-x"} {
		_, ok := s.Recall(key)
		require.True(t, ok, key)
	}
}

// A folder cannot be made below a file, whoever asks: also not by root, whom no permissions stop.
func TestWhereNothingCanBeWrittenTheStoreStillKnowsWhatItIsTold(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, Folder), nil, 0o644))
	s, notice := Open(root, lang.English)
	require.Contains(t, notice, "Nothing new is remembered: mkdir ")
	require.Error(t, s.Remember("a-x", failing("a", "polls")))
	require.Error(t, s.Reveal("a", "polls", 2))
	require.Contains(t, s.Trouble(), "Everything else works.")
	_, ok := s.Recall("a-x")
	require.True(t, ok)
	require.Equal(t, 2, s.Revealed("a", "polls"))
	require.NoError(t, os.Remove(filepath.Join(root, Folder)))
	require.NoError(t, s.Remember("b-x", passing("b")))
	require.Empty(t, s.Trouble())
}

func TestAFullDiskLosesNothingOld(t *testing.T) {
	root := t.TempDir()
	s := open(t, root)
	require.NoError(t, s.Remember("a-x", passing("a")))
	beforeRename = func(string) error { return fmt.Errorf("write: %w", syscall.ENOSPC) }
	defer func() { beforeRename = func(string) error { return nil } }()
	require.Error(t, s.Remember("b-x", passing("b")))
	require.Contains(t, s.Trouble(), "the disk is full")
	_, ok := open(t, root).Recall("a-x")
	require.True(t, ok)
}

func TestACheckerThatHoldsTheStateIsNotWaitedForForever(t *testing.T) {
	root := t.TempDir()
	s := open(t, root)
	unlock, err := s.lock()
	require.NoError(t, err)
	defer unlock()
	begun := time.Now()
	_, notice := Open(root, lang.English)
	require.Contains(t, notice, "another checker holds")
	require.GreaterOrEqual(t, time.Since(begun), patience)
}

func TestWhatDecidesNothingIsNotKept(t *testing.T) {
	s := open(t, t.TempDir())
	fault, timeout, todo := passing("a"), failing("a", ""), passing("a")
	fault.Fault, timeout.Scenarios[0].Status, todo.Status = true, result.Timeout, result.Todo
	for _, e := range []result.Exercise{fault, timeout, todo} {
		require.NoError(t, s.Remember("a-x", e))
		_, ok := s.Recall("a-x")
		require.False(t, ok)
	}
}

// The learner was told of a mistake that was decided; that a later scenario was not, makes it no less an attempt.
func TestAnAttemptCountsThoughALaterScenarioWasUndecided(t *testing.T) {
	s := open(t, t.TempDir())
	e := failing("a", "damaged")
	e.Scenarios = append(e.Scenarios, result.Scenario{Name: "two", Status: result.Timeout, Mistake: "hangs"})
	require.NoError(t, s.Remember("a-x", e))
	_, ok := s.Recall("a-x")
	require.False(t, ok, "it is played again")
	require.NoError(t, s.Remember("a-x", e))
	require.NoError(t, s.Remember("b-x", passing("a")))
	j := s.Journey("a")
	require.Equal(t, []int{2, 2, 1}, []int{j.Attempts, j.On, len(j.Mistakes)})
	require.Equal(t, "damaged", j.Mistakes[0].Name)

	e = failing("b", "hangs")
	e.Scenarios[0].Status = result.Timeout
	require.NoError(t, s.Remember("c-x", e))
	require.Zero(t, s.Journey("b"), "nobody knows whether it was made")
}

func TestAVerdictOfAMachineOrAFolderHoldsOnlyThere(t *testing.T) {
	s := open(t, t.TempDir())
	broken := result.Exercise{Name: "a", Status: result.Error, Message: "a.go:3: undefined: x"}
	require.NoError(t, s.Remember("a-x", broken))
	_, ok := s.Recall("a-x")
	require.True(t, ok)
	t.Chdir(t.TempDir())
	_, ok = s.Recall("a-x")
	require.False(t, ok, "its paths are seen from elsewhere")

	require.NotEqual(t, where(""), machine())
	e := entry{Where: where("machine another")}
	require.False(t, e.Where.here(s.dir))
	e.Where = machine()
	require.True(t, e.Where.here(s.dir))
}

func TestNothingIsLostOfAVerdict(t *testing.T) {
	var e result.Exercise
	fill(reflect.ValueOf(&e).Elem(), 1)
	e.Fault = false
	root := t.TempDir()
	s := open(t, root)
	for i := range e.Scenarios {
		e.Scenarios[i].Status = result.Pass
	}
	require.NoError(t, s.Remember("k-x", e))
	s = open(t, root)
	s.state.Exercises[e.Name].Results[0].Where = ""
	have, ok := s.Recall("k-x")
	require.True(t, ok)
	require.Equal(t, e, have)
}

// fill gives every field a value that is not its zero.
func fill(v reflect.Value, n int) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n+i)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case reflect.String:
		v.SetString(fmt.Sprint("text", n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(n))
	case reflect.Float64:
		v.SetFloat(float64(n))
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic(v.Kind())
	}
}

func TestTheOldestOfManyResultsIsForgotten(t *testing.T) {
	s := open(t, t.TempDir())
	for n := range keep + 1 {
		require.NoError(t, s.Remember(fmt.Sprintf("%d-x", n), passing("a")))
	}
	_, ok := s.Recall("0-x")
	require.False(t, ok)
	_, ok = s.Recall("1-x")
	require.True(t, ok)
}

func TestTheWayToAPass(t *testing.T) {
	root := t.TempDir()
	s := open(t, root)
	require.Zero(t, s.Journey("a"))
	for key, e := range map[string]result.Exercise{"0-en": {Name: "a", Status: result.Error, Message: "undefined: x"}} {
		require.NoError(t, s.Remember(key, e))
	}
	for _, step := range []struct {
		key string
		e   result.Exercise
	}{{"1-en", failing("a", "polls")}, {"1-zh", failing("a", "polls")}, {"2-en", failing("a", "returns-early")}, {"3-en", failing("a", "polls")}, {"4-en", passing("a")}, {"5-en", failing("a", "hangs")}} {
		require.NoError(t, s.Remember(step.key, step.e))
	}
	j := open(t, root).Journey("a")
	require.Equal(t, 5, j.Attempts)
	require.Equal(t, 4, j.On)
	require.False(t, j.Passed.IsZero())
	var names []string
	for _, m := range j.Mistakes {
		names = append(names, m.Name)
	}
	require.Equal(t, []string{"polls", "returns-early", "hangs"}, names)
	require.Equal(t, failing("a", "polls").Scenarios[0], j.Mistakes[0].Scenario())
}

func TestTiersStaySeen(t *testing.T) {
	root := t.TempDir()
	s := open(t, root)
	require.NoError(t, s.Reveal("a", "polls", 2))
	require.NoError(t, s.Reveal("a", "polls", 1))
	require.NoError(t, s.Reveal("a", "start", 9))
	s = open(t, root)
	require.Equal(t, []int{2, 3, 0, 0}, []int{s.Revealed("a", "polls"), s.Revealed("a", "start"), s.Revealed("a", "x"), s.Revealed("b", "polls")})
}
