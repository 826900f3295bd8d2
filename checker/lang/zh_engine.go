package lang

// chineseEngine is what verdicts, timelines and errors say.
var chineseEngine = map[string]string{}
