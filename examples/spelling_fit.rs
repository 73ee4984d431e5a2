//! Fits the spelling parts of a model on aligned pairs and clean text, and writes the model with them.
//!
//! ```text
//! cargo run --release --example spelling_fit -- OUT.model [base:MODEL] PAIRS.jsonl… [counted:PAIRS.jsonl…] CLEAN.txt…
//! ```
//!
//! `counted:` pairs are counted, not fitted on. The lists of `model/lists` are general knowledge; `tools/character_lists.py` writes them.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that prints its progress"
)]

use std::path::Path;

use kanwu::model::Model;
use kanwu::model::provenance::{Source, Step};
use kanwu::train::spelling::{Lists, Material, fit, read_clean, read_pairs};

const LISTS: &str = "model/lists";

fn main() {
    let mut material = Material {
        lists: Lists::read(Path::new(LISTS)).expect("lists"),
        pairs: Vec::new(),
        counted: Vec::new(),
        clean: Vec::new(),
    };
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().expect("OUT.model");
    let mut opened = None;
    let mut files: Vec<String> = ["likeness.tsv", "sounds.tsv", "variants.tsv"]
        .map(|list| format!("{LISTS}/{list}"))
        .to_vec();
    for argument in arguments {
        let (counted, file) = match argument.strip_prefix("counted:") {
            Some(file) => (true, file),
            None => (false, argument.as_str()),
        };
        if let Some(base) = file.strip_prefix("base:") {
            opened = Some(Model::open(Path::new(base)).expect("a model"));
            continue;
        }
        let path = Path::new(file);
        if counted {
            material.counted.extend(read_pairs(path).expect("pairs"));
        } else if file.ends_with(".jsonl") {
            material.pairs.extend(read_pairs(path).expect("pairs"));
        } else {
            material.clean.extend(read_clean(path).expect("clean text"));
        }
        files.push(file.to_owned());
    }
    let base = opened.as_ref().unwrap_or_else(|| Model::embedded());
    let mut writer = fit(base, &material, &mut |s| println!("{s}")).expect("fit");
    let mut provenance = base.provenance();
    let sources = files.iter().map(|file| Source::read(Path::new(file)));
    let sources: Result<_, _> = sources.collect();
    let parts = ["confusables", "usual", "variants", "spelling"];
    provenance.add(Step::new(
        "spelling_fit",
        &parts,
        sources.expect("readable"),
    ));
    writer.put_provenance(&provenance);
    writer.save(Path::new(&out)).expect("save");
}
