package sandbox

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func write(t *testing.T, file, text string) {
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

func TestLessRoomIsFewerScenariosAtOnce(t *testing.T) {
	for _, x := range []struct {
		room Room
		want int // 0: an error
	}{
		{Room{math.MaxInt, math.MaxInt}, 8},
		{Room{math.MaxInt, 1024}, 4},
		{Room{math.MaxInt, 1023}, 0},
		{Room{500, 4096}, 5},
		{Room{200, 4096}, 1},
		{Room{199, 4096}, 0},
		{Room{-7, 4096}, 0},
	} {
		got, err := x.room.Jobs(8)
		require.Equal(t, x.want, got, "%+v", x.room)
		require.Equal(t, x.want == 0, err != nil, "%+v", x.room)
	}
}

func TestTheNarrowestControlGroupCounts(t *testing.T) {
	dir := t.TempDir()
	self, mount := filepath.Join(dir, "self"), filepath.Join(dir, "mount")
	require.Equal(t, math.MaxInt, group(self, mount), "there is nothing to read")
	write(t, self, "3:pids:/box/inner\n2:memory:/elsewhere\n0::/../slice\n")
	require.Equal(t, math.MaxInt, group(self, mount), "no group says anything")
	write(t, mount+"/pids/box/inner/pids.max", "max\n")
	write(t, mount+"/pids/box/inner/pids.current", "5\n")
	write(t, mount+"/pids/box/pids.max", "100\n")
	write(t, mount+"/pids/box/pids.current", "30\n")
	require.Equal(t, 70, group(self, mount))
	write(t, mount+"/slice/pids.max", "64\n")
	write(t, mount+"/slice/pids.current", "60\n")
	require.Equal(t, 4, group(self, mount))
}

func TestThreadsOfOneUserAreCounted(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/1/status", "Name:\ta\nUid:\t0\t0\t0\t0\nThreads:\t3\n")
	write(t, dir+"/20/status", "Name:\tb\nUid:\t7\t7\t7\t7\nThreads:\t4\n")
	write(t, dir+"/21/status", "Name:\tc\nUid:\t7\t0\t0\t0\nThreads:\t1\n")
	require.Equal(t, 5, threads(dir, 7))
	require.Positive(t, threads("/proc", os.Getuid()))
}
