//! Coded rules: one file each, named as the rule. Each file holds the card, the settings, the check and its tests.

mod stray_latin;

use crate::rule::Rule;

/// All coded rules.
#[must_use]
pub fn all() -> Vec<Box<dyn Rule>> {
    vec![Box::new(stray_latin::StrayLatin)]
}
