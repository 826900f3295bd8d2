package lang

// chineseCommands is what list, doctor, help and the other commands say.
func chineseCommands() map[string]string {
	return merged(chineseLists, chineseMisuse, chineseDoctor, chineseAdvice, chineseUsage, chinesePages)
}

// chineseLists is for the list and the READMEs' tables.
func chineseLists() map[string]string {
	return map[string]string{
		"exercise":                 "练习",
		"exercises":                "练习",
		"in Python":                "对应的 Python 写法",
		"Others":                   "其他",
		"other modules":            "其他模块",
		"no exercise of their own": "没有专门的练习",
		"no exercise of its own":   "没有专门的练习",
		"these passed before the kit, Go or the machine changed, and count as begun until `checker grade` plays them again: %s": "以下练习在套件、Go 或机器改变之前已通过，在 `checker grade` 重新评判之前算作“进行中”：%s",
		": ": "：",
		"; ": "；",
		", ": "、",
		".":  "。",
		"%d of %d exercises pass. `checker list WORD` searches, also by Python's names: `checker list waitpid`.": "共 %[2]d 个练习，通过 %[1]d 个。`checker list 词` 可以搜索，也可以按 Python 的名字搜索：`checker list waitpid`。",
		"the course has no exercise about %s; `checker list -python` shows what there is":                        "本课程没有关于 %s 的练习；`checker list -python` 列出已有的",
		"no exercise fits; `checker list` shows all of them":                                                     "没有符合的练习；`checker list` 列出全部练习",
		"no call fits; `checker list -python` shows all of them":                                                 "没有符合的调用；`checker list -python` 列出全部调用",
	}
}

// chineseMisuse is for commands that were called wrongly.
func chineseMisuse() map[string]string {
	return map[string]string{
		"interrupted; nothing is left running":                            "已中断；没有遗留任何进程",
		"cannot write the output: %w":                                     "无法写出结果：%w",
		"-lang %q: there are en and zh":                                   "-lang %q：只有 en 和 zh",
		"%s takes no arguments; `checker help %[1]s` shows what it takes": "%s 不带参数；用法见 `checker help %[1]s`",
		"no command %q; did you mean %s? `checker help` lists them":       "没有命令 %q；是不是 %s？`checker help` 列出全部命令",
		"flags stand behind the command: checker %s FLAGS":                "选项要写在命令之后：checker %s 选项",
		"no command %q; `checker help` lists them":                        "没有命令 %q；`checker help` 列出全部命令",
		" or ":                                   " 或 ",
		"no flag %s; `%s` shows those there are": "没有选项 %s；已有的选项见 `%s`",
		"the flag %s needs a value; `%s` shows what it takes":                  "选项 %s 需要一个值；用法见 `%s`",
		"%q is no value for the flag %s; `%s` shows what it takes":             "%q 不能作为选项 %s 的值；用法见 `%s`",
		"%v; `%s` shows what it takes":                                         "%v；用法见 `%s`",
		"one command at a time: checker help %s":                               "一次只能看一个命令：checker help %s",
		"name your shell: checker completion bash, zsh or fish":                "请指明 shell：checker completion 后面写 bash、zsh 或 fish",
		"one exercise at a time":                                               "一次只能指定一个练习",
		"name one exercise: checker reset join":                                "请指明一个练习：checker reset join",
		"name the new exercise: checker new shared-memory":                     "请给出新练习的名字：checker new shared-memory",
		"no format %q; there are text and json":                                "没有格式 %q；只有 text 和 json",
		"no state %q; there are pass, fail, begun, todo and error":             "没有状态 %q；只有 pass、fail、begun、todo 和 error",
		"no chapter %q; there are:\n  %s":                                      "没有章节 %q；现有：\n  %s",
		"-python stands alone, or with a word that is searched":                "-python 只能单独使用，或者后面跟要搜索的词",
		"name an exercise and a role, such as: checker run join join-once":     "请指明练习和角色，例如：checker run join join-once",
		"name a role too; %s has:%s":                                           "还要指明角色；%s 有：%s",
		"%s has no role %q; it has:%s":                                         "%s 没有角色 %q；有：%s",
		"usage: checker run %s":                                                "用法：checker run %s",
		"usage: checker run %s %s":                                             "用法：checker run %s %s",
		"usage: checker run %[1]s %[2]s\nfor example: checker run %[1]s %[3]s": "用法：checker run %[1]s %[2]s\n例如：checker run %[1]s %[3]s",
		"-jobs %d: a number from 1":                                            "-jobs %d：应为 1 以上的数",
		"-attempt is empty: name the folder with the attempt":                  "-attempt 是空的：请指明解答所在的目录",
		"no tier %q; there are %s":                                             "没有隔离级别 %q；可用的有 %s",
		"nothing was graded: %s was asked for, and programs can be walled in by %s only; `checker doctor` says what this machine refuses": "什么也没有评判：要求的隔离级别是 %s，而这里只能做到 %s；`checker doctor` 会说明这台机器拒绝了什么",
		"no tier %q; there are namespaces and subreaper":                        "没有隔离方式 %q；只有 namespaces 和 subreaper",
		"-repeat is a number from 1, -load and -jobs from 0":                    "-repeat 应为 1 以上的数，-load 和 -jobs 应为 0 以上的数",
		"an exercise, or -- and a program: not both":                            "要么指明练习，要么用 -- 加程序，不能两者都给",
		"-replay names the exercise and the scenario itself":                    "-replay 本身已指明练习和场景",
		"name an exercise, or a program behind --, such as: checker trace join": "请指明练习，或在 -- 后面给出程序，例如：checker trace join",
		"one exercise, and one of its scenarios at most":                        "只能指定一个练习，最多再加它的一个场景",
		"%v": "%v",
		"this order was found with another version of the kit: grade again for one of this version":                                                                                          "这个顺序是用课程的另一个版本找到的：请重新评判，得到本版本的顺序",
		"%s has no scenario %q; there are %s":                                                                                                                                                "%s 没有场景 %q；现有 %s",
		"this course is about Linux processes, and this is %s: %s":                                                                                                                           "本课程讲的是 Linux 进程，而这里是 %s：%s",
		"open the folder in its dev container (VS Code: Reopen in Container), in a GitHub Codespace, or in a virtual machine with Linux.":                                                    "请在开发容器里打开本目录（VS Code：Reopen in Container），或用 GitHub Codespaces，或用装有 Linux 的虚拟机。",
		"open the folder in its dev container (Docker, and VS Code: Reopen in Container), in a GitHub Codespace, or in a virtual machine with Linux, such as Lima's.":                        "请在开发容器里打开本目录（Docker 加 VS Code：Reopen in Container），或用 GitHub Codespaces，或用装有 Linux 的虚拟机，例如 Lima。",
		"install WSL2 (in a PowerShell: wsl --install) and clone inside of it, or open the folder in its dev container (Docker, and VS Code: Reopen in Container) or in a GitHub Codespace.": "请安装 WSL2（在 PowerShell 里：wsl --install）并在其中克隆，或在开发容器里打开本目录（Docker 加 VS Code：Reopen in Container），或用 GitHub Codespaces。",
	}
}
