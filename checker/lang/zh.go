package lang

import "maps"

// chinese is what the learner reads in Chinese, by the English. Names of mistakes, points, roles, commands and flags are keys, and
// stay as they are.
var chinese = merged(parts...)

// parts are the catalogues of the parts of the checker.
var parts = []map[string]string{
	chineseEngine, chineseFacts, chineseTimeline, chineseErrors, chineseReasons, chineseWatch, chineseProgress, chineseCommands, chineseFormat, chineseFormats, chineseCourse,
}

func merged(parts ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}
