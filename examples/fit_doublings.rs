//! Fits the trees of `kanwu::language::doubling` and measures them.
//!
//! ```text
//! cargo run --release --example fit_doublings -- GOLD.jsonl OUT.trees CLEAN-DEV.txt CLEAN-TRAIN.txt…
//! ```
//!
//! GOLD holds lines in which an editor removed a doubling (`{src, edits: [[at, wrong, right, …]]}`); every other line, by hash, is fitted on, the rest is
//! measured. The clean texts hold a paragraph a line and a blank line between documents: each doubling in them is taken for right, and a
//! second copy of a random character or word is set into every tenth line.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of the workshop: it fails by panicking and prints its tables"
)]

use std::collections::HashMap;
use std::fs;

use kanwu::language::Model;
use kanwu::language::doubling::{Doubling, FEATURES, Witness, doublings, recurrences};
use kanwu::language::train::boost::{Options, Rows, fit_calibrated};
use kanwu::language::trees::Trees;
use kanwu::text::is_han;

/// Probability from which a doubling of clean text is taken for a slip of its own.
const ASIDE: f32 = 0.8;

/// Characters whose doubling is ordinary reduplication.
const REDUPLICATED: &str = "人天家年月日时处事步层点常刚渐慢好多少早大小高长快轻远深满久偏仅往每频屡纷连默静悄暗微稍略恰足统通白明清哥弟姐妹爸妈星看听说想走试谈聊问等谢种件个条位次代节";

type Row = [f32; FEATURES.len()];

/// All doublings of a text with their evidence.
fn rows(text: &str, witness: &mut Witness<'_>) -> Vec<(Doubling, Row)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        match (is_han(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                doublings(&text[from..at], from, |d| found.push(d));
                start = None;
            }
            _ => {}
        }
    }
    let recurrences = recurrences(text, &found);
    found
        .iter()
        .zip(recurrences)
        .map(|(d, recurrence)| (*d, witness.evidence(text, d, recurrence)))
        .collect()
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

/// How often each character stands doubled in clean text.
type Doubled = HashMap<char, u32>;

fn count_doubled(text: &str, doubled: &mut Doubled) {
    for (a, b) in text.chars().zip(text.chars().skip(1)) {
        if a == b && is_han(a) {
            *doubled.entry(a).or_default() += 1;
        }
    }
}

