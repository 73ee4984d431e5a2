//! Declared rules: one TOML file each, all their literals in one automaton.

use crate::document::Document;
use crate::finding::Findings;
use crate::rule::{Card, Rule};

/// The declared rules of one source, checked together.
pub struct PatternRules {
    cards: Vec<&'static Card>,
}

impl PatternRules {
    /// The declared rules embedded in the binary.
    #[must_use]
    pub fn builtin() -> Self {
        Self { cards: Vec::new() }
    }
}

impl Rule for PatternRules {
    fn cards(&self) -> &[&'static Card] {
        &self.cards
    }

    fn check(&self, _document: &Document<'_>, _findings: &mut Findings) {}
}
