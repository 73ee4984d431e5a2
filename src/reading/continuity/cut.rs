//! Edges of paragraphs that may be cut, and the cuts.

use crate::model::trees::probability;

/// A place where a paragraph is cut. Paragraphs are indices into the document's table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The paragraph whose end is cut.
    pub end: Option<u32>,
    /// The paragraph whose beginning is cut.
    pub start: Option<u32>,
    /// Log-odds that this is so.
    pub log_odds: f32,
    /// Log-odds that there is a cut at all, whether or not it goes on as is said here.
    pub damage: f32,
}

impl Cut {
    /// The probability that the text goes on as is said.
    #[must_use]
    pub fn likelihood(&self) -> f32 {
        probability(self.log_odds)
    }

    /// The probability that there is a cut at all.
    #[must_use]
    pub fn probability(&self) -> f32 {
        probability(self.damage.max(self.log_odds))
    }
}

/// A paragraph edge that may be cut, with the log-odds that it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loose {
    pub(crate) paragraph: usize,
    pub(crate) log_odds: f32,
    /// How much likelier an end without a mark is as a cut than as the end of a sentence without
    /// its mark, in nats; nothing of other edges, and where the model cannot tell.
    pub(crate) unmarked: Option<f32>,
}

/// A loose edge that nothing is matched with is told of from these log-odds on: other evidence may
/// speak for it.
pub(super) const FAINT: f32 = -4.0;
