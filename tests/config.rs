//! Configurations as a user meets them: found upwards, strict, explained.

mod support;

use support::Project;

/// One finding of `stray-latin`, and none once it is ignored.
const DAMAGED: &str = "各地要统筹发展 and 安全，把工作做实。\n";

#[test]
fn the_nearest_configuration_applies_to_each_file() {
    let project = Project::new(&[
        ("kanwu.toml", "ignore = [\"stray-latin\"]\n"),
        ("a.txt", DAMAGED),
        ("sub/kanwu.toml", "[severity]\nscript = \"info\"\n"),
        ("sub/deep/b.txt", DAMAGED),
        ("py/pyproject.toml", "[project]\nname = \"x\"\n"),
        ("py/c.txt", DAMAGED),
        (
            "py2/pyproject.toml",
            "[tool.kanwu.severity]\nstray-latin = \"warning\"\n",
        ),
        ("py2/d.txt", DAMAGED),
    ]);
    let run = project.run(&["check", "--format", "concise", "--level", "info"]);
    let lines: Vec<_> = run
        .out
        .lines()
        .map(|l| l.split(']').next().unwrap_or_default())
        .collect();
    assert_eq!(
        lines,
        [
            "py2/d.txt:1:8: warning[stray-latin",
            "sub/deep/b.txt:1:8: info[stray-latin"
        ]
    );
    assert_eq!(run.code, Some(1), "{}", run.err);
    // From inside a folder and by a roundabout path it is the same configuration.
    let run = project.run(&["check", "--format", "concise", "sub/../a.txt"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""));
    let run = project.run(&["check", "--format", "concise", "--no-config", "a.txt"]);
    assert!(run.out.contains("error[stray-latin]"), "{}", run.out);
    let run = project.run(&[
        "check",
        "--config",
        "kanwu.toml",
        "--format",
        "concise",
        "sub",
    ]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""));
}

#[test]
fn the_command_line_goes_before_the_configuration() {
    let project = Project::new(&[
        ("kanwu.toml", "ignore = [\"stray-latin\"]\n"),
        ("a.txt", DAMAGED),
    ]);
    for arguments in [
        ["--select", "stray-latin"],
        ["--extend-select", "stray-latin"],
    ] {
        let run = project.run(&["check", arguments[0], arguments[1], "--format", "concise"]);
        assert!(
            run.out.contains("stray-latin"),
            "{arguments:?}: {}",
            run.err
        );
    }
}

#[test]
fn settings_for_some_files() {
    let project = Project::new(&[
        (
            "kanwu.toml",
            "[[per-file]]\nfiles = [\"old/\"]\nignore = [\"script\"]\n\n[[per-file]]\nfiles = [\"*.keep.txt\"]\nextend-select = [\"stray-latin\"]\nignore = []\n",
        ),
        ("old/a.txt", DAMAGED),
        ("old/b.keep.txt", DAMAGED),
        ("new/c.txt", DAMAGED),
    ]);
    let run = project.run(&["check", "--format", "concise", "--level", "info"]);
    let files: Vec<_> = run
        .out
        .lines()
        .filter_map(|l| l.split(':').next())
        .collect();
    assert_eq!(files, ["new/c.txt", "old/b.keep.txt"], "{}", run.out);
}

