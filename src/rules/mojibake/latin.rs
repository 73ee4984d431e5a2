//! UTF-8 and GBK read as Latin-1 or Windows-1252.

use encoding_rs::GBK;
use memchr::memchr_iter;

use super::Decoded;
use super::gbk::is_daily;
use crate::text::Span;

/// Finds such stretches. Each holds a letter of U+00C0–00FF (the lead bytes of Chinese), which in
/// UTF-8 begin with C3.
pub(super) fn search(text: &str, add: &mut impl FnMut(Decoded)) {
    let mut done = 0;
    for at in memchr_iter(0xc3, text.as_bytes()) {
        if at < done {
            continue;
        }
        let run = stretch(text, at, done);
        done = run.end();
        let mut bytes = Vec::with_capacity(run.len());
        for (offset, c) in text[run.range()].char_indices() {
            if let Some(byte) = byte_of(c) {
                bytes.push((byte, run.start() + offset));
            }
        }
        if let Some(decoded) = utf8(&bytes, run.end()).or_else(|| gbk(&bytes, run.end())) {
            add(decoded);
        }
    }
}

/// The characters around `at` that a byte of 0x80 or above was read as.
fn stretch(text: &str, at: usize, from: usize) -> Span {
    let high = |c: char| byte_of(c).is_some();
    let start = from + text[from..at].trim_end_matches(high).len();
    let rest = &text[at..];
    Span::new(start, at + rest.len() - rest.trim_start_matches(high).len())
}

/// The byte that was read as this character, if it is 0x80 or above.
fn byte_of(c: char) -> Option<u8> {
    Some(match c {
        '\u{80}'..='\u{ff}' => c as u8,
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8a,
        '‹' => 0x8b,
        'Œ' => 0x8c,
        'Ž' => 0x8e,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9a,
        '›' => 0x9b,
        'œ' => 0x9c,
        'ž' => 0x9e,
        'Ÿ' => 0x9f,
        _ => return None,
    })
}

/// The bytes as UTF-8. What does not decode at the ends is ordinary text (a quotation mark), inside
/// it is a loss.
fn utf8(bytes: &[(u8, usize)], end: usize) -> Option<Decoded> {
    let mut text = String::new();
    let (mut good, mut daily, mut bad) = (0, 0, 0);
    let mut covered: Option<(usize, usize)> = None;
    let mut pending = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let len = match bytes[at].0 {
            0xc2..=0xdf => 2,
            0xe1..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        let piece: Vec<u8> = bytes[at..].iter().take(len).map(|(b, _)| *b).collect();
        let decoded = std::str::from_utf8(&piece)
            .ok()
            .and_then(|s| s.chars().next())
            .filter(|_| len > 1);
        if let Some(c) = decoded {
            text.push_str(&pending);
            bad += pending.chars().count();
            pending.clear();
            text.push(c);
            good += 1;
            daily += usize::from(is_daily(c) || (len == 2 && c.is_alphabetic() && c < '\u{250}'));
            let first = covered.map_or(at, |(first, _)| first);
            at += len;
            covered = Some((first, at));
        } else {
            if covered.is_some() && !pending.ends_with('□') {
                pending.push('□');
            }
            at += 1;
        }
    }
    let (first, last) = covered?;
    // One character in three may be damaged, and most that come out must be in daily use.
    if daily * 3 < good * 2 || bad * 2 > good {
        return None;
    }
    let start = bytes[first].1;
    let stop = bytes.get(last).map_or(end, |(_, offset)| *offset);
    Some(Decoded {
        span: Span::new(start, stop),
        text,
        whole: bad == 0,
        sure: true,
        charsets: ("UTF-8", "Windows-1252 or Latin-1"),
    })
}

/// The bytes as GBK: pairs, at least two, all of them characters in daily use.
fn gbk(bytes: &[(u8, usize)], end: usize) -> Option<Decoded> {
    for skip in 0..2 {
        let pairs = bytes.get(skip..)?;
        let count = pairs.len() / 2;
        if count < 2 {
            return None;
        }
        let raw: Vec<u8> = pairs[..count * 2].iter().map(|(b, _)| *b).collect();
        // A row of one mark holds a place: ××××.
        if raw.iter().all(|b| *b == raw[0]) {
            return None;
        }
        let (text, failed) = GBK.decode_without_bom_handling(&raw);
        if failed || !text.chars().all(is_daily) || text.chars().count() != count {
            continue;
        }
        let stop = pairs.get(count * 2).map_or(end, |(_, offset)| *offset);
        return Some(Decoded {
            span: Span::new(pairs[0].1, stop),
            text: text.into_owned(),
            whole: true,
            sure: true,
            charsets: ("GBK", "Windows-1252 or Latin-1"),
        });
    }
    None
}
