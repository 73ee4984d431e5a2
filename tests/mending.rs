//! Fixes and the baseline, as files on disk see them.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Instant;

use support::Project;

const DAMAGED: &str = "各地要统筹发展 and 安全，把工作做实。\n";
const RIGHT: &str = "各地要统筹发展和安全，把工作做实。\n";

#[test]
fn files_are_mended_with_their_mode_and_links() {
    let project = Project::new(&[("a.txt", DAMAGED), ("real/b.txt", DAMAGED)]);
    fs::set_permissions(project.path("a.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real/b.txt", project.path("link.txt")).unwrap();
    let run = project.run(&[
        "check",
        "--fix",
        "--unsafe-fixes",
        "--select",
        "stray-latin",
        "a.txt",
        "link.txt",
    ]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert_eq!(project.read("a.txt"), RIGHT);
    assert_eq!(project.read("real/b.txt"), RIGHT);
    assert!(project.path("link.txt").is_symlink());
    let mode = fs::metadata(project.path("a.txt"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    let again = project.run(&["check", "--unsafe-fixes", "--diff", "a.txt"]);
    assert_eq!(
        (again.code, again.out.as_str()),
        (Some(0), ""),
        "idempotent"
    );
}

#[test]
fn unsafe_fixes_are_asked_for() {
    let project = Project::new(&[("a.txt", DAMAGED)]);
    for how in ["--fix", "--unsafe-fixes"] {
        let run = project.run(&["check", how, "--select", "stray-latin", "a.txt"]);
        assert_eq!(run.code, Some(1));
        assert_eq!(project.read("a.txt"), DAMAGED, "{how} alone");
    }
}

#[test]
fn a_file_of_several_names_is_left_alone() {
    let project = Project::new(&[("a.txt", DAMAGED)]);
    fs::hard_link(project.path("a.txt"), project.path("b.txt")).unwrap();
    let run = project.run(&["check", "--fix", "--unsafe-fixes", "a.txt"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("2 hard links"), "{}", run.err);
    assert_eq!(project.read("a.txt"), DAMAGED);
}

#[test]
fn comments_that_silence_nothing_are_no_quarrel() {
    for comment in ["<!--kanwu-ignore-->\n", "<!--kanwu-ignore-start-->"] {
        let project = Project::new(&[("a.txt", &comment.repeat(12))]);
        let run = project.run(&["check", "--fix", "a.txt"]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!(
            !run.err.contains("undo") && !run.err.contains("again"),
            "{}",
            run.err
        );
        assert!(!project.read("a.txt").contains("kanwu"));
    }
}

#[test]
fn what_is_written_is_read_again_as_it_was_meant() {
    // With one copy less this looks like GB18030.
    let copies = "首先".repeat(9);
    let bytes = [copies.as_bytes(), b"\xff", copies.as_bytes()].concat();
    let project = Project::new(&[]);
    project.write("a.txt", &bytes);
    let all = ["check", "--fix", "--unsafe-fixes", "--fix-level", "info"];
    project.run(&[&all[..], &["a.txt"]].concat());
    let left = fs::read(project.path("a.txt")).unwrap();
    let before = kanwu::text::decode(&bytes, None).unwrap().encoding;
    let after = kanwu::text::decode(&left, None).unwrap().encoding;
    assert_eq!(before, after);
}

#[test]
fn a_panic_over_one_file_would_not_end_the_run_and_edits_never_overlap() {
    // A block that reaches over the place where it belongs.
    let torn = "`\n。聚焦\n。谁”工智能语言模型，我无法看清这张图片。希内实收\n分群体专场推动优质\n医疗资源临达群众。二是紧扣公共服务提质目标,持续完善\n与庐整\n。\n";
    let project = Project::new(&[("a.txt", torn), ("b.txt", DAMAGED)]);
    let all = ["check", "--fix", "--unsafe-fixes", "--fix-level", "info"];
    let run = project.run(&all);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert_eq!(project.read("b.txt"), RIGHT);
}

#[test]
fn records_are_not_mended_as_prose() {
    let csv = "编号,题目,答案\n一,各地统筹发展,是\n二,各地抓紧春耕,否\n三,农户不误农时,是\n四,各村照办,否\n";
    let json = "{\"题目\":\"各地统筹\",\"答案\":\"是\"}\n{\"题目\":\"抓紧春耕\",\"答案\":\"否\"}\n";
    let project = Project::new(&[("a.csv", csv), ("b.txt", csv), ("c.txt", json)]);
    let run = project.run(&["check", "-v", "--fix", "a.csv", "b.txt", "c.txt"]);
    for kind in ["b.txt: read as csv", "c.txt: read as jsonl"] {
        assert!(run.err.contains(kind), "{}", run.err);
    }
    assert_eq!(project.read("a.csv"), csv);
    assert_eq!(project.read("b.txt"), csv);
    assert_eq!(project.read("c.txt"), json);
}

#[test]
fn safe_fixes_leave_alone_what_somebody_may_have_meant() {
    for right in [
        "他一屁.股坐在沙发上，半天没有说话。那个变.态被带走了。\n",
        "史密斯医生说约翰.史密斯住在城里。第二天他来了。\n",
        "他发了一个表情︿(￣︶￣)︿，大家都笑了。\n",
        "大会由-{zh-hans:网络;zh-hant:網路}-协会主办，各地都来人。\n",
        "他关上门。看&gt;首发站欢迎各位书友光临，最快的连载尽在此处！\n",
        "他出生在拉诺-莱-圣米歇尔，后来到首都的法学院读书。\n",
        "各地把工作做实。<!-- kanwu-ignore: no-such-thing-at-all -->\n",
    ] {
        let project = Project::new(&[("a.txt", right)]);
        project.run(&["check", "--fix", "a.txt"]);
        assert_eq!(project.read("a.txt"), right);
    }
}

#[test]
fn a_diff_is_shown_and_nothing_written() {
    let project = Project::new(&[("a.txt", DAMAGED)]);
    let run = project.run(&[
        "check",
        "--unsafe-fixes",
        "--diff",
        "--select",
        "stray-latin",
        "a.txt",
    ]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    let expected = format!("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-{DAMAGED}+{RIGHT}");
    assert_eq!(run.out, expected);
    assert_eq!(project.read("a.txt"), DAMAGED);
}

#[test]
fn standard_input_goes_mended_to_standard_output() {
    let project = Project::new(&[]);
    let (gb, _, _) = encoding_rs::GB18030.encode(DAMAGED);
    let (right, _, _) = encoding_rs::GB18030.encode(RIGHT);
    let run = project.feed(
        &[
            "check",
            "--fix",
            "--unsafe-fixes",
            "--encoding",
            "gb18030",
            "--select",
            "stray-latin",
            "-",
        ],
        &gb,
    );
    assert_eq!(run.bytes, right.as_ref());
    assert_eq!(run.code, Some(0));
}

#[test]
fn a_read_only_file_is_reported_and_the_others_mended() {
    let project = Project::new(&[("a.txt", DAMAGED), ("b.txt", DAMAGED)]);
    fs::set_permissions(project.path("a.txt"), fs::Permissions::from_mode(0o444)).unwrap();
    let run = project.run(&[
        "check",
        "--fix",
        "--unsafe-fixes",
        "--select",
        "stray-latin",
        "--format",
        "concise",
    ]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.err.contains("a.txt: the file is read-only") && run.err.contains("1 file not mended"),
        "{}",
        run.err
    );
    // What is left in it is told as in a check.
    assert!(run.out.starts_with("a.txt:1:"), "{}", run.out);
    assert!(!run.out.contains("b.txt"), "{}", run.out);
    assert_eq!(project.read("a.txt"), DAMAGED);
    assert_eq!(project.read("b.txt"), RIGHT);
}

#[test]
fn a_baseline_survives_an_edit_above() {
    let project = Project::new(&[("sub/a.txt", &format!("开头的一段话，说明来意。\n{DAMAGED}"))]);
    let only = ["--select", "stray-latin", "--format", "concise"];
    let with =
        |more: &[&'static str]| [&["check", "--baseline", "base.json"][..], &only, more].concat();
    assert_eq!(project.run(&with(&[])).code, Some(2), "there is none yet");
    let run = project.run(&with(&["--write-baseline"]));
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("holds 1 finding"), "{}", run.err);
    assert_eq!(project.run(&with(&[])).code, Some(0));
    // New lines above, and a new fault: only that one counts.
    project.write("sub/a.txt", format!("新加的一段，放在最前面。\n\n开头的一段话，说明来意。\n{DAMAGED}农户抓紧春耕 and 备耕，不误农时。\n"));
    let run = project.run(&with(&[]));
    assert_eq!(run.code, Some(1));
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    assert!(run.out.starts_with("sub/a.txt:5:"), "{}", run.out);
    // Mended: the entry is stale, and writing anew drops it.
    project.write("sub/a.txt", RIGHT);
    let run = project.run(&with(&[]));
    assert!(
        run.err.contains("1 stale entry") && run.err.contains("sub/a.txt (1)"),
        "{}",
        run.err
    );
    project.run(&with(&["--write-baseline"]));
    assert!(!project.run(&with(&[])).err.contains("stale"));
}

#[test]
fn a_broken_baseline_is_an_error() {
    let project = Project::new(&[("a.txt", DAMAGED)]);
    for (text, word) in [
        ("{\"version\": 1", "damaged"),
        ("{\"version\": 9, \"findings\": {}}", "version 9"),
        ("[]", "damaged"),
    ] {
        project.write("base.json", text);
        let run = project.run(&["check", "--baseline", "base.json"]);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
        assert!(
            run.err.contains(word) && run.err.contains("base.json"),
            "{}",
            run.err
        );
    }
}

#[test]
fn many_old_findings_go_under_the_gate_in_one_command() {
    let lines = 100_000;
    let mut text = String::new();
    for i in 0..lines {
        text += &format!("第{i}户登记造册 and 入账，核对无误。\n");
    }
    let project = Project::new(&[("a.txt", &text)]);
    let only = [
        "--select",
        "stray-latin",
        "--format",
        "concise",
        "--baseline",
        "base.json",
    ];
    let begun = Instant::now();
    let run = project.run(&[&["check"], &only[..], &["--write-baseline"]].concat());
    assert!(
        run.err.contains(&format!("holds {lines} findings")),
        "{}",
        run.err
    );
    let run = project.run(&[&["check"], &only[..]].concat());
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn fixes_keep_to_the_syntax_of_the_file() {
    let csv =
        "编号,题目,答案\n一,\"各地要统筹发展 and 安全,把工作做实。\",是\n二,各地抓紧春耕,否\n";
    let json = "{\"题目, and\": \"各地要统筹发展 and 安全，\\\"做实\\\"。\"}\n{\"坏\n";
    let project = Project::new(&[("a.csv", csv), ("b.jsonl", json)]);
    let run = project.run(&["check", "--fix", "--unsafe-fixes", "a.csv", "b.jsonl"]);
    // A record that is broken is named, and the others are checked.
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(
        run.err.contains("b.jsonl: not read as jsonl at line 2"),
        "{}",
        run.err
    );
    let mended = csv.replace(" and ", "和").replace("安全,", "安全，");
    assert_eq!(project.read("a.csv"), mended);
    assert_eq!(project.read("b.jsonl"), json.replace(" and 安", "和安"));
}

#[test]
fn packed_files_are_checked_and_left_as_they_are() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, DAMAGED.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let project = Project::new(&[]);
    std::fs::write(project.path("a.txt.gz"), &packed).unwrap();
    std::fs::write(project.path("b.txt.gz"), &packed[..packed.len() / 2]).unwrap();
    let run = project.run(&["check", "--fix", "--format", "concise", "a.txt.gz"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.starts_with("a.txt.gz:1:"), "{}", run.out);
    assert!(
        run.err.contains("a packed file is not written to"),
        "{}",
        run.err
    );
    assert_eq!(std::fs::read(project.path("a.txt.gz")).unwrap(), packed);
    // A walk takes it in; half a file is an error.
    let run = project.run(&["check", "."]);
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(
        run.err.contains("b.txt.gz: cannot be unpacked"),
        "{}",
        run.err
    );
}
