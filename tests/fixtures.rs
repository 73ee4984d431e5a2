//! Every rule has a folder `fixtures/<group>/<rule>/` with documents written for it.
//!
//! - `right-*.txt` (at least two): text that looks like the fault and is right; no rule may speak
//!   on it.
//! - the others are damaged; `expected.txt` lists what is found, one line a finding, by all default
//!   rules and the rule itself, and `expected.zh.txt` the same in Chinese.
//!
//! `KANWU_UPDATE_FIXTURES=1 cargo test --test fixtures` writes both anew; read the diff before you
//! keep it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use kanwu::document::Document;
use kanwu::engine::Linter;
use kanwu::finding::Finding;
use kanwu::language::Lang;
use kanwu::registry::Registry;
use kanwu::rule::{Card, Group};
use kanwu::selection::Selection;

fn folder(card: &Card) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(card.group.name())
        .join(card.name)
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .map(|entries| entries.map(|e| e.unwrap().path()).collect())
        .unwrap_or_default();
    paths.retain(|p: &PathBuf| {
        p.file_name()
            .is_some_and(|n| n != "expected.txt" && n != "expected.zh.txt")
    });
    paths.sort();
    paths
}

/// What is found in a file, in English and in Chinese, in the words of `expected.txt` and
/// `expected.zh.txt`.
fn findings(linter: &Linter, path: &Path) -> [String; 2] {
    let bytes = fs::read(path).unwrap();
    let decoded = kanwu::text::decode(&bytes, None).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let document = Document::of_decoded(name, &decoded);
    let mut out = [String::new(), String::new()];
    for finding in linter.check(&document) {
        assert_speaks_chinese(&finding, document.text());
        let at = document
            .lines()
            .position(document.text(), finding.span.start());
        let text: String = document.slice(finding.span).chars().take(30).collect();
        for (out, lang) in out.iter_mut().zip(Lang::ALL) {
            writeln!(
                out,
                "{name}:{}:{}: {}[{}] {text:?} {}",
                at.line,
                at.column,
                finding.severity.called(lang),
                finding.card.title(lang),
                finding.told(lang).replace('\n', "⏎")
            )
            .unwrap();
        }
    }
    out
}

/// No Latin sentence is left in what a finding says in Chinese: two words beside each other that
/// its text does not have.
fn assert_speaks_chinese(finding: &Finding, text: &str) {
    let help = finding.help.as_ref().map(|help| help.zh());
    let labels = finding.labels.iter().map(|label| label.message.zh());
    let told = finding.told(Lang::Zh);
    for said in std::iter::once(&*told).chain(help).chain(labels) {
        let latin = |word: &&str| {
            word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase()) && !text.contains(*word)
        };
        let words: Vec<&str> = said.split(' ').collect();
        let sentence = words.windows(2).any(|pair| pair.iter().all(latin));
        assert!(!sentence, "{}: {said}", finding.card.name);
        assert!(
            said.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
            "{}: {said}",
            finding.card.name
        );
    }
}

/// The cards of rules that a document by itself sets off; those of the group `corpus` are tested in
/// `audit.rs`.
fn of_one_document() -> Vec<&'static Card> {
    let mut cards = Registry::builtin().cards();
    cards.retain(|card| card.group != Group::Corpus);
    cards
}

