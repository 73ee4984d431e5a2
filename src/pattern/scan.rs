//! Runs compiled patterns over a document.

use std::borrow::Cow;

use super::blocks::{self, Hit};
use super::compile::{Compiled, Ready};
use super::declared::{Documents, Kind, Per, Scope};
use super::regex::{Groups, groups_of};
use super::sweep::{Found, Reaction};
use crate::document::ParagraphKind;
use crate::finding::{Finding, Findings, Fix};
use crate::language::Message;
use crate::reading::Reading;
use crate::text::{Span, bare_lines};

/// How much of a long paragraph's beginning and end is looked at, in bytes.
const EDGE: usize = 240;
/// A regex that may match anywhere is searched for from this many bytes before its literal …
const BEFORE: usize = 64;
/// … its match begins at most this many bytes after …
const STRIDE: usize = 512;
/// … and is at most this long.
const LENGTH: usize = 512;

/// What the groups of a regex matched, and in which text; nothing where no regex did.
type Captured<'c> = Option<(&'c str, &'c Groups)>;

/// Which scopes a zone of text fulfils, as bits.
#[derive(Clone, Copy)]
struct Places(u8);

impl Places {
    fn of(scopes: &[Scope]) -> Self {
        Self(scopes.iter().fold(0, |bits, s| bits | 1 << *s as u8))
    }

    fn with(self, scope: Scope, on: bool) -> Self {
        Self(self.0 | u8::from(on) << scope as u8)
    }

    fn has(self, scope: Scope) -> bool {
        self.0 & 1 << scope as u8 != 0
    }
}

