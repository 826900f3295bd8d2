package class

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"forklings/checker/kit"
	"forklings/checker/lang"
)

// The limits of an archive. A clone of the kit with all that a learner may keep in it stays far below.
const (
	maxArchive   = 128 << 20 // bytes of the file
	maxDirectory = 16 << 20  // bytes of a zip's table of contents
	maxEntries   = 50_000
	maxUnpacked  = 1 << 30 // bytes that it claims to hold, or does
	maxRatio     = 200     // of these to the file's, once they are more than free
	free         = 16 << 20
	maxTaken     = 32 << 20 // bytes of Go files that are unpacked
	maxTakenFile = 1<<20 + 1
)

// unpacking writes what can belong to an attempt into a folder: the exercises' folders, and the Go files directly in them. Nothing else is
// written, nothing leads out of the folder (os.Root), and a link becomes one that leads nowhere, for the reader of attempts to refuse.
type unpacking struct {
	ctx     context.Context
	kit     *kit.Kit
	lang    lang.Lang
	root    *os.Root
	name    string // of the archive
	size    int64
	entries int
	total   int64
	taken   int64
}

// unpack unpacks an archive into the folder dir, which is empty. An error says what is wrong with the archive, or is ctx's.
func unpack(ctx context.Context, k *kit.Kit, l lang.Lang, file, dir string) error {
	f, err := openRegular(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	u := &unpacking{ctx: ctx, kit: k, lang: l, name: filepath.Base(file), size: info.Size()}
	if u.size > maxArchive {
		return u.refuse(l.Sprintf("it has %d bytes; an archive has at most %d", u.size, int64(maxArchive)))
	}
	if u.root, err = os.OpenRoot(dir); err != nil {
		return err
	}
	defer u.root.Close()
	if strings.EqualFold(filepath.Ext(file), ".zip") {
		return u.zip(f)
	}
	return u.tar(f)
}

func (u *unpacking) refuse(why string) error { return fmt.Errorf("%s: %s", u.name, why) }

func (u *unpacking) damaged(err error) error {
	if u.ctx.Err() != nil {
		return u.ctx.Err()
	}
	return u.refuse(u.lang.Sprintf("it cannot be unpacked: %v", err))
}

// opening lets so many bytes be read while the table of contents is.
type opening struct {
	io.ReaderAt
	left int64
}

var errLong = errors.New("its table of contents is too long")

func (o *opening) ReadAt(b []byte, at int64) (int, error) {
	if o.left -= int64(len(b)); o.left < 0 {
		return 0, errLong
	}
	return o.ReaderAt.ReadAt(b, at)
}

func (u *unpacking) zip(f *os.File) error {
	o := &opening{f, maxDirectory}
	z, err := zip.NewReader(o, u.size)
	if err != nil {
		return u.damaged(err)
	}
	o.left = 2 * maxArchive // each byte once, and the heads of the files
	for _, entry := range z.File {
		if err := u.count(int64(min(entry.UncompressedSize64, 2*maxUnpacked))); err != nil {
			return err
		}
	}
	for _, entry := range z.File {
		if err := u.ctx.Err(); err != nil {
			return err
		}
		open := func() (io.ReadCloser, error) { return entry.Open() }
		if err := u.entry(entry.Name, entry.Mode(), open); err != nil {
			return err
		}
	}
	return nil
}

func (u *unpacking) tar(f *os.File) error {
	plain, err := gzip.NewReader(f)
	if err != nil {
		return u.damaged(err)
	}
	t := tar.NewReader(metered{plain, u})
	for {
		head, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return u.damaged(err)
		}
		if err := u.count(0); err != nil {
			return err
		}
		mode := head.FileInfo().Mode()
		if head.Typeflag == tar.TypeLink {
			mode = fs.ModeSymlink
		}
		open := func() (io.ReadCloser, error) { return io.NopCloser(t), nil }
		if err := u.entry(head.Name, mode, open); err != nil {
			return err
		}
	}
}

