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

func TestThreadsOfOneUserAreCounted(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/1/status", "Name:\ta\nUid:\t0\t0\t0\t0\nThreads:\t3\n")
	write(t, dir+"/20/status", "Name:\tb\nUid:\t7\t7\t7\t7\nThreads:\t4\n")
	write(t, dir+"/21/status", "Name:\tc\nUid:\t7\t0\t0\t0\nThreads:\t1\n")
	require.Equal(t, 5, threads(dir, 7))
	require.Positive(t, threads("/proc", os.Getuid()))
}
