//! Runs the `console` blocks of the README and the docs as a new user would: in an empty folder,
//! with the built program.
//!
//! A block is commands (`$ …`), each followed by its exit code where that is not 0 (`? 1`) and by
//! what it writes to standard output and standard error, in this order. `...` on a line of its own
//! stands for any lines. The blocks of a page share a folder.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::{Project, Run, program};

#[derive(Default)]
struct Step {
    command: String,
    code: i32,
    expected: Vec<String>,
}

/// The commands of a page's console blocks.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line.trim_end() == "```console";
        } else if !inside {
        } else if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.to_owned(),
                ..Step::default()
            });
        } else if let Some(step) = steps.last_mut() {
            match line.strip_prefix("? ") {
                Some(code) => step.code = code.parse().unwrap(),
                None => step.expected.push(line.to_owned()),
            }
        }
    }
    steps
}

/// Whether lines are as expected, `...` standing for any number of them.
fn matches(expected: &[String], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=lines.len()).any(|n| matches(rest, &lines[n..]))
        }
        Some((first, rest)) => lines.split_first().is_some_and(|(line, lines)| {
            line.trim_end() == first.trim_end() && matches(rest, lines)
        }),
    }
}

fn run_page(path: &Path) -> usize {
    let page = fs::read_to_string(path).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Project::new(&[]);
    // The example pages of the README.
    let _ = Command::new("cp")
        .arg("-r")
        .arg(root.join("fixtures"))
        .arg(project.path("fixtures"))
        .status();
    let search = format!(
        "{}:{}",
        program().parent().unwrap().display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let steps = steps(&page);
    for step in &steps {
        // A newcomer's first command builds the program, which is what runs this test.
        if step.command.starts_with("cargo install")
            || step.command.starts_with("pip install")
            || step.command.starts_with("git clone")
        {
            continue;
        }
        let run: Run = Command::new("sh")
            .args(["-c", &step.command])
            .current_dir(project.path("."))
            .env("PATH", &search)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .unwrap()
            .into();
        let at = format!("{}: $ {}", path.display(), step.command);
        assert_eq!(run.code, Some(step.code), "{at}\n{}{}", run.out, run.err);
        let lines: Vec<_> = run.out.lines().chain(run.err.lines()).collect();
        assert!(
            matches(&step.expected, &lines),
            "{at}\nexpected:\n{}\nfound:\n{}",
            step.expected.join("\n"),
            lines.join("\n")
        );
    }
    steps.len()
}

/// The pages of the documentation.
fn pages_of_docs() -> Vec<PathBuf> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::read_dir(docs)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect()
}

#[test]
fn commands_of_the_docs_do_what_they_show() {
    let mut pages = pages_of_docs();
    pages.sort();
    let count: usize = pages.iter().map(|page| run_page(page)).sum();
    assert!(count > 5, "only {count} commands in {pages:?}");
}