// metered counts what is unpacked from a stream.
type metered struct {
	io.Reader
	*unpacking
}

func (m metered) Read(b []byte) (int, error) {
	n, err := m.Reader.Read(b)
	m.entries--
	if e := m.count(int64(n)); e != nil {
		return n, e
	}
	if e := m.ctx.Err(); e != nil {
		return n, e
	}
	return n, err
}

// count counts an entry, and so many bytes.
func (u *unpacking) count(bytes int64) error {
	u.entries++
	u.total += bytes
	switch {
	case u.entries > maxEntries:
		return u.refuse(u.lang.Sprintf("it has more than %d entries", maxEntries))
	case u.total > maxUnpacked:
		return u.refuse(u.lang.Sprintf("it holds more than %d bytes", int64(maxUnpacked)))
	case u.total > free && u.total/max(u.size, 1) > maxRatio:
		return u.refuse(u.lang.Sprintf("its %d bytes grow to more than %d times as many: an archive bomb", u.size, maxRatio))
	}
	return nil
}

// entry unpacks one entry, if it can belong to an attempt.
func (u *unpacking) entry(name string, mode fs.FileMode, open func() (io.ReadCloser, error)) error {
	name = strings.ReplaceAll(name, `\`, "/") // as some archivers of Windows write
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for _, part := range parts {
		if part == ".." {
			return u.refuse(u.lang.Sprintf("the entry %s leads out of it", quoted(name)))
		}
	}
	name = path.Clean(strings.TrimLeft(name, "/"))
	at := u.exercise(strings.Split(name, "/"))
	if name == "." || at < 0 {
		return nil
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unprintable) {
		return u.refuse(u.lang.Sprintf("the name of the entry %s is not plain text; rename it", quoted(name)))
	}
	parts = strings.Split(name, "/")
	folder := path.Join(parts[:at+1]...)
	err := error(nil)
	switch inside := len(parts) - at - 1; {
	case inside == 0 && mode&fs.ModeSymlink != 0:
		if err = u.root.MkdirAll(path.Dir(folder), 0o700); err == nil {
			err = u.root.Symlink("nowhere", folder)
		}
	case inside == 0 && !mode.IsDir():
	default:
		if err = u.root.MkdirAll(folder, 0o700); err == nil && inside == 1 && strings.HasSuffix(name, ".go") {
			err = u.file(name, mode, open)
		}
	}
	if errors.Is(err, fs.ErrExist) {
		return u.refuse(u.lang.Sprintf("%s is in it twice", quoted(name)))
	}
	return err
}

// exercise is where in a path the folder of an exercise stands, -1: nowhere, or below a hidden folder.
func (u *unpacking) exercise(parts []string) int {
	for i, part := range parts {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" || i > 8 {
			return -1
		}
		for _, e := range u.kit.Exercises {
			if part == e.Name || strings.HasSuffix(part, "-"+e.Name) && digits(strings.TrimSuffix(part, "-"+e.Name)) {
				return i
			}
		}
	}
	return -1
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func (u *unpacking) file(name string, mode fs.FileMode, open func() (io.ReadCloser, error)) error {
	if mode.IsDir() {
		return nil
	}
	if !mode.IsRegular() {
		return u.root.Symlink("nowhere", name)
	}
	from, err := open()
	if err != nil {
		return u.damaged(err)
	}
	defer from.Close()
	var data bytes.Buffer
	n, err := io.Copy(&data, io.LimitReader(from, maxTakenFile))
	if err != nil {
		return u.damaged(err)
	}
	if u.taken += n; u.taken > maxTaken {
		return u.refuse(u.lang.Sprintf("its Go files have more than %d bytes", maxTaken))
	}
	to, err := u.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = to.Write(data.Bytes())
	return errors.Join(err, to.Close())
}

// quoted is a name as it can be shown in one line.
func quoted(name string) string {
	if r := []rune(name); len(r) > 80 {
		name = string(r[:80]) + "…"
	}
	return strconv.Quote(name)
}
