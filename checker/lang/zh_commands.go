package lang

// chineseCommands is what list, doctor, help and the other commands say.
var chineseCommands = map[string]string{}
