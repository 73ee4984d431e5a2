//! The floors of the house, as `src/lib.rs` draws them: nothing imports what lies above it.

use std::fs;
use std::path::{Path, PathBuf};

use unicode_width::UnicodeWidthStr;

/// The rooms from the ground up. Rooms of one floor may know each other only where they are one
/// room.
const FLOORS: &[&[&str]] = &[
    &["text", "language", "atomic_file", "regular_file"],
    &["formats"],
    &["model"],
    &["document"],
    &["reading"],
    &["grade"],
    &["levels"],
    &["card"],
    &["finding"],
    &["rule", "fingerprint"],
    &["selection", "ignore_comments"],
    &["rules", "pattern"],
    &["suppress", "registry"],
    &["engine"],
    &["corpus", "judgements"],
    &["config", "fix", "explain", "outline"],
    &["report"],
    &["baseline"],
    &["audit"],
    &["train"],
    &["lsp"],
    &["cli"],
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source of the repository but the tests that a browser runs.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![root.join("build.rs")];
    for folder in [
        "build",
        "src",
        "lab/src",
        "tests",
        "python/src",
        "web",
        "fuzz",
    ] {
        let folder = root.join(folder);
        // what is not published is not in the package
        if folder.is_dir() {
            files(&folder, &mut found);
        }
    }
    found.retain(|file| !file.iter().any(|part| part == "target"));
    found
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn nothing_imports_what_lies_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    let mut upward = Vec::new();
    for file in found {
        let inside = file.strip_prefix(&root).expect("below src");
        let first = inside.iter().next().expect("a file").to_string_lossy();
        let room = first.trim_end_matches(".rs");
        if ["lib", "main"].contains(&room) {
            continue;
        }
        let own = floor(room).unwrap_or_else(|| panic!("`{room}` stands on no floor"));
        let text = fs::read_to_string(&file).expect("readable");
        // tests may look at the whole house
        let tests = ["\n#[cfg(test)]", "\n#[cfg(all(test"].map(|mark| text.find(mark));
        let code = &text[..tests.into_iter().flatten().min().unwrap_or(text.len())];
        for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
            for (at, _) in line.match_indices("crate::") {
                let rest = &line[at + "crate::".len()..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let other = &rest[..end.unwrap_or(rest.len())];
                if floor(other).is_some_and(|other| other > own) {
                    upward.push(format!("{}: {}", inside.display(), line.trim()));
                }
            }
        }
    }
    assert!(upward.is_empty(), "arrows upward:\n{}", upward.join("\n"));
}

#[test]
fn no_comment_is_wider_than_a_hundred_columns() {
    let mut wide = Vec::new();
    for file in sources() {
        let text = fs::read_to_string(&file).expect("readable");
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim_start().starts_with("//") && line.width() > 100 {
                wide.push(format!("{}:{number}", file.display()));
            }
        }
    }
    assert!(wide.is_empty(), "wider:\n{}", wide.join("\n"));
}

#[test]
fn a_coded_rule_has_a_file_of_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    for file in found {
        let text = fs::read_to_string(&file).expect("readable");
        let Some((_, card)) = text.split_once("static CARD: Card = Card {\n    name: ") else {
            let card = text.contains("static") && text.contains(": Card = Card {");
            assert!(!card, "{}: a card is called CARD", file.display());
            continue;
        };
        let name = card.split(',').next().unwrap_or_default().trim_matches('"');
        let mut parts = file.strip_prefix(&root).expect("below src").iter().skip(1);
        let own = parts.next().unwrap_or_default().to_string_lossy();
        let own = own.trim_end_matches(".rs").replace('_', "-");
        // a name that others ask for as well is a constant
        assert!(name == "NAME" || own == name, "{}: {name}", file.display());
    }
}
