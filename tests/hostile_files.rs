//! Configurations, rule packs and models that are broken or hostile: refused with words, or used;
//! never a panic.
//!
//! `PROPTEST_CASES=100000 cargo test --release --test hostile_files` looks longer.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use kanwu::config::{Choice, Configs, Overrides};
use kanwu::model::Model;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const CONFIG: &[&str] = &[
    "select",
    "ignore",
    "severity",
    "vocabulary",
    "encoding",
    "exclude",
    "include",
    "rules",
    "per-file",
    "[[per-file]]",
    "[rules.stray-latin]",
    "[severity]",
    " = ",
    "[",
    "]",
    "\"",
    "\"all\"",
    "[\"repeat\"]",
    "\n",
    "\"**/*.{txt\"",
    "\"[\"",
    "files",
    "true",
    "-1",
    "1e999",
    "{",
    "}",
    "#",
    "'",
    "\"\\u0000\"",
    "县",
    "\u{feff}",
    "\r",
];

const PACK: &[&str] = &[
    "\n[[patterns]]\n",
    "name",
    "group",
    "severity",
    "summary",
    "docs",
    "kind",
    "literals",
    "regex",
    "pattern",
    "message",
    "bad",
    "good",
    " = ",
    "\"",
    "[",
    "]",
    "\n",
    "\"(a+)+$\"",
    "\"(\"",
    "\"{0}\"",
    "\"residue\"",
    "\"error\"",
    "[\"\"]",
    "[[",
    "]]",
    "县县",
    "\"a{1000000}\"",
    "\\",
    "#",
    "true",
    "0",
];

fn words(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    vec(select(of), 0..40).prop_map(|words| words.concat())
}

/// A real file with a few bytes or pieces changed.
fn damaged(text: String, changes: Vec<(Index, &'static str)>) -> String {
    let mut text = text;
    for (at, piece) in changes {
        let mut at = at.index(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, piece);
    }
    text
}

fn pack_file() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut files = Vec::new();
    for group in fs::read_dir(folder).unwrap() {
        let group = group.unwrap().path();
        if group.is_dir() {
            files.extend(fs::read_dir(group).unwrap().map(|f| f.unwrap().path()));
        }
    }
    files.sort();
    fs::read_to_string(&files[0]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_configuration_is_used_or_refused(
        noise in words(CONFIG),
        changes in vec((any::<Index>(), select(CONFIG)), 0..4),
        whole: bool,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let text = if whole { noise } else { damaged("select = [\"all\"]\nvocabulary = [\"县县通\"]\n".into(), changes) };
        fs::write(folder.path().join("kanwu.toml"), text).unwrap();
        let mut configs = Configs::new(Choice::Find, Overrides::default()).unwrap();
        if let Err(error) = configs.profile(&folder.path().join("a.txt")) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn any_rule_pack_is_used_or_refused(
        noise in words(PACK),
        changes in vec((any::<Index>(), select(PACK)), 1..4),
        whole: bool,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rule.toml");
        fs::write(&path, if whole { noise } else { damaged(pack_file(), changes) }).unwrap();
        if let Err(error) = kanwu::pattern::load(&[path], &[]) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn any_bytes_are_a_model_or_refused(bytes in vec(any::<u8>(), 0..300), real: bool, flips in vec((any::<Index>(), any::<u8>()), 1..3)) {
        // The real header, so that noise gets beyond it.
        let file = include_bytes!(concat!(env!("OUT_DIR"), "/zh.model"));
        let mut model = if real { file[..2048.min(file.len())].to_vec() } else { bytes };
        for (at, byte) in flips {
            if !model.is_empty() {
                let at = at.index(model.len());
                model[at] = byte;
            }
        }
        if let Err(error) = Model::from_bytes(model) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
