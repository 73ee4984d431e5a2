//! Stretches in which a text repeats itself at once.

use super::Span;

/// A stretch that consists of one phrase over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    /// The first copy, in bytes.
    pub unit: Span,
    /// All whole copies, in bytes.
    pub span: Span,
    /// How many whole copies there are, at least three.
    pub copies: usize,
}

/// The longest phrase that is looked for, in bytes.
const LONGEST: usize = 400;
/// Slots of the table of places, a power of two.
const SLOTS: usize = 1 << 12;

/// Calls `found` for each stretch in which a phrase of up to 400 bytes stands three times in a row
/// or more. One pass: a table remembers where each run of four characters stood last; where the
/// same run comes again nearby, the text is compared with itself at that distance as long as it
/// agrees.
pub fn loops(text: &str, mut found: impl FnMut(Loop)) {
    let bytes = text.as_bytes();
    let mut places = [0_u32; SLOTS];
    let mut recent = 0_u64;
    // The distance at which the text agrees with itself, and since where.
    let (mut distance, mut since) = (0, 0);
    for (at, c) in text.char_indices() {
        recent = recent << 16 | u64::from(u32::from(c) & 0xffff);
        if distance > 0 {
            let width = c.len_utf8();
            if bytes[at..at + width] == bytes[at - distance..at - distance + width] {
                continue;
            }
            if at - since >= 2 * distance {
                found(stretch(text, since - distance, at, distance));
            }
            distance = 0;
        }
        let slot =
            (recent.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SLOTS.trailing_zeros())) as usize;
        let last = places[slot] as usize;
        places[slot] = at as u32;
        let apart = at - last;
        if last > 0 && apart <= LONGEST && agrees(bytes, at, apart, c.len_utf8()) {
            (distance, since) = (apart, start_of_agreement(text, at, apart));
        }
    }
    if distance > 0 && text.len() - since >= 2 * distance {
        found(stretch(text, since - distance, text.len(), distance));
    }
}

fn agrees(bytes: &[u8], at: usize, apart: usize, width: usize) -> bool {
    bytes.get(at - apart..at - apart + width) == Some(&bytes[at..at + width])
}

/// How far the text agrees with itself before `at`.
fn start_of_agreement(text: &str, at: usize, apart: usize) -> usize {
    let bytes = text.as_bytes();
    let mut start = at;
    while start > apart && bytes[start - 1] == bytes[start - 1 - apart] && at - start < LONGEST {
        start -= 1;
    }
    while !text.is_char_boundary(start) || !text.is_char_boundary(start - apart) {
        start += 1;
    }
    start
}

fn stretch(text: &str, start: usize, end: usize, distance: usize) -> Loop {
    debug_assert!(text.is_char_boundary(start) && text.is_char_boundary(start + distance));
    let copies = (end - start) / distance;
    Loop {
        unit: Span::new(start, start + distance),
        span: Span::new(start, start + copies * distance),
        copies,
    }
}

#[cfg(test)]
mod tests {
    use super::loops;

    fn found(text: &str) -> Vec<(&str, usize)> {
        let mut list = Vec::new();
        loops(text, |l| list.push((&text[l.unit.range()], l.copies)));
        list
    }

    #[test]
    fn units_and_counts() {
        assert_eq!(
            found("今年的收成今年的收成今年的收成很好"),
            [("今年的收成", 3)]
        );
        assert_eq!(found("水面上船来船往船来船往，船来船往。"), []);
        assert_eq!(found(&"好".repeat(9)), [("好", 9)]);
        assert_eq!(
            found(&format!(
                "他说{}。{}",
                "等一等".repeat(4),
                "abcd ".repeat(5)
            )),
            [("等一等", 4), ("abcd ", 5)]
        );
    }

    #[test]
    fn a_flood_of_one_character_is_one_loop() {
        assert_eq!(found(&"的".repeat(100_000)).len(), 1);
    }
}
