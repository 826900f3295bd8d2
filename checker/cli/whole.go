package cli

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"forklings/checker/lang"
)

// place is where a file is to be written.
type place struct {
	name   string // without symbolic links
	mode   fs.FileMode
	stream bool // a device or a pipe: there is nothing to replace
}

func locate(name string) (place, error) {
	p := place{name: name, mode: 0o644}
	info, err := os.Stat(name)
	if err != nil { // there is none so far, and what else is wrong shows when it is made
		return p, nil
	}
	if info.IsDir() {
		return p, lang.Errorf("cannot write %s: it is a folder; name a file", name)
	}
	if p.stream = !info.Mode().IsRegular(); p.stream {
		return p, nil
	}
	p.mode = info.Mode().Perm()
	p.name, err = filepath.EvalSymlinks(name)
	return p, err
}

// writable reports what will keep the file from being written.
func writable(name string) error {
	p, err := locate(name)
	if err != nil || p.stream {
		return err
	}
	f, err := beside(p.name)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func beside(name string) (*os.File, error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".checker-*")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lang.Errorf("cannot write %s: there is no folder %s", name, filepath.Dir(name))
	}
	if err != nil {
		return nil, lang.Errorf("cannot write %s: its folder takes no new file: %w", name, errors.Unwrap(err))
	}
	return f, nil
}

// writeWhole replaces the file, or leaves the old one as it was. To a device or a pipe it just writes.
func writeWhole(name string, data []byte) error {
	return streamWhole(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// streamWhole is writeWhole for what is not to be held in memory.
func streamWhole(name string, write func(io.Writer) error) error {
	p, err := locate(name)
	if err != nil {
		return err
	}
	var f *os.File
	if p.stream {
		f, err = os.OpenFile(name, os.O_WRONLY, 0)
	} else {
		f, err = beside(p.name)
	}
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if p.stream {
		return errors.Join(err, f.Close())
	}
	if err == nil {
		err = f.Chmod(p.mode)
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), p.name)
	}
	if err != nil {
		os.Remove(f.Name())
		return lang.Errorf("cannot write %s; what was there before is untouched: %w", name, err)
	}
	return nil
}
