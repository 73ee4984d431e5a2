//! What makes a finding the same finding after the text around it has moved, or its file has been
//! renamed.

use crate::text::Span;

/// Characters of the finding's text, and of the text on either side of it, that go into its
/// fingerprint.
const INSIDE: usize = 200;
const AROUND: usize = 16;

/// A hash of the rule of a finding, the text at its place and the few characters around it: the
/// same when lines move.
#[must_use]
pub fn fingerprint(text: &str, rule: &str, place: Span) -> u64 {
    let (start, end) = (place.start(), place.end());
    let mut hash = Fnv::default();
    hash.text(rule);
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

/// FNV-1a: the same on every machine and in every version, which the standard library's hashes do
/// not promise.
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