#[test]
fn damaged_documents_give_the_expected_findings() {
    let update = std::env::var_os("KANWU_UPDATE_FIXTURES").is_some();
    let mut wrong = String::new();
    for card in of_one_document() {
        let selection = Selection {
            extend_select: vec![card.name.to_owned()],
            ..Selection::default()
        };
        let linter = Linter::new(Registry::builtin(), &selection).unwrap();
        let folder = folder(card);
        let (mut got, mut got_zh, mut right) = (String::new(), String::new(), 0);
        for path in documents(&folder) {
            let [found, found_zh] = findings(&linter, &path);
            if path
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("right-")
            {
                right += 1;
                if !found.is_empty() {
                    writeln!(
                        wrong,
                        "{}: speaks on text that is right:\n{found}",
                        card.name
                    )
                    .unwrap();
                }
            } else {
                if !found.contains(&format!("[{}]", card.name)) {
                    writeln!(wrong, "{}: is silent on {}", card.name, path.display()).unwrap();
                }
                got += &found;
                got_zh += &found_zh;
            }
        }
        if right < 2 || got.is_empty() {
            writeln!(
                wrong,
                "{}: needs a damaged document and two right ones in {}",
                card.name,
                folder.display()
            )
            .unwrap();
            continue;
        }
        for (name, got) in [("expected.txt", got), ("expected.zh.txt", got_zh)] {
            let expected = folder.join(name);
            if update {
                fs::write(&expected, &got).unwrap();
            } else if fs::read_to_string(&expected).unwrap_or_default() != got {
                writeln!(wrong, "{}: {name} differs; found:\n{got}", card.name).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What is said of text without damage, notes as well: a change that makes a rule speak more often
/// shows here.
#[test]
fn clean_documents_give_the_expected_notes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let linter = Linter::standard();
    let clean = documents(&root.join("fixtures/clean"));
    assert!(clean.len() >= 9, "the clean documents are there");
    let got: String = clean
        .iter()
        .map(|path| findings(&linter, path)[0].clone())
        .collect();
    let snapshot = root.join("tests/snapshots/clean.txt");
    if std::env::var_os("KANWU_UPDATE_FIXTURES").is_some() {
        fs::write(&snapshot, &got).unwrap();
    }
    let known = fs::read_to_string(&snapshot).unwrap_or_default();
    assert_eq!(known, got, "KANWU_UPDATE_FIXTURES=1 writes it anew");
}

#[test]
fn examples_of_cards_do_what_they_say() {
    let mut wrong = String::new();
    for card in of_one_document() {
        let selection = Selection {
            select: vec![card.name.to_owned()],
            ..Selection::default()
        };
        let linter = Linter::new(Registry::builtin(), &selection).unwrap();
        let check = |text: &str| {
            let bytes = kanwu::explain::example_bytes(text);
            let decoded = kanwu::text::decode(&bytes, None).unwrap();
            linter.check(&Document::of_decoded("example.txt", &decoded))
        };
        for bad in card.bad {
            if check(bad).is_empty() {
                writeln!(wrong, "{}: is silent on its bad example {bad:?}", card.name).unwrap();
            }
        }
        for good in card.good {
            if let Some(f) = check(good).first() {
                writeln!(
                    wrong,
                    "{}: speaks on its good example {good:?}: {}",
                    card.name,
                    f.message.en()
                )
                .unwrap();
            }
        }
        if card.bad.is_empty() || card.good.is_empty() {
            writeln!(wrong, "{}: needs a bad and a good example", card.name).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn names_are_well_formed() {
    let cards = Registry::builtin().cards();
    let mut names: Vec<_> = cards.iter().map(|c| c.name).collect();
    let kebab = |n: &str| {
        n.split('-')
            .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase()))
    };
    assert!(names.iter().all(|n| kebab(n)), "{names:?}");
    names.sort_unstable();
    assert!(
        names.windows(2).all(|w| w[0] != w[1]),
        "a name twice: {names:?}"
    );
    for card in &cards {
        for other in card.yields_to {
            assert!(
                names.contains(other),
                "{} yields to `{other}`, which is no rule",
                card.name
            );
        }
        assert!(
            !card.docs.is_empty() && !card.summary.ends_with('.'),
            "{}",
            card.name
        );
    }
}

/// Rules keep to their rooms: a fixture folder belongs to a rule.
#[test]
fn no_fixture_is_left_behind() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let cards = Registry::builtin().cards();
    for group in kanwu::rule::Group::ALL {
        // those of the group `corpus` are tested in `audit.rs`
        let folder = root.join(group.name());
        if group == Group::Corpus && !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                cards.iter().any(|c| c.name == name && c.group == group),
                "fixtures/{group}/{name} has no rule"
            );
        }
    }
}
