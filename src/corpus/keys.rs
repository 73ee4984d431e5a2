//! What makes two lines of a site the same: their comparable characters with digits alike, or their
//! label.

use super::comparable::{Fold, Folded, join, mix};

/// Comparable characters of the longest line that may be a label with a value, of the longest
/// label, and of the shortest line that counts.
const LABELLED: usize = 40;
const LABEL: usize = 8;
const SHORTEST: usize = 2;
/// The kinds of key, so that a line and a label never have the same one.
const LINE: u64 = 0x4c49;
const LABEL_TAG: u64 = 0x4c42;

/// The keys of a line: of itself with runs of digits alike, and of its label where it is a label
/// with a value. They do not depend on the source.
pub(crate) fn keys(fold: Fold, line: &str) -> (Option<u64>, Option<u64>) {
    let (mut hash, mut count, mut digits) = (LINE, 0, false);
    let mut label = None;
    let mut text_in_label = 0;
    for c in line.chars() {
        // the stroke 丨 is written for an upright bar: 编辑丨某某
        let folded = if c == '丨' { 0 } else { fold.of(c) };
        if folded == 0 {
            if ends_label(c)
                && label.is_none()
                && (2..=LABEL).contains(&count)
                && text_in_label >= 2
            {
                label = Some((mix(hash ^ LABEL_TAG), count));
            }
            digits = false;
            continue;
        }
        let digit = is_digit(folded);
        if !(digit && digits) {
            hash = join(
                hash,
                if digit {
                    u64::from(b'0')
                } else {
                    u64::from(folded)
                },
            );
            count += 1;
            text_in_label += usize::from(!digit);
        }
        digits = digit;
    }
    let whole = (count >= SHORTEST).then(|| mix(hash));
    let label = label.filter(|(_, at)| *at < count && count <= LABELLED);
    (whole, label.map(|(key, _)| key))
}

/// Whether a character stands between a label and its value.
pub(crate) fn ends_label(c: char) -> bool {
    matches!(c, '：' | ':' | '|' | '｜' | '丨')
}

fn is_digit(c: Folded) -> bool {
    (u16::from(b'0')..=u16::from(b'9')).contains(&c)
}

#[cfg(test)]
mod tests {
    use super::{Fold, keys};

    #[test]
    fn a_label_is_the_same_whatever_its_value_and_whatever_stands_between() {
        let label = |line: &str| keys(Fold::new(), line).1;
        let colon = label("责任编辑：许芸");
        assert!(colon.is_some());
        for line in [
            "责任编辑：周舟",
            "责任编辑 | 周舟",
            "责任编辑｜周舟",
            "责任编辑丨周舟",
        ] {
            assert_eq!(label(line), colon, "{line}");
        }
        assert_ne!(label("图片来源丨周舟"), colon);
        assert_eq!(label("他说了很多很多很多很多的话：好"), None);
    }
}
