//! `kanwu audit` on the example collection: 21 documents of three made-up sites, with footers, a
//! planted phrase, copies and a torn passage.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::{Project, Run, program};

fn project() -> Project {
    let project = Project::new(&[]);
    let collection = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/collection");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(collection)
        .arg(project.path("pages"))
        .status();
    assert!(copied.unwrap().success());
    project
}

fn run(project: &Project, arguments: &[&str]) -> Run {
    Command::new(program())
        .args(arguments)
        .env("LC_ALL", "C")
        .current_dir(project.path("."))
        .output()
        .unwrap()
        .into()
}

fn audit(project: &Project, arguments: &[&str]) -> Value {
    let mut all = vec!["audit", "pages", "--json", "audit.json"];
    all.extend(arguments);
    let run = run(project, &all);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    serde_json::from_slice(&std::fs::read(project.path("audit.json")).unwrap()).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|v| v["text"].as_str().unwrap())
        .collect()
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    let project = project();
    let audit = audit(&project, &[]);
    let repeats = &audit["repeats"];
    let mut lines = texts(&repeats["lines"]);
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "【青山周刊】每周四出版，订阅热线 0000-1234567",
            "古城日报数字版 版权所有，未经书面授权不得转载。",
            "点击上方蓝字关注临水网，看遍江湖新鲜事。",
            "责任编辑：*",
            "阅读 #\u{3000}点赞 #",
        ]
    );
    assert_eq!(texts(&repeats["watermarks"]), ["河湾书斋整理欢迎转发收藏"]);
    assert_eq!(repeats["watermarks"][0]["documents"], 7);
    let copies = repeats["duplicates"].as_array().unwrap();
    assert_eq!(copies.len(), 2);
    assert_eq!(
        copies[0]["files"],
        serde_json::json!(["pages/gucheng/03.txt", "pages/linshui/07.txt"])
    );
    assert_eq!(copies[0]["exact"], true);
    assert_eq!(copies[1]["exact"], false);
    let passages = repeats["passages"].as_array().unwrap();
    assert_eq!(passages.len(), 1);
    assert_eq!(
        passages[0]["files"],
        serde_json::json!(["pages/linshui/06.txt", "pages/qingshan/02.txt"])
    );
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let project = project();
    let outcome = |jobs: &str, name: &str| {
        audit(
            &project,
            &["--jobs", jobs, "--csv", name, "--profile", "kanwu.profile"],
        );
        ["audit.json", name, "files.csv", "kanwu.profile"]
            .map(|f| std::fs::read(project.path(f)).unwrap())
    };
    assert_eq!(outcome("1", "one.csv"), outcome("3", "three.csv"));
}

#[test]
fn a_check_with_the_profile_masks_the_lines_and_finds_the_planted_phrase() {
    let project = project();
    audit(&project, &["--profile", "kanwu.profile"]);
    let json = |arguments: &[&str]| -> Vec<Value> {
        let mut all = vec!["check", "pages/linshui/03.txt", "--format", "json"];
        all.extend(arguments);
        let found: Value = serde_json::from_str(&run(&project, &all).out).unwrap();
        found["findings"].as_array().unwrap().clone()
    };
    let plain = json(&[]);
    assert!(plain.iter().all(|f| f["group"] != "corpus"));
    let known = json(&["--profile", "kanwu.profile"]);
    let of = |rule: &str| known.iter().filter(|f| f["rule"] == rule).count();
    assert_eq!((of("site-boilerplate"), of("site-watermark")), (2, 1));
    // profiles of which each knows a part are merged
    let profile = std::fs::read_to_string(project.path("kanwu.profile")).unwrap();
    let phrase = profile.find("[[watermark]]").unwrap();
    let version = "version = 1\n";
    assert!(profile.contains(version), "{profile}");
    let phrases = format!("{version}{}", &profile[phrase..]);
    std::fs::write(project.path("lines.profile"), &profile[..phrase]).unwrap();
    std::fs::write(project.path("phrases.profile"), phrases).unwrap();
    let lines = json(&["--profile", "lines.profile"]);
    assert!(lines.iter().all(|f| f["rule"] != "site-watermark"));
    let both = json(&["--profile", "lines.profile", "--profile", "phrases.profile"]);
    assert_eq!(both, known);
    // from the configuration as well, and the fix takes the phrase out
    std::fs::write(project.path("kanwu.toml"), "profile = \"kanwu.profile\"\n").unwrap();
    assert_eq!(json(&[]).len(), known.len());
    let mended = run(&project, &["check", "--fix", "pages/linshui/03.txt"]);
    assert!(
        mended.err.contains("1 fixed") || mended.err.contains("fix"),
        "{}",
        mended.err
    );
    let text = std::fs::read_to_string(project.path("pages/linshui/03.txt")).unwrap();
    assert!(!text.contains("河湾书斋") && text.contains("点击上方蓝字关注临水网"));
}

