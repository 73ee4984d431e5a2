//! Fits the trees of `kanwu::reading::doubling` and measures them.
//!
//! ```text
//! cargo run --release --example fit_doublings -- GOLD.jsonl OUT.trees CLEAN-DEV CLEAN-TRAIN…
//! ```
//!
//! GOLD holds lines in which an editor removed a doubling (`{src, edits: [[at, wrong, right, …]]}`); every other line, by hash, is fitted on, the rest is
//! measured. The clean texts hold a paragraph a line and a blank line between documents, or are folders of such texts and of Markdown: each
//! doubling in them is taken for right, and a second copy of a character, a word or a few words is set into every tenth line of a copy of them.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of the workshop: it fails by panicking and prints its tables"
)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use kanwu::document::Document;
use kanwu::model::Model;
use kanwu::model::segment::Word;
use kanwu::model::trees::Trees;
use kanwu::reading::doubling::{
    Doubling, Elsewhere, FEATURES, NEAR, Recurrence, Witness, doublings, elsewhere, is_said_twice,
    recurrences,
};
use kanwu::text::{CharClass, is_han};
use kanwu::train::boost::{Options, Rows, fit_calibrated, score_held_out};

/// Log-odds, by trees that did not see it, from which a doubling of clean text is taken for a slip of its own.
const ASIDE: f32 = 2.0;

/// How much more a slip that an editor found counts than one set in.
const GOLD: f32 = 8.0;

/// Parts that the documents are dealt to.
const FOLDS: usize = 4;

/// The longest text that is fitted on at once, in bytes.
const LONGEST_TEXT: usize = 200_000;

/// Characters whose doubling is ordinary reduplication.
const REDUPLICATED: &str = "人天家年月日时处事步层点常刚渐慢好多少早大小高长快轻远深满久偏仅往每频屡纷连默静悄暗微稍略恰足统通白明清哥弟姐妹爸妈星看听说想走试谈聊问等谢种件个条位次代节";

/// Words of grammar that are set twice more often than others.
const SMALL_WORDS: &str = "的是在了会有和为与将对就也不到把被从以可这那他它你我用要能";

type Row = [f32; FEATURES.len()];

/// A text with the name that tells its kind.
struct Text {
    name: String,
    text: String,
}

fn paths(path: &Path, list: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        inside.sort();
        for path in inside {
            paths(&path, list);
        }
    } else if path.extension().is_some_and(|e| e == "txt" || e == "md") {
        list.push(path.to_owned());
    }
}

fn texts(path: &str) -> Vec<Text> {
    let mut list = Vec::new();
    paths(Path::new(path), &mut list);
    let mut texts = Vec::new();
    for path in list {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.to_str().unwrap().to_owned();
        if path.extension().is_some_and(|e| e == "md") {
            texts.push(Text { name, text });
        } else {
            texts.extend(text.split("\n\n").map(|part| Text {
                name: name.clone(),
                text: part.to_owned(),
            }));
        }
    }
    texts.retain(|t| t.text.len() < LONGEST_TEXT);
    texts
}

