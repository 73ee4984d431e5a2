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
use kanwu::language::Model;
use kanwu::language::train::spelling::{Lists, Material, fit, read_clean, read_pairs};
use std::path::Path;
fn main() {
    let mut m = Material {
        lists: Lists::read(Path::new("model/lists")).expect("lists"),
        pairs: vec![],
        counted: vec![],
        clean: vec![],
    };
    let mut args = std::env::args().skip(1);
    let out = args.next().expect("out");
    let mut base = None;
    for a in args {
        if let Some(f) = a.strip_prefix("counted:") {
            m.counted.extend(read_pairs(Path::new(f)).expect("pairs"));
        } else if let Some(f) = a.strip_prefix("base:") {
            base = Some(Model::open(Path::new(f)).expect("model"));
        } else if a.ends_with(".jsonl") {
            m.pairs.extend(read_pairs(Path::new(&a)).expect("pairs"));
        } else {
            m.clean.extend(read_clean(Path::new(&a)).expect("clean"));
        }
    }
    let w = fit(
        base.as_ref().unwrap_or_else(|| Model::embedded()),
        &m,
        &mut |s| println!("{s}"),
    )
    .expect("fit");
    w.save(Path::new(&out)).expect("save");
}
