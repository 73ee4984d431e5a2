//! Measures the correction of confused characters on aligned pairs and clean text.
//!
//! ```text
//! cargo run --release -p kanwu-lab --bin spelling_quality -- \
//!     [--model FILE] [--prior COUNTED OTHERS START WEIGHT] [--misses] [--sentences] \
//!     PAIRS.jsonl… CLEAN.txt…
//! ```
//!
//! A file that ends in `.jsonl` holds pairs (see `kanwu::train::pairs`), any other clean text: a
//! paragraph a line, a blank line between documents. Printed for each file: the trade-off curve
//! (precision and recall by span, share of right corrections, false alarms per 100,000 characters)
//! and the reliability of the stated probabilities. With `--sentences`, how well sentences are told
//! apart: all pairs of a file are one document, every other sentence as it should be, and a
//! sentence is flagged if anything is found in it.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program that prints tables"
)]

use std::path::Path;

use kanwu::model::Model;
use kanwu::reading::proofreading::substitution_candidates::Prior;
use kanwu::reading::proofreading::substitutions::Speller;
use kanwu::train::pairs::{self, Sample};
use kanwu::train::spelling::reach;

/// A finding as it is judged: its probability, whether there is an error, whether the correction is
/// right.
struct Judged {
    probability: f32,
    hit: bool,
    right: bool,
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut model = None;
    if let Some(at) = arguments.iter().position(|a| a == "--model") {
        model = Some(Model::open(Path::new(&arguments[at + 1])).expect("a model"));
        arguments.drain(at..at + 2);
    }
    let mut prior = None;
    if let Some(at) = arguments.iter().position(|a| a == "--prior") {
        let number = |k: usize| arguments[at + k].parse::<f32>().expect("a number");
        prior = Some(Prior {
            fitted: [number(1), number(2)],
            start: number(3),
            weight: number(4),
        });
        arguments.drain(at..at + 5);
    }
    let show = arguments
        .iter()
        .position(|a| a == "--misses")
        .map(|at| arguments.remove(at))
        .is_some();
    let sentences = arguments
        .iter()
        .position(|a| a == "--sentences")
        .map(|at| arguments.remove(at))
        .is_some();
    let model = model.as_ref().unwrap_or_else(|| Model::embedded());
    let speller = Speller::of(model).expect("a model fitted for spelling");
    let speller = prior.map_or(speller, |p| speller.with_prior(p));
    for file in &arguments {
        let path = Path::new(file);
        let aligned = file.ends_with(".jsonl");
        let samples: Vec<Sample> = if aligned {
            pairs::read(path).expect("pairs").0
        } else {
            let text = std::fs::read_to_string(path).expect("readable");
            text.split("\n\n").map(Sample::clean).collect()
        };
        println!(
            "\n## {}",
            path.file_name().unwrap_or_default().to_string_lossy()
        );
        if sentences {
            by_sentence(&speller, &samples);
        } else {
            report(&speller, model, &samples, show);
        }
    }
}

/// Sentences told apart: every other one is set right, then all are read as one document.
fn by_sentence(speller: &Speller<'_>, samples: &[Sample]) {
    let (mut texts, mut wrong) = (Vec::new(), Vec::new());
    for (number, (sample, at, text)) in samples
        .iter()
        .flat_map(|sample| {
            (0..)
                .zip(&sample.paragraphs)
                .map(move |(at, t)| (sample, at, t))
        })
        .enumerate()
    {
        let errors = |position| sample.errors.get(&(at, position));
        let sound = !(0..text.chars().count()).any(|position| errors(position).is_some());
        if number % 2 == 0 {
            wrong.push(!sound);
            texts.push(text.clone());
        } else if !sample.unsettled.iter().any(|place| place.0 == at) {
            let right = text.chars().enumerate();
            wrong.push(false);
            texts.push(right.map(|(p, c)| *errors(p).unwrap_or(&c)).collect());
        }
    }
    let found = speller.corrections(texts.iter().map(String::as_str), 0.05);
    println!("| p ≥ | precision | recall | F1 | false positives |\n|---|---|---|---|---|");
    for least in [0.2, 0.5, 0.7, 0.9] {
        let mut flagged = vec![false; texts.len()];
        for correction in found.iter().filter(|c| c.probability >= least) {
            flagged[correction.paragraph] = true;
        }
        let count = |flag: bool, is: bool| {
            let all = flagged.iter().zip(&wrong);
            all.filter(|&(f, w)| *f == flag && *w == is).count() as f64
        };
        let (hits, alarms) = (count(true, true), count(true, false));
        let (missed, clean) = (count(false, true), count(false, false));
        println!(
            "| {least} | {:.3} | {:.3} | {:.3} | {:.3} |",
            hits / (hits + alarms).max(1.0),
            hits / (hits + missed).max(1.0),
            2.0 * hits / (2.0 * hits + alarms + missed).max(1.0),
            alarms / (alarms + clean).max(1.0)
        );
    }
}

