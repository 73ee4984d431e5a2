//! The hooks under the real pre-commit program, in a real repository.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use support::{Project, Run, program};

const DAMAGED: &str = "各地要统筹发展 and 安全，把工作做实。\n";
const RIGHT: &str = "各地要统筹发展和安全，把工作做实。\n";

/// pre-commit in an environment of its own, kept between runs; `None` where it cannot be installed.
fn pre_commit() -> Option<PathBuf> {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pre-commit");
    let installed = home.join("bin/pre-commit");
    if !installed.exists() {
        let quiet = |command: &mut Command| {
            let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
            status.is_ok_and(|s| s.success())
        };
        let made = quiet(Command::new("python3").args(["-m", "venv"]).arg(&home))
            && quiet(Command::new(home.join("bin/pip")).args(["install", "pre-commit"]));
        if !made {
            return None;
        }
    }
    Some(installed)
}

fn run(project: &Project, program: &str, arguments: &[&str]) -> Run {
    let mut command = Command::new(program);
    let search = format!(
        "{}:{}",
        support::program().parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    command
        .args(arguments)
        .current_dir(project.path("."))
        .env("PATH", search)
        .env("PRE_COMMIT_HOME", project.path(".cache"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "A")
        .env("GIT_AUTHOR_EMAIL", "a@example.org")
        .env("GIT_COMMITTER_NAME", "A")
        .env("GIT_COMMITTER_EMAIL", "a@example.org")
        .stdin(Stdio::null());
    command.output().unwrap().into()
}

/// The hooks as published, but run with the program that is built already instead of one that
/// pre-commit builds.
fn configuration() -> String {
    let published =
        include_str!("../.pre-commit-hooks.yaml").replace("language: rust", "language: system");
    let hooks: String = published
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| format!("      {line}\n"))
        .collect();
    format!("repos:\n  - repo: local\n    hooks:\n{hooks}")
}

#[test]
fn a_commit_of_damaged_text_is_blocked() {
    let Some(pre_commit) = pre_commit() else {
        // Nothing can be said without the program; the notice shows with --nocapture and in
        // failures.
        use std::io::Write;
        writeln!(
            std::io::stderr(),
            "skipped: pre-commit cannot be installed here"
        )
        .unwrap();
        return;
    };
    let project = Project::new(&[
        (".pre-commit-config.yaml", &configuration()),
        (".gitignore", ".cache\n"),
        ("a.txt", DAMAGED),
    ]);
    assert!(program().exists());
    let git = |arguments: &[&str]| run(&project, "git", arguments);
    assert_eq!(git(&["init", "-q"]).code, Some(0));
    let installed = run(&project, pre_commit.to_str().unwrap(), &["install"]);
    assert_eq!(
        installed.code,
        Some(0),
        "{}{}",
        installed.out,
        installed.err
    );
    git(&["add", "-A"]);
    let blocked = git(&["commit", "-q", "-m", "first"]);
    assert_ne!(blocked.code, Some(0));
    let said = blocked.out + &blocked.err;
    assert!(
        said.contains("kanwu check") && said.contains("Failed"),
        "{said}"
    );
    assert!(said.contains("stray-latin"), "{said}");
    // What counts is what is staged: mended there, damaged again only in the working tree.
    project.write("a.txt", RIGHT);
    git(&["add", "a.txt"]);
    project.write("a.txt", DAMAGED);
    let passed = git(&["commit", "-q", "-m", "first"]);
    assert_eq!(passed.code, Some(0), "{}{}", passed.out, passed.err);
    assert_eq!(
        project.read("a.txt"),
        DAMAGED,
        "the working tree is as it was"
    );
}
