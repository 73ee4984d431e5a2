//! Fingerprints of the findings of one file, told apart where several agree.

use std::collections::HashMap;

use super::FileReport;
use crate::finding::Finding;
use crate::fingerprint::fingerprint;

/// Gives each finding of a file a fingerprint: a hash of its rule, its text and the few characters
/// around it, and a count where several findings agree in all of that. Line numbers do not go in,
/// so findings keep theirs when text is added elsewhere.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<u64, usize>,
}

impl Fingerprints {
    /// The fingerprint of the next finding of a file, findings coming in order.
    pub(super) fn next(&mut self, report: &FileReport, finding: &Finding) -> String {
        let hash = fingerprint(&report.text, finding.card.name, finding.span);
        let count = self.seen.entry(hash).or_default();
        *count += 1;
        format!("{hash:016x}:{count}")
    }
}