/// Sets a second copy of a character, or of a word, into a line; where it stands. Every other time it is the word whose first character stands doubled
/// most often in clean text (县县, 员员): the cases that are hard to tell, and too few at random.
fn double(
    line: &str,
    model: &Model,
    doubled: &Doubled,
    random: &mut Random,
) -> Option<(String, usize)> {
    let mut words = Vec::new();
    model.segment(line, &mut words);
    words.retain(|w| line[w.start as usize..w.end as usize].chars().all(is_han));
    let first = |start: u32| line[start as usize..].chars().next();
    let often = |start: u32| first(start).and_then(|c| doubled.get(&c)).copied();
    if random.below(2) == 0 {
        let hard = words
            .iter()
            .filter(|w| first(w.start).is_some_and(|c| !REDUPLICATED.contains(c)))
            .max_by_key(|w| often(w.start))?;
        let (at, c) = (hard.start as usize, first(hard.start)?);
        let mut text = line.to_owned();
        text.insert(at, c);
        return Some((text, at + c.len_utf8()));
    }
    let word = words.get(random.below(words.len()))?;
    let (mut from, mut to) = (word.start as usize, word.end as usize);
    if word.characters == 1 || random.below(2) == 0 {
        let chars: Vec<(usize, char)> = line[from..to].char_indices().collect();
        let (at, c) = chars[random.below(chars.len())];
        (from, to) = (from + at, from + at + c.len_utf8());
    }
    // Where it would be an ordinary reduplication, it is no error.
    let unit = &line[from..to];
    if REDUPLICATED.contains(unit) {
        return None;
    }
    let mut text = line.to_owned();
    text.insert_str(to, unit);
    Some((text, to))
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [gold, out, dev, clean @ ..] = args.as_slice() else {
        panic!("GOLD.jsonl OUT.trees CLEAN-DEV.txt CLEAN-TRAIN.txt…");
    };
    let model = Model::embedded();
    let mut witness = Witness::new(model);
    let mut random = Random(7);
    let mut fitted = Rows::new(&FEATURES);
    let mut folds = Vec::new();
    let mut kept: Vec<(Row, bool, f32)> = Vec::new();
    let mut document = 0_usize;
    let mut doubled = Doubled::new();
    for path in clean {
        count_doubled(&fs::read_to_string(path).unwrap(), &mut doubled);
    }
    for path in clean {
        let text = fs::read_to_string(path).unwrap();
        for part in text.split("\n\n") {
            document += 1;
            for (_, row) in rows(part, &mut witness) {
                fitted.push(&row, false, 1.0);
                kept.push((row, false, 1.0));
                folds.push((document % 4) as u8);
            }
            for line in part.lines() {
                if random.below(10) == 0
                    && let Some((text, at)) = double(line, model, &doubled, &mut random)
                {
                    for (d, row) in rows(&text, &mut witness) {
                        if d.start <= at && at <= d.end {
                            fitted.push(&row, true, 0.5);
                            kept.push((row, true, 0.5));
                            folds.push((document % 4) as u8);
                        }
                    }
                }
            }
        }
    }
    let clean_rows = fitted.len();
    let (mut held, mut unseen) = (Vec::new(), 0);
    for line in fs::read_to_string(gold).unwrap().lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let src = json["src"].as_str().unwrap();
        let places: Vec<(usize, usize)> =
            src.char_indices().map(|(i, c)| (i, c.len_utf8())).collect();
        let spans: Vec<(usize, usize)> = json["edits"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|e| e[4] == "doubled")
            .map(|e| {
                let at = e[0].as_u64().unwrap() as usize;
                let count = e[1].as_str().unwrap().chars().count().max(1);
                let byte = |i: usize| places.get(i).map_or(src.len(), |p| p.0);
                (byte(at), byte(at + count))
            })
            .collect();
        let test = src.bytes().map(usize::from).sum::<usize>() % 2 == 1;
        let found = rows(src, &mut witness);
        let touches = |d: &Doubling, s: &(usize, usize)| d.start < s.1 && s.0 < d.end;
        if test {
            for span in &spans {
                let best: Vec<Row> = found
                    .iter()
                    .filter(|(d, _)| touches(d, span))
                    .map(|(_, r)| *r)
                    .collect();
                unseen += usize::from(best.is_empty());
                held.push((
                    best,
                    src[..span.0]
                        .chars()
                        .rev()
                        .take(6)
                        .collect::<Vec<_>>()
                        .into_iter()
                        .rev()
                        .collect::<String>()
                        + &src[span.0..].chars().take(8).collect::<String>(),
                ));
            }
        } else {
            for (d, row) in found {
                let label = spans.iter().any(|s| touches(&d, s));
                let weight = if label { 6.0 } else { 1.0 };
                fitted.push(&row, label, weight);
                kept.push((row, label, weight));
                folds.push((src.len() % 4) as u8);
            }
        }
    }
    println!(
        "{clean_rows} rows of clean text, {} of gold; held {} ({unseen} of them are no doubling side by side)",
        fitted.len() - clean_rows,
        held.len()
    );
    let options = Options {
        trees: 160,
        leaves: 14,
        min_rows: 30.0,
        ..Options::default()
    };
    // Scraped text holds slips itself. What trees of a first fit call a slip is set aside, and the rest fitted anew.
    let first = fit_calibrated(&fitted, &folds, &options);
    let judge = Trees::read(&first).unwrap();
    let (mut cleaned, mut cleaned_folds, mut aside) = (Rows::new(&FEATURES), Vec::new(), 0);
    for (i, (row, label, weight)) in kept.iter().enumerate() {
        if !label && judge.probability(row) > ASIDE {
            aside += 1;
            continue;
        }
        cleaned.push(row, *label, *weight);
        cleaned_folds.push(folds[i]);
    }
    println!("{aside} doublings of the clean text set aside");
    let bytes = fit_calibrated(&cleaned, &cleaned_folds, &options);
    fs::write(out, &bytes).unwrap();
    let trees = Trees::read(&bytes).unwrap();

    let text = fs::read_to_string(dev).unwrap();
    let characters = text.chars().count();
    let mut alarms = Vec::new();
    for part in text.split("\n\n") {
        for (d, row) in rows(part, &mut witness) {
            let around = |from: usize, n: usize| part[from..].chars().take(n).collect::<String>();
            let before: String = part[..d.start]
                .chars()
                .rev()
                .take(6)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            alarms.push((
                trees.probability(&row),
                before + "[" + &part[d.start..d.end] + "]" + &around(d.end, 6),
            ));
        }
    }
    alarms.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut scores: Vec<(f32, &String)> = held
        .iter()
        .map(|(rows, t)| {
            (
                rows.iter()
                    .map(|r| trees.probability(r))
                    .fold(0.0, f32::max),
                t,
            )
        })
        .collect();
    scores.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("alarms per 100,000 clean characters | threshold | recall");
    for rate in [0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 2.0, 4.0] {
        let count = (rate * characters as f64 / 1e5) as usize;
        let threshold = alarms.get(count).map_or(0.0, |a| a.0);
        let found = scores.iter().filter(|s| s.0 > threshold).count();
        println!(
            "{rate:5.1} {threshold:.4} {:.3}",
            found as f64 / scores.len() as f64
        );
    }
    for (p, t) in alarms.iter().take(50) {
        println!("alarm {p:.3} {t}");
    }
    for (p, t) in scores.iter().rev().take(25) {
        println!("missed {p:.3} {t}");
    }
}
