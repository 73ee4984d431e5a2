//! What a rule is: the trait [`Rule`] that checks a document, speaking under its cards.

use crate::finding::Findings;
use crate::levels::{Levels, SetLevels, Writing};
use crate::reading::Reading;

pub use crate::card::{Card, Chinese, Group};

/// The levels of the cards of a rule: as they stand on them, but for what was set.
#[derive(Debug, Default)]
pub struct Scales(Vec<(&'static str, SetLevels)>);

impl Scales {
    /// Sets levels of a card, for every kind of writing in which the rule speaks.
    pub fn set(&mut self, card: &'static Card, levels: SetLevels) {
        self.0.push((card.name, levels));
    }

    /// The levels of a card in a kind of writing; a card without levels never speaks by them.
    #[must_use]
    pub fn of(&self, card: &'static Card, writing: Writing) -> Levels {
        let own = card.levels.iter().find(|(kind, _)| *kind == writing);
        let levels = own
            .or(card.levels.first())
            .map_or(Levels::SILENT, |(_, levels)| *levels);
        let set = self.0.iter().filter(|(name, _)| *name == card.name);
        set.fold(levels, |levels, (_, set)| levels.giving_way(*set))
    }
}

/// Something that checks a document.
///
/// `check` is pure: the same document gives the same findings, whatever was checked before. It
/// never fails and reads or writes nothing but the document and the findings.
pub trait Rule: Send + Sync {
    /// The cards under which it speaks; most rules have one.
    fn cards(&self) -> &[&'static Card];

    /// From which probability on it speaks, as far as that was set for its cards; none of a rule
    /// that does not weigh.
    fn scales(&mut self) -> Option<&mut Scales> {
        None
    }

    /// Whether it weighs the whole text with the language model. Without such rules a text is
    /// checked many times as fast.
    fn weighs(&self) -> bool {
        false
    }

    /// Adds what it finds in `document`.
    fn check(&self, document: &Reading<'_>, findings: &mut Findings);
}
