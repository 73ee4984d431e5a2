//! Masks: what is no prose. Code, URLs, formulas, Markdown and HTML syntax.

use memchr::{memchr, memchr_iter, memchr3_iter, memmem};

use crate::formats::Hidden;
use crate::text::Span;

/// What a masked stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskKind {
    /// A fenced or indented block, a code span, front matter.
    Code,
    /// A web or mail address, the destination of a Markdown link.
    Url,
    /// An HTML tag, comment or entity; MediaWiki's markup for words that differ between scripts.
    Html,
    /// A TeX formula.
    Formula,
}

/// The masked stretches of a text, in order, not overlapping.
#[derive(Debug, Default)]
pub struct Mask {
    spans: Vec<(Span, MaskKind)>,
}

impl Mask {
    /// `hidden` is what the kind of the file says is no prose.
    pub(super) fn new(text: &str, markdown: bool, hidden: &[(Span, Hidden)]) -> Self {
        let mut mask = Self::default();
        mask.fences(text, markdown);
        mask.inline(text, markdown);
        mask.addresses(text);
        mask.spans.extend(hidden.iter().map(|(span, kind)| {
            let kind = match kind {
                Hidden::Code => MaskKind::Code,
                Hidden::Formula => MaskKind::Formula,
            };
            (*span, kind)
        }));
        mask.settle();
        mask
    }

    /// The masked stretches with their kinds.
    #[must_use]
    pub fn spans(&self) -> &[(Span, MaskKind)] {
        &self.spans
    }

