//! What makes a finding the same finding after the text around it has moved.

use std::collections::HashMap;

use super::FileReport;
use crate::finding::Finding;
use crate::rule::Card;
use crate::text::Span;

/// Characters of the finding's text, and of the text on either side of it, that go into its fingerprint.
const INSIDE: usize = 200;
const AROUND: usize = 16;

/// Gives each finding of a file a fingerprint: a hash of its rule, its text and the few characters around it, and a count where several
/// findings agree in all of that. Line numbers do not go in, so findings keep theirs when text is added elsewhere.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<u64, usize>,
}

impl Fingerprints {
    /// The fingerprint of the next finding of a file, findings coming in order.
    pub(super) fn next(&mut self, report: &FileReport, finding: &Finding) -> String {
        let hash = fingerprint(report, finding.card, finding.span);
        let count = self.seen.entry(hash).or_default();
        *count += 1;
        format!("{hash:016x}:{count}")
    }
}

/// A hash of the rule of a finding, the text at its place and the few characters around it: the same when lines move.
pub(crate) fn fingerprint(report: &FileReport, card: &Card, place: Span) -> u64 {
    let text = report.text.as_str();
    let (start, end) = (place.start(), place.end());
    let mut hash = Fnv::default();
    hash.text(card.name);
    // Only the line itself: what is added before or after it leaves the finding what it was.
    let same_line = |c: &char| !matches!(c, '\n' | '\r');
    let visible = |c: &char| !c.is_whitespace();
    text[start..end]
        .chars()
        .take(INSIDE)
        .for_each(|c| hash.char(c));
    hash.char('\0');
    text[..start]
        .chars()
        .rev()
        .take_while(same_line)
        .filter(visible)
        .take(AROUND)
        .for_each(|c| hash.char(c));
    hash.char('\0');
    text[end..]
        .chars()
        .take_while(same_line)
        .filter(visible)
        .take(AROUND)
        .for_each(|c| hash.char(c));
    hash.0
}

/// FNV-1a: the same on every machine and in every version, which the standard library's hashes do not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    fn char(&mut self, c: char) {
        for byte in u32::from(c).to_le_bytes() {
            self.byte(byte);
        }
    }

    fn text(&mut self, text: &str) {
        text.bytes().for_each(|b| self.byte(b));
        self.byte(0);
    }
}
