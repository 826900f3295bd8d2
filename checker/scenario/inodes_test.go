package scenario

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestInodesRiseWithNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "work")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "bank"), 0o700))
	names := []string{"bank/anna", "bank/ben", "bank/carla", "note"}
	for _, i := range []int{2, 3, 0, 1} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, names[i]), []byte(names[i]), 0o600))
	}

	require.NoError(t, orderInodes(dir))

	var last uint64
	for _, name := range names {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, name, string(text))
		var is unix.Stat_t
		require.NoError(t, unix.Stat(path, &is))
		assert.Greater(t, is.Ino, last, name)
		last = is.Ino
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	assert.Len(t, left, 1)
}
