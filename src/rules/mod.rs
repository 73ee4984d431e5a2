//! Coded rules: one file each, named as the rule. Each file holds the card, the settings, the check
//! and its tests.

mod across;
mod beside_blank;
mod broken_enumeration;
mod broken_paragraph;
mod chapters;
mod compatibility_character;
mod confused_character;
mod control_character;
mod corpus_confusion;
mod dangling_punctuation;
mod double_print;
mod doubled_character;
mod doubled_word;
mod duplicate_document;
mod duplicate_line;
mod duplicate_paragraph;
mod extra_character;
mod filter_evasion;
mod garbled_text;
mod halfwidth_punctuation;
mod headings;
mod headline_elsewhere;
mod injected_phrase;
mod invalid_encoding;
mod invisible_character;
mod line_read_twice;
mod lookalike_character;
mod loose;
mod lost_line_breaks;
mod lost_text;
mod misordered_block;
mod misplaced_heading;
mod misquoted_phrase;
mod missing_character;
mod missing_heading;
mod mojibake;
mod out_of_place_paragraph;
mod out_of_place_sentence;
mod overlap;
mod private_use_character;
mod repeated_phrase;
mod repeated_punctuation;
mod replacement_character;
mod shared_passage;
mod site_boilerplate;
mod site_watermark;
mod stray_latin;
mod stray_space;
mod stray_variant;
mod truncated_end;
mod truncated_start;
mod unbalanced_pair;
pub(crate) mod unused_suppression;

use crate::rule::Rule;

pub(crate) use corpus_confusion::NAME as CORPUS_CONFUSION;

/// All coded rules.
#[must_use]
pub fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(across::Across),
        Box::new(broken_enumeration::BrokenEnumeration),
        Box::new(broken_paragraph::BrokenParagraph::default()),
        Box::new(compatibility_character::CompatibilityCharacter),
        Box::new(confused_character::ConfusedCharacter::default()),
        Box::new(control_character::ControlCharacter),
        Box::new(dangling_punctuation::DanglingPunctuation),
        Box::new(double_print::DoublePrint),
        Box::new(doubled_character::DoubledCharacter::default()),
        Box::new(duplicate_line::DuplicateLine),
        Box::new(duplicate_paragraph::DuplicateParagraph),
        Box::new(filter_evasion::FilterEvasion),
        Box::new(halfwidth_punctuation::HalfwidthPunctuation),
        Box::new(injected_phrase::InjectedPhrase),
        Box::new(invalid_encoding::InvalidEncoding),
        Box::new(invisible_character::InvisibleCharacter),
        Box::new(lookalike_character::LookalikeCharacter),
        Box::new(lost_line_breaks::LostLineBreaks),
        Box::new(lost_text::LostText),
        Box::new(misordered_block::MisorderedBlock::default()),
        Box::new(misquoted_phrase::MisquotedPhrase::default()),
        Box::new(missing_character::MissingCharacter::default()),
        Box::new(missing_heading::MissingHeading),
        Box::new(misplaced_heading::MisplacedHeading),
        Box::new(mojibake::Mojibake),
        Box::new(out_of_place_sentence::OutOfPlaceSentence::default()),
        Box::new(private_use_character::PrivateUseCharacter),
        Box::new(repeated_phrase::RepeatedPhrase),
        Box::new(repeated_punctuation::RepeatedPunctuation),
        Box::new(replacement_character::ReplacementCharacter),
        Box::new(stray_latin::StrayLatin),
        Box::new(stray_space::StraySpace),
        Box::new(stray_variant::StrayVariant),
        Box::new(truncated_end::TruncatedEnd::default()),
        Box::new(truncated_start::TruncatedStart::default()),
        Box::new(unbalanced_pair::UnbalancedPair),
        Box::new(unused_suppression::UnusedSuppression),
    ]
}

/// The parts of a language model without which rules find nothing.
const NEEDS: &[(&[&str], &[&str])] = &[
    (
        &["confused-character"],
        &["confusables", "usual", "variants", "spelling"],
    ),
    (&["stray-variant", "wrong-conversion"], &["variants"]),
    (&["missing-character"], &["missing", "usual", "halves"]),
    (&["extra-character"], &["extra", "usual"]),
    (&["garbled-text"], &["garbled"]),
    (
        &["misquoted-phrase"],
        &["confusables", "phrases", "misquotation"],
    ),
    (&["doubled-character", "doubled-word"], &["doubling"]),
    (
        &["broken-paragraph", "misordered-block"],
        &["cut-end", "cut-start", "join"],
    ),
    (&["truncated-end"], &["cut-end"]),
    (&["truncated-start"], &["cut-start"]),
    (
        &["out-of-place-sentence", "out-of-place-paragraph"],
        &[
            "place-sentence",
            "place-paragraph",
            "alone-sentence",
            "alone-paragraph",
            "border",
        ],
    ),
];

/// The parts of a language model without which a rule finds nothing, or not what it should.
#[must_use]
pub fn needs(rule: &str) -> &'static [&'static str] {
    let entry = NEEDS.iter().find(|(rules, _)| rules.contains(&rule));
    entry.map_or(&[], |(_, parts)| parts)
}

#[cfg(test)]
mod tests {
    use super::{NEEDS, needs};
    use crate::document::Document;
    use crate::engine::Linter;
    use crate::model::Model;
    use crate::model::container::Writer;
    use crate::reading::Reading;
    use crate::registry::Registry;
    use crate::selection::Selection;

    #[test]
    fn a_rule_that_finds_nothing_without_the_fitted_parts_says_what_it_needs() {
        let whole = Model::embedded();
        let mut bare = Writer::new();
        for part in ["characters", "ngram", "lexicon", "topics", "provenance"] {
            let entry = whole
                .parts()
                .iter()
                .find(|e| e.name() == part)
                .expect("there");
            let content = whole.part(part).expect("there").to_vec();
            bare.put(part, entry.version, content);
        }
        let bare = Model::from_bytes(bare.finish()).expect("sound");
        let registry = Registry::builtin();
        for card in registry.cards() {
            let selection = Selection {
                select: vec![card.name.to_owned()],
                ..Selection::default()
            };
            let linter = Linter::new(Registry::builtin(), &selection).expect("a rule");
            let found = |model: &Model| {
                card.bad.iter().any(|text| {
                    let document = Document::new("a.txt", text);
                    let found = linter.check_reading(&Reading::new(&document, model), 1);
                    found.iter().any(|f| f.card.name == card.name)
                })
            };
            if found(whole) && !found(&bare) {
                assert!(!needs(card.name).is_empty(), "{}", card.name);
            }
        }
    }

    #[test]
    fn the_parts_that_rules_need_are_in_the_embedded_model() {
        let cards = Registry::builtin().cards();
        for (rules, parts) in NEEDS {
            for rule in *rules {
                assert!(cards.iter().any(|c| c.name == *rule), "{rule}");
            }
            for part in *parts {
                assert!(Model::embedded().part(part).is_some(), "{part}");
            }
        }
    }
}
