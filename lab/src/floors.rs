//! The floors and aims that the project has set itself.

/// Class of gold rows, with its kind where only that is meant; floor and aim of recall.
const RECALL: &[(&[&str], f64, f64)] = &[
    (
        &[
            "replacement-character",
            "private-use-character",
            "invisible-character",
            "compatibility-character",
            "mojibake",
            "markup-residue",
            "repeated-punctuation",
            "halfwidth-punctuation",
            "stray-space",
        ],
        0.97,
        1.00,
    ),
    (
        &[
            "stray-latin",
            "doubled-character",
            "doubled-word",
            "repeated-phrase",
            "injected-phrase",
            "duplicate-paragraph",
        ],
        0.90,
        0.98,
    ),
    (
        &[
            "broken-paragraph",
            "truncated-start",
            "truncated-end",
            "unbalanced-pair",
            "broken-enumeration",
            "misordered-block",
        ],
        0.85,
        0.95,
    ),
    (
        &["out-of-place-sentence", "out-of-place-paragraph sibling"],
        0.85,
        0.95,
    ),
    (
        &[
            "out-of-place-sentence/foreign",
            "out-of-place-paragraph foreign",
        ],
        0.55,
        0.80,
    ),
    (&["confused-character"], 0.50, 0.75),
    (&["dropped-character"], 0.25, 0.50),
];

/// Precision by paragraph over all rules: floor and aim.
pub const PRECISION: (f64, f64) = (0.97, 0.99);
/// Warnings and errors per 100,000 clean characters, all rules: floor and aim.
pub const CLEAN_ALL: (f64, f64) = (2.0, 0.5);
/// The same for the spelling rules alone.
pub const CLEAN_SPELLING: (f64, f64) = (0.5, 0.1);

pub const SPELLING: [&str; 6] = [
    "confused-character",
    "misquoted-phrase",
    "missing-character",
    "extra-character",
    "garbled-text",
    "stray-variant",
];

/// Floor and aim of a class, or of a class and kind (`class kind`).
pub fn recall(name: &str) -> Option<(f64, f64)> {
    RECALL
        .iter()
        .find(|(names, ..)| names.contains(&name))
        .map(|&(_, floor, aim)| (floor, aim))
}