/// One run over one document.
pub(super) struct Scan<'a> {
    compiled: &'a Compiled,
    document: &'a Reading<'a>,
    /// What stands where in the text.
    swept: &'a Found,
    found: Vec<Hit<'a>>,
    /// For each item whose regex runs anywhere: matches that begin before this offset are found
    /// already.
    done: Vec<usize>,
    /// For each density: hits, and the first of them.
    counts: Vec<(usize, Span)>,
    /// Patterns whose regexes, all or one, are to be tried on the zone at hand.
    triggered: Vec<(u16, Option<u16>)>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(compiled: &'a Compiled, document: &'a Reading<'a>, swept: &'a Found) -> Self {
        Self {
            compiled,
            document,
            swept,
            found: Vec::new(),
            done: vec![0; compiled.items],
            counts: vec![(0, Span::new(0, 0)); compiled.patterns.len()],
            triggered: Vec::new(),
        }
    }

    pub(super) fn run(mut self, findings: &mut Findings) {
        let compiled = self.compiled;
        for (at, reaction) in compiled.sweep.anywhere(self.swept) {
            self.anywhere(at, reaction);
        }
        self.densities();
        self.furniture();
        findings.extend(blocks::findings(self.document, self.found));
    }

    /// The pattern, where it is looked for in this kind of document.
    fn ready(&self, index: u16) -> Option<&'a Ready> {
        let ready = &self.compiled.patterns[usize::from(index)];
        let wanted = match ready.pattern.documents {
            // What Markdown is scraped shows in the end.
            Documents::Any | Documents::Scraped => true,
            Documents::Plain => !self.document.is_markdown(),
            Documents::Markdown => self.document.is_markdown(),
        };
        wanted.then_some(ready)
    }

    fn anywhere(&mut self, at: usize, reaction: Reaction) {
        let Some(ready) = self.ready(reaction.pattern) else {
            return;
        };
        let span = Span::new(at, at + reaction.len as usize);
        match (ready.pattern.kind, reaction.item) {
            (Kind::Densities, _) => {
                if self.readable(ready, span) {
                    let (count, first) = &mut self.counts[usize::from(reaction.pattern)];
                    if *count == 0 {
                        *first = span;
                    }
                    *count += 1;
                }
            }
            (Kind::Regexes, item) => self.search_around(ready, item.map(usize::from), at),
            (_, item) => self.emit(ready, item.map_or(0, usize::from), span, None),
        }
    }

    /// Runs the regexes that a literal sets off, all of a pattern or one, in the window around it.
    fn search_around(&mut self, ready: &'a Ready, item: Option<usize>, at: usize) {
        let slot = ready.first_item + item.unwrap_or(0);
        if at < self.done[slot] {
            return;
        }
        let text = self.document.text();
        let from = floor(text, at.saturating_sub(BEFORE).max(self.done[slot]));
        let to = floor(text, at + STRIDE + LENGTH);
        self.done[slot] = at + STRIDE;
        let window = &text[from..to];
        for (item, regex) in ready.regexes(item) {
            for captures in regex.captures_iter(window) {
                let whole = captures.get_match();
                let Some(whole) = whole.filter(|m| from + m.start() < at + STRIDE) else {
                    break;
                };
                let span = Span::new(from + whole.start(), from + whole.end());
                self.emit(ready, item, span, Some((window, &groups_of(&captures))));
            }
        }
    }

    fn densities(&mut self) {
        for index in 0..self.counts.len() {
            let (count, first) = self.counts[index];
            let compiled = self.compiled;
            let ready = &compiled.patterns[index];
            if ready.pattern.kind != Kind::Densities || count == 0 {
                continue;
            }
            let thousands = match ready.pattern.per {
                Per::Document => 1.0,
                Per::ThousandCharacters => {
                    (self.document.text().chars().count() as f64 / 1000.0).max(1.0)
                }
            };
            if count as f64 >= ready.pattern.at_least as f64 * thousands {
                let text = self.document.slice(first);
                let mut message = render(ready.pattern.message, text, None);
                let count = count.to_string();
                message.rewrite(|wording| Cow::Owned(wording.replace("{count}", &count)));
                self.push(ready, 0, first, message);
            }
        }
    }

    /// Short paragraphs, and the beginnings and ends of the others.
    fn furniture(&mut self) {
        let document = self.document;
        let text = document.text();
        let last = document.paragraphs().len().saturating_sub(1);
        // The items of a list in a file that somebody wrote are what they list.
        let written = document.is_markdown() && !document.is_scraped();
        for (i, paragraph) in document.paragraphs().iter().enumerate() {
            let span = paragraph.content;
            let passed_over = match paragraph.kind {
                ParagraphKind::Code => true,
                ParagraphKind::ListItem => written,
                _ => false,
            };
            if passed_over || span.is_empty() {
                continue;
            }
            let start = Places::of(&[Scope::ParagraphStart]).with(Scope::DocumentStart, i == 0);
            let end = Places::of(&[Scope::ParagraphEnd]).with(Scope::DocumentEnd, i == last);
            let several = self.compiled.lines && document.slice(span).contains('\n');
            if span.len() <= self.compiled.longest_zone.max(2 * EDGE) {
                let whole = Places(start.0 | end.0)
                    .with(Scope::Paragraph, true)
                    .with(Scope::Line, !several);
                self.zone(span, self.bare(span), whole);
            } else {
                let head = floor(text, span.start() + EDGE);
                let tail = floor(text, span.end() - EDGE);
                self.zone(span, Span::new(span.start(), head), start);
                self.zone(span, Span::new(tail, span.end()), end);
            }
            if several {
                for line in bare_lines(document.slice(span)) {
                    if !line.is_empty() && line.len() <= self.compiled.longest_zone {
                        let start = span.start() + line.start;
                        let line = Span::new(start, start + line.len());
                        self.zone(line, self.bare(line), Places::of(&[Scope::Line]));
                    }
                }
            }
        }
    }

    /// What Markdown shows of a line that is all bold, or all a link.
    fn bare(&self, line: Span) -> Span {
        if !self.document.is_markdown() {
            return line;
        }
        let text = self.document.slice(line);
        let blank = |c: char| matches!(c, '*' | '_' | '>' | '\\') || c.is_whitespace();
        let mut shown = text.trim_start_matches(blank);
        let mut start = line.start() + (text.len() - shown.len());
        shown = shown.trim_end_matches(blank);
        let link = shown
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]("));
        if let Some((label, target)) = link
            && target.find(')') == Some(target.len() - 1)
        {
            start += 1;
            shown = label;
        }
        Span::new(start, start + shown.len())
    }

    /// Matches patterns against a zone of a paragraph.
    #[inline(never)] // its instructions are counted
    fn zone(&mut self, paragraph: Span, zone: Span, places: Places) {
        let compiled = self.compiled;
        let mut triggered = std::mem::take(&mut self.triggered);
        triggered.clear();
        let text = self.document.slice(zone);
        for (at, reaction) in compiled.sweep.furniture(self.swept, zone) {
            let Some(ready) = self.ready(reaction.pattern) else {
                continue;
            };
            if ready.pattern.kind == Kind::Regexes {
                let set_off = (reaction.pattern, reaction.item);
                let literal = at..at + reaction.len as usize;
                let item = reaction
                    .item
                    .map(|item| &ready.pattern.items[usize::from(item)]);
                if places.has(ready.pattern.scope)
                    && item.is_none_or(|item| item.reaches(text, literal))
                    && !triggered.contains(&set_off)
                {
                    triggered.push(set_off);
                }
                continue;
            }
            let end = at + reaction.len as usize;
            let (at_start, at_end) = (at == 0, end == zone.len());
            let fits = match ready.pattern.scope {
                Scope::Paragraph | Scope::Line => at_start && at_end,
                Scope::ParagraphStart | Scope::DocumentStart => at_start,
                Scope::ParagraphEnd | Scope::DocumentEnd => at_end,
                Scope::Anywhere => true,
            };
            if fits && places.has(ready.pattern.scope) && self.short_enough(ready, paragraph) {
                let span = Span::new(zone.start() + at, zone.start() + end);
                self.emit(ready, reaction.item.map_or(0, usize::from), span, None);
            }
        }
        let always = compiled
            .always
            .iter()
            .map(|(index, item)| (*index, Some(*item)));
        for (index, item) in triggered.iter().copied().chain(always) {
            let Some(ready) = self.ready(index) else {
                continue;
            };
            if !places.has(ready.pattern.scope) || !self.short_enough(ready, paragraph) {
                continue;
            }
            for (item, groups) in ready.matches(item.map(usize::from), text) {
                if let Some(Some(whole)) = groups.first() {
                    let span = Span::new(zone.start() + whole.start, zone.start() + whole.end);
                    self.emit(ready, item, span, Some((text, &groups)));
                }
            }
        }
        self.triggered = triggered;
    }

    fn short_enough(&self, ready: &Ready, paragraph: Span) -> bool {
        let limit = ready.pattern.max_length;
        paragraph.len() <= limit
            || (paragraph.len() / 4 <= limit
                && self.document.slice(paragraph).chars().count() <= limit)
    }

    /// Whether the match lies in prose, or in what the pattern is meant for.
    fn readable(&self, ready: &Ready, span: Span) -> bool {
        let masks = self.document.mask().spans();
        let first = masks.partition_point(|(s, _)| s.end() <= span.start());
        masks[first..]
            .iter()
            .take_while(|(s, _)| s.start() < span.end())
            .all(|(_, kind)| ready.pattern.inside.contains(kind))
    }

    fn emit(&mut self, ready: &'a Ready, item: usize, span: Span, captures: Captured<'_>) {
        let text = self.document.text();
        let (before, after) = (&text[..span.start()], &text[span.end()..]);
        let excepted = ready.pattern.not_after.iter().any(|t| before.ends_with(t))
            || ready
                .pattern
                .not_before
                .iter()
                .any(|t| after.starts_with(t));
        if !excepted && self.readable(ready, span) {
            let message = render(ready.pattern.message, self.document.slice(span), captures);
            self.push(ready, item, span, message);
        }
    }

    fn push(&mut self, ready: &'a Ready, item: usize, span: Span, message: Message) {
        let pattern = ready.pattern;
        let mut finding = Finding::new(ready.card, span, message.clone()).defect(message.en());
        if let Some(severity) = pattern.severity {
            finding = finding.severity(severity);
        }
        if let Some([english, chinese]) = pattern.help {
            finding = finding.help(Message::of(english, chinese));
        }
        if let (Some(safety), Some(replacement)) = (pattern.fix, pattern.items[item].replacement) {
            finding = finding.fix(Fix::replace(safety, span, replacement));
        }
        self.found.push(Hit {
            ready,
            item,
            finding,
        });
    }
}

/// The last border of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A message with `{0}` (the match) and `{1}` … (its captures) filled in, each cut to a readable
/// length.
fn render(message: [&str; 2], whole: &str, captures: Captured<'_>) -> Message {
    let [english, chinese] = message.map(|wording| fill(wording, whole, captures));
    Message::of(&english, &chinese)
}

fn fill(message: &str, whole: &str, captures: Captured<'_>) -> String {
    let mut out = String::with_capacity(message.len() + 48);
    let mut rest = message;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let number = rest.as_bytes().get(at + 1).copied().unwrap_or(b' ');
        if number.is_ascii_digit() && rest.as_bytes().get(at + 2) == Some(&b'}') {
            let value = match usize::from(number - b'0') {
                0 => whole,
                n => captures
                    .and_then(|(text, captures)| text.get(captures.get(n)?.clone()?))
                    .unwrap_or_default(),
            };
            let value = value.trim();
            let shown = value.char_indices().nth(30).map_or(value.len(), |(i, _)| i);
            out.push_str(&value[..shown]);
            if shown < value.len() {
                out.push('…');
            }
            rest = &rest[at + 3..];
        } else {
            out.push('{');
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    out
}
