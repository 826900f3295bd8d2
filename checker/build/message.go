package build

import (
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"forklings/checker/attempt"
)

// maxMessage is how much of a compiler's message is shown: an attempt can make it print a long string.
const maxMessage = 8 << 10

// readable is a message with the names of the snapshots, and of the kit's files they stand for, turned into those of the
// learner's own files.
func (b *builder) readable(message string, h attempt.Handed) string {
	var names []string
	for _, f := range h.Files {
		inKit := filepath.Join(h.Exercise.Dir, f.Name)
		for _, abs := range []string{b.snapshot(h, f), inKit} {
			names = append(names, abs, f.Shown())
			// The go tool shortens what it can, seen from the kit's root.
			if rel, err := filepath.Rel(b.kit.Root, abs); err == nil {
				names = append(names, rel, f.Shown())
				if filepath.IsLocal(rel) {
					names = append(names, "."+string(filepath.Separator)+rel, f.Shown())
				}
			}
		}
	}
	message = strings.Trim(strings.NewReplacer(names...).Replace(message), "\n")
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "\n" + fmt.Sprintf(left.String(), strconv.Itoa(len(message)-maxMessage))
	}
	return message
}

var position = regexp.MustCompile(`(?m)^.*:\d+(:\d+)?: `)

// positioned tells a complaint about source from one about the machine, such as a compiler that was killed.
func positioned(message string) bool { return position.MatchString(message) }

func excluded(message string) bool { return strings.Contains(message, "build constraints exclude") }

// importsAny tells whether the attempt imports one of these packages: for a package that does not exist, the go tool
// names it and not its importer.
func importsAny(h attempt.Handed, paths map[string]bool) bool {
	for _, f := range h.Files {
		file, _ := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.ImportsOnly)
		if file == nil {
			continue
		}
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil && paths[path] {
				return true
			}
		}
	}
	return false
}