#[test]
fn a_second_audit_comes_out_of_the_cache() {
    let project = project();
    let first = audit(&project, &["--cache", "kept"]);
    let cached = std::fs::read(project.path("kept/audit.jsonl")).unwrap();
    assert_eq!(first, audit(&project, &["--cache", "kept"]));
    // what the cache says is believed, so that a changed entry shows that it was read
    let changed = String::from_utf8(cached)
        .unwrap()
        .replace("stray-latin", "changed-rule");
    std::fs::write(project.path("kept/audit.jsonl"), changed).unwrap();
    let second = audit(&project, &["--cache", "kept"]);
    assert!(first["rules"]["stray-latin"].is_object());
    assert!(second["rules"]["changed-rule"].is_object());
    // a file that has changed is checked again
    let page = project.path("pages/qingshan/05.txt");
    let text = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, format!("{text}\n各地要统筹发展 and 安全。\n")).unwrap();
    let third = audit(&project, &["--cache", "kept"]);
    assert!(third["rules"]["stray-latin"].is_object());
}

#[test]
fn a_damaged_profile_is_an_error_with_its_line() {
    let project = project();
    std::fs::write(
        project.path("kanwu.profile"),
        "version = 1\n\n[[line]]\nsource = 3\n",
    )
    .unwrap();
    let run = run(&project, &["check", "--profile", "kanwu.profile", "pages"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("line 4"), "{}", run.err);
}

#[test]
fn what_is_judged_wrong_is_passed_over_and_counted_in_the_audit() {
    let project = project();
    let list = run(&project, &["judge", "pages", "--list"]);
    assert_eq!(list.code, Some(0), "{}", list.err);
    let line = list
        .out
        .lines()
        .find(|l| l.contains("stray-latin"))
        .unwrap();
    let print = line.split('\t').next().unwrap();
    let wrong = [
        "judge",
        "pages",
        "--verdict",
        "wrong",
        "--fingerprint",
        print,
    ];
    assert_eq!(run(&project, &wrong).code, Some(0));
    let found = |arguments: &[&str]| {
        let mut all = vec!["check", "pages", "--format", "concise", "-q"];
        all.extend(arguments);
        run(&project, &all).out.matches("stray-latin").count()
    };
    assert_eq!(found(&[]), 1);
    assert_eq!(found(&["--judgements", "kanwu.judgements.jsonl"]), 0);
    // by the configuration, under another name, and no fix is made of it
    std::fs::write(
        project.path("kanwu.toml"),
        "judgements = [\"kanwu.judgements.jsonl\"]\n",
    )
    .unwrap();
    std::fs::rename(
        project.path("pages/qingshan/05.txt"),
        project.path("pages/qingshan/50.txt"),
    )
    .unwrap();
    assert_eq!(found(&[]), 0);
    run(&project, &["check", "--fix", "--unsafe-fixes", "pages"]);
    let text = std::fs::read_to_string(project.path("pages/qingshan/50.txt")).unwrap();
    assert!(text.contains(" and "));
    // all others are right
    let right = run(
        &project,
        &["judge", "pages", "--verdict", "right", "--by", "甲"],
    );
    assert_eq!(right.code, Some(0), "{}", right.err);
    let audit = audit(&project, &[]);
    assert_eq!(audit["collection"]["judged_wrong"], 1);
    assert!(audit["rules"]["stray-latin"].is_null());
    let judged = &audit["precision"]["rules"]["stray-latin"];
    assert_eq!((&judged["right"], &judged["wrong"]), (&0.into(), &1.into()));
    assert!(audit["precision"]["overall"][0].as_f64().unwrap() < 1.0);
    let queue = run(&project, &["judge", "pages", "--list"]);
    assert_eq!(queue.out, "", "nothing is asked twice");
}

#[test]
fn a_broken_judgement_is_an_error_with_line_and_key() {
    let project = project();
    let path = project.path("j.jsonl");
    let line = r#"{"fingerprint":"00000000000000aa","rule":"r","text":"t","verdict":"wrong"}"#;
    std::fs::write(
        &path,
        format!("{line}\n{}\n", line.replace("wrong", "maybe")),
    )
    .unwrap();
    for command in ["check", "audit", "judge"] {
        let run = run(&project, &[command, "pages", "--judgements", "j.jsonl"]);
        assert_eq!(run.code, Some(2), "{command}");
        let words: String = run.err.split_whitespace().collect();
        assert!(words.contains("j.jsonl,line2,key`verdict`"), "{}", run.err);
    }
}

#[test]
fn a_sample_is_the_same_each_time_and_an_audit_is_compared_with_another() {
    let project = project();
    let first = audit(&project, &["--sample", "3"]);
    let sample = &first["sample"];
    assert_eq!(sample["unflagged"].as_array().unwrap().len(), 3);
    let of_rule = |rule: &str| {
        let all = sample["findings"].as_array().unwrap();
        all.iter().filter(|f| f["rule"] == rule).count()
    };
    assert_eq!((of_rule("site-watermark"), of_rule("stray-latin")), (3, 1));
    assert_eq!(&audit(&project, &["--sample", "3"])["sample"], sample);
    std::fs::rename(project.path("audit.json"), project.path("old.json")).unwrap();
    let page = project.path("pages/qingshan/05.txt");
    let text = std::fs::read_to_string(&page).unwrap();
    let mended = text.replace(" and ", "和") + "他终于迫不急待地出发了。\n";
    std::fs::write(&page, mended).unwrap();
    let rules = &audit(&project, &["--compare", "old.json"])["comparison"]["rules"];
    assert_eq!(rules["stray-latin"]["gone"], 1);
    assert_eq!(rules["known-wrong-word"]["new"], 1);
    assert_eq!(rules["site-watermark"]["new"], 0);
}

#[test]
fn too_much_damage_fails_a_gate() {
    let project = project();
    let code = |limit: &str| {
        run(
            &project,
            &["audit", "pages", "-q", "--fail-on-share", limit],
        )
        .code
    };
    assert_eq!(code("error=0.1%"), Some(1));
    assert_eq!(code("error=90%"), Some(0));
    assert_eq!(code("error=1"), Some(2));
}

#[test]
fn records_are_documents_packed_or_not() {
    let project = project();
    let folder = audit(&project, &[]);
    let mut pages: Vec<_> = ["gucheng", "linshui", "qingshan"]
        .iter()
        .flat_map(|site| std::fs::read_dir(project.path("pages").join(site)).unwrap())
        .map(|page| page.unwrap().path())
        .collect();
    pages.sort();
    let texts: Vec<_> = pages
        .iter()
        .map(|page| std::fs::read_to_string(page).unwrap())
        .collect();
    let lines = texts
        .iter()
        .map(|text| serde_json::json!({ "text": text, "again": text }).to_string() + "\n");
    let lines: String = lines.collect();
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["id", "text"]).unwrap();
    for text in &texts {
        table.write_record(["1", text]).unwrap();
    }
    let table = table.into_inner().unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, lines.as_bytes()).unwrap();
    let array = format!("[{}]", lines.trim_end().replace('\n', ","));
    std::fs::remove_dir_all(project.path("pages")).unwrap();
    for (name, bytes, third, first) in [
        (
            "a.jsonl",
            lines.into_bytes(),
            "pages/a.jsonl:15",
            "pages/a.jsonl:3",
        ),
        (
            "a.jsonl.gz",
            packed.finish().unwrap(),
            "pages/a.jsonl.gz:15",
            "pages/a.jsonl.gz:3",
        ),
        ("a.csv", table, "pages/a.csv:100", "pages/a.csv:16"),
        (
            "a.json",
            array.into_bytes(),
            "pages/a.json#15",
            "pages/a.json#3",
        ),
    ] {
        std::fs::create_dir_all(project.path("pages")).unwrap();
        std::fs::write(project.path("pages").join(name), bytes).unwrap();
        let found = audit(&project, &[]);
        std::fs::remove_dir_all(project.path("pages")).unwrap();
        let of = |audit: &Value, key: &str| audit["collection"][key].clone();
        assert_eq!(of(&found, "opened"), 1, "{name}");
        for key in ["files", "characters", "errors"] {
            assert_eq!(of(&found, key), of(&folder, key), "{name}: {key}");
        }
        let copies = &found["repeats"]["duplicates"];
        assert_eq!(copies.as_array().unwrap().len(), 2, "{name}");
        assert_eq!(copies[0]["files"], serde_json::json!([first, third]));
        // the passage stands in both records, at the same places as in the pages
        let spans = |audit: &Value| audit["repeats"]["passages"][0]["spans"].clone();
        assert_eq!(spans(&found), spans(&folder), "{name}");
        let worst = found["files"].as_array().unwrap();
        assert!(worst.iter().all(|f| {
            f["file"]
                .as_str()
                .unwrap()
                .starts_with(&format!("pages/{name}"))
        }));
    }
}