    /// What masks the byte at `offset`, if anything.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<MaskKind> {
        let next = self.spans.partition_point(|(s, _)| s.start() <= offset);
        let (span, kind) = self.spans.get(next.checked_sub(1)?)?;
        span.contains_offset(offset).then_some(*kind)
    }

    /// Whether any byte of `span` is masked.
    #[must_use]
    pub fn touches(&self, span: Span) -> bool {
        let next = self.spans.partition_point(|(s, _)| s.end() <= span.start());
        self.spans
            .get(next)
            .is_some_and(|(s, _)| s.start() < span.end())
    }

    fn push(&mut self, start: usize, end: usize, kind: MaskKind) {
        self.spans.push((Span::new(start, end), kind));
    }

    /// Fenced blocks (``` and ~~~) and front matter, by lines. Only looked for where such marks occur at all.
    fn fences(&mut self, text: &str, markdown: bool) {
        let front = markdown && (text.starts_with("---\n") || text.starts_with("---\r\n"));
        if !front
            && memmem::find(text.as_bytes(), b"```").is_none()
            && memmem::find(text.as_bytes(), b"~~~").is_none()
        {
            return;
        }
        let mut open: Option<(usize, &str)> = front.then_some((0, "---"));
        let mut at = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let bare = line.trim_start_matches([' ', '\t', '>']).trim_end();
            let fence = ["```", "~~~"].into_iter().find(|f| bare.starts_with(f));
            match open {
                Some((start, mark)) if bare.starts_with(mark) && number > 0 => {
                    self.push(start, at + line.len(), MaskKind::Code);
                    open = None;
                }
                None => {
                    // ```code``` on one line is a code span.
                    if let Some(mark) =
                        fence.filter(|f| !bare[f.len()..].contains(f.chars().next().unwrap_or('`')))
                    {
                        open = Some((at, mark));
                    }
                }
                Some(_) => {}
            }
            at += line.len();
        }
        // A fence that never closes masks the rest of a Markdown document, as Markdown has it; elsewhere it is a stray mark.
        if let Some((start, mark)) = open
            && markdown
            && mark != "---"
        {
            self.push(start, text.len(), MaskKind::Code);
        }
        self.spans.sort_unstable_by_key(|(s, _)| s.start());
    }

    /// Code spans, tags, comments, link destinations and formulas.
    fn inline(&mut self, text: &str, markdown: bool) {
        let bytes = text.as_bytes();
        let fences = std::mem::take(&mut self.spans);
        let mut fence = fences.iter().peekable();
        let mut from = 0;
        let mut found = Vec::new();
        for at in memchr3_iter(b'`', b'<', if markdown { b'$' } else { b'`' }, bytes) {
            while fence.next_if(|(s, _)| s.end() <= at).is_some() {}
            if at < from || fence.peek().is_some_and(|(s, _)| s.start() <= at) {
                continue;
            }
            if bytes[at] == b'`' {
                let run = bytes[at..].iter().take_while(|b| **b == b'`').count();
                if run > MOST_TICKS {
                    from = at + run;
                    continue;
                }
            }
            let hit = match bytes[at] {
                b'`' => code_span(bytes, at).map(|end| (end, MaskKind::Code)),
                b'<' => tag(bytes, at).map(|end| (end, MaskKind::Html)),
                _ => formula(bytes, at).map(|end| (end, MaskKind::Formula)),
            };
            if let Some((end, kind)) = hit {
                found.push((Span::new(at, end), kind));
                from = end;
            }
        }
        if markdown {
            for at in memmem::find_iter(bytes, b"](") {
                if let Some(end) = destination(bytes, at + 2) {
                    found.push((Span::new(at + 1, end), MaskKind::Url));
                }
            }
            let mut defined = 0;
            for at in memmem::find_iter(bytes, b"]:") {
                let span = (at >= defined).then(|| definition(bytes, at)).flatten();
                if let Some(span) = span {
                    defined = span.end();
                    found.push((span, MaskKind::Code));
                }
            }
        }
        for at in memchr_iter(b'&', bytes) {
            if let Some(end) = entity(bytes, at) {
                found.push((Span::new(at, end), MaskKind::Html));
            }
        }
        let mut converted = 0;
        for at in memmem::find_iter(bytes, b"-{") {
            if at >= converted
                && let Some(end) = conversion(bytes, at)
            {
                found.push((Span::new(at, end), MaskKind::Html));
                converted = end;
            }
        }
        self.spans = fences;
        self.spans.extend(found);
    }

    /// Addresses: a scheme or `www.`, up to the first character that no address holds.
    fn addresses(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let address_end = |from: usize| {
            let inside =
                |b: &u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'`' | b'\\');
            let end = from + bytes[from..].iter().take_while(|b| inside(b)).count();
            end - bytes[from..end]
                .iter()
                .rev()
                .take_while(|b| matches!(b, b',' | b'.' | b';' | b':' | b'!' | b'?' | b')' | b'\''))
                .count()
        };
        // What stands inside an address found is part of it.
        let mut done = 0;
        for at in memmem::find_iter(bytes, b"://") {
            if at < done {
                continue;
            }
            let scheme = bytes[at.saturating_sub(SCHEME)..at]
                .iter()
                .rev()
                .take_while(|b| b.is_ascii_alphanumeric())
                .count();
            if scheme > 1 {
                done = address_end(at + 3).max(at + 3);
                self.push(at - scheme, done, MaskKind::Url);
            }
        }
        done = 0;
        for at in memmem::find_iter(bytes, b"www.") {
            if at >= done {
                done = address_end(at + 4);
                self.push(at, done, MaskKind::Url);
            }
        }
        let local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+');
        for at in memchr_iter(b'@', bytes) {
            let near = &bytes[at.saturating_sub(LOCAL)..at];
            let before = near.iter().rev().take_while(|b| local(b)).count();
            let near = &bytes[at + 1..bytes.len().min(at + 1 + LOCAL)];
            let after = near.iter().take_while(|b| local(b)).count();
            if before > 0 && memchr(b'.', &bytes[at + 1..at + 1 + after]).is_some() {
                self.push(at - before, at + 1 + after, MaskKind::Url);
            }
        }
    }

    /// Sorts, and merges what overlaps (the first kind stays).
    fn settle(&mut self) {
        self.spans
            .sort_unstable_by_key(|(s, _)| (s.start(), usize::MAX - s.end()));
        let mut settled: Vec<(Span, MaskKind)> = Vec::with_capacity(self.spans.len());
        for (span, kind) in self.spans.drain(..) {
            match settled.last_mut() {
                Some((last, _)) if span.start() < last.end() => {
                    *last = Span::new(last.start(), last.end().max(span.end()));
                }
                _ => settled.push((span, kind)),
            }
        }
        self.spans = settled;
    }
}

/// The link reference definition (`[name]: address`, on the line or the next) whose label closes at a byte; a footnote is none.
fn definition(bytes: &[u8], closes: usize) -> Option<Span> {
    // a label is short
    let near = closes.saturating_sub(REACH);
    let start = match memchr::memrchr(b'\n', &bytes[near..closes]) {
        Some(at) => near + at + 1,
        None if near == 0 => 0,
        None => return None,
    };
    let line = |from: usize| memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at);
    let label = bytes[start..closes].trim_ascii_start();
    if label.first() != Some(&b'[') || label.get(1) == Some(&b'^') {
        return None;
    }
    let mut end = line(closes);
    if bytes[closes + 2..end].trim_ascii().is_empty() && end < bytes.len() {
        end = line(end + 1);
    }
    Some(Span::new(closes - label.len(), end))
}

/// The longest scheme of an address, and the longest half of a mail address, in bytes.
const SCHEME: usize = 20;
const LOCAL: usize = 255;

/// How far a code span, tag or formula may reach, in bytes: keeps a stray mark from a search of the whole file.
const REACH: usize = 2000;

