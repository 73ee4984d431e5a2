//! Fits the parts of a model that `missing-character`, `extra-character` and `garbled-text` read, and writes the model with them.
//!
//! ```text
//! cargo run --release --example lapse_fit -- OUT.model EVERY TEXT.txt…
//! ```
//!
//! Texts have a paragraph a line and a blank line between documents; one document in EVERY is read.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that prints its progress"
)]

use std::fs;
use std::path::Path;

use kanwu::model::Model;
use kanwu::model::provenance::{Source, Step};
use kanwu::train::{garble, lapses};

fn main() {
    let mut args = std::env::args().skip(1);
    let out = args.next().expect("OUT.model");
    let every: usize = args.next().and_then(|n| n.parse().ok()).expect("EVERY");
    let files: Vec<String> = args.collect();
    let texts: Vec<String> = files
        .iter()
        .map(|f| fs::read_to_string(f).expect("readable"))
        .collect();
    let documents: Vec<&str> = texts
        .iter()
        .flat_map(|t| t.split("\n\n"))
        .step_by(every)
        .collect();
    let sources = files.iter().zip(&texts).map(|(f, t)| {
        Source::of(
            Path::new(f),
            t.as_bytes(),
            (t.chars().count() / every) as u64,
        )
    });
    let model = Model::embedded();
    let mut tell = |s: &str| println!("{s}");
    let with_lapses = lapses::fit(model, &documents, &mut tell).expect("fit");
    let with_lapses = Model::from_bytes(with_lapses.finish()).expect("readable");
    let mut writer = garble::fit(&with_lapses, &documents, &mut tell).expect("fit");
    let mut provenance = model.provenance();
    let step = Step::new(
        "lapse_fit",
        &["halves", "missing", "extra", "garbled"],
        sources.collect(),
    );
    provenance.add(step.option("every", every));
    writer.put_provenance(&provenance);
    writer.save(Path::new(&out)).expect("save");
}
