//! Subtitles: SRT, WebVTT and ASS. A cue is a paragraph, unless its sentence goes on in the next
//! one.

use std::ops::Range;

use crate::text::{is_han, is_sentence_end};

use super::builder::Builder;
use super::escape::Escape;

/// The longest pause inside a sentence, in milliseconds.
const PAUSE: u64 = 2000;

/// The notations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// SRT, and WebVTT with it: lines below a line with `-->`.
    Timed {
        /// Whether entities stand for characters, as in WebVTT.
        entities: bool,
    },
    /// ASS and SSA: a `Dialogue:` a line.
    Ass,
}

/// A cue: when it is seen, and its lines.
struct Cue {
    /// Milliseconds.
    from: u64,
    to: u64,
    lines: Vec<Range<usize>>,
}

/// Reads the cues of a file into one prose.
pub(super) fn read(source: &str, notation: Notation, builder: &mut Builder<'_>) {
    let cues = match notation {
        Notation::Timed { .. } => timed(source),
        Notation::Ass => dialogue(source),
    };
    let has_han = |line: &Range<usize>| source[line.clone()].chars().any(is_han);
    let lines = cues.iter().flat_map(|cue| &cue.lines);
    let (all, han) = (lines.clone().count(), lines.filter(|l| has_han(l)).count());
    // In bilingual subtitles the other language is not ours to read.
    let bilingual = han * 5 >= all && !builder.wants_all();
    let ended = |cue: &&Cue| {
        let line = cue.lines.iter().rfind(|l| has_han(l));
        line.is_some_and(|l| source[l.clone()].ends_with(is_sentence_end))
    };
    let punctuated = cues.iter().filter(ended).count() * 4 >= cues.len();
    let mut before: Option<u64> = None;
    for cue in &cues {
        let goes_on = punctuated
            && before.is_some_and(|to| cue.from < to + PAUSE)
            && builder.last().is_some_and(|c| !is_sentence_end(c));
        let mut first = true;
        for line in cue.lines.iter().filter(|l| !bilingual || has_han(l)) {
            let speaker = source[line.clone()].starts_with(['-', '–', '—']);
            if !speaker && punctuated && (!first || goes_on) {
                builder.soft_break(line.start);
            } else {
                builder.paragraph();
            }
            first = false;
            text(source, line.clone(), notation, builder);
        }
        before = Some(cue.to);
    }
}

/// A line without what is no text in it.
fn text(source: &str, line: Range<usize>, notation: Notation, builder: &mut Builder<'_>) {
    let escape = match notation {
        Notation::Timed { entities: true } => Escape::Markup,
        Notation::Timed { entities: false } => Escape::Cue,
        Notation::Ass => Escape::Dialogue,
    };
    let mut at = line.start;
    while at < line.end {
        let rest = &source[at..line.end];
        let skipped = match notation {
            Notation::Timed { .. } => tag(rest, '<', '>').or_else(|| tag(rest, '{', '}')),
            Notation::Ass => tag(rest, '{', '}'),
        };
        if let Some(length) = skipped {
            at += length;
            continue;
        }
        if notation == Notation::Ass && rest.starts_with('\\') {
            if matches!(rest.as_bytes().get(1), Some(b'n' | b'h')) {
                builder.blank(at);
            }
            at += rest.chars().take(2).map(char::len_utf8).sum::<usize>();
            continue;
        }
        // A mark that opens nothing is text.
        let own = rest.chars().next().map_or(0, char::len_utf8);
        let stop = |c| matches!(c, '<' | '{') || c == '\\' && notation == Notation::Ass;
        let length = rest[own..].find(stop).map_or(rest.len(), |n| n + own);
        if escape == Escape::Markup {
            builder.flowing(at..at + length, escape);
        } else {
            builder.words(at..at + length, escape);
        }
        at += length;
    }
}

