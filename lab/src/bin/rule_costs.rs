//! What each layer of a document and each rule costs, by itself: milliseconds for a megabyte of
//! text, the best of a few rounds.
//!
//! `cargo run --release -p kanwu-lab --bin rule_costs -- [FILE|DIRECTORY]…`; without paths the
//! clean texts of `fixtures/` are read.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kanwu::document::Document;
use kanwu::finding::Findings;
use kanwu::reading::Reading;
use kanwu::registry::Registry;

const ROUNDS: usize = 5;

fn main() -> io::Result<()> {
    let mut paths: Vec<PathBuf> = env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .map(PathBuf::from)
        .collect();
    if paths.is_empty() {
        paths.push("fixtures/clean".into());
    }
    let mut texts = Vec::new();
    for path in &paths {
        read(path, &mut texts)?;
    }
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let mut best: BTreeMap<String, Duration> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for (name, time) in round(&texts) {
            let least = best.entry(name).or_insert(time);
            *least = time.min(*least);
        }
    }
    let mut sorted: Vec<_> = best.into_iter().collect();
    sorted.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    let mut out = io::stdout().lock();
    let per_megabyte = |time: Duration| time.as_secs_f64() * 1e9 / bytes as f64;
    let sum: Duration = sorted.iter().map(|(_, time)| *time).sum();
    writeln!(out, "{:8.2} ms/MB  in all", per_megabyte(sum))?;
    for (name, time) in sorted {
        writeln!(out, "{:8.2} ms/MB  {name}", per_megabyte(time))?;
    }
    Ok(())
}

/// Reads a file, or all files of a directory, in the order of their names.
fn read(path: &Path, texts: &mut Vec<(String, String)>) -> io::Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| read(entry, texts));
    }
    texts.push((path.display().to_string(), fs::read_to_string(path)?));
    Ok(())
}

/// The time of each layer and rule over all texts. A rule finds the layers built that it asks for;
/// those have lines of their own.
fn round(texts: &[(String, String)]) -> BTreeMap<String, Duration> {
    let rules = Registry::builtin().into_rules();
    let mut times: BTreeMap<String, Duration> = BTreeMap::new();
    for (name, text) in texts {
        let document = Document::new(name, text);
        let document = Reading::of(&document);
        let mut time = |name: &str, work: &mut dyn FnMut()| {
            let begun = Instant::now();
            work();
            *times.entry(name.to_owned()).or_default() += begun.elapsed();
        };
        time("layer lines", &mut || _ = black_box(document.lines()));
        time("layer mask", &mut || _ = black_box(document.mask()));
        time("layer tokens", &mut || _ = black_box(document.tokens()));
        time("layer paragraphs, sentences, articles", &mut || {
            black_box(document.paragraphs());
        });
        time("layer strays", &mut || _ = black_box(document.strays()));
        for rule in &rules {
            let cards = rule.cards();
            let name = match cards {
                [card] => card.name.to_owned(),
                [first, ..] => format!("{} and {} more", first.name, cards.len() - 1),
                [] => continue,
            };
            let mut findings = Findings::default();
            time(&name, &mut || rule.check(&document, &mut findings));
            black_box(findings.as_slice());
        }
    }
    times
}