#[test]
fn commands_of_the_readme_do_what_they_show() {
    for name in ["README.md", "README.zh-CN.md"] {
        let count = run_page(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
        assert!(count > 5, "only {count} commands in {name}");
    }
}

/// The blocks of a language in the docs and the READMEs.
fn blocks(language: &str) -> Vec<String> {
    let mut pages = pages_of_docs();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    pages.extend([root.join("README.md"), root.join("README.zh-CN.md")]);
    let fence = format!("```{language}");
    let mut blocks = Vec::new();
    for page in pages {
        let text = fs::read_to_string(page).unwrap();
        let mut block: Option<String> = None;
        for line in text.lines() {
            match &mut block {
                Some(_) if line.starts_with("```") => blocks.extend(block.take()),
                Some(block) => {
                    block.push_str(line);
                    block.push('\n');
                }
                None => block = (line.trim_end() == fence).then(String::new),
            }
        }
    }
    blocks
}

/// What the YAML of the docs runs is accepted, and what it names is there: commands, hooks, inputs
/// of the action.
#[test]
fn yaml_of_the_docs_names_what_there_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let (hooks, action) = (read(".pre-commit-hooks.yaml"), read("action.yml"));
    let (mut commands, mut named) = (0, 0);
    for block in blocks("yaml") {
        let mut with = false;
        for line in block.lines() {
            let bare = line.trim().trim_start_matches("- ");
            if let Some(arguments) = bare.strip_prefix("kanwu ") {
                let project = Project::new(&[("docs/a.txt", "各地要统筹发展 and 安全。\n")]);
                let arguments: Vec<&str> = arguments.split(' ').collect();
                let run = project.run(&arguments);
                assert_eq!(run.code, Some(1), "{bare}\n{}{}", run.out, run.err);
                let reports = block
                    .lines()
                    .filter_map(|l| l.trim().strip_prefix("codequality: "));
                for report in reports {
                    assert!(project.read(report).starts_with('['), "{report}");
                }
                commands += 1;
            } else if let Some(hook) = bare.strip_prefix("id: ") {
                assert!(hooks.contains(&format!("- id: {hook}\n")), "{hook}");
                named += 1;
            } else if bare == "with:" {
                with = true;
            } else if let (true, Some((input, value))) = (with, bare.split_once(": ")) {
                assert!(action.contains(&format!("\n  {input}:\n")), "{input}");
                if input == "args" {
                    let mut check = vec!["check", "--write-baseline"];
                    check.extend(value.split(' '));
                    let project = Project::new(&[("a.txt", "好。\n")]);
                    let run = project.run(&check);
                    assert_eq!(run.code, Some(0), "{value}\n{}", run.err);
                }
                named += 1;
            } else {
                with = false;
            }
        }
    }
    assert!(commands > 0 && named > 4, "{commands} {named}");
}

/// TOML of the docs is TOML.
#[test]
fn toml_of_the_docs_can_be_read() {
    let blocks = blocks("toml");
    assert!(!blocks.is_empty());
    for block in blocks {
        assert!(block.parse::<toml::Table>().is_ok(), "{block}");
    }
}

/// JSON of the docs is JSON.
#[test]
fn json_of_the_docs_can_be_read() {
    let blocks = blocks("json");
    assert!(!blocks.is_empty());
    for block in blocks {
        let read = serde_json::from_str::<serde_json::Value>(&block);
        assert!(read.is_ok(), "{read:?} {block}");
    }
}

/// What a program says to a script on its standard input; `None` where the program is not there.
fn fed(program: &str, arguments: &[&str], script: &str) -> Option<Run> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    Some(child.wait_with_output().unwrap().into())
}

/// What the shell blocks of the docs run is there: commands and options of kanwu, programs and
/// tests of the checkout. They are not run: they build, install, or want a collection.
#[test]
fn shell_of_the_docs_names_what_there_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Project::new(&[]);
    let mut named = 0;
    for block in blocks("sh") {
        let parsed = fed("sh", &["-n"], &block).unwrap();
        assert_eq!(parsed.code, Some(0), "{block}{}", parsed.err);
        for line in block.lines() {
            let words: Vec<&str> = line
                .split_whitespace()
                .take_while(|w| *w != "#" && *w != "|")
                .collect();
            match words.as_slice() {
                ["kanwu", rest @ ..] => {
                    let command = rest.first().filter(|w| !w.starts_with('-'));
                    let mut help: Vec<&str> = command.copied().into_iter().collect();
                    help.push("--help");
                    let help = project.run(&help);
                    assert_eq!(help.code, Some(0), "{line}");
                    for option in rest.iter().filter(|w| w.starts_with("--")) {
                        assert!(help.out.contains(option), "{line}: {option}");
                        named += 1;
                    }
                }
                ["python", "-m", "kanwu", _, rest @ ..] => {
                    let module = fs::read_to_string(root.join("python/kanwu/_parquet.py")).unwrap();
                    let help = project.run(&["audit", "--help"]).out;
                    for option in rest.iter().filter(|w| w.starts_with("--")) {
                        let known = help.contains(option) || module.contains(option);
                        assert!(known, "{line}: {option}");
                    }
                }
                ["cargo", "run", rest @ ..] => {
                    // without a name it is kanwu
                    if let Some(at) = rest.iter().position(|w| *w == "--bin") {
                        let source = root.join(format!("lab/src/bin/{}.rs", rest[at + 1]));
                        assert!(source.exists(), "{line}");
                        named += 1;
                    }
                }
                ["cargo", "test", rest @ ..] => {
                    let Some(at) = rest.iter().position(|w| *w == "--test") else {
                        continue;
                    };
                    let tests = format!("tests/{}.rs", rest[at + 1]);
                    let tests = fs::read_to_string(root.join(tests)).unwrap();
                    let test = |l: &str| l.starts_with("fn ") && l.contains(rest[at + 2]);
                    assert!(tests.lines().any(test), "{line}");
                    named += 1;
                }
                ["cargo", "install" | "build", ..] | ["pip", "install", ..] | [] => {}
                ["rustup", "target", "add", _] | ["python3", "-m", "http.server", ..] => {}
                other => panic!("what is {other:?}?"),
            }
        }
    }
    assert!(named > 5, "{named}");
}

