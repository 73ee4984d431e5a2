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
    let run = project.run(&["check", "--fix", "--select", "stray-latin", "a.txt"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(project.read("a.txt"), DAMAGED);
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
    let run = project.run(&["check", "--unsafe-fixes", "--select", "stray-latin"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.err.contains("a.txt: the file is read-only"),
        "{}",
        run.err
    );
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
        run.err.contains("1 stale entries") && run.err.contains("sub/a.txt (1)"),
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
