//! Whether a text ends its paragraphs with a mark at all.
//!
//! The trees that weigh loose ends know text that does: there an end without a mark is cut.
//! Reviews, posts and chats often leave the last mark out. How many of a document's ends without a
//! mark are cut is estimated from all of them together, by expectation maximisation: each says by
//! itself how much likelier it is as a cut than as the end of a sentence whose mark was left out.

use super::cut::Loose;
use super::seam::counts_for_style;
use crate::document::Paragraph;
use crate::document::edges::{End, end_of};
use crate::model::trees::probability;
use crate::reading::Reading;

/// What is believed before a text is read: so many ends without a mark that were cut, and so many
/// that never had one.
const CUT: f32 = 1.5;
const LEFT_OUT: f32 = 0.3;
/// Rounds of the estimate; it moves no further after a dozen.
const ROUNDS: usize = 16;

/// How a text ends its paragraphs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Habit {
    /// About how many paragraphs without a mark at the end are cut there.
    pub(crate) cut: f32,
    /// About how many are whole and lack only the mark.
    pub(crate) left_out: f32,
}

impl Habit {
    /// The habit of a document, and for each loose end what its log-odds lose by it.
    pub(super) fn of(
        document: &Reading<'_>,
        paragraphs: &[Paragraph],
        ends: &[Loose],
    ) -> (Self, Vec<f32>) {
        let counted: Vec<f32> = ends.iter().filter_map(|end| end.unmarked).collect();
        let (share, cut) = share_cut(&counted);
        let usual = (logit(share) - logit(CUT / (CUT + LEFT_OUT))).min(0.0);
        let loses = ends.iter().map(|end| {
            // a pause is no end that lacks its mark, and what the language on both sides says is
            // not lost
            let marked = has_mark(document, &paragraphs[end.paragraph]);
            let odds = |unmarked| logit(share) + unmarked - end.log_odds;
            let here = end.unmarked.map_or(usual, odds);
            if marked { 0.0 } else { here.clamp(usual, 0.0) }
        });
        let habit = Self {
            cut,
            left_out: counted.len() as f32 - cut,
        };
        (habit, loses.collect())
    }
}

/// Whether the end of a paragraph tells of the habit: it is long enough to be no headline, and has
/// no mark there.
pub(crate) fn is_unmarked(document: &Reading<'_>, paragraph: &Paragraph) -> bool {
    counts_for_style(paragraph) && !has_mark(document, paragraph)
}

fn has_mark(document: &Reading<'_>, paragraph: &Paragraph) -> bool {
    let end = end_of(document.slice(paragraph.content));
    !matches!(end, End::Bare | End::Latin | End::Closing)
}

/// The share of such ends that are cut, and how many of these are, by the log-likelihood ratio of
/// each.
fn share_cut(odds: &[f32]) -> (f32, f32) {
    let mut share = CUT / (CUT + LEFT_OUT);
    let mut cut = odds.len() as f32;
    for _ in 0..ROUNDS {
        cut = odds.iter().map(|odd| probability(logit(share) + odd)).sum();
        share = (CUT + cut) / (CUT + LEFT_OUT + odds.len() as f32);
    }
    (share, cut)
}

fn logit(p: f32) -> f32 {
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::share_cut;

    #[test]
    fn one_end_says_little_and_many_say_much() {
        let (alone, _) = share_cut(&[-2.0]);
        let (often, cut) = share_cut(&[-2.0; 20]);
        assert!(alone > 0.5, "{alone}");
        assert!(often < 0.2 && cut < 2.0, "{often} {cut}");
        let (broken, cut) = share_cut(&[3.0; 20]);
        assert!(broken > 0.95 && cut > 19.5, "{broken} {cut}");
    }
}
