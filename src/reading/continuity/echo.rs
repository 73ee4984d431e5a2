//! Where the beginning of a paragraph stands elsewhere: what leads to it there tells whether
//! something is missing before it.

use crate::text::is_han;

use crate::text::first_chars;

/// How far around a paragraph its first words are looked for, in bytes.
const ECHO: usize = 12_000;

/// Where the first characters of a paragraph stand elsewhere near by.
pub(crate) struct Echo {
    /// How many of them at most.
    pub(crate) length: f32,
    /// In how many places.
    pub(crate) count: f32,
    /// The share of those that another character leads to; not a number where there are none.
    pub(crate) inside: f32,
    /// The share of the one that does so most often.
    pub(crate) same: f32,
}

/// Looks for the first characters of a paragraph elsewhere. 美尼亚 after 亚 everywhere else is half
/// a word.
pub(crate) fn echo(text: &str, paragraph: std::ops::Range<usize>) -> Echo {
    const LONGEST: usize = 8;
    const NONE: Echo = Echo {
        length: 0.0,
        count: 0.0,
        inside: f32::NAN,
        same: f32::NAN,
    };
    let own = &text[paragraph.clone()];
    let head = first_chars(own, LONGEST);
    let mut first = head.chars();
    if !(first.next().is_some_and(is_han) && first.next().is_some_and(is_han)) {
        return NONE;
    }
    let pair = first_chars(head, 2);
    let border = |at: usize| (0..4).map(|i| at + i).find(|i| text.is_char_boundary(*i));
    let from = border(paragraph.start.saturating_sub(ECHO)).unwrap_or(0);
    let to = border(text.len().min(paragraph.start + ECHO)).unwrap_or(text.len());
    let (mut longest, mut count, mut inside) = (1, 0.0_f32, 0.0_f32);
    let mut leading: Vec<(char, f32)> = Vec::new();
    for at in memchr::memmem::find_iter(&text.as_bytes()[from..to], pair.as_bytes()) {
        let at = from + at;
        if at == paragraph.start {
            continue;
        }
        let common = head
            .chars()
            .zip(text[at..].chars())
            .take_while(|(a, b)| a == b && is_han(*a))
            .count();
        if common < longest {
            continue;
        }
        if common > longest {
            (longest, count, inside) = (common, 0.0, 0.0);
            leading.clear();
        }
        count += 1.0;
        if let Some(before) = text[..at].chars().next_back().filter(|c| is_han(*c)) {
            inside += 1.0;
            match leading.iter_mut().find(|(c, _)| *c == before) {
                Some((_, times)) => *times += 1.0,
                None => leading.push((before, 1.0)),
            }
        }
    }
    if count == 0.0 {
        return NONE;
    }
    let most = leading
        .iter()
        .fold(0.0_f32, |most, (_, times)| most.max(*times));
    Echo {
        length: longest as f32,
        count,
        inside: inside / count,
        same: most / count,
    }
}
