//! Coded rules: one file each, named as the rule. Each file holds the card, the settings, the check and its tests.

mod across;
mod broken_enumeration;
mod broken_paragraph;
mod compatibility_character;
mod confused_character;
mod control_character;
mod dangling_punctuation;
mod doubled_character;
mod doubled_word;
mod duplicate_line;
mod duplicate_paragraph;
mod extra_character;
mod garbled_text;
mod halfwidth_punctuation;
mod injected_phrase;
mod invalid_encoding;
mod invisible_character;
mod lookalike_character;
mod loose;
mod lost_line_breaks;
mod misordered_block;
mod misquoted_phrase;
mod missing_character;
mod missing_heading;
mod mojibake;
mod out_of_place;
mod overlap;
mod private_use_character;
mod repeated_phrase;
mod repeated_punctuation;
mod replacement_character;
mod stray_latin;
mod stray_space;
mod stray_variant;
mod truncated_end;
mod truncated_start;
mod unbalanced_pair;

use crate::rule::Rule;

/// All coded rules.
#[must_use]
pub fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(across::Across),
        Box::new(broken_enumeration::BrokenEnumeration),
        Box::new(broken_paragraph::BrokenParagraph),
        Box::new(compatibility_character::CompatibilityCharacter),
        Box::new(confused_character::ConfusedCharacter),
        Box::new(control_character::ControlCharacter),
        Box::new(dangling_punctuation::DanglingPunctuation),
        Box::new(doubled_character::DoubledCharacter),
        Box::new(duplicate_line::DuplicateLine),
        Box::new(duplicate_paragraph::DuplicateParagraph),
        Box::new(halfwidth_punctuation::HalfwidthPunctuation),
        Box::new(injected_phrase::InjectedPhrase),
        Box::new(invalid_encoding::InvalidEncoding),
        Box::new(invisible_character::InvisibleCharacter),
        Box::new(lookalike_character::LookalikeCharacter),
        Box::new(lost_line_breaks::LostLineBreaks),
        Box::new(misordered_block::MisorderedBlock),
        Box::new(misquoted_phrase::MisquotedPhrase),
        Box::new(missing_character::MissingCharacter),
        Box::new(missing_heading::MissingHeading),
        Box::new(mojibake::Mojibake),
        Box::new(out_of_place::OutOfPlace),
        Box::new(private_use_character::PrivateUseCharacter),
        Box::new(repeated_phrase::RepeatedPhrase),
        Box::new(repeated_punctuation::RepeatedPunctuation),
        Box::new(replacement_character::ReplacementCharacter),
        Box::new(stray_latin::StrayLatin),
        Box::new(stray_space::StraySpace),
        Box::new(stray_variant::StrayVariant),
        Box::new(truncated_end::TruncatedEnd),
        Box::new(truncated_start::TruncatedStart),
        Box::new(unbalanced_pair::UnbalancedPair),
    ]
}
