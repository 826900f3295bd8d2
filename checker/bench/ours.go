package bench

import (
	"os"
	"path/filepath"
	"time"

	"forklings/checker/build"
	"forklings/checker/kit"
)

// copyKit makes a kit whose exercises are solved.
func (b *bench) copyKit() error {
	to := filepath.Join(b.dir, "kit")
	if err := os.Mkdir(to, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"go.mod", "go.sum", "exercises", "solutions", "checker", "cmd", "testdata"} {
		from := filepath.Join(b.kit.Root, name)
		if info, err := os.Stat(from); err != nil {
			return err
		} else if info.IsDir() {
			if err := os.CopyFS(filepath.Join(to, name), os.DirFS(from)); err != nil {
				return err
			}
			continue
		}
		if err := copyFile(from, filepath.Join(to, name)); err != nil {
			return err
		}
	}
	var err error
	if b.copy, err = kit.Open(to); err != nil {
		return err
	}
	for _, e := range b.copy.Exercises {
		if err := copyFile(filepath.Join(e.SolutionDir(), e.File), filepath.Join(e.Dir, e.File)); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

func (b *bench) editExercises() error {
	for _, e := range b.copy.Exercises {
		if err := b.edit(filepath.Join(e.Dir, e.File)); err != nil {
			return err
		}
	}
	return nil
}

// grade grades all of it with the checker.
func (b *bench) grade() (time.Duration, error) {
	if err := b.editExercises(); err != nil {
		return 0, err
	}
	return b.run(b.copy.Root, b.checker, "grade", "-format", "json", "-o", filepath.Join(b.dir, "result.json"))
}

// test does the same below go test.
func (b *bench) test() (time.Duration, error) {
	if err := b.editExercises(); err != nil {
		return 0, err
	}
	return b.run(b.copy.Root, "go", "test", "-count=1", "./exercises/...")
}

// save grades one exercise after an edit; each call takes the next one.
func (b *bench) save() (time.Duration, error) {
	e := b.current()
	if err := b.edit(filepath.Join(e.Dir, e.File)); err != nil {
		return 0, err
	}
	return b.run(b.copy.Root, b.checker, "grade", "-format", "json", "-o", filepath.Join(b.dir, "result.json"), e.Name)
}

// buildAndRun builds the same exercise's program after an edit, and starts as many processes as its scenarios do.
func (b *bench) buildAndRun() (time.Duration, error) {
	s := b.current()
	b.turn++
	if err := b.edit(filepath.Join(s.Dir, s.File)); err != nil {
		return 0, err
	}
	return b.bare([]kit.Exercise{s.Exercise}, s.processes)
}

// least is what no grade can do without: one build of every program after an edit of every file, and the bare processes.
func (b *bench) least() (time.Duration, error) {
	if err := b.editExercises(); err != nil {
		return 0, err
	}
	var processes []int
	for _, s := range b.shapes {
		processes = append(processes, s.processes...)
	}
	return b.bare(b.copy.Exercises, processes)
}

// bare builds the programs of these exercises as a grade does, and starts so many processes for each scenario.
func (b *bench) bare(exercises []kit.Exercise, processes []int) (time.Duration, error) {
	list := filepath.Join(b.copy.Root, "cmd", "programs", "programs.go")
	if err := os.WriteFile(list, build.List(exercises), 0o644); err != nil {
		return 0, err
	}
	built, err := b.run(b.copy.Root, "go", "build", "-buildvcs=false", "-o", filepath.Join(b.dir, "program"), "./cmd/programs")
	if err != nil {
		return 0, err
	}
	ran, err := b.spawn(processes)
	return built + ran, err
}

// current is the exercise whose turn it is, in the copy.
func (b *bench) current() shape {
	s := b.shapes[b.turn%len(b.shapes)]
	s.Exercise = b.copy.Exercises[b.turn%len(b.shapes)]
	return s
}
