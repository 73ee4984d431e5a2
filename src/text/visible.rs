//! What reaches people: text, names and messages without characters that steer a terminal, turn the
//! direction of writing or break a line.

use std::borrow::Cow;
use std::fmt::Write;

/// Text as it may be shown, in one line: control characters by their pictures (␛), other steering
/// characters by their code points (<U+202E>).
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(steers) else {
        return Cow::Borrowed(text);
    };
    let mut shown = String::with_capacity(text.len() + 16);
    shown.push_str(&text[..first]);
    for c in text[first..].chars() {
        match c {
            '\t' => shown.push(' '),
            '\0'..='\u{1f}' => shown.push(picture(c)),
            '\u{7f}' => shown.push('␡'),
            c if steers(c) => {
                let _ = write!(shown, "<U+{:04X}>", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// [`visible`] of a name at the beginning of a line: there `::error` is a command to what reads the
/// logs of GitHub.
#[must_use]
pub fn visible_name(name: &str) -> Cow<'_, str> {
    match visible(name) {
        name if name.trim_start().starts_with([':', '#']) => Cow::Owned(format!("./{name}")),
        name => name,
    }
}

/// What stands for a character in an excerpt: as long in bytes as the character itself, so that
/// offsets stay what they are. A tab and the end of a line are left.
pub(crate) fn visible_char(c: char) -> char {
    match c {
        '\t' | '\n' => c,
        c if !steers(c) => c,
        '\0'..='\u{7f}' => '?',
        '\u{80}'..='\u{7ff}' => '¿',
        '\u{800}'..='\u{ffff}' => char::REPLACEMENT_CHARACTER,
        _ => '🛇',
    }
}

/// A file of settings as an error about it shows it: offsets stay what they are.
pub(crate) fn visible_excerpt(text: &str) -> String {
    let shown = |c| if c == '\r' { ' ' } else { visible_char(c) };
    text.chars().map(shown).collect()
}

/// Whether a character is not seen and changes how others are.
pub(crate) fn steers(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

fn picture(control: char) -> char {
    char::from_u32(0x2400 + u32::from(control)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::{steers, visible, visible_char, visible_name};
    use std::borrow::Cow;

    #[test]
    fn nothing_steers_a_terminal() {
        let all: String = (0..=0x000f_ffff).filter_map(char::from_u32).collect();
        assert!(!visible(&all).chars().any(steers));
        assert!(matches!(visible("县政府，“好”。"), Cow::Borrowed(_)));
        assert_eq!(visible("a\u{1b}]0;x\u{7}\n\u{202e}b"), "a␛]0;x␇␊<U+202E>b");
        assert_eq!(visible_name("::error file=x::y"), "./::error file=x::y");
        assert_eq!(visible_name("\n::error::y"), "␊::error::y");
    }

    #[test]
    fn excerpts_keep_their_length() {
        for c in (0..=0x000f_ffff).filter_map(char::from_u32) {
            let shown = visible_char(c);
            assert_eq!(shown.len_utf8(), c.len_utf8());
            assert!(!steers(shown) || matches!(shown, '\t' | '\n'));
        }
    }
}
