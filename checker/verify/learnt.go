package verify

import (
	"forklings/checker/kit"
	"forklings/checker/lang"
)

// maxLearnt is how long a line about what was learnt may be, in characters.
const maxLearnt = 115

// learnt checks what a learner reads after a pass.
func (l *lint) learnt() {
	all, err := l.exercise.AllLearnt()
	if err != nil {
		l.problem("no word about what was learnt: %v", err)
		return
	}
	for _, language := range lang.All {
		lines := all[language]
		if len(lines) != kit.LearntLines {
			l.problem("learnt.md has %d lines below `## %s`: write %d, each a sentence", len(lines), language, kit.LearntLines)
		}
		for _, line := range lines {
			if n := len([]rune(line)); n > maxLearnt {
				l.problem("learnt.md: a line of %d characters: cut it to %d", n, maxLearnt)
			}
		}
	}
	if len(all) > len(lang.All) {
		l.problem("learnt.md has a language that the kit does not speak; there are %v", lang.All)
	}
}
