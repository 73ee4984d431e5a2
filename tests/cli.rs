//! The command line in bad company: odd names, closed pipes, full disks, files that are none.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use support::{Project, Run};

const DAMAGED: &str = "各地要统筹发展 and 安全，把工作做实。\n";
const RIGHT: &str = "各地要统筹发展和安全，把工作做实。\n";
const ONLY: [&str; 2] = ["--select", "stray-latin"];

fn check<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["check"], &ONLY[..], more].concat()
}

#[test]
fn exit_codes_are_the_same_in_every_format() {
    let project = Project::new(&[("bad.txt", DAMAGED), ("good.txt", RIGHT)]);
    for format in kanwu::report::FORMATS.iter().map(|format| format.name) {
        for (file, code) in [("good.txt", 0), ("bad.txt", 1), ("none.txt", 2)] {
            let run = project.run(&check(&["--format", format, file]));
            assert_eq!(run.code, Some(code), "{format} {file}: {}", run.err);
        }
        let run = project.run(&check(&["--format", format, "none.txt", "bad.txt"]));
        assert_eq!(run.code, Some(2));
        assert!(
            run.out.contains("stray-latin"),
            "{format}: the others are still checked"
        );
    }
    assert_eq!(project.run(&["check", "--no-such-flag"]).code, Some(2));
    assert_eq!(
        project.run(&["check", "--select", "no-such-rule"]).code,
        Some(2)
    );
    for (level, code) in [("info", 1), ("warning", 1), ("error", 1), ("never", 0)] {
        assert_eq!(
            project.run(&check(&["--fail-on", level, "bad.txt"])).code,
            Some(code)
        );
    }
}

#[test]
fn standard_input_has_a_name() {
    let project = Project::new(&[(
        "kanwu.toml",
        "[[per-file]]\nfiles = [\"quiet/\"]\nignore = [\"script\"]\n",
    )]);
    let run = project.feed(&["check", "--format", "concise", "-"], DAMAGED);
    assert!(run.out.starts_with("<stdin>:1:8:"), "{}", run.out);
    let named = [
        "check",
        "--format",
        "concise",
        "-",
        "--stdin-filename",
        "pages/a.txt",
    ];
    assert!(
        project
            .feed(&named, DAMAGED)
            .out
            .starts_with("pages/a.txt:1:8:")
    );
    let quiet = [
        "check",
        "--format",
        "concise",
        "-",
        "--stdin-filename",
        "quiet/a.txt",
    ];
    assert_eq!(project.feed(&quiet, DAMAGED).code, Some(0));
}

#[test]
fn findings_can_be_limited() {
    let project = Project::new(&[("a.txt", &DAMAGED.repeat(9)), ("b.txt", DAMAGED)]);
    let run = project.run(&check(&["--format", "concise", "--max-findings", "3"]));
    assert_eq!((run.out.lines().count(), run.code), (3, Some(1)));
    assert!(run.err.contains("7 findings not shown"), "{}", run.err);
}

#[test]
fn output_does_not_depend_on_the_number_of_threads() {
    let project = Project::new(&[]);
    for i in 0..60 {
        project.write(&format!("d{}/f{i}.txt", i % 7), DAMAGED.repeat(i % 5));
    }
    let one = project.run(&["check", "--format", "json", "--jobs", "1"]);
    for jobs in ["2", "3", "16"] {
        let many = project.run(&["check", "--format", "json", "--jobs", jobs]);
        assert!(many.bytes == one.bytes, "--jobs {jobs}");
    }
    assert!(one.out.matches("stray-latin").count() > 50);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let project = Project::new(&[("a.txt", &DAMAGED.repeat(20_000))]);
    let mut child = project
        .command(&check(&["--format", "concise"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 100]).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code().is_some() && !err.contains("panicked"),
        "{err}"
    );
}

#[test]
fn a_full_disk_is_reported() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let project = Project::new(&[("a.txt", DAMAGED)]);
    for format in ["full", "concise", "json", "sarif"] {
        let output = Command::new(support::program())
            .args(check(&["--format", format]))
            .current_dir(project.path("."))
            .stdout(
                fs::OpenOptions::new()
                    .write(true)
                    .open("/dev/full")
                    .unwrap(),
            )
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{format}: {err}");
        assert!(err.contains("No space left"), "{format}: {err}");
    }
}

#[test]
fn colour_is_for_terminals() {
    let project = Project::new(&[("a.txt", DAMAGED)]);
    assert!(!project.run(&check(&[])).out.contains('\u{1b}'));
    let run = project.run(&check(&["--color", "always"]));
    assert!(run.out.contains('\u{1b}'));
    let quiet = project
        .command(&check(&[]))
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(!quiet.stdout.contains(&0x1b));
}

#[test]
fn odd_names_and_files_that_are_none() {
    let project = Project::new(&[("a.txt", DAMAGED), ("sub/b.txt", DAMAGED)]);
    fs::write(
        project.path(".").join(OsStr::from_bytes(b"\xff\xfe.txt")),
        DAMAGED,
    )
    .unwrap();
    symlink("..", project.path("sub/loop")).unwrap();
    symlink("nowhere.txt", project.path("broken.txt")).unwrap();
    let made = Command::new("mkfifo")
        .arg(project.path("pipe.txt"))
        .status()
        .unwrap();
    assert!(made.success());
    let run = project.run(&check(&["--format", "concise"]));
    assert_eq!(
        (run.out.lines().count(), run.code),
        (3, Some(1)),
        "{}{}",
        run.out,
        run.err
    );
    assert!(run.out.contains("\u{fffd}\u{fffd}.txt:1:8:"), "{}", run.out);
    // Named, it is reported and the others are still checked; a run never waits for a pipe that
    // nobody writes to.
    let run = project.run(&check(&[
        "--format",
        "concise",
        "pipe.txt",
        "broken.txt",
        "a.txt",
    ]));
    assert_eq!(
        (run.out.lines().count(), run.code),
        (1, Some(2)),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("pipe.txt") && run.err.contains("broken.txt"),
        "{}",
        run.err
    );
}

