//! The first and the last characters of a text, and those on either side of a place.

use std::ops::Range;

/// The last characters of a text.
pub(crate) fn last_chars(text: &str, count: usize) -> &str {
    text.char_indices()
        .rev()
        .nth(count - 1)
        .map_or(text, |(at, _)| &text[at..])
}

/// The first characters of a text.
pub(crate) fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices()
        .nth(count)
        .map_or(text, |(at, _)| &text[..at])
}

/// How many bytes the characters of the same line take before and after a place, so many characters
/// at most.
pub(crate) fn around(text: &str, place: Range<usize>, characters: usize) -> (usize, usize) {
    let in_line = |c: &char| !matches!(c, '\n' | '\r');
    let width = |chars: &mut dyn Iterator<Item = char>| {
        chars
            .take(characters)
            .take_while(in_line)
            .map(char::len_utf8)
            .sum()
    };
    (
        width(&mut text[..place.start].chars().rev()),
        width(&mut text[place.end..].chars()),
    )
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn what_is_around_ends_with_the_line() {
        assert_eq!(around("甲\n乙丙丁戊\n", 7..10, 2), (3, 6));
        assert_eq!(around("甲乙丙丁戊", 6..6, 1), (3, 3));
    }
}
