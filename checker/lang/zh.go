package lang

import (
	"maps"
	"sync"
)

// chinese is what the learner reads in Chinese, by the English. Names of mistakes, points, roles, commands and flags are keys, and
// stay as they are. It is made when the first text is asked for: every process of the checker's would pay for it at its start.
var chinese = sync.OnceValue(func() map[string]string { return merged(parts...) })

// parts are the catalogues of the parts of the checker.
var parts = []func() map[string]string{
	chineseEngine, chineseFacts, chineseTimeline, chineseErrors, chineseReasons, chineseWatch, chineseProgress, chineseCommands, chineseFormat, chineseFormats, chineseCourse, chineseClass,
}

func merged(parts ...func() map[string]string) map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		maps.Copy(all, part())
	}
	return all
}
