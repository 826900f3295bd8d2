package tempdir

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	if os.Getenv("TEMPDIR_LEAVE") != "" { // a maker that is killed before it cleans up
		dir, _, err := New()
		if err != nil {
			panic(err)
		}
		os.Stdout.WriteString(dir)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestWhatADeadMakerLeftIsRemovedByTheNext(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), "TEMPDIR_LEAVE=1")
	out, err := cmd.Output()
	require.NoError(t, err)
	left := strings.TrimSpace(string(out))
	require.DirExists(t, left)

	_, remove, err := New()
	require.NoError(t, err)
	defer remove()
	require.NoDirExists(t, left)
}

func TestTheFolderOfALivingMakerStays(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	one, remove, err := New()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(one, "x"), nil, 0o600))
	two, removeTwo, err := New()
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(one, "x"))
	remove()
	removeTwo()
	require.NoDirExists(t, one)
	require.NoDirExists(t, two)
}

func TestAFolderThatItsMakerNeverLockedIsRemovedOnceItIsOld(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	young, old := filepath.Join(os.TempDir(), fresh+"1"), filepath.Join(os.TempDir(), fresh+"2")
	require.NoError(t, os.Mkdir(young, 0o700))
	require.NoError(t, os.Mkdir(old, 0o700))
	yesterday := time.Now().Add(-24 * time.Hour)
	require.NoError(t, os.Chtimes(old, yesterday, yesterday))
	_, remove, err := New()
	require.NoError(t, err)
	defer remove()
	require.DirExists(t, young)
	require.NoDirExists(t, old)
}

// As another user than root, who may enter everything.
func TestWhatAProgramMadeUnreadableIsRemovedToo(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir, remove, err := New()
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700))
	require.NoError(t, os.Chmod(filepath.Join(dir, "a"), 0))
	remove()
	require.NoDirExists(t, dir)
}

func TestALinkToSomebodysFolderIsLeftAlone(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	mine := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(mine, "x"), nil, 0o600))
	require.NoError(t, os.Symlink(mine, filepath.Join(os.TempDir(), prefix+"link")))
	_, remove, err := New()
	require.NoError(t, err)
	remove()
	require.FileExists(t, filepath.Join(mine, "x"))
}

func TestAFolderThatCannotBeMadeSaysWhatToDo(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	_, _, err := New()
	require.ErrorContains(t, err, "TMPDIR")
}
