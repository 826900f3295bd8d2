package lang

// chinese is what the learner reads in Chinese, by the English. Names of mistakes, points, roles, commands and flags are keys, and
// stay as they are.
var chinese = map[string]string{}
