//! What the generator needs to know about Chinese text: characters, sentences, clauses, words.

use std::collections::HashSet;
use std::ops::Range;

pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

pub fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十百千万亿两".contains(c)
}

pub fn is_terminal(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…')
}

pub fn is_closing(c: char) -> bool {
    matches!(c, '”' | '’' | '』' | '」' | '）' | ')' | '》' | '】')
}

/// A sign between clauses, in either width.
pub fn is_clause_mark(c: char) -> bool {
    matches!(c, '，' | '；' | '：' | '、' | ',' | ';' | ':') || is_terminal(c)
}

/// Byte ranges of the sentences; closing quotes belong to the sentence before them.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut depth = 0i32;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '“' | '（' | '(' => depth += 1,
            '”' | '）' | ')' => depth -= 1,
            _ => {}
        }
        if !is_terminal(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next, d)) = chars.peek() {
            if is_terminal(d) || is_closing(d) {
                if matches!(d, '”' | '）' | ')') {
                    depth -= 1;
                }
                end = next + d.len_utf8();
                chars.next();
            } else {
                break;
            }
        }
        // A full stop inside a quotation is no place to take the text apart.
        if depth <= 0 {
            out.push(start..end);
            start = end;
            depth = 0;
        }
    }
    if start < text.len() {
        out.push(start..text.len());
    }
    out
}

/// Byte ranges between punctuation marks, without the marks.
pub fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if is_clause_mark(c) || matches!(c, '“' | '”' | '（' | '）' | '(' | ')' | '《' | '》' | '—')
        {
            if at > start {
                out.push(start..at);
            }
            start = at + c.len_utf8();
        }
    }
    if start < text.len() {
        out.push(start..text.len());
    }
    out
}

/// How many characters a text has.
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// Byte offset of the character that begins `count` characters before the end of `text`.
pub fn last_chars(text: &str, count: usize) -> usize {
    text.char_indices()
        .rev()
        .nth(count.saturating_sub(1))
        .map_or(0, |(at, _)| at)
}

/// Byte offset behind the first `count` characters of `text`.
pub fn first_chars(text: &str, count: usize) -> usize {
    text.char_indices()
        .nth(count)
        .map_or(text.len(), |(at, _)| at)
}

/// Words of two to four characters, to find places that lie inside a word or between two.
pub struct Words(HashSet<String>);

impl Words {
    /// The common words that come with the generator and, where given, a word list of one word a
    /// line.
    pub fn new(list: Option<&str>) -> Self {
        let own = include_str!("words.txt");
        let words = own.lines().chain(list.unwrap_or_default().lines());
        Self(
            words
                .filter_map(|line| line.split_whitespace().next())
                .filter(|word| (2..=4).contains(&length(word)))
                .map(str::to_owned)
                .collect(),
        )
    }

    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// Words of `text` on which longest matching from the left and from the right agree.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let offset = |i: usize| chars.get(i).map_or(text.len(), |&(at, _)| at);
        let mut forward = HashSet::new();
        let mut i = 0;
        while i < chars.len() {
            let found = (2..=4)
                .rev()
                .find(|&n| i + n <= chars.len() && self.has(&text[offset(i)..offset(i + n)]));
            if let Some(n) = found {
                forward.insert((i, i + n));
            }
            i += found.unwrap_or(1);
        }
        let mut out = Vec::new();
        let mut end = chars.len();
        while end > 0 {
            let found = (2..=4)
                .rev()
                .find(|&n| n <= end && self.has(&text[offset(end - n)..offset(end)]));
            if let Some(n) = found
                && forward.contains(&(end - n, end))
            {
                out.push(offset(end - n)..offset(end));
            }
            end -= found.unwrap_or(1);
        }
        out.reverse();
        out
    }
}
