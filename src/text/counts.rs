//! How many characters or UTF-16 units stand before a byte, for any byte, without counting from the
//! beginning.

/// Bytes between two marks: short enough that counting the rest costs nothing, long enough that the
/// table is small.
const STEP: usize = 1024;

/// Counts of characters at every `STEP` bytes of a text. Serves columns on lines of any length: a
/// finding at the end of a line of 10 MB costs what one at its beginning does.
#[derive(Clone, Debug, Default)]
pub struct CharCounts {
    marks: Vec<Count>,
}

/// What stands before a mark.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Characters.
    chars: u32,
    /// Characters beyond the basic plane, which are two units in UTF-16.
    astral: u32,
}

impl Count {
    fn plus(self, bytes: &[u8]) -> Self {
        let (mut chars, mut astral) = (0u32, 0u32);
        for byte in bytes {
            chars += u32::from((byte & 0xc0) != 0x80);
            astral += u32::from(*byte >= 0xf0);
        }
        Self {
            chars: self.chars + chars,
            astral: self.astral + astral,
        }
    }
}

impl CharCounts {
    /// Counts `text` in one pass.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut count = Count::default();
        let marks = text
            .as_bytes()
            .chunks(STEP)
            .map(|chunk| {
                let before = count;
                count = before.plus(chunk);
                before
            })
            .collect();
        Self { marks }
    }

    /// Characters of `text` (the text that was counted) before the byte at `offset`.
    #[must_use]
    pub fn chars(&self, text: &str, offset: usize) -> usize {
        self.before(text, offset).chars as usize
    }

    /// UTF-16 units of `text` (the text that was counted) before the byte at `offset`.
    #[must_use]
    pub fn utf16(&self, text: &str, offset: usize) -> usize {
        let count = self.before(text, offset);
        (count.chars + count.astral) as usize
    }

    fn before(&self, text: &str, offset: usize) -> Count {
        let offset = offset.min(text.len());
        let Some(last) = self.marks.len().checked_sub(1) else {
            return Count::default();
        };
        let mark = (offset / STEP).min(last);
        self.marks[mark].plus(&text.as_bytes()[mark * STEP..offset])
    }
}

#[cfg(test)]
mod tests {
    use super::CharCounts;

    #[test]
    fn counts_agree_with_counting() {
        for text in ["", "县", &"县a𠮷é\n".repeat(700), &"字".repeat(1024)] {
            let counts = CharCounts::new(text);
            let borders = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for at in borders {
                assert_eq!(counts.chars(text, at), text[..at].chars().count());
                assert_eq!(counts.utf16(text, at), text[..at].encode_utf16().count());
            }
        }
    }
}
