//! Fits the part of a model that says which of two wordings of a quotation is wrong, and writes the model with it; or measures it.
//!
//! ```text
//! cargo run --release --example rewording_fit -- OUT.model TEXT.txt…
//! cargo run --release --example rewording_fit -- --measure TEXT.txt…
//! ```
//!
//! To measure, slips are set into quotations that stand in a text twice, one a text. Texts have a paragraph a line and a blank line between documents.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that prints its progress"
)]

use std::fs;
use std::path::PathBuf;

use kanwu::model::Model;
use kanwu::model::provenance::{Source, Step};
use kanwu::train::rewordings::{fit, measure};

fn main() {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let out = args.next().expect("OUT.model");
    let files: Vec<PathBuf> = args.collect();
    let read = |file: &PathBuf| fs::read_to_string(file).expect("readable");
    let texts: Vec<String> = files.iter().map(read).collect();
    let documents: Vec<&str> = texts.iter().flat_map(|t| t.split("\n\n")).collect();
    let model = Model::embedded();
    if out.as_os_str() == "--measure" {
        let characters: usize = texts.iter().map(|t| t.chars().count()).sum();
        let measured = measure(model, &documents, &[0.5, 0.7, 0.9]).expect("a whole model");
        for m in measured {
            println!(
                "p ≥ {}: {} of {} slips found, {} findings in {characters} characters as they are",
                m.least, m.slips.1, m.slips.0, m.alarms
            );
        }
        return;
    }
    let mut writer = fit(model, &documents, &mut |s| println!("{s}")).expect("fit");
    let sources = files.iter().zip(&texts);
    let sources = sources.map(|(f, t)| Source::of(f, t.as_bytes(), t.chars().count() as u64));
    let sources = sources.collect();
    let mut provenance = model.provenance();
    provenance.add(Step::new("rewording_fit", &["rewording"], sources));
    writer.put_provenance(&provenance);
    writer.save(&out).expect("save");
}
