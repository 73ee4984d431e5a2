//! Coded rules: one file each, named as the rule. Each file holds the card, the settings, the check and its tests.

mod broken_paragraph;
mod duplicate_line;
mod duplicate_paragraph;
mod hashing;
mod injected_phrase;
mod loose;
mod misordered_block;
mod repeated_phrase;
mod stray_latin;
mod truncated_end;
mod truncated_start;

use crate::rule::Rule;

/// All coded rules.
#[must_use]
pub fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(broken_paragraph::BrokenParagraph),
        Box::new(duplicate_line::DuplicateLine),
        Box::new(duplicate_paragraph::DuplicateParagraph),
        Box::new(injected_phrase::InjectedPhrase),
        Box::new(misordered_block::MisorderedBlock),
        Box::new(repeated_phrase::RepeatedPhrase),
        Box::new(stray_latin::StrayLatin),
        Box::new(truncated_end::TruncatedEnd),
        Box::new(truncated_start::TruncatedStart),
    ]
}
