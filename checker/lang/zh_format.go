package lang

// chineseFormat is what the forms for platforms say, and the answers to calls for them that are wrong.
func chineseFormat() map[string]string {
	return map[string]string{
		"not played: all scenarios of an exercise may take %v together, and those before have taken that": "没有运行：一个练习的全部场景合计最多用 %v，前面的场景已经用完了",
		"not played here: %s": "此处没有运行：%s",
		"not judged: the fault is the grader's or the machine's, not the attempt's; it has to be graded again": "未能判定：问题出在评分程序或机器上，不在解答；需要重新评分",
		"see %s":          "见 %s",
		"%s of %s points": "得分 %s/%s",
		"and %d exercises more; the summary has them all": "还有 %d 个练习；全部内容见摘要",
		"verdict":  "判定",
		"points":   "得分",
		"mistakes": "错误",
		"%d of %d scenarios were not judged: the fault is the grader's or the machine's, not the attempt's. They count for nothing until it is graded again.": "%d/%d 个场景未能判定：问题出在评分程序或机器上，不在解答。重新评分之前，这些场景不计分。",
		"%d of %d scenarios were not judged: the fault is the grader's or the machine's, not the attempt's. There is no grade until it is graded again.":      "%d/%d 个场景未能判定：问题出在评分程序或机器上，不在解答。重新评分之前没有成绩。",
		"nothing here can be judged on this machine":                "这台机器上没有一项能够判定",
		"not graded: the run ended before it came to this exercise": "未评分：轮到这个练习之前，评分已经结束",

		"no format %q; there are %s": "没有格式 %q；可用的有 %s",
		"-format %s: %v":             "-format %s：%v",
		"-format %s is for one exercise, and there are %d: name one": "-format %s 只用于一个练习，这里有 %d 个：请指定一个",
		"cannot write the file that %s names: %w":                    "无法写入 %s 指定的文件：%w",
	}
}
