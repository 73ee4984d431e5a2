//! What is seen only across files. The survey of a collection finds it and puts marks beside the
//! document; here they become findings.

use super::{
    corpus_confusion, duplicate_document, shared_passage, site_boilerplate, site_watermark,
};
use crate::document::{SiteMark, SiteMarkKind};
use crate::finding::{Finding, Findings, Fix, Label, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Rule};
use crate::told;

/// Likeness below which a copy is a note.
const CLOSE: f32 = 0.8;

pub(super) struct Across;

impl Rule for Across {
    fn cards(&self) -> &[&'static Card] {
        const {
            &[
                &site_boilerplate::CARD,
                &site_watermark::CARD,
                &duplicate_document::CARD,
                &shared_passage::CARD,
                &corpus_confusion::CARD,
            ]
        }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        findings.extend(document.site_marks().iter().map(finding));
    }
}

fn finding(mark: &SiteMark) -> Finding {
    let of = |card| Finding::new(card, mark.span, mark.message.clone());
    let mut finding = match mark.kind {
        SiteMarkKind::Line => of(&site_boilerplate::CARD),
        SiteMarkKind::Phrase => {
            of(&site_watermark::CARD).fix(Fix::replace(Safety::Safe, mark.span, ""))
        }
        SiteMarkKind::Copy(alike) if alike < CLOSE => {
            of(&duplicate_document::CARD).severity(Severity::Info)
        }
        SiteMarkKind::Copy(_) => of(&duplicate_document::CARD),
        SiteMarkKind::Passage => of(&shared_passage::CARD),
        SiteMarkKind::Confusion(right) => {
            let right: String = right.iter().collect();
            of(&corpus_confusion::CARD).fix(Fix::replace(Safety::Unsafe, mark.span, &right))
        }
    };
    finding.labels = mark
        .other
        .iter()
        .map(|(file, span)| Label {
            span: *span,
            message: told!("the other one"; "另一处"),
            file: Some(file.clone()),
        })
        .collect();
    finding
}
