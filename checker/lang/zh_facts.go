package lang

// chineseFacts is what a scenario expects: the sentences of the script language's facts.
func chineseFacts() map[string]string {
	return map[string]string{
		"everybody has ended": "所有进程都已结束",
		"not so: %s":          "不成立：%s",

		"%s is held at the point %s":                        "%s 停在点 %s",
		"%s is not held at the point %s":                    "%s 没有停在点 %s",
		"%s is held before its next %s":                     "%s 停在下一次 %s 之前",
		"%s is not held before its next %s":                 "%s 没有停在下一次 %s 之前",
		"%s has not come to %s yet":                         "%s 还没有到达点 %s",
		"%s has come to %s":                                 "%s 已到达点 %s",
		"%s has not come to %s":                             "%s 没有到达点 %s",
		"%s came to these points in this order: %s":         "%s 按这样的顺序到达这些点：%s",
		"%s did not come to these points in this order: %s": "%s 没有按这样的顺序到达这些点：%s",

		"%s is alive":             "%s 活着",
		"%s is not alive":         "%s 没有活着",
		"%s stays asleep":         "%s 一直在睡眠",
		"%s does not sleep":       "%s 没有在睡眠",
		"%s stays asleep in %s":   "%s 一直在 %s 中睡眠",
		"%s does not sleep in %s": "%s 没有在 %s 中睡眠",
		"%s sleeps or naps":       "%s 在睡眠或小睡",
		"%s is in state %s":       "%s 处于状态 %s",
		"%s is a zombie":          "%s 是僵尸进程",
		"%s is no zombie":         "%s 不是僵尸进程",
		"%s has ended":            "%s 已结束",
		"%s has not ended":        "%s 没有结束",
		"%s has not gone: it runs, or nobody has waited for it": "%s 还没有消失：它在运行，或者没有进程等待过它",
		"%s has exited %s": "%s 已退出，退出码 %s",

		"%s is a child of %s":                                          "%s 是 %s 的子进程",
		"%s is no child of %s":                                         "%s 不是 %s 的子进程",
		"%s was adopted: its parent has ended":                         "%s 已被收养：它的父进程已结束",
		"%s was not adopted":                                           "%s 没有被收养",
		"%s has %s children, zombies included":                         "%s 有 %s 个子进程（僵尸进程也算）",
		"%s has %s descendants, zombies included":                      "%s 有 %s 个后代进程（僵尸进程也算）",
		"a process called %s has shown itself":                         "出现了名为 %s 的进程",
		"%s was alive at the same moment as %s":                        "%s 和 %s 曾在同一时刻活着",
		"%s and %s were never at the same time between %s and %s":      "%s 和 %s 从未同时处于 %s 与 %s 之间",
		"some order of the calls explains what came back from %s (%s)": "某种先后顺序能解释 %s 返回的结果（%s）",

		"%s answers %s: %s":                         "%s 回答 %s：%s",
		"%s does not answer %s: %s":                 "%s 对 %s 的回答不是：%s",
		"%s has printed the line %s":                "%s 打印了这一行：%s",
		"%s has not printed the line %s":            "%s 没有打印这一行：%s",
		"%s has reported the line %s":               "%s 在标准错误上报告了这一行：%s",
		"%s has not reported the line %s":           "%s 没有在标准错误上报告这一行：%s",
		"%s has mentioned %s on standard error":     "%s 在标准错误上提到了 %s",
		"%s has not mentioned %s on standard error": "%s 没有在标准错误上提到 %s",
		"%s has %s open":                            "%s 打开着 %s",
		"%s does not have %s open":                  "%s 没有打开 %s",
		"the open descriptors of %s are %s":         "%s 打开的描述符是 %s",

		"%s keeps working, or waking up to look":    "%s 一直在运行，或者反复醒来查看",
		"%s slept by a timer":                       "%s 靠定时器睡眠过",
		"%s and its relatives multiply without end": "%s 和它的亲属进程无休止地增多",
	}
}
