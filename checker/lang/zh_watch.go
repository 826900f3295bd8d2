package lang

// chineseWatch is what watch says.
var chineseWatch = map[string]string{}
