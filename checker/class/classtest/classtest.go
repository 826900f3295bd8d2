// Package classtest makes the submissions of a class out of the kit's own right and wrong attempts, so that the verdict of each is known.
package classtest

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"

	"forklings/checker/kit"
	"forklings/checker/result"
)

// Options say what a class is like.
type Options struct {
	Learners  int
	Seed      uint64
	Stubs     float64 // how much of a submission is not begun, 0 to 1: of every other learner the end of the course, of the others any exercises
	Exercises []kit.Exercise
}

// Expected is what a verdict has to be. The first mistake of a wrong attempt has to be the one that it is named by.
type Expected struct {
	Status  result.Status
	Mistake string
	Attempt string // the file that was handed in
}

// forms are those that a submission can have: where an exercise's folder stands, and what is packed.
var forms = []struct {
	folder func(kit.Exercise) string
	ending string
}{
	{func(e kit.Exercise) string { return "exercises/" + e.Folder }, ""},
	{func(e kit.Exercise) string { return e.Name }, ".zip"},
	{func(e kit.Exercise) string { return e.Folder }, ""},
	{func(e kit.Exercise) string { return "repository-main/exercises/" + e.Folder }, ".tar.gz"},
	{func(e kit.Exercise) string { return e.Name }, ""},
}

// Make writes the submissions into the folder dir, and gives what is expected of each: by learner, then by exercise. The same options make the
// same class.
func Make(dir string, o Options) (map[string]map[string]Expected, error) {
	r := rand.New(rand.NewPCG(o.Seed, 1))
	class := map[string]map[string]Expected{}
	for i := range o.Learners {
		name := fmt.Sprintf("learner-%03d", i+1)
		class[name] = map[string]Expected{}
		files := map[string][]byte{}
		form := forms[i%len(forms)]
		begun := int(float64(len(o.Exercises))*(1-o.Stubs)*2*r.Float64() + 0.5) // in the middle, what Stubs says
		if o.Stubs == 0 {
			begun = len(o.Exercises)
		}
		place := func(j int) int { return j }
		if begun < len(o.Exercises) && i%2 == 1 {
			order := r.Perm(len(o.Exercises))
			place = func(j int) int { return order[j] }
		}
		for j, e := range o.Exercises {
			x, data, err := choose(r, e, place(j) < begun)
			if err != nil {
				return nil, err
			}
			class[name][e.Name] = x
			files[path.Join(form.folder(e), e.File)] = data
		}
		if err := write(filepath.Join(dir, name)+form.ending, form.ending, files); err != nil {
			return nil, err
		}
	}
	return class, nil
}

// choose takes an attempt at random: the solution or a right variant as often as a wrong one.
func choose(r *rand.Rand, e kit.Exercise, begun bool) (x Expected, data []byte, err error) {
	if !begun {
		data, err = e.Stub()
		return Expected{Status: result.Todo}, data, err
	}
	right, err := e.Attempts("right")
	if err != nil {
		return x, nil, err
	}
	wrong, err := e.Attempts("wrong")
	if err != nil {
		return x, nil, err
	}
	file := filepath.Join(e.SolutionDir(), e.File)
	switch n := r.IntN(2 * (len(right) + 1)); {
	case n < len(right):
		file = right[n].File
		x = Expected{Status: result.Pass}
	case n > len(right) && len(wrong) > 0:
		w := wrong[r.IntN(len(wrong))]
		file = w.File
		x.Status, x.Mistake = result.Fail, w.Mistake
	default:
		x.Status = result.Pass
	}
	x.Attempt = file
	data, err = os.ReadFile(file)
	return x, data, err
}

func write(to, ending string, files map[string][]byte) error {
	if ending == "" {
		for name, data := range files {
			name = filepath.Join(to, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(name, data, 0o644); err != nil {
				return err
			}
		}
		return nil
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	pack := packTar
	if ending == ".zip" {
		pack = packZip
	}
	return errors.Join(pack(f, files), f.Close())
}

func packZip(w io.Writer, files map[string][]byte) error {
	z := zip.NewWriter(w)
	for name, data := range files {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

func packTar(w io.Writer, files map[string][]byte) error {
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	for name, data := range files {
		err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data))})
		if err == nil {
			_, err = t.Write(data)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}
