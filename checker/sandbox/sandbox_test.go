package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestTheWorkingFolderHasNoMoreRoom(t *testing.T) {
	if p := Try(); p.Refused != nil {
		t.Skipf("not shown: that a working folder in namespaces is as large as it may be; this machine refuses them: %v", p.Refused)
	}
	dir := t.TempDir()
	s, err := Start(Options{Tier: Namespaces, Own: dir, Work: dir})
	require.NoError(t, err)
	defer s.Kill()
	require.True(t, s.Sized)

	fd, err := unix.Open(filepath.Join(s.Seen, "large"), unix.O_CREAT|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
	require.NoError(t, err)
	defer unix.Close(fd)
	require.Equal(t, unix.ENOSPC, unix.Fallocate(fd, 0, 0, holdsBytes+1))
	require.NoError(t, unix.Fallocate(fd, 0, 0, Disk+1))
	require.NoError(t, unix.Unlink(filepath.Join(s.Seen, "large")))
	bytes, _, ok := s.Filled()
	require.True(t, ok)
	require.Greater(t, bytes, int64(Disk), "a file without a name counts as long as it is open")

	made := 0
	for err = nil; err == nil; made++ {
		err = os.Mkdir(filepath.Join(s.Seen, fmt.Sprint(made)), 0o700)
	}
	require.ErrorIs(t, err, unix.ENOSPC)
	require.LessOrEqual(t, made, holdsFiles)
	_, files, _ := s.Filled()
	require.Greater(t, files, DiskFiles)

	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries, "the folder outside")
}
