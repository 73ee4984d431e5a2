//! What a rule is: the trait [`Rule`] that checks a document, speaking under its cards.

use crate::finding::Findings;
use crate::levels::Scales;
use crate::reading::Reading;

pub use crate::card::{Card, Chinese, Group};

/// Something that checks a document.
///
/// `check` is pure: the same document gives the same findings, whatever was checked before. It never fails and reads or writes nothing
/// but the document and the findings.
pub trait Rule: Send + Sync {
    /// The cards under which it speaks; most rules have one.
    fn cards(&self) -> &[&'static Card];

    /// From which probability on it speaks, as far as that was set for its cards; none of a rule that does not weigh.
    fn scales(&mut self) -> Option<&mut Scales> {
        None
    }

    /// Whether it weighs the whole text with the language model. Without such rules a text is checked many times as fast.
    fn weighs(&self) -> bool {
        false
    }

    /// Adds what it finds in `document`.
    fn check(&self, document: &Reading<'_>, findings: &mut Findings);
}
