//! Masks: what is no prose. Code, URLs, formulas, Markdown and HTML syntax.

use memchr::{memchr, memchr_iter, memchr3_iter, memmem};

use super::markup;
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

/// The longest scheme of an address, and the longest half of a mail address, in bytes.
const SCHEME: usize = 20;
const LOCAL: usize = 255;

/// More backticks than this in a row are a line drawn across the page.
const MOST_TICKS: usize = 16;

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

    /// Fenced blocks (``` and ~~~) and front matter, by lines. Only looked for where such marks
    /// occur at all.
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
        // A fence that never closes masks the rest of a Markdown document, as Markdown has it;
        // elsewhere it is a stray mark.
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
        let mut elements = markup::CodeElements::new();
        for at in memchr3_iter(b'`', b'<', b'$', bytes) {
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
                b'`' => markup::code_span(bytes, at).map(|end| (end, MaskKind::Code)),
                b'<' => {
                    let code = markdown.then(|| elements.end(bytes, at)).flatten();
                    let tag = || Some((markup::tag(bytes, at)?, MaskKind::Html));
                    code.map(|end| (end, MaskKind::Code)).or_else(tag)
                }
                _ => markup::formula(bytes, at, markdown).map(|end| (end, MaskKind::Formula)),
            };
            if let Some((end, kind)) = hit {
                found.push((Span::new(at, end), kind));
                from = end;
            }
        }
        self.spans = fences;
        self.spans.extend(found);
        self.markup(bytes);
        if markdown {
            self.markdown(bytes);
        }
    }

    /// What any text may hold: character references, formulas of LaTeX, MediaWiki's words for
    /// several scripts.
    fn markup(&mut self, bytes: &[u8]) {
        for at in memchr_iter(b'&', bytes) {
            if let Some(end) = markup::entity(bytes, at) {
                self.push(at, end, MaskKind::Html);
            }
        }
        self.each(bytes, b"\\", MaskKind::Formula, markup::latex);
        self.each(bytes, b"-{", MaskKind::Html, markup::conversion);
    }

    /// Links and their definitions, citations of Pandoc, links and comments of Obsidian.
    fn markdown(&mut self, bytes: &[u8]) {
        for at in memmem::find_iter(bytes, b"](") {
            if let Some(end) = markup::destination(bytes, at + 2) {
                self.push(at + 1, end, MaskKind::Url);
            }
        }
        let mut defined = 0;
        for at in memmem::find_iter(bytes, b"]:") {
            let span = (at >= defined).then(|| markup::definition(bytes, at));
            if let Some(span) = span.flatten() {
                defined = span.end();
                self.spans.push((span, MaskKind::Code));
            }
        }
        self.each(bytes, b"[@", MaskKind::Code, markup::citation);
        self.each(bytes, b"[-@", MaskKind::Code, markup::citation);
        self.each(bytes, b"%%", MaskKind::Html, markup::note);
        for at in memmem::find_iter(bytes, b"[[") {
            for span in markup::wiki_link(bytes, at).into_iter().flatten() {
                self.spans.push((span, MaskKind::Url));
            }
        }
    }

    /// Masks from each `mark` to the `end` that is found for it; what begins inside belongs to it.
    fn each(
        &mut self,
        bytes: &[u8],
        mark: &[u8],
        kind: MaskKind,
        end: impl Fn(&[u8], usize) -> Option<usize>,
    ) {
        let mut done = 0;
        for at in memmem::find_iter(bytes, mark) {
            if at >= done
                && let Some(end) = end(bytes, at)
            {
                self.push(at, end, kind);
                done = end;
            }
        }
    }

    /// Addresses: a scheme or `www.`, up to the first character that no address holds.
    fn addresses(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let address_end = |from: usize| {
            // a bracket that closes what the address did not open is none of it
            let mut open = 0_usize;
            let inside = |b: &u8| match b {
                b'(' => {
                    open += 1;
                    true
                }
                b')' => open.checked_sub(1).map(|left| open = left).is_some(),
                _ => b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'`' | b'\\'),
            };
            let end = from + bytes[from..].iter().copied().take_while(inside).count();
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

    /// Sorts, and merges what overlaps: the first kind stays, and code before a reference that is
    /// all of it.
    fn settle(&mut self) {
        self.spans.sort_unstable_by_key(|(s, kind)| {
            (s.start(), usize::MAX - s.end(), *kind != MaskKind::Code)
        });
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
    fn elements_of_code_are_masked_in_markdown() {
        let text =
            "按<kbd>(</kbd>键。<script setup>\nonMounted(() => {\n\nf('甲')\n</script>\n完<var>";
        let got: Vec<_> = masked(text, true).into_iter().collect();
        let script = "<script setup>\nonMounted(() => {\n\nf('甲')\n</script>";
        assert_eq!(
            got,
            [
                ("<kbd>(</kbd>", MaskKind::Code),
                (script, MaskKind::Code),
                ("<var>", MaskKind::Html)
            ]
        );
    }

    #[test]
    fn formulas_of_recognisers_are_masked() {
        let formulas = |text: &str, markdown| -> Vec<String> {
            let masked = masked(text, markdown).into_iter();
            let formulas = masked.filter(|(_, kind)| *kind == MaskKind::Formula);
            formulas.map(|(t, _)| t.to_owned()).collect()
        };
        assert_eq!(
            formulas(
                "设 $ x _ { 1 } $ 为质量，$ \\mathrm { 若 } y > 0 $ 时（见下）取 $1 0 ^ { - 3 }$。",
                true
            ),
            [
                "$ x _ { 1 } $",
                "$ \\mathrm { 若 } y > 0 $",
                "$1 0 ^ { - 3 }$"
            ]
        );
        assert_eq!(
            formulas(
                "有 \\(a+b\\) 与 \\[1\\]，\\begin{align}x&=1\\end{align}。",
                false
            ),
            ["\\(a+b\\)", "\\[1\\]", "\\begin{align}x&=1\\end{align}"]
        );
        assert_eq!(formulas("变量 $x 的值与 $ y $ 相同。", true), ["$ y $"]);
        assert_eq!(formulas("价 $5 or $6，又 \\$7 与 \\$8。", true), [""; 0]);
        assert_eq!(
            formulas("PATH=$HOME/bin:$PATH，面积 $r^2$。", false),
            ["$r^2$"]
        );
    }

    #[test]
    fn citations_and_links_of_notes_are_masked() {
        let text = "据[@li2020, 第3页]，[[木兰/古诗|木兰诗]]与[[春晓]]，见![[图.png]]。%%待查%%";
        let got: Vec<_> = masked(text, true).into_iter().map(|(t, _)| t).collect();
        assert_eq!(
            got,
            [
                "[@li2020, 第3页]",
                "[[木兰/古诗|",
                "]]",
                "[[",
                "]]",
                "[[图.png]]",
                "%%待查%%"
            ]
        );
    }

    #[test]
    fn comparisons_and_money_are_prose() {
        assert!(masked("当a<b时，若 3 < 5 则付$5，再付$6。", true).is_empty());
    }
}
