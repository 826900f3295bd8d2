package build

import (
	"encoding/json"
	"os"
	"path/filepath"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
)

// overlay writes the snapshots of the attempts and the file that lays them over the kit, and returns its name.
//
// In an exercise's folder only the attempt's files are left: the others could be compiled in (.s, .syso), or change what
// the folder is (go.mod). The list of programs names these exercises only.
func (b *builder) overlay(handed []attempt.Handed) (file string, err error) {
	replace := map[string]string{}
	var exercises []kit.Exercise
	for _, h := range handed {
		exercises = append(exercises, h.Exercise)
		entries, err := os.ReadDir(h.Exercise.Dir)
		if err != nil {
			return "", lang.Errorf("the kit at %s cannot be read: %w", b.kit.Root, err)
		}
		for _, entry := range entries {
			if !entry.IsDir() {
				replace[filepath.Join(h.Exercise.Dir, entry.Name())] = ""
			}
		}
		for _, f := range h.Files {
			snapshot := b.snapshot(h, f)
			if err := b.write(snapshot, f.Data); err != nil {
				return "", err
			}
			replace[filepath.Join(h.Exercise.Dir, f.Name)] = snapshot
		}
	}
	programs := filepath.Join(b.dir, "programs.go")
	if err := b.write(programs, List(exercises)); err != nil {
		return "", err
	}
	replace[filepath.Join(b.kit.Root, "cmd", "programs", "programs.go")] = programs

	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file = filepath.Join(b.dir, "overlay.json")
	return file, b.write(file, data)
}

// snapshot is where a file's bytes are kept for the compiler: those that were checked, whatever becomes of the file.
func (b *builder) snapshot(h attempt.Handed, f attempt.File) string {
	kind := "attempt"
	if f.Path == h.Exercise.StubFile() {
		kind = "stub"
	}
	return filepath.Join(b.dir, kind, h.Exercise.Folder, f.Name)
}

func (b *builder) write(file string, data []byte) error {
	err := os.MkdirAll(filepath.Dir(file), 0o777)
	if err == nil {
		err = os.WriteFile(file, data, 0o666)
	}
	if err != nil {
		return refused(b.dir, err)
	}
	return nil
}
