package lang

// chineseTimeline is what processes did, as timelines and orders of turns tell it. The process stands before it.
func chineseTimeline() map[string]string {
	return map[string]string{
		"ms":                   "毫秒",
		"(%d more)":            "（省略 %d 行）",
		"PID %d":               "PID %d",
		"child of %s":          "%s 的子进程",
		"pipe %d":              "管道 %d",
		"socket %d":            "套接字 %d",
		"thread %d":            "线程 %d",
		"%d bytes":             "%d 字节",
		"%q... (%d bytes)":     "%q...（%d 字节）",
		"%s... (%d arguments)": "%s...（%d 个参数）",

		// Points and answers.
		"is at %s":         "到达点 %s",
		"says %s: %s":      "回答 %s：%s",
		"calls %s of %s":   "调用 %[2]s 的 %[1]s",
		"gets from %s: %s": "从 %s 得到：%s",

		// Lives.
		"starts %s":                     "启动 %s",
		"runs %s":                       "运行 %s",
		"another program":               "另一个程序",
		"exits %d":                      "以退出码 %d 退出",
		"is killed by %s":               "被 %s 杀死",
		"was stopped by %s":             "被 %s 停止",
		"is stopped by %s":              "被 %s 停止",
		"goes on":                       "继续运行",
		"went on":                       "已继续运行",
		"waits for %s":                  "等待 %s",
		"waits for %s: %s":              "等待 %s：%s",
		"asks whether %s has ended: no": "查询 %s 是否已结束：没有",
		"learns: %s %s":                 "得知：%s %s",
		"collects %s: %s":               "回收 %s：%s",
		"any child":                     "任一子进程",
		"any child in the group of %s":  "%s 的进程组中的任一子进程",
		"any child in its own group":    "自己进程组中的任一子进程",

		// Signals, groups and sessions.
		"sends %s to %s":                     "向 %[2]s 发送 %[1]s",
		"looks whether %s is there":          "查看 %s 是否存在",
		"gets %s":                            "收到 %s",
		"everybody":                          "所有进程",
		"its own group":                      "自己的进程组",
		"the group of %s":                    "%s 的进程组",
		"begins a session of its own":        "建立自己的会话",
		"leads a group of its own":           "成为自己进程组的组长",
		"puts %s into the group of %s":       "把 %s 放进 %s 的进程组",
		"declares itself a subreaper":        "声明自己是 subreaper",
		"wants a signal at its parent's end": "要求在父进程结束时收到信号",

		// Files and locks.
		"opens %s":                 "打开 %s",
		"creates %s":               "创建 %s",
		"opens or creates %s":      "打开或创建 %s",
		"empties %s":               "清空 %s",
		"empties or creates %s":    "清空或创建 %s",
		"closes %s":                "关闭 %s",
		"reads from %s":            "读 %s",
		"writes to %s":             "写 %s",
		"reads %s":                 "读 %s",
		"writes %s":                "写 %s",
		"%s: end of file":          "%s：文件结束",
		"renames %s to %s":         "把 %s 改名为 %s",
		"links %s as %s":           "给 %s 建立硬链接 %s",
		"makes %s a symbolic link": "创建符号链接 %s",
		"makes %s a link to %s":    "创建指向 %[2]s 的符号链接 %[1]s",
		"makes the folder %s":      "创建目录 %s",
		"makes %s":                 "创建 %s",
		"removes %s":               "删除 %s",
		"cuts %s":                  "截断 %s",
		"finds %s":                 "找到 %s",
		"looks for %s":             "查找 %s",
		"wants to lock %s":         "想给 %s 加锁",
		"locks %s":                 "给 %s 加锁",
		"finds %s locked":          "发现 %s 已被锁住",
		"unlocks %s":               "给 %s 解锁",

		// Turns.
		"has to wait: it is the turn of %s": "必须等待：轮到 %s",
		"sends a signal":                    "发送信号",
		"changes a group":                   "改变进程组",
		"begins a session":                  "建立会话",
		"waits":                             "等待",
		"exits":                             "退出",

		// The page.
		"what the processes did, over time": "各进程随时间所做的事",
		"What was done with %s":             "对 %s 的操作",
		"%s, PID %d, at %.3f ms":            "%s，PID %d，%.3f 毫秒",
		"A bar lasts from a call to its return; the line through them is the order that explains what was returned, as far as there is one.":                                                                                                         "每个条形从调用开始，到返回结束；穿过它们的线是能解释这些返回结果的一种顺序（如果有的话）。",
		"Time in milliseconds from the first event, recorded by ptrace. A dotted line is a zombie: it has ended, and nobody has waited for it yet. A thick line is a lock that is held. Rest the pointer on a line for the system call and the PID.": "时间从第一个事件算起，以毫秒计，由 ptrace 记录。虚线是僵尸进程：它已结束，还没有进程等待过它。粗线表示持有锁。把指针停在某一行上，可以看到系统调用和 PID。",
	}
}