#[test]
fn a_large_file_of_records_is_the_same_in_pieces() {
    let project = project();
    let page = std::fs::read_to_string(project.path("pages/qingshan/05.txt")).unwrap();
    std::fs::remove_dir_all(project.path("pages")).unwrap();
    std::fs::create_dir(project.path("pages")).unwrap();
    // as many records as make a file that is cut, the last of them damaged
    let filler = "河水流过村庄，人们在岸边洗衣、说话、等船。".repeat(120);
    let count = (9 << 20) / filler.len();
    let mut lines = String::new();
    for n in 0..count {
        lines.push_str(&serde_json::json!({ "text": format!("第{n}页。{filler}") }).to_string());
        lines.push('\n');
    }
    lines.push_str(&serde_json::json!({ "text": page }).to_string());
    lines.push('\n');
    std::fs::write(project.path("pages/a.jsonl"), &lines).unwrap();
    let last = format!("pages/a.jsonl:{}", count + 1);
    let outcome = |jobs: &str| {
        let select = [
            "--select",
            "stray-latin,known-wrong-word",
            "--csv",
            "all.csv",
        ];
        let found = audit(&project, &[&["--jobs", jobs], &select[..]].concat());
        (
            found,
            std::fs::read_to_string(project.path("all.csv")).unwrap(),
        )
    };
    let (found, table) = outcome("1");
    assert_eq!(found["collection"]["files"], count + 1);
    assert_eq!(found["collection"]["bytes"], lines.len());
    let damaged: Vec<_> = found["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["errors"] != 0)
        .map(|f| f["file"].as_str().unwrap())
        .collect();
    assert_eq!(damaged, [last.as_str()]);
    let place = format!("{last},{},", count + 1);
    assert!(
        table.lines().skip(1).all(|row| row.starts_with(&place)),
        "{table}"
    );
    assert_eq!((found, table), outcome("3"));
}

#[test]
fn a_word_that_a_source_always_writes_wrong_is_told_and_a_name_is_not() {
    let project = project();
    std::fs::remove_dir_all(project.path("pages")).unwrap();
    // of each place its two frames; the rest makes the pages long enough for the word to be missed
    let frames = [
        "要抓住这个KEY环节，把后面的工作做扎实。",
        "人才是发展的KEY所在，各地都很重视。",
        "工程能不能按时完工，KEY要看材料。",
        "他在最KEY的时刻站了出来，大家都很佩服。",
    ];
    let rest = [
        "河边的老街清早就热闹起来，卖菜的人从四面八方赶来。",
        "孩子们放学以后常到图书室看书，管理员给他们留着灯。",
        "今年雨水充足，庄稼长得比往年都好，农户十分高兴。",
        "合作社添置了两台机器，装车卸货省下不少力气。",
        "村里修了新路，外出打工的年轻人回家方便多了。",
    ];
    let page = |n: usize, word: &str| {
        let frame = |k: usize| frames[(n + k) % frames.len()].replace("KEY", word);
        let line = |k: usize| {
            format!(
                "第{n}页第{k}节。{}{}{}\n",
                rest[k % 5],
                rest[(k + n) % 5],
                rest[(k * 3 + n) % 5]
            )
        };
        let lines: String = (0..60).map(line).collect();
        format!("{}\n{lines}{}\n", frame(0), frame(1))
    };
    let write = |source: &str, word: &str| {
        std::fs::create_dir_all(project.path("pages").join(source)).unwrap();
        for n in 0..20 {
            let path = project
                .path("pages")
                .join(source)
                .join(format!("{n:02}.txt"));
            std::fs::write(path, page(n, word)).unwrap();
        }
    };
    write("damaged", "关健");
    write("right", "关键");
    let found = audit(&project, &["--select", "corpus"]);
    let confusions = found["repeats"]["confusions"].as_array().unwrap();
    assert_eq!(confusions.len(), 1, "{confusions:?}");
    let one = &confusions[0];
    assert_eq!(
        (&one["wrong"], &one["right"]),
        (&"关健".into(), &"关键".into())
    );
    assert_eq!(
        (&one["times"], &one["right_times"]),
        (&40.into(), &0.into())
    );
    assert_eq!(one["source"], "pages/damaged");
    assert_eq!(found["rules"]["corpus-confusion"]["warnings"], 40);
    let screen = run(
        &project,
        &["audit", "pages", "--select", "corpus", "--lang", "zh"],
    );
    assert!(
        screen.out.contains("kanwu learn 关健 关键"),
        "{}",
        screen.out
    );
    // where the right word stands beside it as usual, it is something else
    for n in 0..20 {
        let path = project.path("pages/damaged").join(format!("{n:02}.txt"));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(
            &path,
            format!("{text}{}\n", frames[n % 4].replace("KEY", "关键")),
        )
        .unwrap();
    }
    let found = audit(&project, &["--select", "corpus"]);
    assert_eq!(found["repeats"]["confusions"].as_array().unwrap().len(), 0);
}

#[test]
fn the_screen_has_thirty_lines_in_both_languages() {
    let project = project();
    for lang in ["en", "zh"] {
        let shown = run(&project, &["audit", "pages", "--lang", lang]);
        let lines: Vec<_> = shown.out.lines().collect();
        assert!(lines.len() <= 30, "{}", shown.out);
        let last = lines.last().unwrap();
        let next = if lang == "en" {
            "next: kanwu audit pages --html"
        } else {
            "下一步：kanwu audit pages --html"
        };
        assert!(last.starts_with(next), "{last}");
        if lang == "zh" {
            let english = [
                "files",
                "score",
                "errors",
                "warnings",
                "worst",
                "watermark",
                "copies",
            ];
            assert!(
                english.iter().all(|word| !shown.out.contains(word)),
                "{}",
                shown.out
            );
        }
    }
    // nor has it more with what people judged and what has changed
    let audited = audit(&project, &[]);
    let judged = ["judge", "pages", "--verdict", "right", "--level", "info"];
    assert_eq!(run(&project, &judged).code, Some(0));
    let path = project.path("audit.json");
    let mut old = audited.clone();
    old["fingerprints"] = serde_json::json!({});
    std::fs::write(&path, old.to_string()).unwrap();
    let compared = [
        "--judgements",
        "kanwu.judgements.jsonl",
        "--compare",
        "audit.json",
    ];
    for lang in ["en", "zh"] {
        let mut all = vec!["audit", "pages", "--lang", lang];
        all.extend(compared);
        let shown = run(&project, &all);
        assert!(
            shown.out.lines().count() <= 30,
            "{}{}",
            shown.out,
            shown.err
        );
        let said = if lang == "en" {
            "judged by people"
        } else {
            "人工评判"
        };
        assert!(shown.out.contains(said), "{}", shown.out);
    }
    let wrong = run(&project, &["audit", "--htm", "x", "--lang=zh"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong
            .err
            .starts_with("错误：没有参数 `--htm`；是否想写 `--html`？"),
        "{}",
        wrong.err
    );
    let help = run(&project, &["help", "audit", "--lang", "zh"]);
    assert_eq!(help.code, Some(0));
    assert!(
        help.out.contains("用法：kanwu audit [选项]") && !help.out.contains("Usage"),
        "{}",
        help.out
    );
}

#[test]
fn a_sentence_that_goes_on_in_the_next_page_is_no_damage() {
    // a text of three pages, each cut where the next one goes on, and two that have nothing to do
    // with it
    let text = "县里的桃园今年丰收，桃园从两百亩发展到三千亩，桃子成了当地果农的主要收入。春分前后，合作社给果农送去新品种的桃树苗和有机肥料，\
技术员走进桃园，手把手教大家修剪枝条。果农老周种了三十年桃树，从前全凭经验，如今学会了看土壤湿度和温度。今年桃园装上了滴灌设备，\
每亩桃树节水一半，果子也更大。合作社还请来农学院的专家，给果农讲病虫害防治。秋天桃子上市，批发商的卡车开到了桃园门口，\
每亩桃园比去年增收三千元，果农们脸上都是笑。老周说，桃树修剪得好，滴灌设备用得好，明年的桃子还要更甜。合作社打算再添两百亩新品种的桃树。";
    let cuts = ["技术员走进桃园，手把手教大", "给果农讲病虫害防"]
        .map(|end| text.find(end).map(|at| at + end.len()).unwrap());
    let pages = [&text[..cuts[0]], &text[cuts[0]..cuts[1]], &text[cuts[1]..]];
    let project = Project::new(&[
        ("book/1.txt", &format!("{}\n", pages[0])),
        ("book/2.txt", &format!("{}\n", pages[1])),
        ("book/3.txt", &format!("{}\n", pages[2])),
        (
            "other/1.txt",
            "中央气象台发布台风预警，沿海渔船全部回港避风。\n",
        ),
    ]);
    let arguments = [
        "audit",
        "book",
        "other",
        "--json",
        "audit.json",
        "--csv",
        "findings.csv",
    ];
    let shown = run(&project, &arguments);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    let audit: Value =
        serde_json::from_slice(&std::fs::read(project.path("audit.json")).unwrap()).unwrap();
    let homes = audit["repeats"]["homes"].as_array().unwrap();
    let rest: Vec<_> = homes.iter().filter(|home| home["kind"] == "rest").collect();
    assert!(!rest.is_empty(), "{}", audit["repeats"]);
    for home in rest {
        let [from, to] = [0, 1].map(|at| home["files"][at].as_str().unwrap());
        let next = from.replace('2', "3").replace('1', "2");
        assert_eq!(
            (to, &home["turns_page"]),
            (next.as_str(), &Value::Bool(true))
        );
    }
    assert!(
        shown.out.contains("other half in another file"),
        "{}",
        shown.out
    );
    let table = std::fs::read_to_string(project.path("findings.csv")).unwrap();
    let line = table
        .lines()
        .find(|line| line.contains("truncated-end"))
        .unwrap();
    assert!(
        line.contains(",info,") && line.contains("it goes on in book/"),
        "{line}"
    );
}
