//! Fits the parts of a model that `misquoted-phrase` reads, and writes the model with them.
//!
//! ```text
//! cargo run --release --example phrase_fit -- OUT.model phrases:LIST… wrong:LIST… TEXT.txt…
//! ```
//!
//! Lists have a word a line, with more fields after white space; where the third field is a part of speech (jieba), only idioms (`i`) are taken. Lists of wrong words have
//! `wrong right` or `"wrong": "right"` lines. Texts have a paragraph a line and a blank line between documents.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that prints its progress"
)]

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use kanwu::model::Model;
use kanwu::model::provenance::{Source, Step};
use kanwu::train::phrases::fit;

/// Of a list of phrases with their counts, those are kept that have so many, even if the texts do not.
const USUAL: u32 = 300;

fn main() {
    let mut args = std::env::args().skip(1);
    let out = args.next().expect("OUT.model");
    let (mut listed, mut wrong, mut texts) = (Vec::new(), HashSet::new(), Vec::new());
    let mut sources = Vec::new();
    for arg in args {
        let path = arg.split_once(':').map_or(arg.as_str(), |a| a.1);
        let content = fs::read_to_string(path).expect("readable");
        let characters = if arg.contains(':') {
            0
        } else {
            content.chars().count() as u64
        };
        sources.push(Source::of(Path::new(path), content.as_bytes(), characters));
        if arg.starts_with("phrases:") {
            for line in content.lines() {
                let fields: Vec<&str> = line.split_whitespace().collect();
                if !fields.is_empty() && fields.get(2).is_none_or(|&kind| kind == "i") {
                    // a list with counts alone counts wider reading than the texts
                    let count = fields.get(1).and_then(|n| n.parse().ok()).unwrap_or(0);
                    listed.push((fields[0].to_owned(), fields.len() == 2 && count >= USUAL));
                }
            }
        } else if arg.starts_with("wrong:") {
            let field = |line: &str| {
                line.trim_matches([' ', '"', '{', '}', ','])
                    .split([' ', '-', '"', '\t'])
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            };
            wrong.extend(content.lines().map(field));
        } else {
            texts.push(content);
        }
    }
    let documents: Vec<&str> = texts.iter().flat_map(|t| t.split("\n\n")).collect();
    let model = Model::embedded();
    let mut writer =
        fit(model, &listed, &wrong, &documents, &mut |s| println!("{s}")).expect("fit");
    let mut provenance = model.provenance();
    let parts = ["phrases", "misquotation"];
    provenance.add(Step::new("phrase_fit", &parts, sources));
    writer.put_provenance(&provenance);
    writer.save(Path::new(&out)).expect("save");
}
