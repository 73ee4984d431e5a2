//! What a stranger's folder may do to whoever runs kanwu in it: nothing.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::os::unix::fs::symlink;

use support::Project;

const DAMAGED: &str = "各地要统筹发展 and 安全，把工作做实。\n";
const SECRET: &str = "TOKEN = 7b1946ac\n";

#[test]
fn a_configuration_that_is_found_shows_nothing_of_other_files() {
    let project = Project::new(&[
        ("secret", SECRET),
        ("here/a.txt", DAMAGED),
        ("here/.git/config", SECRET),
        ("here/own.toml", SECRET),
    ]);
    symlink(project.path("secret"), project.path("here/link.toml")).unwrap();
    for named in [
        "../secret",
        "link.toml",
        ".git/config",
        "own.toml",
        "/proc/self/environ",
    ] {
        for key in ["packs", "vocabulary-files"] {
            project.write("here/kanwu.toml", format!("{key} = [\"{named}\"]\n"));
            let run = project.run(&["check", "here/a.txt"]);
            let shown = format!("{}{}", run.out, run.err);
            assert!(!shown.contains("7b1946ac"), "{key} {named}: {shown}");
            let inside = [".git/config", "own.toml"].contains(&named);
            if key == "packs" || !inside {
                assert_eq!(run.code, Some(2), "{key} {named}: {shown}");
            }
        }
    }
    fs::remove_file(project.path("here/kanwu.toml")).unwrap();
    symlink(project.path("secret"), project.path("here/kanwu.toml")).unwrap();
    let run = project.run(&["check", "here/a.txt"]);
    assert_eq!(run.code, Some(2));
    assert!(!run.err.contains("7b1946ac"), "{}", run.err);
}

#[test]
fn a_configuration_that_is_named_may_name_any_file() {
    let project = Project::new(&[
        ("words/list.txt", "发展 and 安全\n"),
        (
            "here/kanwu.toml",
            "vocabulary-files = [\"../words/list.txt\"]\n",
        ),
        ("here/a.txt", DAMAGED),
    ]);
    assert_eq!(project.run(&["check", "here/a.txt"]).code, Some(2));
    let run = project.run(&["check", "--config", "here/kanwu.toml", "here/a.txt"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
}

#[test]
fn devices_are_refused_and_not_waited_for() {
    let project = Project::new(&[("a.txt", DAMAGED)]);
    for option in [
        "--config",
        "--baseline",
        "--model",
        "--vocabulary",
        "--rules",
    ] {
        let run = project.run(&["check", option, "/dev/zero", "a.txt"]);
        assert_eq!(run.code, Some(2), "{option}: {}", run.err);
    }
    symlink("/dev/zero", project.path("kanwu.toml")).unwrap();
    assert_eq!(project.run(&["check", "a.txt"]).code, Some(2));
}

#[test]
fn names_and_messages_steer_nothing() {
    let text = "（本刊\u{1b}]0;x\u{7}供稿“引文\u{202e}没有合上。\n\n请点击\u{9b}2J播报本文\n";
    let project = Project::new(&[
        ("::error file=x::y.txt", text),
        ("a\u{1b}[31m\n::error::b.txt", text),
    ]);
    for format in ["full", "concise", "github"] {
        let run = project.run(&["check", "--level", "info", "--format", format]);
        let shown = format!("{}{}", run.out, run.err);
        let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!shown.contains(steers), "{format}: {shown:?}");
        let commands = shown.lines().filter(|l| l.trim_start().starts_with("::"));
        let foreign = commands.filter(|l| !l.contains("title=kanwu"));
        assert_eq!(foreign.count(), 0, "{format}: {shown}");
    }
}

#[test]
fn an_error_about_a_strangers_file_steers_nothing() {
    let hostile = "select = [\"a\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\n::error::b\"]\r\nselct = 1\n";
    let project = Project::new(&[
        ("a.txt", DAMAGED),
        ("here/kanwu.toml", hostile),
        ("here/a.txt", DAMAGED),
        ("pack.toml", &format!("[[patterns]]\n{hostile}")),
        ("list.json", hostile),
    ]);
    for arguments in [
        &["check", "here/a.txt"][..],
        &["check", "--config", "here/kanwu.toml", "a.txt"],
        &["check", "--rules", "pack.toml", "a.txt"],
        &["check", "--baseline", "list.json", "a.txt"],
        &["check", "--judgements", "list.json", "a.txt"],
        &["check", "--model", "list.json", "a.txt"],
        &["check", "--no-config", "\u{1b}[31m\n::error::x", "a.txt"],
        &["check", "--config", "\u{1b}[31m\n::error::x", "a.txt"],
    ] {
        for lang in ["en", "zh"] {
            let run = project.run(&[arguments, &["--lang", lang]].concat());
            assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.err);
            let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!run.err.contains(steers), "{arguments:?}: {:?}", run.err);
            let commands = run.err.lines().filter(|l| l.trim_start().starts_with("::"));
            assert_eq!(commands.count(), 0, "{arguments:?}: {}", run.err);
        }
    }
}

