//! Training as a user does it: a corpus in, a whole model out, the same bytes twice, and a check
//! with it that finds what the fixtures hold.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn kanwu(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kanwu"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program was built")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A folder with the composed clean documents as a corpus.
fn workshop() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut corpus = String::new();
    let mut files: Vec<_> = fs::read_dir(fixtures.join("clean"))
        .expect("clean documents")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    for file in files {
        let text = fs::read_to_string(file).expect("readable");
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        corpus.extend(lines.flat_map(|line| [line, "\n"]));
        corpus.push('\n');
    }
    fs::write(folder.path().join("corpus.txt"), corpus).expect("writable");
    (folder, fixtures)
}

#[test]
fn a_corpus_makes_a_whole_model_the_same_twice() {
    let (folder, fixtures) = workshop();
    for output in ["one.model", "two.model"] {
        let made = kanwu(folder.path(), &["train", "corpus.txt", "-o", output]);
        assert!(made.status.success(), "{}", said(&made));
        let said = said(&made);
        assert!(
            said.contains("carried over from the embedded model"),
            "{said}"
        );
    }
    let read = |name: &str| fs::read(folder.path().join(name)).expect("written");
    assert!(read("one.model") == read("two.model"), "the bytes differ");
    assert!(!folder.path().join("one.model.stages").exists());

    let info = said(&kanwu(folder.path(), &["model", "info", "one.model"]));
    assert!(!info.contains("silent rules"), "{info}");
    assert!(
        info.contains("counts (kanwu") && info.contains("carried over"),
        "{info}"
    );

    for damaged in ["repeat/doubled-character", "structure/broken-paragraph"] {
        let documents = fixtures.join(damaged);
        let documents = documents.to_string_lossy();
        let arguments = ["check", "--no-config", "--model", "one.model", &*documents];
        let found = said(&kanwu(folder.path(), &arguments));
        let rule = damaged.rsplit('/').next().unwrap_or_default();
        assert!(found.contains(rule), "{rule}: {found}");
    }
}

#[test]
fn a_model_that_lacks_parts_says_what_is_silent() {
    use kanwu::model::Model;
    use kanwu::model::container::Writer;
    let folder = tempfile::tempdir().expect("a temporary directory");
    let whole = Model::embedded();
    let mut writer = Writer::new();
    for entry in whole.parts() {
        if !["garbled", "doubling"].contains(&entry.name()) {
            let content = whole.part(entry.name()).expect("listed").to_vec();
            writer.put(entry.name(), entry.version, content);
        }
    }
    let file = folder.path().join("poor.model");
    writer.save(&file).expect("writable");
    fs::write(folder.path().join("a.txt"), "到来之前前完成。\n").expect("writable");

    let info = said(&kanwu(folder.path(), &["model", "info", "poor.model"]));
    assert!(info.contains("garbled-text (garbled)"), "{info}");
    let listed = said(&kanwu(folder.path(), &["rules", "--model", "poor.model"]));
    assert!(listed.contains("doubled-word (doubling)"), "{listed}");

    let check = ["check", "--no-config", "--model", "poor.model", "a.txt"];
    let run = kanwu(folder.path(), &check);
    assert_eq!(run.status.code(), Some(0));
    let warned = String::from_utf8_lossy(&run.stderr);
    assert_eq!(warned.matches("silent: ").count(), 1, "{warned}");

    let mut only_silent = check.to_vec();
    only_silent.extend(["--select", "doubled-character,garbled-text"]);
    let run = kanwu(folder.path(), &only_silent);
    assert_eq!(run.status.code(), Some(2), "{}", said(&run));
}
