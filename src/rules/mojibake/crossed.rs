//! Simplified text in GBK read as Big5 (腔岆婓), and traditional text in Big5 read as GBK (琌ぃ穦).
//!
//! Both have two bytes a character, so each garbled character stands for one of the text. What
//! comes out right looks like it: characters in daily use where what stands there is not.

use encoding_rs::{BIG5, Encoding, GBK};

use super::{Decoded, two_bytes};
use crate::text::{Census, Span};

/// A wrong way to read.
struct Way {
    is: &'static Encoding,
    read_as: &'static Encoding,
    charsets: (&'static str, &'static str),
    /// What the commonest characters become, where that hardly stands in any text.
    markers: &'static str,
}

const WAYS: [Way; 2] = [
    // 一 是 在 以 中 为 我 上 用 他 者 可 这 也 生 下 就 会
    Way {
        is: GBK,
        read_as: BIG5,
        charsets: ("GBK", "Big5"),
        markers: "珨岆婓眕笢峈扂奻蚚坻氪褫涴珩汜狟",
    },
    // 是 會 這 說 定 或 得 查 前 保 通 被 就 處 設 與 要 理
    Way {
        is: BIG5,
        read_as: GBK,
        charsets: ("Big5", "GBK"),
        markers: "琌穦硂弧﹚┪眔琩玡玂硄砆碞矪砞籔璶瞶",
    },
];

/// Markers that a text must have.
const MARKERS: usize = 2;
/// What a stretch must have: so many characters that come out in daily use and are not where they
/// stand, less those of which the opposite is true.
const ENOUGH: f32 = 4.0;
/// The longest stretch that is read in one piece, in characters to either side of a marker.
const LONGEST: usize = 2000;

/// What a garbled character stood for.
fn undone(way: &Way, c: char) -> Option<char> {
    let bytes = two_bytes(way.read_as, c)?;
    let text = way
        .is
        .decode_without_bom_handling_and_without_replacement(&bytes)?;
    let mut chars = text.chars();
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// Whether two bytes are a character in daily use: the first levels of GB 2312 and of Big5.
fn is_daily(charset: &'static Encoding, [lead, trail]: [u8; 2]) -> bool {
    match charset == GBK {
        true => matches!(lead, 0xb0..=0xd7) && trail >= 0xa1,
        false => matches!(lead, 0xa4..=0xc6),
    }
}

/// Whether a decoder had nothing better for two bytes.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// What a character says for having been garbled; none where no garbled stretch goes over it.
fn says(way: &Way, c: char) -> Option<f32> {
    let lost = c.is_ascii() || matches!(c, '\u{fffd}' | '□') || is_private(c);
    match two_bytes(way.read_as, c) {
        _ if c == '\n' => None,
        _ if lost => Some(-0.1),
        Some(bytes) => Some(match [way.is, way.read_as].map(|of| is_daily(of, bytes)) {
            [true, false] => 1.0,
            [true, true] => 0.0,
            [false, true] => -1.5,
            [false, false] => -0.4,
        }),
        None => Some(-1.5),
    }
}

/// How far a stretch reaches over some characters: the bytes, and what it says at best.
fn best(way: &Way, chars: impl Iterator<Item = char>) -> (usize, f32) {
    let (mut bytes, mut sum) = (0, 0.0);
    let mut best = (0, 0.0);
    for c in chars.take(LONGEST) {
        let Some(says) = says(way, c) else {
            break;
        };
        bytes += c.len_utf8();
        sum += says;
        if sum > best.1 {
            best = (bytes, sum);
        }
        // nothing that follows makes up for it
        if sum < best.1 - ENOUGH {
            break;
        }
    }
    best
}

/// How far it is to a garbled mark that ends the clause.
fn to_mark(way: &Way, text: &str) -> usize {
    const NEAR: usize = 4;
    let mut length = 0;
    for c in text.chars().take(NEAR) {
        length += c.len_utf8();
        let mark = matches!(two_bytes(way.read_as, c), Some([0xa1..=0xa3, _]));
        if mark || is_private(c) {
            return length;
        }
        if says(way, c).is_none_or(|says| says < 0.0) {
            break;
        }
    }
    0
}

/// Finds such stretches.
pub(super) fn search(text: &str, census: &Census, add: &mut impl FnMut(Decoded)) {
    for way in &WAYS {
        let markers = || way.markers.chars().filter(|c| census.has(*c));
        if markers().count() < MARKERS {
            continue;
        }
        let markers: Vec<char> = markers().collect();
        let mut done = 0;
        for (at, marker) in text.match_indices(markers.as_slice()) {
            if at < done {
                continue;
            }
            let behind = at + marker.len();
            let (left, before) = best(way, text[done..at].chars().rev());
            let (mut right, after) = best(way, text[behind..].chars());
            right += to_mark(way, &text[behind + right..]);
            let span = Span::new(at - left, behind + right);
            if before + 1.0 + after < ENOUGH {
                continue;
            }
            done = span.end();
            add(decoded(way, text, span));
        }
    }
}

fn decoded(way: &Way, text: &str, span: Span) -> Decoded {
    let mut lost = false;
    let reads = text[span.range()].chars().map(|c| {
        if c.is_ascii() {
            return c;
        }
        let was = undone(way, c);
        lost |= was.is_none();
        was.unwrap_or('□')
    });
    let reads: String = reads.collect();
    Decoded {
        span,
        text: reads,
        whole: !lost,
        sure: false,
        charsets: way.charsets,
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GBK};

    use super::search;
    use crate::text::Census;

    fn found(text: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        search(text, &Census::new(text), &mut |d| {
            found.push((text[d.span.range()].to_owned(), d.text));
        });
        found
    }

    #[test]
    fn what_crossed_the_strait_is_read_again() {
        let right = "我们是在这里用上一次的办法中";
        let (bytes, _, _) = GBK.encode(right);
        let (garbled, _, failed) = BIG5.decode(&bytes);
        assert!(!failed);
        let text = format!("下面的话是这样的：{garbled}。后面的话没有坏。");
        let list = found(&text);
        assert_eq!(list.len(), 1, "{list:?}");
        assert!(list[0].1.contains("是在这里用上一次的办法"), "{list:?}");
        let right = "這是他說的話，會是這個意思嗎";
        let (bytes, _, _) = BIG5.encode(right);
        let (garbled, _, _) = GBK.decode(&bytes);
        let list = found(&garbled);
        assert_eq!(list.len(), 1, "{garbled} {list:?}");
    }

    #[test]
    fn rare_characters_alone_prove_nothing() {
        for text in ["坻岆二字少见，奻字也是。", "他姓扂，名珨，字蚚。"] {
            assert_eq!(found(text), []);
        }
    }
}
