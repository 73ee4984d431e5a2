//! Files that commands write are up to date. `KANWU_UPDATE_DOCS=1 cargo test --test generated`
//! writes them anew.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use support::Project;

fn compare(file: &str, command: &[&str]) {
    let project = Project::new(&[]);
    let run = project.run(command);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("KANWU_UPDATE_DOCS").is_some() {
        fs::write(&path, &run.bytes).expect("written");
    }
    assert!(
        fs::read(&path).unwrap_or_default() == run.bytes,
        "{file} is out of date: run KANWU_UPDATE_DOCS=1 cargo test --test generated"
    );
}

#[test]
fn the_rule_reference_is_up_to_date() {
    compare(
        "docs/rules.md",
        &["rules", "--format", "markdown", "--lang", "en"],
    );
    compare(
        "docs/rules.zh-CN.md",
        &["rules", "--format", "markdown", "--lang", "zh"],
    );
}

/// The table of rules, as it stands between the marks of the README; in the Chinese one with the
/// short names.
fn table(rules: &[serde_json::Value], chinese: bool) -> String {
    let mut lines = String::from(if chinese {
        "| 规则 | 名称 | 组 | 找什么 | 修复 |\n|---|---|---|---|---|\n"
    } else {
        "| rule | group | finds | fix |\n|---|---|---|---|\n"
    });
    for rule in rules {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("–").replace('|', "\\|");
        let (name, group, fix) = (
            text(&rule["name"]),
            text(&rule["group"]),
            text(&rule["fix"]),
        );
        let zh = &rule["zh"];
        let _ = if chinese {
            let (short, finds) = (text(&zh["name"]), text(&zh["summary"]));
            writeln!(lines, "| `{name}` | {short} | {group} | {finds} | {fix} |")
        } else {
            let finds = text(&rule["summary"]);
            writeln!(lines, "| `{name}` | {group} | {finds} | {fix} |")
        };
    }
    lines
}

#[test]
fn the_readme_lists_every_rule() {
    let run = Project::new(&[]).run(&["rules", "--format", "json"]);
    let rules: Vec<serde_json::Value> = serde_json::from_str(&run.out).expect("json");
    let (open, close) = ("<!-- rules -->\n", "<!-- end of rules -->");
    for file in ["README.md", "README.zh-CN.md"] {
        let table = table(&rules, file.contains("zh"));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let page = fs::read_to_string(&path).expect("readable");
        let (before, rest) = page.split_once(open).expect("a mark");
        let (now, after) = rest.split_once(close).expect("a mark");
        if std::env::var_os("KANWU_UPDATE_DOCS").is_some() {
            fs::write(&path, format!("{before}{open}{table}{close}{after}")).expect("written");
        } else {
            assert_eq!(
                now, table,
                "{file}: run KANWU_UPDATE_DOCS=1 cargo test --test generated"
            );
        }
    }
}

#[test]
fn the_schema_is_up_to_date() {
    compare("docs/kanwu.schema.json", &["config", "schema"]);
}

#[test]
fn every_rule_is_explained_with_its_examples() {
    let project = Project::new(&[]);
    let list = project.run(&["rules", "--format", "json"]);
    let rules: Vec<serde_json::Value> = serde_json::from_str(&list.out).expect("json");
    assert!(!rules.is_empty());
    for rule in rules {
        let name = rule["name"].as_str().expect("a name");
        let run = project.run(&["explain", name]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        let shown = run.out.matches(&format!("{name}-")).count();
        // what is seen only across files has no example of one document
        assert!(
            shown > 0 || rule["group"] == "corpus",
            "{name}: no diagnostic shown\n{}",
            run.out
        );
    }
    let run = project.run(&["explain", "stray-latn"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("stray-latin"), "{}", run.err);
}

#[test]
fn completions_and_manual_pages() {
    let project = Project::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = project.run(&["completions", shell]);
        assert_eq!(run.code, Some(0), "{shell}");
        assert!(run.out.contains("unsafe-fixes"), "{shell}");
    }
    let page = project.run(&["man"]);
    assert!(page.out.contains(".TH kanwu 1"), "{}", page.out);
    let run = project.run(&["man", "--output-dir", "."]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(project.read("kanwu-check.1").contains("baseline"));
}
