//go:build unix

package attempt

import (
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

var errNotDir error = unix.ENOTDIR

// openFolder opens a folder; for a symbolic link to one the error is errNotDir (open(2), O_NOFOLLOW).
func openFolder(dir string) (*os.File, error) {
	return open(unix.AT_FDCWD, dir, dir, unix.O_DIRECTORY)
}

// openFile opens a regular file in folder. For any other kind it returns no file but the mode. The kind is looked up before
// opening, because opening a device can have effects, and after it, because the file may have been replaced.
func openFile(folder *os.File, name string) (*os.File, fs.FileMode, error) {
	fd := int(folder.Fd())
	path := filepath.Join(folder.Name(), name)
	var st unix.Stat_t
	if err := unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return nil, 0, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if mode := modeOf(uint32(st.Mode)); !mode.IsRegular() {
		return nil, mode, nil
	}
	file, err := open(fd, name, path, unix.O_NONBLOCK)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		file.Close()
		if err != nil {
			return nil, 0, err
		}
		return nil, info.Mode(), nil
	}
	return file, info.Mode(), nil
}

func open(at int, name, path string, flags int) (*os.File, error) {
	for {
		fd, err := unix.Openat(at, name, flags|unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		if err == nil {
			return os.NewFile(uintptr(fd), path), nil
		}
		if err != unix.EINTR {
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
	}
}

func modeOf(mode uint32) fs.FileMode {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return 0
	case unix.S_IFLNK:
		return fs.ModeSymlink
	case unix.S_IFIFO:
		return fs.ModeNamedPipe
	case unix.S_IFSOCK:
		return fs.ModeSocket
	case unix.S_IFDIR:
		return fs.ModeDir
	case unix.S_IFBLK, unix.S_IFCHR:
		return fs.ModeDevice
	}
	return fs.ModeIrregular
}
