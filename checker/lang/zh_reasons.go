package lang

// chineseReasons is why this machine does not allow a scenario: what stands behind a script's needs, and what a supervisor refuses.
func chineseReasons() map[string]string {
	return map[string]string{
		"the calls of programs cannot be listened to here: something above the checker does so already (seccomp_unotify(2))": "这里无法监听程序的系统调用：checker 之上已经有别的程序在监听（seccomp_unotify(2)）",
		"orders can be explored on amd64 and arm64 only":                                                                     "只有在 amd64 和 arm64 上才能遍历各种顺序",
		"processes cannot be traced here (ptrace: %v)":                                                                       "这里无法跟踪进程（ptrace：%v）",

		"no process can be given the PID of an earlier one here: that a later one says something else was not seen": "这里无法让进程得到先前进程的 PID：无法检验后来的进程说的不一样",

		"the processes above these are hidden (/proc is mounted with hidepid): the line of ancestors was not seen": "这些进程之上的进程被隐藏（/proc 以 hidepid 挂载）：无法检验祖先进程这条线",

		"too much else runs here: two processes were not seen to run at the same moment":                                                                                "这里还运行着太多别的程序：无法检验两个进程在同一时刻运行",
		"too much else runs here: two threads of one process were not seen to run at the same moment":                                                                   "这里还运行着太多别的程序：无法检验同一进程的两个线程在同一时刻运行",
		"too many other processes of this user come and go, and the limit on processes counts them too: EAGAIN from Make was not seen, nor List and Clear at the limit": "这个用户还有太多别的进程来来去去，进程数的限制也把它们算在内：无法检验 Make 返回 EAGAIN，也无法检验达到限制时的 List 和 Clear",
		"the limit on processes (RLIMIT_NPROC) does not bind this user, such as root: EAGAIN from Make was not seen, nor List and Clear at the limit":                   "进程数的限制（RLIMIT_NPROC）对这个用户无效，例如 root：无法检验 Make 返回 EAGAIN，也无法检验达到限制时的 List 和 Clear",
		"there is no filter of system calls here (seccomp(2)): EAGAIN from Make was not seen, nor List and Clear then":                                                  "这里没有系统调用过滤器（seccomp(2)）：无法检验 Make 返回 EAGAIN，也无法检验那时的 List 和 Clear",
		"others leave us no second CPU for as long as it takes: that two tasks are on a CPU at the same moment was not seen":                                            "别的程序没有让出第二个 CPU 足够长的时间：无法检验两个任务在同一时刻各占一个 CPU",
		"a traced process cannot be stopped on its way to its end: that End waits for a daemon that is slow to end was not seen":                                        "被跟踪的进程在走向结束的途中无法停住：无法检验 End 等待结束得慢的守护进程",
		"this program may use one CPU only: that twenty parallel tasks are in progress at once was not seen":                                                            "这个程序只能用一个 CPU：无法检验二十个并行任务同时进行",
		"this machine has one CPU, or others leave us no second one: that two threads of one process work at the same moment was not seen":                              "这台机器只有一个 CPU，或者别的程序没有让出第二个：无法检验同一进程的两个线程在同一时刻工作",
		"this program may use one CPU only: that each failure in parallel is an error was not seen":                                                                     "这个程序只能用一个 CPU：无法检验并行时每次失败都成为错误",
		"no PID namespace with a /proc of its own can be made here: that a top which is not PID 1 ends the line was not seen":                                           "这里无法创建带有自己的 /proc 的 PID 命名空间：无法检验最顶端不是 PID 1 时，祖先进程这条线也在那里到头",
		"this program may use one CPU only: that parallel tasks can be on several was not seen":                                                                         "这个程序只能用一个 CPU：无法检验并行任务分布在几个 CPU 上",
		"this program may use one CPU only: that parallel tasks may leave somebody behind was not seen":                                                                 "这个程序只能用一个 CPU：无法检验并行任务可以留下别的进程",
		"this program may use one CPU only: that tasks which fail in parallel do not stop the others was not seen":                                                      "这个程序只能用一个 CPU：无法检验并行时失败的任务不妨碍其他任务",
		"this program may use one CPU only: that two tasks are on a CPU at the same moment was not seen":                                                                "这个程序只能用一个 CPU：无法检验两个任务在同一时刻各占一个 CPU",
		"only one CPU: that threads run on several was not seen":                                                                                                        "只有一个 CPU：无法检验线程在几个 CPU 上运行",
		"no process may trace another one here (ptrace): that nothing blocks when another process writes first was not seen":                                            "这里不允许进程跟踪别的进程（ptrace）：无法检验别的进程先写时什么也不阻塞",
		"no process may trace another one here (ptrace): what is said of one that a tracer has stopped was not seen":                                                    "这里不允许进程跟踪别的进程（ptrace）：无法检验对被跟踪者停下的进程怎样回答",
		"no process may trace another one here (ptrace): that nothing blocks when another process reads first was not seen":                                             "这里不允许进程跟踪别的进程（ptrace）：无法检验别的进程先读时什么也不阻塞",
		"no process may trace another one here (ptrace): that asking takes nothing from a sleeping Join was not seen":                                                   "这里不允许进程跟踪别的进程（ptrace）：无法检验询问不会从正睡在 Join 里的那里拿走什么",
		"no process may trace another one here (ptrace): that others end while one lists was not seen":                                                                  "这里不允许进程跟踪别的进程（ptrace）：无法检验列出僵尸期间别的进程结束的情形",
		"no process may trace another one here (ptrace): that an ancestor ends while one looks was not seen":                                                            "这里不允许进程跟踪别的进程（ptrace）：无法检验查祖先时有祖先进程结束的情形",
		"no process may trace another one here (ptrace): that End waits for a daemon that is slow to end was not seen":                                                  "这里不允许进程跟踪别的进程（ptrace）：无法检验 End 等待结束得慢的守护进程",
		"no process may trace another one here (ptrace): that nobody sleeps on when somebody was woken and has not looked yet was not seen":                             "这里不允许进程跟踪别的进程（ptrace）：无法检验一个进程被唤醒、还没有查看时，谁也不会一直睡下去",
		"no process may trace another one here (ptrace): that nobody sleeps on when somebody is killed who was woken was not seen":                                      "这里不允许进程跟踪别的进程（ptrace）：无法检验刚被唤醒的进程被杀死时，谁也不会一直睡下去",
		"this Get came out of a call that may have taken the item, as a read does: that nobody sleeps on when somebody is killed who was woken was not seen":            "这个 Get 从一个可能已经拿走元素的调用（比如 read）中出来：无法检验刚被唤醒的进程被杀死时，谁也不会一直睡下去",
		"this Put came out of a call that may have taken the place, as a read does: that nobody sleeps on when somebody is killed who was woken was not seen":           "这个 Put 从一个可能已经占用位置的调用（比如 read）中出来：无法检验刚被唤醒的进程被杀死时，谁也不会一直睡下去",
		"no process may trace another one here (ptrace): that each Done counts when two come at the same time was not seen":                                             "这里不允许进程跟踪别的进程（ptrace）：无法检验两个 Done 同时到来时各算一次",
	}
}