fn report(speller: &Speller<'_>, model: &Model, samples: &[Sample], show: bool) {
    let mut judged = Vec::new();
    let (mut errors, mut characters, mut reached) = (0, 0, [0; 4]);
    let started = std::time::Instant::now();
    let mut bytes = 0;
    for sample in samples {
        bytes += sample.paragraphs.iter().map(String::len).sum::<usize>();
        characters += sample
            .paragraphs
            .iter()
            .map(|p| p.chars().count())
            .sum::<usize>();
        errors += sample.errors.len();
        let mut found = std::collections::HashSet::new();
        for c in speller.corrections(sample.paragraphs.iter().map(String::as_str), 0.05) {
            let text = &sample.paragraphs[c.paragraph];
            let place = (c.paragraph, text[..c.start].chars().count());
            if sample.unsettled.contains(&place) {
                continue;
            }
            let truth = sample.errors.get(&place).copied();
            judged.push(Judged {
                probability: c.probability,
                hit: truth.is_some(),
                right: truth == Some(c.right),
            });
            if c.probability >= 0.5 {
                found.insert(place);
            }
            if show && c.probability >= 0.5 && truth != Some(c.right) {
                println!(
                    "  false {:.2} {}→{} {}  {:?}",
                    c.probability,
                    c.wrong,
                    c.right,
                    around(text, place.1),
                    truth
                );
            }
        }
        if show {
            for (place, right) in sample.errors.iter().filter(|e| !found.contains(e.0)) {
                let text = &sample.paragraphs[place.0];
                println!("  missed →{right} {}", around(text, place.1));
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    if show {
        return;
    }
    for sample in samples.iter().filter(|s| !s.errors.is_empty()) {
        let here = reach(model, sample).expect("a model fitted for spelling");
        for (sum, n) in reached.iter_mut().zip(here) {
            *sum += n;
        }
    }
    println!(
        "{errors} errors in {characters} characters; the gate passes {:.2} % of positions and {:.3} of the errors, the right character is a candidate for {:.3}; {:.1} MB/s",
        100.0 * reached[3] as f64 / characters as f64,
        reached[1] as f64 / errors.max(1) as f64,
        reached[2] as f64 / errors.max(1) as f64,
        bytes as f64 / 1e6 / seconds
    );
    println!("| p ≥ | precision | recall | corrected | alarms/100,000 |\n|---|---|---|---|---|");
    for least in [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] {
        let taken = || judged.iter().filter(|j| j.probability >= least);
        let (all, hits, right) = (
            taken().count(),
            taken().filter(|j| j.hit).count(),
            taken().filter(|j| j.right).count(),
        );
        println!(
            "| {least} | {:.3} | {:.3} | {:.3} | {:.2} |",
            hits as f64 / all.max(1) as f64,
            hits as f64 / errors.max(1) as f64,
            right as f64 / hits.max(1) as f64,
            1e5 * (all - hits) as f64 / characters as f64
        );
    }
    println!("| stated | observed | findings |\n|---|---|---|");
    for bounds in [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 1.01].windows(2) {
        let inside: Vec<_> = judged
            .iter()
            .filter(|j| (bounds[0]..bounds[1]).contains(&j.probability))
            .collect();
        let stated = inside.iter().map(|j| j.probability).sum::<f32>() / inside.len().max(1) as f32;
        let observed = inside.iter().filter(|j| j.hit).count() as f32 / inside.len().max(1) as f32;
        println!("| {stated:.2} | {observed:.2} | {} |", inside.len());
    }
}

/// The text around a position.
fn around(text: &str, position: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    let piece = |from: usize, to: usize| {
        characters[from.min(characters.len())..to.min(characters.len())]
            .iter()
            .collect::<String>()
    };
    format!(
        "{}【{}】{}",
        piece(position.saturating_sub(8), position),
        piece(position, position + 1),
        piece(position + 1, position + 9)
    )
}
