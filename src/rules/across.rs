//! What is seen only across files. The survey of a collection finds it and puts marks beside the document; here they become findings.

use crate::document::{SiteMark, SiteMarkKind};
use crate::finding::{Confidence, Finding, Findings, Fix, Label, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Group, Rule};

static LINE: Card = Card {
    name: "site-boilerplate",
    group: Group::Corpus,
    severity: Severity::Info,
    confidence: Confidence::High,
    default: true,
    summary: "a line that the site sets on its pages and that is no part of the text",
    docs: "A line, or a label with a value that varies (责任编辑：…), or a line in which only numbers vary, that stands at the edge of many documents of one \
source. `kanwu audit` learns such lines by counting, without any list, and writes them to a profile; `kanwu check --profile FILE` and `profile = …` in the \
configuration read it. The lines are masked: no other rule sees them. A line counts that stands in one document of a hundred of a source and in ten at least \
(in a small source in half of them), and in nine of ten of these among the first four or the last six lines. A caption or a section label that recurs inside \
pages is left alone.",
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    settings: &[],
};

static PHRASE: Card = Card {
    name: "site-watermark",
    group: Group::Corpus,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a phrase that was planted between or inside sentences of many documents",
    docs: "A phrase that opens sentences in many documents of a collection and also stands inside sentences, before text that begins anew, and over which the text \
closes when it is taken out; the language model tells it from set phrases. A phrase planted once a document is seen as well as one planted often. \
`kanwu audit` learns such phrases and writes them to a profile; `kanwu check --profile FILE` finds them wherever they stand. The fix takes the phrase out. A \
phrase that never stands between sentences, or that was read differently each time, is not seen.",
    bad: &[],
    good: &[],
    fix: Some(Safety::Safe),
    yields_to: &[],
    settings: &[],
};

static COPY: Card = Card {
    name: "duplicate-document",
    group: Group::Corpus,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a document that is a copy of another one of the collection",
    docs: "Two documents that have half of their runs of five characters in common, or two readings of one page that have 85 of 100 characters in common. Marks, \
widths, case, Traditional and Simplified forms and the lines of the site make no difference. Candidates come from signatures (MinHash with banding), and are \
judged on the text. The message says how alike the two are and which is longer. Below a likeness of 80 % it is a note. Only `kanwu audit` sees it, since it \
takes the whole collection.",
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    settings: &[],
};

static PASSAGE: Card = Card {
    name: "shared-passage",
    group: Group::Corpus,
    severity: Severity::Info,
    confidence: Confidence::High,
    default: true,
    summary: "a passage that stands in another document of the collection too",
    docs: "Forty characters or more that two documents have in common which are no copies of each other: an article set on two pages, a piece of one page torn into \
another, a statement that both quote. Found by fingerprints and then grown on the text to its exact ends, single wrong characters included, so what is named \
is truly the same; whether it should be there a person decides. Both places are named. Only `kanwu audit` sees it.",
    bad: &[],
    good: &[],
    fix: None,
    yields_to: &[],
    settings: &[],
};

/// Likeness below which a copy is a note.
const CLOSE: f32 = 0.8;

pub(super) struct Across;

impl Rule for Across {
    fn cards(&self) -> &[&'static Card] {
        const { &[&LINE, &PHRASE, &COPY, &PASSAGE] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        findings.extend(document.site_marks().iter().map(finding));
    }
}

fn finding(mark: &SiteMark) -> Finding {
    let of = |card| Finding::new(card, mark.span, mark.message.clone());
    let mut finding = match mark.kind {
        SiteMarkKind::Line => of(&LINE),
        SiteMarkKind::Phrase => of(&PHRASE).fix(Fix::replace(Safety::Safe, mark.span, "")),
        SiteMarkKind::Copy(alike) if alike < CLOSE => of(&COPY).severity(Severity::Info),
        SiteMarkKind::Copy(_) => of(&COPY),
        SiteMarkKind::Passage => of(&PASSAGE),
    };
    finding.labels = mark
        .other
        .iter()
        .map(|(file, span)| Label {
            span: *span,
            message: "the other one".into(),
            file: Some(file.clone()),
        })
        .collect();
    finding
}