/// The length of the `<i>` or `{\an8}` that a text begins with.
fn tag(text: &str, open: char, close: char) -> Option<usize> {
    let inside = text.strip_prefix(open)?;
    let end = inside[..inside.floor_char_boundary(80)].find(close)?;
    let named = match open {
        '<' => inside.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/'),
        _ => inside.starts_with('\\') || end == 0,
    };
    named.then_some(end + 2)
}

/// The lines of a text without their ends, with where they stand.
fn lines(source: &str) -> impl Iterator<Item = Range<usize>> + Clone + '_ {
    let mut at = 0;
    source.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        start..start + line.trim_end_matches(['\n', '\r']).len()
    })
}

fn timed(source: &str) -> Vec<Cue> {
    let mut cues = Vec::new();
    let mut open: Option<Cue> = None;
    let mut lines = lines(source).peekable();
    while let Some(line) = lines.next() {
        let text = &source[line.clone()];
        if let Some((from, to)) = timing(text) {
            cues.extend(open.take());
            open = Some(Cue {
                from,
                to,
                lines: Vec::new(),
            });
        } else if text.trim().is_empty() {
            cues.extend(open.take());
        } else if let Some(cue) = &mut open {
            // The number of the next cue may follow without an empty line between.
            let number = text.trim().bytes().all(|b| b.is_ascii_digit());
            let next = lines
                .peek()
                .is_some_and(|next| timing(&source[next.clone()]).is_some());
            if !(number && next) {
                cue.lines.push(line);
            }
        }
    }
    cues.extend(open);
    cues
}

/// `00:01:02,300 --> 00:01:04,000` in milliseconds.
fn timing(line: &str) -> Option<(u64, u64)> {
    let (from, to) = line.split_once("-->")?;
    Some((
        milliseconds(from.trim())?,
        milliseconds(to.split_whitespace().next()?)?,
    ))
}

/// `01:02:03,456`, `02:03.456`, `1:02:03.45`.
fn milliseconds(time: &str) -> Option<u64> {
    let (whole, fraction) = time.split_once([',', '.']).unwrap_or((time, "0"));
    let mut total = 0u64;
    for part in whole.split(':') {
        total = total
            .checked_mul(60)?
            .checked_add(part.trim().parse().ok()?)?;
    }
    let digits = fraction.get(..fraction.len().min(3))?;
    let scale = 10u64.pow(3 - digits.len() as u32);
    total
        .checked_mul(1000)?
        .checked_add(digits.parse::<u64>().ok()? * scale)
}

/// The `Dialogue:` lines of ASS; their last field is the text.
fn dialogue(source: &str) -> Vec<Cue> {
    let mut fields = 10;
    let (mut start, mut end) = (1, 2);
    let mut cues = Vec::new();
    let mut events = false;
    for line in lines(source) {
        let text = &source[line.clone()];
        if text.starts_with('[') {
            events = text.starts_with("[Events]");
        } else if let Some(format) = text.strip_prefix("Format:").filter(|_| events) {
            let names: Vec<_> = format.split(',').map(str::trim).collect();
            fields = names.len();
            let named = |name| names.iter().position(|n| *n == name);
            (start, end) = (named("Start").unwrap_or(1), named("End").unwrap_or(2));
        } else if let Some(event) = text.strip_prefix("Dialogue:").filter(|_| events) {
            let parts: Vec<_> = event.splitn(fields, ',').collect();
            let Some(words) = parts.last().filter(|_| parts.len() == fields) else {
                continue;
            };
            // Drawings are no text.
            if words.contains("\\p1") || words.contains("\\p2") {
                continue;
            }
            let time = |at: usize| parts.get(at).and_then(|t| milliseconds(t.trim()));
            let mut at = line.end - words.len();
            let lines = words.split("\\N").map(|words| {
                let range = at..at + words.len();
                at = range.end + "\\N".len();
                range
            });
            cues.push(Cue {
                from: time(start).unwrap_or(0),
                to: time(end).unwrap_or(0),
                lines: lines.collect(),
            });
        }
    }
    cues
}
