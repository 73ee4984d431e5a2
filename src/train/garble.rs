//! Fits what `garbled-text` needs: trees over the evidence of `reading::proofreading::garble`.
//!
//! Every surprising stretch of the texts is taken for language. Each text is read a second time
//! with stretches of it made into none: characters drawn from anywhere, usual ones or any, its own
//! characters in another order, every character taken for another.

use super::boost::{Options, Rows, fit_calibrated};
use super::figures::{self, Figures};
use super::lapses::lines;
use super::random::Random;
use super::slips::Slips;
use crate::model::Model;
use crate::model::container::{ModelError, Writer};
use crate::reading::proofreading::garble::{self, Garble};
use crate::reading::proofreading::omissions::LapseFinder;
use crate::said;
use crate::text::is_han;

/// One garbled stretch in so many characters: the prior of the fit.
const CHARACTERS_PER_STRETCH: f32 = 50_000.0;
/// Characters between two stretches of a damaged text, about.
const SPACING: usize = 250;

/// A row, whether it is garbled, and whether it is from a damaged text.
type Row = ([f32; Garble::WIDTH], bool, bool);

/// Adds the trees to a copy of a model.
///
/// # Errors
/// If the model has no confusable characters.
pub fn fit(
    model: &Model,
    (texts, unseen): (&[&str], &[&str]),
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, Figures), ModelError> {
    let slips = Slips::of(model).ok_or(ModelError::Damaged {
        part: garble::PART,
        what: "it needs a model with confusable characters",
    })?;
    let gathered = gather(model, &slips, texts);
    let (rows, made) = (gathered.rows.len(), gathered.made);
    let found = gathered.rows.iter().filter(|r| r.1).count();
    let characters = gathered.characters;
    tell(&said!(
        "{rows} rows, {found} of the {made} stretches, in {characters} characters";
        "{rows}行，其中乱码{found}段（共{made}段），{characters}字"
    ));
    let options = Options {
        trees: 100,
        leaves: 10,
        min_rows: 15.0,
        ..Options::default()
    };
    let trees = fit_calibrated(&gathered.to_fit(), &gathered.folds, &options);
    let mut figures = Figures::new();
    let measured = gather(model, &slips, unseen);
    figures::weighed(&mut figures, garble::PART, &measured.to_fit(), &trees, 0);
    let mut writer = Writer::copy_of(model);
    writer.put(garble::PART, garble::VERSION, trees);
    Ok((writer, figures))
}

#[derive(Default)]
struct Gathered {
    rows: Vec<Row>,
    folds: Vec<u8>,
    characters: usize,
    /// Stretches that were garbled.
    made: usize,
}

impl Gathered {
    fn to_fit(&self) -> Rows {
        let weight = self.characters as f32 / CHARACTERS_PER_STRETCH / self.made.max(1) as f32;
        let mut fitted = Rows::new(Garble::NAMES);
        for (row, garbled, damaged) in &self.rows {
            fitted.push(row, *garbled, if *damaged { weight } else { 1.0 });
        }
        fitted
    }
}

fn gather(model: &Model, slips: &Slips<'_>, texts: &[&str]) -> Gathered {
    let finder = LapseFinder::of(model);
    let mut random = Random::new(17);
    let mut gathered = Gathered::default();
    for (number, text) in texts.iter().enumerate() {
        let fold = (number % 4) as u8;
        gathered.characters += text.chars().count();
        for stretch in finder.stretches(text, lines(text)) {
            gathered.rows.push((stretch.row, false, false));
            gathered.folds.push(fold);
        }
        let (damaged, made) = damage(slips, text, &mut random);
        gathered.made += made.len();
        for stretch in finder.stretches(&damaged, lines(&damaged)) {
            let next = made.partition_point(|m| m.1 <= stretch.start);
            let Some(&(start, end)) = made.get(next).filter(|m| m.0 < stretch.end) else {
                continue;
            };
            let shared = end.min(stretch.end) - start.max(stretch.start);
            let garbled = 2 * shared >= (end - start).max(stretch.end - stretch.start);
            gathered.rows.push((stretch.row, garbled, true));
            gathered.folds.push(fold);
        }
    }
    gathered
}

/// A text with stretches of it made into no language, and where they stand.
fn damage(slips: &Slips<'_>, text: &str, random: &mut Random) -> (String, Vec<(usize, usize)>) {
    let characters: Vec<char> = text.chars().collect();
    let (mut damaged, mut made) = (String::with_capacity(text.len()), Vec::new());
    let (mut at, mut next) = (0, random.below(2 * SPACING));
    while at < characters.len() {
        let length = 4 + random.below(7);
        let own = characters
            .get(at..at + length)
            .filter(|own| at >= next && own.iter().all(|&c| is_han(c)));
        let Some(own) = own else {
            damaged.push(characters[at]);
            at += 1;
            continue;
        };
        let start = damaged.len();
        match random.below(5) {
            0 => damaged.extend(own.iter().filter_map(|_| slips.anything(random))),
            4 => damaged.extend(own.iter().filter_map(|_| slips.whatever(random))),
            1 => damaged.extend(
                own.iter()
                    .map(|_| characters[random.below(characters.len())])
                    .filter(|&c| is_han(c)),
            ),
            2 => {
                let mut own = own.to_vec();
                for i in (1..own.len()).rev() {
                    own.swap(i, random.below(i + 1));
                }
                damaged.extend(own);
            }
            _ => damaged.extend(own.iter().map(|&c| slips.other(c, random).unwrap_or(c))),
        }
        made.push((start, damaged.len()));
        at += length;
        next = at + SPACING / 2 + random.below(SPACING);
    }
    (damaged, made)
}