/// More backticks than this in a row are a line drawn across the page.
const MOST_TICKS: usize = 16;

/// The end of a code span that opens at `at`: the same number of backticks again, before a blank line.
fn code_span(bytes: &[u8], at: usize) -> Option<usize> {
    let ticks = bytes[at..].iter().take_while(|b| **b == b'`').count();
    let limit = bytes.len().min(at + REACH);
    let mut from = at + ticks;
    while from < limit {
        let next = from + memchr(b'`', &bytes[from..limit])?;
        if memmem::find(&bytes[from..next], b"\n\n").is_some() {
            return None;
        }
        let run = bytes[next..].iter().take_while(|b| **b == b'`').count();
        if run == ticks {
            return Some(next + run);
        }
        from = next + run;
    }
    None
}

/// The end of an HTML tag or comment that opens at `at`. A tag does not reach across a blank line: what looks so is a stray `<`.
fn tag(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    if rest.starts_with(b"<!--") {
        return memmem::find(rest, b"-->").map(|end| at + end + 3);
    }
    let name = rest
        .get(1..)
        .map(|r| if r.first() == Some(&b'/') { &r[1..] } else { r })?;
    if !name.first()?.is_ascii_alphabetic() && name.first() != Some(&b'!') {
        return None;
    }
    let end = memchr(b'>', rest)?;
    let inside = &rest[1..end];
    let plain = memchr(b'<', inside).is_none() && memmem::find(inside, b"\n\n").is_none();
    plain.then_some(at + end + 1)
}

/// The end of a character reference that begins at `at`: &amp;, &#8230;, &#x4e00;.
fn entity(bytes: &[u8], at: usize) -> Option<usize> {
    /// Longer names are rare.
    const LONGEST: usize = 12;
    let rest = &bytes[at + 1..bytes.len().min(at + 1 + LONGEST)];
    let end = memchr(b';', rest)?;
    let name = rest[..end].strip_prefix(b"#").unwrap_or(&rest[..end]);
    let plain = name.len() > 1 && name.iter().all(u8::is_ascii_alphanumeric);
    plain.then_some(at + 1 + end + 1)
}

/// The end of MediaWiki's markup for words that differ between scripts, -{zh-hans:网络;zh-hant:網路}-, on one line.
fn conversion(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    let end = memmem::find(rest, b"}-")?;
    let one_line = memchr(b'\n', &rest[..end]).is_none();
    one_line.then_some(at + end + 2)
}

/// The end of a TeX formula: `$…$` within a line, `$$…$$` across lines. Money is none: a digit right after the closing mark.
fn formula(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    if rest.starts_with(b"$$") {
        return memmem::find(&rest[2..], b"$$").map(|end| at + end + 4);
    }
    let end = 1 + memchr(b'$', rest.get(1..)?)?;
    let body = &rest[1..end];
    let closed = !body.is_empty()
        && memchr(b'\n', body).is_none()
        && !body.ends_with(b" ")
        && !body.starts_with(b" ");
    (closed && !rest.get(end + 1).is_some_and(u8::is_ascii_digit)).then_some(at + end + 1)
}

/// The end of a Markdown link destination that begins at `from`: the closing parenthesis, on the same line.
fn destination(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 1;
    for (i, b) in bytes[from..bytes.len().min(from + REACH)]
        .iter()
        .enumerate()
    {
        match b {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'\n' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(from + i + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Mask, MaskKind};

    fn masked(text: &str, markdown: bool) -> Vec<(&str, MaskKind)> {
        Mask::new(text, markdown, &[])
            .spans()
            .iter()
            .map(|(s, k)| (&text[s.range()], *k))
            .collect()
    }

    #[test]
    fn addresses_end_where_chinese_begins() {
        assert_eq!(
            masked("请看https://a.cn/b?c=1，或信to@a.cn。", false),
            [
                ("https://a.cn/b?c=1", MaskKind::Url),
                ("to@a.cn", MaskKind::Url)
            ]
        );
    }

    #[test]
    fn markdown_syntax_is_masked() {
        let text = "用`let x`和[文档](https://a.b/c)说明<b>重点</b>，$x_1$。\n\n```rust\nfn main() {}\n```\n完\n";
        let got: Vec<_> = masked(text, true).into_iter().map(|(t, _)| t).collect();
        assert_eq!(
            got,
            [
                "`let x`",
                "(https://a.b/c)",
                "<b>",
                "</b>",
                "$x_1$",
                "```rust\nfn main() {}\n```\n"
            ]
        );
    }

    #[test]
    fn comparisons_and_money_are_prose() {
        assert!(masked("当a<b时，若 3 < 5 则付$5，再付$6。", true).is_empty());
    }
}
