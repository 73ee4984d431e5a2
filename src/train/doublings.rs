//! Fits the trees that say whether what stands doubled is a slip.
//!
//! Each doubling of clean text is taken for right, and a second copy of a character, a word or a
//! few words is set into every sixth line of a copy of it. Lines in which an editor removed a
//! doubling are fitted on besides: `{"src", "edits": [[at, wrong, right, …, "doubled"]]}`.

use std::collections::HashMap;
use std::path::Path;

use super::TrainError;
use super::boost::{Options, Rows, fit_calibrated, score_held_out};
use super::figures::{self, Figures};
use super::random::Random;
use super::texts::each_line;
use crate::document::Document;
use crate::model::Model;
use crate::model::container::Writer;
use crate::model::provenance::Source;
use crate::model::segment::Word;
use crate::model::trees::Trees;
use crate::reading::doubling::{
    self, Doubling, Elsewhere, Evidence, NEAR, Recurrence, Witness, doublings, elsewhere,
    is_said_twice, recurrences,
};
use crate::said;
use crate::text::{CharClass, is_han};

/// Log-odds, by trees that did not see it, from which a doubling of clean text is taken for a slip
/// of its own.
const ASIDE: f32 = 2.0;

/// How much more a slip that an editor found counts than one set in.
const GOLD: f32 = 8.0;

/// How much one counts that was set in: they stand far closer than slips do.
const SET_IN: f32 = 0.3;

/// Parts that the documents are dealt to.
const FOLDS: usize = 4;

/// Characters whose doubling is ordinary reduplication.
const REDUPLICATED: &str = "人天家年月日时处事步层点常刚渐慢好多少早大小高长快轻远深满久偏仅往每频屡纷连默静悄暗微稍略恰足统通白明清哥弟姐妹爸妈星看听说想走试谈聊问等谢种件个条位次代节";

/// Words of grammar that are set twice more often than others.
const SMALL_WORDS: &str = "的是在了会有和为与将对就也不到把被从以可这那他它你我用要能";

/// Probability from which a doubling counts as found when the trees are measured.
const FOUND: f32 = 0.5;

pub(super) type Row = [f32; Evidence::WIDTH];

/// A line in which an editor removed doublings, and where they stood, in bytes.
#[derive(Clone, Debug)]
pub(super) struct Edited {
    line: String,
    doubled: Vec<(usize, usize)>,
}

/// Reads lines in which an editor removed a doubling.
pub(super) fn read(file: &Path) -> Result<(Vec<Edited>, Source), TrainError> {
    let mut lines = Vec::new();
    let source = each_line(file, |json| {
        let row: serde_json::Value = serde_json::from_str(json)?;
        let line = row["src"].as_str().unwrap_or_default().to_owned();
        let places: Vec<usize> = line.char_indices().map(|(i, _)| i).collect();
        let byte = |i: usize| places.get(i).copied().unwrap_or(line.len());
        let edits = row["edits"].as_array().into_iter().flatten();
        let doubled = edits.filter(|e| e[4] == "doubled").filter_map(|e| {
            let at = usize::try_from(e[0].as_u64()?).ok()?;
            let count = e[1].as_str()?.chars().count().max(1);
            Some((byte(at), byte(at + count)))
        });
        let doubled = doubled.collect();
        lines.push(Edited { line, doubled });
        Ok(())
    });
    let source = source.map_err(|source| TrainError::Io {
        path: file.to_owned(),
        source,
    })?;
    Ok((lines, source))
}

