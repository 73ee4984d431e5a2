//! `kanwu audit` as people call it: standard input, folders without files, files that cannot be
//! written.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use support::Project;

const PAGE: &str = "这个问题的关健在于落实。\n";

#[test]
fn standard_input_is_a_document() {
    let project = Project::new(&[]);
    let arguments = ["audit", "-", "--no-config", "--json", "audit.json"];
    let run = project.feed(&arguments, PAGE.as_bytes());
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(
        run.out.starts_with("1 file, 13 characters, 1 source\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("known-wrong-word"), "{}", run.out);
    let gbk = [0xd5, 0xe2, 0xb8, 0xf6, 0xb9, 0xd8, 0xbd, 0xa1, 0xa1, 0xa3];
    let run = project.feed(&["audit", "-", "--no-config", "--encoding", "gbk"], gbk);
    assert!(
        run.out.starts_with("1 file, 5 characters"),
        "{}{}",
        run.out,
        run.err
    );
}

#[test]
fn a_folder_without_files_is_said_to_be_so() {
    let project = Project::new(&[("pages/a.txt", PAGE)]);
    std::fs::create_dir(project.path("empty")).unwrap();
    let run = project.run(&["audit", "empty", "pages", "--no-config"]);
    assert!(
        run.err.starts_with("kanwu: empty: there is nothing"),
        "{}",
        run.err
    );
    assert!(run.out.starts_with("1 file,"), "{}", run.out);
}

#[test]
fn a_file_that_cannot_be_written_is_seen_before_anything_is_read() {
    let project = Project::new(&[("pages/a.txt", PAGE)]);
    for (option, path, why) in [
        ("--html", "nowhere/a.html", "no such folder"),
        ("--json", "pages", "it is a folder"),
        ("--profile", "nowhere/a.profile", "no such folder"),
        ("--csv", "files.csv", "files.csv is written beside"),
    ] {
        let all = [
            "audit",
            "pages",
            "--no-config",
            "--cache",
            "kept",
            option,
            path,
        ];
        let run = project.run(&all);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{option}");
        assert!(run.err.contains(why), "{}", run.err);
        assert!(!project.path("kept").exists());
    }
}

#[test]
fn a_copy_is_told_with_what_differs() {
    let page = "河边的老街清早就热闹起来，卖菜的人从四面八方赶来。孩子们放学以后常到图书室看书，管理员给他们留着灯。\
今年雨水充足，庄稼长得比往年都好，农户十分高兴。合作社添置了两台机器，装车卸货省下不少力气。\n";
    let other = page.replace("十分高兴", "喜上眉梢，逢人便说");
    let project = Project::new(&[("pages/a.txt", page), ("pages/b.txt", &other)]);
    let arguments = ["audit", "pages", "--no-config", "--csv", "findings.csv"];
    let run = project.run(&arguments);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let table = project.read("findings.csv");
    let told = "this one is longer by 4 characters; they first differ in “喜上眉梢，逢人便说。合作” here, “十分高兴。合作社添置了两” there";
    assert!(table.contains(told), "{table}");
}