#[test]
fn words_encoding_and_globs() {
    let gb = "县政府通知各村，统筹发展 and 安全。".to_owned();
    let project = Project::new(&[
        (
            "kanwu.toml",
            "vocabulary = [\"发展 and 安全\"]\nvocabulary-files = [\"lists/words.txt\"]\nexclude = [\"drafts/\"]\ninclude = [\"*.txt\", \"*.ocr\"]\n",
        ),
        ("lists/words.txt", "# 词\n改革 and 开放\n"),
        (
            "a.ocr",
            &format!("{gb}坚持改革 and 开放，推进合作 and 共赢。"),
        ),
        ("drafts/b.txt", DAMAGED),
        ("c.md", DAMAGED),
    ]);
    let run = project.run(&["check", "--select", "stray-latin", "--format", "concise"]);
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    assert!(run.out.starts_with("a.ocr:1:37:"), "{}", run.out);
    let named = [
        "check",
        "drafts/b.txt",
        "--format",
        "concise",
        "--select",
        "stray-latin",
    ];
    assert_eq!(
        project.run(&named).code,
        Some(0),
        "a word of the vocabulary"
    );
    project.write("drafts/b.txt", "推进合作 and 共赢。\n");
    assert_eq!(
        project.run(&named).code,
        Some(1),
        "files that are named are checked"
    );
    let run = project.run(&[&named[..], &["--force-exclude"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.out);
}

#[test]
fn a_mistake_stops_the_run_before_anything_is_checked() {
    let project = Project::new(&[("a.txt", DAMAGED), ("sub/b.txt", DAMAGED)]);
    for (text, words) in [
        (
            "selct = []\n",
            [
                "kanwu.toml:1: there is no key `selct`",
                "did you mean `select`?",
            ],
        ),
        (
            "\nignore = [\"stray-latn\"]",
            [
                "kanwu.toml:2: there is no rule or group `stray-latn`",
                "did you mean `stray-latin`?",
            ],
        ),
        ("[rules.stray-latin]\nwrods = 1", ["kanwu.toml:2:", "wrods"]),
        (
            "[rules.stray-latin.levels]\n# of what?\nwarning = 0.8",
            ["kanwu.toml:3: `stray-latin` does not weigh", "levels"],
        ),
        (
            "[rules.garbled-text]\nlevels = { warnin = 0.8 }",
            [
                "kanwu.toml:2: there is no key `warnin`",
                "did you mean `warning`?",
            ],
        ),
        (
            "[rules.garbled-text.levels]\ninfo = 0.2\nwarning = 1.2",
            [
                "kanwu.toml:3: `warning` must be a probability",
                "from 0 to 1",
            ],
        ),
        (
            "[rules.garbled-text.levels]\nwarning = 0.2",
            [
                "kanwu.toml:2: levels must ascend: `info` is 0.3, `warning` 0.2",
                "info = 0.3, warning = 0.2, error = \"never\"",
            ],
        ),
        (
            "[rules.stray-lateen]\n",
            ["kanwu.toml:1: there is no rule", "`stray-latin`"],
        ),
        (
            "vocabulary-files = [\"none.txt\"]",
            ["kanwu.toml:1: `none.txt`", "cannot read"],
        ),
    ] {
        project.write("sub/kanwu.toml", text);
        let run = project.run(&["check", "--format", "concise", "--level", "info"]);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{text}");
        for word in words {
            // The terminal wraps long lines.
            let err: String = run.err.split_whitespace().collect();
            let word: String = word.split_whitespace().collect();
            assert!(err.replace('│', "").contains(&word), "{text}: {}", run.err);
        }
    }
}

#[test]
fn show_says_what_applies_and_where_from() {
    let project = Project::new(&[(
        "kanwu.toml",
        "ignore = [\"repeat\"]\n\n[[per-file]]\nfiles = [\"*.md\"]\nignore = [\"script\"]\n",
    )]);
    let run = project.run(&["config", "show", "a.md", "--extend-select", "stray-latin"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    for line in [
        "  ignore = [\"repeat\"]  # kanwu.toml:1",
        "  ignore = [\"script\"]  # kanwu.toml:5 (per-file *.md)",
        "  extend-select = [\"stray-latin\"]  # command line",
    ] {
        assert!(run.out.contains(line), "{line}\n{}", run.out);
    }
    assert!(
        run.out.contains("stray-latin,") || run.out.contains("stray-latin\n"),
        "{}",
        run.out
    );
    let run = project.run(&["config", "show", "a.txt", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("json");
    assert_eq!(json["settings"][0]["source"], "kanwu.toml:1");
}

#[test]
fn init_writes_a_configuration_once() {
    let project = Project::new(&[("a.txt", DAMAGED)]);
    assert_eq!(project.run(&["init"]).code, Some(0));
    assert!(project.read("kanwu.toml").starts_with("#:schema "));
    let run = project.run(&["check", "--format", "concise", "--level", "info"]);
    assert!(
        run.out.contains("stray-latin"),
        "nothing is set: {}",
        run.err
    );
    project.write("kanwu.toml", "ignore = [\"script\"]\n");
    assert_eq!(project.run(&["init"]).code, Some(2));
    assert_eq!(project.read("kanwu.toml"), "ignore = [\"script\"]\n");
}

#[test]
fn another_language_model_by_option_and_by_configuration() {
    let corpus = "市里召开会议，研究部署工作。大家都说好。\n".repeat(200);
    let project = Project::new(&[
        ("corpus.txt", corpus.as_str()),
        ("a.txt", DAMAGED),
        ("none.txt", "not a model\n"),
        ("ours/kanwu.toml", "model = \"../our.model\"\n"),
        ("ours/b.txt", DAMAGED),
        ("theirs/kanwu.toml", "model = \"../none.txt\"\n"),
        ("theirs/c.txt", DAMAGED),
    ]);
    let run = project.run(&["train", "corpus.txt", "-o", "our.model"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    for arguments in [
        [
            "check",
            "--format",
            "concise",
            "--model",
            "our.model",
            "a.txt",
        ]
        .as_slice(),
        &["check", "--format", "concise", "ours"],
    ] {
        let run = project.run(arguments);
        assert_eq!(run.code, Some(1), "{}", run.err);
        assert!(run.out.contains("[stray-latin]"), "{}", run.out);
    }
    let run = project.run(&["config", "show", "ours/b.txt"]);
    assert!(run.out.contains("../our.model"), "{}", run.out);
    let run = project.run(&["check", "--model", "none.txt", "a.txt"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.err.contains("none.txt") && run.err.contains("not a language model"),
        "{}",
        run.err
    );
    let run = project.run(&["check", "theirs"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.err.contains("kanwu.toml:1") && run.err.contains("none.txt"),
        "{}",
        run.err
    );
}

#[test]
fn levels_are_set_in_the_configuration() {
    let project = Project::new(&[]);
    project.write("page.txt", "施工队的的工作得到了大家的肯定。\n");
    let severity = |levels: &str| {
        let text = format!("[rules.doubled-character]\nlevels = {{ {levels} }}\n");
        project.write("kanwu.toml", &text);
        let run = project.run(&[
            "check",
            "--format",
            "jsonl",
            "--select",
            "doubled-character",
        ]);
        assert_ne!(run.code, Some(2), "{}", run.err);
        let finding: Option<serde_json::Value> = run
            .out
            .lines()
            .next()
            .map(|line| serde_json::from_str(line).unwrap());
        finding.map(|f| f["severity"].as_str().unwrap().to_owned())
    };
    assert_eq!(severity("").as_deref(), Some("error"));
    let doubted = severity("error = \"never\"");
    assert_eq!(doubted.as_deref(), Some("warning"));
    let noted = severity("warning = \"never\", error = \"never\"");
    assert_eq!(noted.as_deref(), Some("info"));
    let silent = severity("info = \"never\", warning = \"never\", error = \"never\"");
    assert_eq!(silent, None);
}

#[test]
fn what_is_wrong_is_told_in_the_language_that_was_asked_for() {
    for (text, said) in [
        ("selct = []\n", "没有键 `selct`"),
        ("select = \"repeat\"\n", "`select` 应为字符串列表"),
        ("ignore = [\"doubled\"]\n", "没有规则或组 `doubled`"),
        ("packs = [\"/etc/hostname\"]\n", "此处在配置所在文件夹之外"),
    ] {
        let project = Project::new(&[("kanwu.toml", text), ("a.txt", "正文。\n")]);
        let run = project.run(&["check", "--lang", "zh", "a.txt"]);
        assert_eq!(run.code, Some(2));
        assert!(run.err.contains(said), "{}", run.err);
        // the locale asks as well
        let output = project
            .command(&["check", "a.txt"])
            .env("LC_ALL", "zh_CN.UTF-8")
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(said), "{error}");
        let english = project.run(&["check", "a.txt"]).err;
        assert!(!english.contains(said), "{english}");
    }
    let project = Project::new(&[("a.txt", "\0\u{1}\0\u{2}\0")]);
    let run = project.run(&["check", "--lang", "zh", "a.txt", "--baseline", "none.json"]);
    assert!(
        !run.err.contains("baseline") || run.err.contains("基线"),
        "{}",
        run.err
    );
    let run = project.run(&["check", "--lang", "zh", "--format", "json=,github", "a.txt"]);
    assert!(run.err.contains("没有文件名"), "{}", run.err);
}

/// What goes wrong is told in Chinese to whoever reads Chinese: no sentence of the errors is
/// English, whoever they come from.
#[test]
fn errors_are_chinese_throughout() {
    let project = Project::new(&[
        ("a.txt", DAMAGED),
        ("broken.jsonl", "{\"text\": 1}\n{\"text\" 2}\n"),
        ("noise.gz", "\u{1f}\u{8b}"),
        ("page.pdf", "%PDF-1.4\n"),
        ("pack.toml", "[[patterns]]\nkind = \"regexes\"\nmtch = 1\n"),
        ("list.txt", "甲\n"),
    ]);
    let told = [
        &["check", "none.txt"][..],
        &["check", "page.pdf"],
        &["check", "broken.jsonl"],
        &["check", "--config", "none.toml", "a.txt"],
        &["check", "--config", "list.txt", "a.txt"],
        &["check", "--baseline", "none.json", "a.txt"],
        &["check", "--baseline", "list.txt", "a.txt"],
        &["check", "--model", "list.txt", "a.txt"],
        &["check", "--model", "none", "a.txt"],
        &["check", "--vocabulary", "none", "a.txt"],
        &["check", "--rules", "none", "a.txt"],
        &["check", "--rules", "pack.toml", "a.txt"],
        &["check", "--select", "none", "a.txt"],
        &["check", "--as", "none", "a.txt"],
        &["check", "--encoding", "none", "a.txt"],
        &["check", "--jobs", "x", "a.txt"],
        &["check", "--none", "a.txt"],
        &["check", "-o", "none/report", "a.txt"],
        &["check", "-o", "a.txt", "a.txt"],
        &["explain", "none"],
        &["outline", "none.txt"],
        &["audit", "none"],
        &["judge", "--list", "none.txt"],
        &["model", "info", "list.txt"],
        &["train", "none.txt", "-o", "x.model"],
        &["none"],
    ];
    for arguments in told {
        let run = project.run(&[arguments, &["--lang", "zh"]].concat());
        assert_ne!(run.code, Some(0), "{arguments:?}: {}", run.err);
        let said = format!("{}{}", run.out, run.err);
        let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(said.contains(chinese), "{arguments:?}: {said}");
        // three English words in a row are a sentence; names and options are none
        let english = said.lines().find(|line| {
            let words: Vec<_> = line.split(' ').collect();
            let is_word = |w: &&str| w.len() > 1 && w.bytes().all(|b| b.is_ascii_lowercase());
            words.windows(3).any(|three| three.iter().all(is_word))
        });
        assert!(english.is_none(), "{arguments:?}: {english:?}");
    }
}