#[test]
fn a_file_that_may_not_be_read_is_reported() {
    let project = Project::new(&[("a.txt", DAMAGED), ("b.txt", DAMAGED)]);
    fs::set_permissions(project.path("a.txt"), fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(project.path("a.txt")).is_ok() {
        // The superuser reads everything.
        return;
    }
    let run = project.run(&check(&["--format", "concise"]));
    assert_eq!(
        (run.out.lines().count(), run.code),
        (1, Some(2)),
        "{}",
        run.err
    );
    assert!(run.err.contains("a.txt"), "{}", run.err);
}

#[test]
fn people_are_told_in_their_language() {
    let project = Project::new(&[("a.txt", "县县政府据此制定了方案。\n")]);
    let english = "a.txt:1:1: error[doubled-character] “县县”: one 县 too many\n";
    let chinese = "a.txt:1:1: error[doubled-character] 叠字：“县县”：多了一个“县”\n";
    let check = ["check", "--format", "concise", "a.txt"];
    let said = |more: &[&str], locale: &str| {
        let mut command = project.command(&[&check[..], more].concat());
        command.env("LC_ALL", "").env("LANG", locale);
        Run::from(command.output().unwrap())
    };
    assert_eq!(said(&[], "C.UTF-8").out, english);
    let run = said(&["--lang", "zh"], "en_GB.UTF-8");
    assert_eq!(run.out, chinese);
    assert!(
        run.err.starts_with("1个文件、13字：错误1处，"),
        "{}",
        run.err
    );
    assert!(run.err.ends_with("按规则：叠字 1\n"), "{}", run.err);
    assert_eq!(said(&[], "zh_CN.UTF-8").out, chinese);
    project.write("kanwu.toml", "lang = \"zh\"\n");
    assert_eq!(said(&[], "C.UTF-8").out, chinese);
    assert_eq!(said(&["--lang", "en"], "zh_CN.UTF-8").out, english);
    let page = project.run(&["explain", "doubled-character"]).out;
    assert!(page.starts_with("# 叠字 doubled-character\n"), "{page}");
    project.write("kanwu.toml", "lang = \"fr\"\n");
    let wrong = said(&[], "C.UTF-8");
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.err.contains("kanwu does not speak `fr`"),
        "{}",
        wrong.err
    );
}

#[test]
fn a_place_is_explained_by_what_speaks_for_it() {
    let text = "这项工作由县里统筹。\n\n到来之前前完成了涵洞的加固，大家都很高兴。\n";
    let project = Project::new(&[("a.txt", text)]);
    let said = project.run(&["explain", "a.txt:3"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains(" % likely)"), "{}", said.out);
    let (_, reasons) = said.out.split_once("The strongest evidence:\n").unwrap();
    assert_eq!(reasons.trim().lines().count(), 3, "{reasons}");
    assert!(reasons.contains("; speaks for it (+"), "{reasons}");
    let chinese = project.run(&["explain", "a.txt:3:5", "--lang", "zh"]).out;
    assert!(chinese.contains("最有力的依据："), "{chinese}");
    let json = project.run(&["explain", "a.txt:3", "--format", "json"]).out;
    let finding: serde_json::Value = serde_json::from_str(&json).unwrap();
    let evidence = finding["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 3, "{json}");
    for piece in evidence {
        assert!(
            piece["means"].is_string() && piece["weight"].is_number(),
            "{json}"
        );
    }
    let nothing = project.run(&["explain", "a.txt:1"]);
    assert_eq!(nothing.out, "");
    assert!(nothing.err.contains("a.txt:1: nothing is found here"));
    assert_eq!(project.run(&["explain", "none.txt:1"]).code, Some(2));
}

#[test]
fn a_configuration_says_what_files_are_read_as() {
    let record = "{\"id\": \"县县政府\", \"text\": \"县县政府据此制定了方案。\"}\n";
    let project = Project::new(&[("a.log", record), ("b.txt", record)]);
    project.write(
        "kanwu.toml",
        "field = [\"text\"]\ninclude = [\"*\"]\nexclude = [\"kanwu.toml\"]\n\n[[per-file]]\nfiles = [\"*.log\"]\nas = \"jsonl\"\n",
    );
    let run = project.run(&["check", "--verbose", "--format", "concise", "."]);
    let lines: Vec<&str> = run.out.lines().filter(|l| l.starts_with("a.log")).collect();
    assert_eq!(lines.len(), 1, "{}", run.out);
    assert!(
        lines[0].starts_with("a.log:1:25: error[doubled-character]"),
        "{}",
        run.out
    );
    assert!(run.err.contains("a.log: read as jsonl"), "{}", run.err);
    let shown = project.run(&["config", "show", "a.log"]).out;
    assert!(shown.contains("as = \"jsonl\""), "{shown}");
    project.write("kanwu.toml", "as = \"word\"\n");
    let wrong = project.run(&["check", "."]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.err.contains("unknown kind of file `word`"),
        "{}",
        wrong.err
    );
}
