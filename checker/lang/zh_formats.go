package lang

// chineseFormats is the page on the forms for platforms.
func chineseFormats() map[string]string {
	return map[string]string{
		"%s extra":                               "附加 %s",
		"for %s":                                 "用于：%s",
		"exit status: %d whenever it was graded": "退出状态：只要完成评分就是 %d",
		"exit status: %d whenever it was graded, %d when something could not be judged":  "退出状态：只要完成评分就是 %d，有内容未能判定时是 %d",
		"exit status: %d passed, %d something did not, %d something could not be judged": "退出状态：%d 全部通过，%d 有未通过的，%d 有未能判定的",
		"people":  "人",
		"scripts": "脚本",
		"GitLab, Jenkins and others that read JUnit XML":                                     "GitLab、Jenkins 等读取 JUnit XML 的工具",
		"readers that check JUnit against junit-10.xsd":                                      "按 junit-10.xsd 检查 JUnit 的工具",
		"prove and others that read TAP":                                                     "prove 等读取 TAP 的工具",
		"GitHub Actions: the log, the annotations, the summary":                              "GitHub Actions：日志、标注和摘要",
		"autograding-grading-reporter of GitHub Classroom":                                   "GitHub Classroom 的 autograding-grading-reporter",
		"Classroom 50's runner, as result.json":                                              "Classroom 50 的 runner，文件 result.json",
		"Gradescope, as /autograder/results/results.json":                                    "Gradescope，文件 /autograder/results/results.json",
		"Exercism's test runner interface, version 3, as results.json":                       "Exercism 的测试运行器接口第 3 版，文件 results.json",
		"PrairieLearn's external grader, as /grade/results/results.json":                     "PrairieLearn 的外部评分程序，文件 /grade/results/results.json",
		"Moodle's Virtual Programming Lab, on the output of vpl_execution":                   "Moodle 的 Virtual Programming Lab，vpl_execution 的输出",
		"Autolab, on the output of the autograder":                                           "Autolab，评分程序的输出",
		"The first failed scenario of each exercise in full, with its timeline; -v for all.": "每个练习第一个失败的场景的全部内容，连同时间线；-v 显示所有失败的场景。",
		"All that is known, as one object of schema forklings/result/v1.":                    "已知的全部内容，一个 forklings/result/v1 模式的对象。",
		"A testsuite for each exercise, with the learner's file on each testcase. A fault of the machine is an <error>, everything else that did not pass a <failure>. GitLab fails no job for a report: the exit status does.": "每个练习一个 testsuite，每个 testcase 带学习者的文件。机器的问题是 <error>，其余未通过的都是 <failure>。GitLab 不会因为报告让作业失败：决定的是退出状态。",
		"The same without what that schema refuses, the file of a testcase.": "内容相同，去掉该模式不接受的部分：testcase 的文件。",
		"TAP version 13, the details as YAML.":                               "TAP 第 13 版，详情用 YAML。",
		"At most ten annotations, on the learner's lines; all details with the timelines are appended to $GITHUB_STEP_SUMMARY. The learner's output cannot give the runner commands.":                                                                                                                      "最多十个标注，标在学习者的代码行上；全部详情连同时间线追加到 $GITHUB_STEP_SUMMARY。学习者的输出无法向 runner 下命令。",
		"Base64, on the output and as result= in $GITHUB_OUTPUT: hand it to the reporter as NAME_RESULTS.":                                                                                                                                                                                                 "Base64，写到输出，并以 result= 写入 $GITHUB_OUTPUT：用 NAME_RESULTS 交给 reporter。",
		"Write it with -o result.json. Whose submission it is comes from the environment that the runner sets, CLASSROOM, ASSIGNMENT, SUBMISSION_TAG, COMMIT_URL and RELEASE_URL among it. Where something could not be judged the exit status is 3, and the runner reports an error in place of a score.": "用 -o result.json 写文件。提交者的身份来自 runner 设置的环境变量，其中有 CLASSROOM、ASSIGNMENT、SUBMISSION_TAG、COMMIT_URL 和 RELEASE_URL。有内容未能判定时退出状态是 3，runner 报告错误，而不给出得分。",
		"Write it with -o: the file is there from the start and written anew after every exercise, so that a time-out keeps what was graded.":                                                                                                                                                              "用 -o 写文件：文件从一开始就在，每评完一个练习重写一次，超时也保留已评的部分。",
		"One exercise, named in the command.": "只用于一个练习，在命令中指定。",
		"Write it with -o. Where something could not be judged the submission is not gradable, which costs the learner nothing.":                                 "用 -o 写文件。有内容未能判定时，这次提交记为不可评分，学习者不受损失。",
		"The grade is scaled to VPL_GRADEMIN and VPL_GRADEMAX, without them to 0 and 100. Where something could not be judged, no grade is proposed.":            "成绩按 VPL_GRADEMIN 到 VPL_GRADEMAX 换算，没有设置时按 0 到 100。有内容未能判定时不给出成绩。",
		"The text, and the scores in the last line. The assessment needs a problem of each exercise's name. An exercise that could not be judged gets no score.": "文本，最后一行是得分。作业中要有与每个练习同名的 problem。未能判定的练习没有得分。",
	}
}
