//! What single matches amount to: of overlapping ones the first counts, lines beside one another
//! are one block, and some lines count only in company.

use std::collections::HashSet;

use super::compile::Ready;
use super::declared::{Documents, Scope};
use crate::finding::{Edit, Finding, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::text::Span;
use crate::told;

/// A match, not yet weighed against the others.
pub(super) struct Hit<'a> {
    pub(super) ready: &'a Ready,
    pub(super) item: usize,
    pub(super) finding: Finding,
}

/// The most bytes between two lines of a block, if there are only marks, digits and pictures.
const GAP: usize = 240;
/// Lines that mean nothing alone speak together from this number on.
const COMPANY: usize = 3;
/// A Markdown file without other marks was scraped if lines of this many kinds are those of a site
/// …
const SIGNS: usize = 2;
/// … and one in so many paragraphs is one.
const SHARE: usize = 25;

impl Hit<'_> {
    fn is_line(&self) -> bool {
        matches!(self.ready.pattern.scope, Scope::Line | Scope::Paragraph)
    }

    /// Which line of which site it is.
    fn kind(&self) -> usize {
        self.ready.first_item + self.item
    }
}

/// The findings that matches make, in the order of their rules and of the text.
pub(super) fn findings(document: &Reading<'_>, mut hits: Vec<Hit<'_>>) -> Vec<Finding> {
    hits.sort_by_key(|hit| {
        let span = hit.finding.span;
        let alone = hit.ready.pattern.alone;
        (
            hit.ready.rule,
            span.start(),
            usize::MAX - span.end(),
            !alone,
        )
    });
    // Of overlapping matches of one rule the first, and of those the longest, stands.
    hits.dedup_by(|next, kept| {
        next.ready.rule == kept.ready.rule && next.finding.span.start() < kept.finding.span.end()
    });
    let beside = |a: &Hit<'_>, b: &Hit<'_>| {
        let loud = |hit: &Hit<'_>| hit.finding.severity > Severity::Info;
        a.ready.rule == b.ready.rule
            && a.is_line()
            && b.is_line()
            && loud(a) == loud(b)
            && is_empty_between(document, a.finding.span, b.finding.span)
    };
    let mut blocks: Vec<Vec<Hit<'_>>> = Vec::new();
    for hit in hits {
        match blocks.last_mut() {
            Some(block) if block.last().is_some_and(|last| beside(last, &hit)) => block.push(hit),
            _ => blocks.push(vec![hit]),
        }
    }
    blocks.retain(|block| {
        let kinds = || block.iter().map(Hit::kind).collect::<HashSet<_>>().len();
        block.iter().any(|hit| hit.ready.pattern.alone) || kinds() >= COMPANY
    });
    if document.is_markdown() && !document.is_scraped() {
        let of_sites = |hit: &&Hit<'_>| hit.ready.pattern.documents == Documents::Scraped;
        let signs = blocks.iter().flatten().filter(of_sites);
        let signs = signs.filter(|hit| hit.finding.severity > Severity::Info);
        let kinds: Vec<usize> = signs.map(Hit::kind).collect();
        let many = kinds.len() * SHARE >= document.paragraphs().len();
        if !many || kinds.iter().collect::<HashSet<_>>().len() < SIGNS {
            blocks.retain(|block| !block.iter().any(|hit| of_sites(&hit)));
        }
    }
    blocks.into_iter().filter_map(merge).collect()
}

/// Whether nothing stands between two spans but blanks, marks, digits and what is no prose.
fn is_empty_between(document: &Reading<'_>, one: Span, other: Span) -> bool {
    let (from, to) = (one.end(), other.start());
    from <= to
        && to - from <= GAP
        && document.text()[from..to]
            .char_indices()
            .all(|(at, c)| !c.is_alphabetic() || document.mask().at(from + at).is_some())
}

/// One finding for the lines of a block.
fn merge(block: Vec<Hit<'_>>) -> Option<Finding> {
    let count = block.len();
    let mut hits = block.into_iter();
    let mut whole = hits.next()?.finding;
    if count == 1 {
        return Some(whole);
    }
    let mut edits: Option<Vec<Edit>> = Some(Vec::new());
    let mut safety = Safety::Safe;
    let mut mend = |fixes: Vec<Fix>| match fixes.into_iter().next() {
        Some(fix) => {
            if fix.safety == Safety::Unsafe {
                safety = Safety::Unsafe;
            }
            if let Some(edits) = &mut edits {
                edits.extend(fix.edits);
            }
        }
        // The block is mended whole or not at all.
        None => edits = None,
    };
    mend(std::mem::take(&mut whole.fixes));
    for hit in hits {
        whole.span = Span::new(whole.span.start(), hit.finding.span.end());
        whole.severity = whole.severity.max(hit.finding.severity);
        mend(hit.finding.fixes);
    }
    let further = count - 1;
    let more = told!(", and {further} more such lines"; "，另有{further}行");
    whole.message = whole.message.and(&more);
    if let Some(edits) = edits {
        whole.fixes.push(Fix { safety, edits });
    }
    Some(whole.evidence("lines", count))
}