/// All doublings of a text that are weighed, with the evidence of the line alone and with that of the document.
fn rows(name: &str, text: &str, witness: &mut Witness<'_>) -> Vec<(Doubling, [Row; 2])> {
    let document = Document::new(name, text);
    let mut found = Vec::new();
    for token in document.tokens().iter() {
        if token.class == CharClass::Han && !token.masked && token.span.len() >= 6 {
            let run = document.slice(token.span);
            doublings(run, token.span.start(), |d| found.push(d));
        }
    }
    found.retain(|d| !is_said_twice(text, d));
    let recurrences = recurrences(text, &found);
    found
        .iter()
        .zip(recurrences)
        .map(|(d, recurrence)| {
            let (none, nothing) = (Recurrence::default(), Elsewhere::default());
            let alone = witness.evidence(text, d, none, nothing);
            let row = witness.evidence(text, d, recurrence, elsewhere(text, d, NEAR));
            (*d, [alone, row])
        })
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

/// Where a second copy goes: the bytes of the line that are copied.
fn place(
    line: &str,
    words: &[Word],
    doubled: &Doubled,
    random: &mut Random,
) -> Option<(usize, usize)> {
    let first = |word: &Word| line[word.start as usize..].chars().next();
    let whole = |word: &Word| (word.start as usize, word.end as usize);
    let character = |from: usize| Some((from, from + line[from..].chars().next()?.len_utf8()));
    let small =
        |w: &&Word| w.characters == 1 && SMALL_WORDS.contains(&line[whole(w).0..whole(w).1]);
    let any = |list: Vec<&Word>, random: &mut Random| {
        list.get(random.below(list.len())).map(|w| whole(w))
    };
    // In the shares that editors meet them in: words of grammar above all, seldom a character inside a word.
    match random.below(16) {
        0..6 => any(words.iter().filter(small).collect(), random),
        6..8 => any(words.iter().filter(|w| w.characters == 1).collect(), random),
        8..11 => any(words.iter().filter(|w| w.characters > 1).collect(), random),
        // A few words at once.
        11 => {
            let at = random.below(words.len());
            let (from, mut to) = whole(words.get(at)?);
            let mut characters = usize::from(words[at].characters);
            for next in words[at + 1..].iter().take(1 + random.below(2)) {
                characters += usize::from(next.characters);
                if next.start as usize != to || characters > 6 {
                    break;
                }
                to = next.end as usize;
            }
            (!line[from..to].contains('的')).then_some((from, to))
        }
        12..14 => {
            let (from, to) = whole(words.get(random.below(words.len()))?);
            let starts: Vec<usize> = line[from..to].char_indices().map(|(i, _)| i).collect();
            character(from + starts[random.below(starts.len())])
        }
        // The word whose first character stands doubled most often in clean text (县县, 员员): the cases that are hard to tell, and too few at random.
        _ => {
            let often = |word: &&Word| first(word).and_then(|c| doubled.get(&c)).copied();
            let hard = words
                .iter()
                .filter(|w| first(w).is_some_and(|c| !REDUPLICATED.contains(c)))
                .max_by_key(often)?;
            character(hard.start as usize)
        }
    }
}

/// Sets second copies into about every tenth line; where they begin.
fn damage(
    text: &str,
    model: &Model,
    doubled: &Doubled,
    random: &mut Random,
) -> (String, Vec<usize>) {
    let (mut damaged, mut seams) = (String::with_capacity(text.len() + 64), Vec::new());
    let mut words = Vec::new();
    for line in text.split_inclusive('\n') {
        damaged.push_str(line);
        if random.below(10) != 0 {
            continue;
        }
        model.segment(line, &mut words);
        words.retain(|w| line[w.start as usize..w.end as usize].chars().all(is_han));
        let Some((from, to)) = place(line, &words, doubled, random) else {
            continue;
        };
        // Where it would be an ordinary reduplication, it is no error.
        let unit = &line[from..to];
        if !REDUPLICATED.contains(unit) {
            let seam = damaged.len() - line.len() + to;
            damaged.insert_str(seam, unit);
            seams.push(seam);
        }
    }
    (damaged, seams)
}

/// Rows to fit on, with what becomes of them.
#[derive(Default)]
struct Sample {
    rows: Vec<(Row, bool, f32)>,
    folds: Vec<u8>,
}

impl Sample {
    fn push(&mut self, row: Row, label: bool, weight: f32, fold: usize) {
        self.rows.push((row, label, weight));
        self.folds.push((fold % FOLDS) as u8);
    }

    /// Both evidences, in equal parts: the trees are to judge a line by itself as well as one of a long document.
    fn push_both(&mut self, rows: [Row; 2], label: bool, weight: f32, fold: usize) {
        if rows[0] == rows[1] {
            self.push(rows[0], label, weight, fold);
        } else {
            self.push(rows[0], label, weight / 2.0, fold);
            self.push(rows[1], label, weight / 2.0, fold);
        }
    }

    fn rows(&self) -> Rows {
        let mut rows = Rows::new(&FEATURES);
        for (row, label, weight) in &self.rows {
            rows.push(row, *label, *weight);
        }
        rows
    }
}

/// What stands around a doubling, for the eye.
fn around(text: &str, from: usize, to: usize) -> String {
    let before: Vec<char> = text[..from].chars().rev().take(10).collect();
    let before: String = before.into_iter().rev().collect();
    let after: String = text[to..].chars().take(10).collect();
    format!("{before}[{}]{after}", &text[from..to]).replace('\n', "/")
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [gold, out, dev, clean @ ..] = args.as_slice() else {
        panic!("GOLD.jsonl OUT.trees CLEAN-DEV CLEAN-TRAIN…");
    };
    let model = Model::embedded();
    let mut witness = Witness::new(model);
    let mut random = Random(7);
    let mut sample = Sample::default();
    let mut doubled = Doubled::new();
    let clean: Vec<Text> = clean.iter().flat_map(|path| texts(path)).collect();
    for text in &clean {
        count_doubled(&text.text, &mut doubled);
    }
    for (fold, Text { name, text }) in clean.iter().enumerate() {
        for (_, both) in rows(name, text, &mut witness) {
            sample.push_both(both, false, 1.0, fold);
        }
        let (damaged, seams) = damage(text, model, &doubled, &mut random);
        if seams.is_empty() {
            continue;
        }
        for (d, both) in rows(name, &damaged, &mut witness) {
            if seams.iter().any(|seam| d.start < *seam && *seam < d.end) {
                sample.push_both(both, true, 0.5, fold);
            }
        }
    }
    let clean_rows = sample.rows.len();
    let (mut held, mut unseen) = (Vec::new(), 0);
    for line in fs::read_to_string(gold).unwrap().lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let src = json["src"].as_str().unwrap();
        let places: Vec<usize> = src.char_indices().map(|(i, _)| i).collect();
        let spans: Vec<(usize, usize)> = json["edits"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|e| e[4] == "doubled")
            .map(|e| {
                let at = e[0].as_u64().unwrap() as usize;
                let count = e[1].as_str().unwrap().chars().count().max(1);
                let byte = |i: usize| places.get(i).copied().unwrap_or(src.len());
                (byte(at), byte(at + count))
            })
            .collect();
        let test = src.bytes().map(usize::from).sum::<usize>() % 2 == 1;
        let found = rows("line.txt", src, &mut witness);
        let touches = |d: &Doubling, s: &(usize, usize)| d.start < s.1 && s.0 < d.end;
        if test {
            for span in &spans {
                let best: Vec<Row> = found
                    .iter()
                    .filter(|(d, _)| touches(d, span))
                    .map(|(_, [_, row])| *row)
                    .collect();
                unseen += usize::from(best.is_empty());
                held.push((best, around(src, span.0, span.1)));
            }
        } else {
            for (d, both) in found {
                let label = spans.iter().any(|s| touches(&d, s));
                let weight = if label { GOLD } else { 1.0 };
                sample.push_both(both, label, weight, src.len());
            }
        }
    }
    println!(
        "{clean_rows} rows of clean text, {} of gold; held {} ({unseen} of them are no doubling side by side)",
        sample.rows.len() - clean_rows,
        held.len()
    );
    let options = Options {
        trees: 160,
        leaves: 14,
        min_rows: 30.0,
        ..Options::default()
    };
    // Scraped text holds slips itself. What trees that did not see it call a slip is set aside, and the rest fitted anew.
    let scores = score_held_out(&sample.rows(), &sample.folds, &options);
    let mut cleaned = Sample::default();
    for (i, (row, label, weight)) in sample.rows.iter().enumerate() {
        if *label || scores[i] <= ASIDE {
            cleaned.push(*row, *label, *weight, sample.folds[i].into());
        }
    }
    println!(
        "{} doublings of the clean text set aside",
        sample.rows.len() - cleaned.rows.len()
    );
    let bytes = fit_calibrated(&cleaned.rows(), &cleaned.folds, &options);
    fs::write(out, &bytes).unwrap();
    let trees = Trees::read(&bytes).unwrap();

    let mut characters = 0;
    let mut alarms = Vec::new();
    for Text { name, text } in texts(dev) {
        characters += text.chars().count();
        for (d, [_, row]) in rows(&name, &text, &mut witness) {
            let file = Path::new(&name).file_name().unwrap().to_string_lossy();
            let context = format!("{file} {}", around(&text, d.start, d.end));
            alarms.push((trees.probability(&row), context));
        }
    }
    alarms.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = |rows: &Vec<Row>| {
        let all = rows.iter().map(|r| trees.probability(r));
        all.fold(0.0, f32::max)
    };
    let mut scores: Vec<(f32, &String)> = held.iter().map(|(r, t)| (best(r), t)).collect();
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
    for (p, t) in alarms.iter().take_while(|a| a.0 > 0.2) {
        println!("alarm {p:.3} {t}");
    }
    for (p, t) in scores.iter().rev() {
        println!("gold {p:.3} {t}");
    }
}