/// All doublings of a text that are weighed, with the evidence of the line alone and with that of
/// the document.
pub(super) fn rows(text: &str, witness: &mut Witness<'_>) -> Vec<(Doubling, [Row; 2])> {
    let document = Document::new("text", text);
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
            let alone = witness.evidence(text, d, none, nothing).columns();
            let row = witness
                .evidence(text, d, recurrence, elsewhere(text, d, NEAR))
                .columns();
            (*d, [alone, row])
        })
        .collect()
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
    // Editors meet words of grammar above all; recognisers and scripts double any character, most
    // often one inside a word.
    match random.below(20) {
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
        12..18 => {
            let within = words.iter().flat_map(|w| w.start as usize..w.end as usize);
            let starts: Vec<usize> = within.filter(|at| line.is_char_boundary(*at)).collect();
            character(*starts.get(random.below(starts.len()))?)
        }
        // The word whose first character stands doubled most often in clean text (县县, 员员): the
        // cases that are hard to tell, and too few at random.
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

/// Sets second copies into about every sixth line; where they begin.
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
        if random.below(6) != 0 {
            continue;
        }
        model.segment(line, &mut words);
        words.retain(|w| line[w.start as usize..w.end as usize].chars().all(is_han));
        let Some((from, to)) = place(line, &words, doubled, random) else {
            continue;
        };
        // Where it would be an ordinary reduplication, it is no error.
        let unit = &line[from..to];
        let is_word = |w: &Word| (w.start as usize, w.end as usize) == (from, to);
        if !(REDUPLICATED.contains(unit) && words.iter().any(is_word)) {
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

    /// Both evidences, in equal parts: the trees are to judge a line by itself as well as one of a
    /// long document.
    fn push_both(&mut self, rows: [Row; 2], label: bool, weight: f32, fold: usize) {
        if rows[0] == rows[1] {
            self.push(rows[0], label, weight, fold);
        } else {
            self.push(rows[0], label, weight / 2.0, fold);
            self.push(rows[1], label, weight / 2.0, fold);
        }
    }

    fn rows(&self) -> Rows {
        let mut rows = Rows::new(Evidence::NAMES);
        for (row, label, weight) in &self.rows {
            rows.push(row, *label, *weight);
        }
        rows
    }
}

impl Sample {
    /// The doublings of clean texts, and of the same texts with copies set in.
    fn push_texts(&mut self, model: &Model, texts: &[&str]) {
        let mut witness = Witness::new(model);
        let mut random = Random::new(7);
        let mut doubled = Doubled::new();
        for text in texts {
            count_doubled(text, &mut doubled);
        }
        for (fold, text) in texts.iter().enumerate() {
            for (_, both) in rows(text, &mut witness) {
                self.push_both(both, false, 1.0, fold);
            }
            let (damaged, seams) = damage(text, model, &doubled, &mut random);
            if seams.is_empty() {
                continue;
            }
            for (d, both) in rows(&damaged, &mut witness) {
                if seams.iter().any(|seam| d.start < *seam && *seam < d.end) {
                    self.push_both(both, true, SET_IN, fold);
                }
            }
        }
    }

    fn push_edited(&mut self, edited: &[Edited], witness: &mut Witness<'_>) {
        for Edited { line, doubled } in edited {
            for (d, both) in rows(line, witness) {
                let label = doubled.iter().any(|s| touches(&d, *s));
                let weight = if label { GOLD } else { 1.0 };
                self.push_both(both, label, weight, line.len());
            }
        }
    }
}

fn touches(doubling: &Doubling, span: (usize, usize)) -> bool {
    doubling.start < span.1 && span.0 < doubling.end
}

/// Adds the trees to a copy of a model: fitted on `texts` and on every other one of the edited
/// lines, measured on the rest and on `unseen`, by register.
pub(super) fn fit(
    model: &Model,
    edited: &[Edited],
    (texts, unseen): (&[&str], &[(&str, Vec<&str>)]),
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, Figures), TrainError> {
    let to_fit = |e: &&Edited| e.line.bytes().map(usize::from).sum::<usize>() % 2 == 0;
    let (fitted, held): (Vec<&Edited>, Vec<&Edited>) = edited.iter().partition(to_fit);
    let fitted: Vec<Edited> = fitted.into_iter().cloned().collect();
    let mut sample = Sample::default();
    sample.push_texts(model, texts);
    sample.push_edited(&fitted, &mut Witness::new(model));
    tell(&said!("{} rows", sample.rows.len(); "{}行", sample.rows.len()));
    let options = Options {
        trees: 160,
        leaves: 14,
        min_rows: 30.0,
        ..Options::default()
    };
    // Scraped text holds slips itself. What trees that did not see it call a slip is set aside, and
    // the rest fitted anew.
    let scores = score_held_out(&sample.rows(), &sample.folds, &options);
    let mut cleaned = Sample::default();
    for (i, (row, label, weight)) in sample.rows.iter().enumerate() {
        if *label || scores[i] <= ASIDE {
            cleaned.push(*row, *label, *weight, sample.folds[i].into());
        }
    }
    tell(&said!(
        "{} doublings of the text set aside", sample.rows.len() - cleaned.rows.len();
        "搁置文本中的重叠{}处", sample.rows.len() - cleaned.rows.len()
    ));
    let content = fit_calibrated(&cleaned.rows(), &cleaned.folds, &options);
    let trees = Trees::view(&content).ok_or(TrainError::Lost(doubling::PART))?;
    let figures = measure(model, trees, &held, unseen);
    let mut writer = Writer::copy_of(model);
    writer.put(doubling::PART, doubling::VERSION, content);
    Ok((writer, figures))
}

fn measure(
    model: &Model,
    trees: Trees<'_>,
    held: &[&Edited],
    unseen: &[(&str, Vec<&str>)],
) -> Figures {
    let mut figures = Figures::new();
    let mut witness = Witness::new(model);
    let mut found = |text: &str| -> Vec<Doubling> {
        let rows = rows(text, &mut witness).into_iter();
        let found = rows.filter(|(_, [_, row])| trees.probability(row) >= FOUND);
        found.map(|(d, _)| d).collect()
    };
    let (mut spans, mut hits) = (0, 0);
    for Edited { line, doubled } in held {
        let found = found(line);
        spans += doubled.len();
        let hit = doubled
            .iter()
            .filter(|s| found.iter().any(|d| touches(d, **s)));
        hits += hit.count();
    }
    if spans > 0 {
        figures.insert("recall.edited".to_owned(), hits as f64 / spans as f64);
    }
    for (register, texts) in unseen {
        let alarms = texts.iter().map(|text| found(text).len()).sum();
        let characters = texts.iter().map(|text| text.chars().count()).sum();
        figures::alarms(&mut figures, register, alarms, characters);
    }
    figures
}