#[test]
fn what_is_no_text_is_named_and_left_as_it_is() {
    let text = "各地要统筹发展 and 安全，，把工作做实。";
    let wide: Vec<u8> = std::iter::once('\u{feff}')
        .chain(text.chars())
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    for (name, bytes, said) in [
        ("a.txt", wide, "UTF-32"),
        ("a.pdf", format!("%PDF-1.4\n{text}").into_bytes(), "PDF"),
        ("a.docx", format!("PK\u{3}\u{4}{text}").into_bytes(), "ZIP"),
    ] {
        let project = Project::new(&[]);
        project.write(name, &bytes);
        let run = project.run(&["check", "--fix", "--unsafe-fixes", name]);
        assert_eq!(run.code, Some(2), "{name}: {}{}", run.out, run.err);
        assert!(run.err.contains(said), "{name}: {}", run.err);
        assert_eq!(fs::read(project.path(name)).unwrap(), bytes, "{name}");
    }
}

#[test]
fn a_report_takes_the_place_of_no_input_device_or_read_only_file() {
    let project = Project::new(&[("a.txt", DAMAGED), ("old.txt", "报告\n")]);
    let run = project.run(&["check", "-o", "a.txt", "a.txt"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(project.read("a.txt"), DAMAGED);
    let mut mode = fs::metadata(project.path("old.txt")).unwrap().permissions();
    mode.set_readonly(true);
    fs::set_permissions(project.path("old.txt"), mode).unwrap();
    let run = project.run(&["check", "-o", "old.txt", "a.txt"]);
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert_eq!(project.read("old.txt"), "报告\n");
    let run = project.run(&["check", "-o", "/dev/stdout", "--format", "concise", "a.txt"]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("a.txt:1:"), "{}", run.out);
    let run = project.run(&["check", "-o", "/dev/null", "a.txt"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn formats_come_in_any_order() {
    let project = Project::new(&[("a.txt", DAMAGED)]);
    for formats in ["gitlab=f.json,concise", "concise,gitlab=f.json"] {
        let run = project.run(&["check", "--format", formats, "a.txt"]);
        assert_eq!(run.code, Some(1), "{}", run.err);
        assert!(run.out.starts_with("a.txt:1:"), "{}", run.out);
        assert!(project.read("f.json").starts_with('['));
    }
    for formats in ["json,concise", "json=f.json,sarif=f.json"] {
        let run = project.run(&["check", "--format", formats, "a.txt"]);
        assert_eq!(run.code, Some(2), "{formats}");
        assert!(run.err.contains("same place"), "{}", run.err);
    }
}

#[test]
fn a_gate_that_checks_nothing_says_so() {
    let project = Project::new(&[("data/a.bin", "x"), ("b.txt", DAMAGED)]);
    let run = project.run(&["check", "data"]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.err.contains("data: there is nothing to check"),
        "{}",
        run.err
    );
    assert_eq!(
        project.run(&["check", "--strict-inputs", "data"]).code,
        Some(2)
    );
    let run = project.run(&["check", "--ignore", "all", "b.txt"]);
    assert_eq!(run.code, Some(2), "{}", run.err);
}

#[test]
fn a_baseline_of_the_configuration_goes_with_a_file_that_is_renamed() {
    let project = Project::new(&[
        (
            "kanwu.toml",
            "baseline = \"old.json\"\nselect = [\"stray-latin\"]\n",
        ),
        ("a.txt", DAMAGED),
    ]);
    assert_eq!(project.run(&["check"]).code, Some(2), "there is none yet");
    let run = project.run(&["check", "--write-baseline"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(project.run(&["check"]).code, Some(0));
    fs::rename(project.path("a.txt"), project.path("b.txt")).unwrap();
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(!run.err.contains("stale"), "{}", run.err);
}

#[test]
fn a_hook_that_fixes_says_what_it_fixed_and_nothing_else() {
    let project = Project::new(&[(
        "a.txt",
        &format!("清晨,渔船返港,码头上堆满了鱼。\n{DAMAGED}"),
    )]);
    let run = project.run(&["check", "--fix", "--fix-only", "--quiet"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""));
    assert_eq!(run.err, "kanwu: a.txt: 1 fix applied\n");
    let run = project.run(&["check", "--fix", "--fix-only", "--quiet"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}
