//! Fits the trees that say which of two wordings of a quotation is wrong.
//!
//! The differing wordings of edited text are taken for right. Into texts in which a quotation
//! stands twice in the same words a slip is set as a recogniser or a typist would make it: there
//! one side is wrong and the other right.

use std::ops::Range;

use memchr::memmem;

use super::boost::{Options, Rows, fit_without_own};
use super::figures::{self, Figures};
use super::lapses::lines;
use super::random::Random;
use super::slips::Slips;
use crate::model::Model;
use crate::model::container::{ModelError, Writer};
use crate::model::trees::Trees;
use crate::reading::quoting::is_alike;
use crate::reading::quoting::quotations::differences;
use crate::reading::quoting::rewording::{self, Reworder, Rewording};
use crate::said;
use crate::text::is_han;

/// Slips for each pair of wordings of edited text: the prior of the fit.
const SLIPS: f32 = 0.5;
/// Characters of a quotation that gets a slip.
const SHORTEST: usize = 6;
/// Characters at either end of it that stay as they are.
const KEPT: usize = 2;
/// Probability from which a wording of the training text is taken for a slip of its own.
const ASIDE: f32 = 0.6;
/// Parts of the texts, of which each is scored by trees fitted on the others.
const PARTS: usize = 4;

/// Rows to fit on, each with the number of its text.
#[derive(Default)]
struct Gathered {
    right: Vec<([f32; Rewording::WIDTH], usize)>,
    /// Of texts with a slip: whether this side is the wrong one.
    slips: Vec<([f32; Rewording::WIDTH], bool, usize)>,
}

/// Adds the trees to a copy of a model. `texts` are documents, a paragraph a line.
///
/// # Errors
/// If the model has no confusable characters.
pub fn fit(
    model: &Model,
    (texts, unseen): (&[&str], &[&str]),
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, Figures), ModelError> {
    let missing = ModelError::Damaged {
        part: rewording::PART,
        what: "there are no confusable characters to fit with",
    };
    let (Some(reworder), Some(slips)) = (Reworder::of(model), Slips::of(model)) else {
        return Err(missing);
    };
    let gathered = gather(&reworder, &slips, texts);
    tell(&said!(
        "{} rows of text, {} of slips", gathered.right.len(), gathered.slips.len();
        "文本{}行，笔误{}行", gathered.right.len(), gathered.slips.len()
    ));
    let trees = gathered.fit(tell)?;
    let mut figures = Figures::new();
    let measured = gather(&reworder, &slips, unseen).rows(|_| true).0;
    figures::weighed(&mut figures, rewording::PART, &measured, &trees, 0);
    let mut writer = Writer::copy_of(model);
    writer.put(rewording::PART, rewording::VERSION, trees);
    Ok((writer, figures))
}

fn gather(reworder: &Reworder<'_>, slips: &Slips<'_>, texts: &[&str]) -> Gathered {
    let mut gathered = Gathered::default();
    let mut random = Random::new(11);
    for (number, text) in texts.iter().enumerate() {
        for difference in differences(text, lines(text)) {
            for row in reworder.evidence(text, &difference) {
                gathered.right.push((row.columns(), number));
            }
        }
        let Some((damaged, place)) = damage(slips, text, &mut random) else {
            continue;
        };
        let touches = |side: &Range<usize>| side.start <= place.end && place.start <= side.end;
        for difference in differences(&damaged, lines(&damaged)) {
            let sides = [&difference.quoted, &difference.other];
            let wrong = sides.map(touches);
            if wrong[0] != wrong[1] {
                let rows = reworder.evidence(&damaged, &difference);
                for (row, wrong) in rows.into_iter().zip(wrong) {
                    gathered.slips.push((row.columns(), wrong, number));
                }
            }
        }
    }
    gathered
}

/// A text with a slip in a quotation that stands in it twice, and where the slip is.
fn damage(slips: &Slips<'_>, text: &str, random: &mut Random) -> Option<(String, Range<usize>)> {
    let quotations = text.match_indices('“').filter_map(|(at, mark)| {
        let start = at + mark.len();
        let end = start + text[start..].find(['“', '”', '\n'])?;
        let own = &text[start..end];
        let long = own.chars().filter(|&c| is_han(c)).count() >= SHORTEST;
        let copies = memmem::find_iter(text.as_bytes(), own).take(2).count();
        (long && copies > 1).then_some(own)
    });
    let quotations: Vec<&str> = quotations.collect();
    let own = quotations.get(random.below(quotations.len()))?;
    let copies: Vec<usize> = memmem::find_iter(text.as_bytes(), own).collect();
    let start = copies.get(random.below(copies.len()))?;
    let places: Vec<(usize, char)> = own.char_indices().filter(|&(_, c)| is_han(c)).collect();
    let inside = places.len().checked_sub(2 * KEPT)?;
    let (offset, right) = places[KEPT + random.below(inside)];
    let wrong = match random.below(20) {
        0..15 => slips.other(right, random)?.to_string(),
        15..18 => String::new(),
        18 => format!("{right}{right}"),
        _ => format!("{right}{}", slips.anything(random)?),
    };
    let at = start + offset;
    let mut damaged = text.to_owned();
    damaged.replace_range(at..at + right.len_utf8(), &wrong);
    Some((damaged, at..at + wrong.len()))
}

impl Gathered {
    fn rows(&self, keep: impl Fn(&[f32; Rewording::WIDTH]) -> bool) -> (Rows, Vec<u8>) {
        let (mut rows, mut parts) = (Rows::new(Rewording::NAMES), Vec::new());
        let part = |number: usize| (number % PARTS) as u8;
        for (row, number) in self.right.iter().filter(|r| keep(&r.0)) {
            rows.push(row, false, 1.0);
            parts.push(part(*number));
        }
        // a pair of wordings is two rows
        let weight = SLIPS * self.right.len() as f32 / self.slips.len().max(1) as f32;
        for (row, wrong, number) in &self.slips {
            rows.push(row, *wrong, weight);
            parts.push(part(*number));
        }
        (rows, parts)
    }

    /// Scraped text holds slips itself.
    fn fit(&self, tell: &mut dyn FnMut(&str)) -> Result<Vec<u8>, ModelError> {
        let options = Options {
            trees: 100,
            leaves: 8,
            min_rows: 15.0,
            ..Options::default()
        };
        let is_slip = |judge: &Trees<'_>, row: &[f32; Rewording::WIDTH]| {
            let wording = Rewording::of(row);
            is_alike([wording.counted, wording.likeness, wording.sound])
                && judge.probability(row) > ASIDE
        };
        let rows = |keep: &dyn Fn(&[f32; Rewording::WIDTH]) -> bool| self.rows(keep);
        fit_without_own((rewording::PART, 1), &options, rows, is_slip, tell)
    }
}