/// Whether the brackets of a block close each other.
fn is_balanced(block: &str) -> bool {
    let mut open = Vec::new();
    for c in block.chars() {
        match c {
            '(' => open.push(')'),
            '{' => open.push('}'),
            ')' | '}' if open.pop() != Some(c) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// The Lua of the docs starts the server when it is run by Lua, with what it asks of Neovim
/// recorded. Without Lua only its brackets are counted.
#[test]
fn lua_of_the_docs_starts_the_server() {
    const NEOVIM: &str = r#"
local known = {}
vim = { lsp = {
  config = function(name, of) known[name] = of end,
  enable = function(name) print(table.concat(known[name].cmd, " "), table.concat(known[name].filetypes, " ")) end,
} }
"#;
    let blocks = blocks("lua");
    assert!(!blocks.is_empty());
    for block in blocks {
        assert!(is_balanced(&block), "{block}");
        let script = format!("{NEOVIM}{block}");
        let run = ["lua", "lua5.4", "lua5.3", "luajit"]
            .into_iter()
            .find_map(|lua| fed(lua, &["-"], &script));
        if let Some(run) = run {
            assert_eq!(run.out, "kanwu lsp\ttext markdown\n", "{block}{}", run.err);
        }
    }
}

/// The Emacs Lisp of the docs names the server when Emacs reads it, with Eglot or what stands for
/// it. Without Emacs only its brackets are counted.
#[test]
fn emacs_lisp_of_the_docs_starts_the_server() {
    let blocks = blocks("elisp");
    assert!(!blocks.is_empty());
    for block in blocks {
        assert!(is_balanced(&block), "{block}");
        let project = Project::new(&[(
            "a.el",
            &format!(
                "(unless (require 'eglot nil t)\n  (defvar eglot-server-programs nil)\n  (provide 'eglot))\n{block}\n\
                 (princ (cdr (assoc '(text-mode markdown-mode) eglot-server-programs)))\n\
                 (princ (car (memq 'eglot-ensure text-mode-hook)))"
            ),
        )]);
        let run = Command::new("emacs")
            .args(["--batch", "-Q", "-l"])
            .arg(project.path("a.el"))
            .output();
        if let Ok(run) = run {
            let run: Run = run.into();
            assert_eq!(run.out, "(kanwu lsp)eglot-ensure", "{block}{}", run.err);
        }
    }
}

/// What a newcomer sees first: every defect of the example page as a warning or an error (the
/// doubled character at least as a note), and nothing else.
#[test]
fn the_example_page_shows_what_is_wrong_in_it() {
    const DEFECTS: [(u64, &str); 7] = [
        (7, "doubled-character"),
        (7, "out-of-place-sentence"),
        (9, "known-wrong-word"),
        (9, "stray-latin"),
        (11, "broken-paragraph"),
        (15, "duplicate-paragraph"),
        (29, "page-furniture"),
    ];
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/example/page.txt");
    let run = Command::new(program())
        .env("LC_ALL", "C")
        .args(["check", "--quiet", "--format", "json"])
        .arg(page)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let mut shown: Vec<(u64, &str)> = findings
        .iter()
        .filter(|f| f["severity"] != "info" || f["rule"] == "doubled-character")
        .map(|f| {
            (
                f["start"]["line"].as_u64().unwrap(),
                f["rule"].as_str().unwrap(),
            )
        })
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, DEFECTS);
}
