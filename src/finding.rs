//! What a rule found: [`Finding`], its labels, fixes and evidence.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Serialize;

use crate::card::Card;
use crate::formats::{Place, Prose};
use crate::language::{Lang, Message};
use crate::reading::evidence::Weighed;
use crate::reading::parts::meaning;
use crate::text::{Span, visible};
use crate::told;

pub use crate::grade::{Confidence, Safety, Severity};

/// One replacement of bytes by text; an empty replacement deletes, an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in the decoded text.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// A way to mend a finding: edits that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be applied unseen.
    pub safety: Safety,
    /// Edits in ascending order, not overlapping.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of one replacement.
    #[must_use]
    pub fn replace(safety: Safety, span: Span, replacement: impl Into<String>) -> Self {
        Self {
            safety,
            edits: vec![Edit {
                span,
                replacement: replacement.into(),
            }],
        }
    }

    /// Whether all edits can be made at once: each lies in the text, on boundaries of characters,
    /// and apart from those before it.
    #[must_use]
    pub fn is_sound(&self, text: &str) -> bool {
        let inside = |edit: &Edit| text.get(edit.span.range()).is_some();
        let apart = |pair: &[Edit]| {
            let (a, b) = (pair[0].span, pair[1].span);
            a.end() < b.start() || a.end() == b.start() && a != b
        };
        self.edits.iter().all(inside) && self.edits.windows(2).all(apart)
    }
}

/// Another place that belongs to a finding: the first copy, the article a sentence comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where, in the same document (or in `file`).
    pub span: Span,
    /// What is there.
    pub message: Message,
    /// The other document, for findings across files.
    pub file: Option<String>,
}

/// A piece of evidence as data: what the message says in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Its name, in kebab-case, the same for each finding of a rule.
    pub name: &'static str,
    /// Its value.
    pub value: EvidenceValue,
    /// Where fitted trees weighed it.
    pub weight: Option<Weight>,
}

/// What fitted trees made of a piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// The part of the model that holds the trees.
    pub part: &'static str,
    /// What it added to the log-odds, in nats; below zero where it speaks against.
    pub share: f32,
}

impl Evidence {
    /// What it means, in a language.
    #[must_use]
    pub fn means(&self, lang: Lang) -> Option<&'static str> {
        let part = self.weight.map_or("", |w| w.part);
        let [english, chinese] = meaning(part, self.name)?;
        Some(lang.pick(english, chinese))
    }
}

/// The value of a piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum EvidenceValue {
    /// A count or a line number.
    Count(usize),
    /// A measure: a likeness, a probability, a gain in nats.
    Number(f64),
    /// A word, a name of a thing.
    Text(String),
}

impl From<usize> for EvidenceValue {
    fn from(value: usize) -> Self {
        Self::Count(value)
    }
}

impl From<f64> for EvidenceValue {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<f32> for EvidenceValue {
    fn from(value: f32) -> Self {
        Self::Number((f64::from(value) * 1e4).round() / 1e4)
    }
}

impl From<&str> for EvidenceValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for EvidenceValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// One defect, as one rule sees it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The card of the rule that speaks.
    pub card: &'static Card,
    /// How bad; the card's unless the rule knows better.
    pub severity: Severity,
    /// How sure; the card's unless the rule knows better.
    pub confidence: Confidence,
    /// The calibrated probability that this is damage, where the rule has one.
    pub probability: Option<f32>,
    /// The damaged bytes; of a defect that stands in many places the first.
    pub span: Span,
    /// All places of a defect that stands in many, in the order of the text, the first of them too;
    /// empty where there is one. Read them by [`all_places`](Self::all_places).
    pub places: Vec<Span>,
    /// What makes findings of the rule one defect: those with the same key in a document become one
    /// finding with many places.
    pub defect: Option<String>,
    /// What is wrong, with the evidence.
    pub message: Message,
    /// What to do about it.
    pub help: Option<Message>,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
    /// The evidence as data.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// A finding with the severity and confidence of its card.
    #[must_use]
    pub fn new(card: &'static Card, span: Span, message: Message) -> Self {
        Self {
            card,
            severity: card.severity,
            confidence: card.confidence,
            probability: None,
            span,
            places: Vec::new(),
            defect: None,
            message,
            help: None,
            labels: Vec::new(),
            fixes: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// Its words, which may quote the text, as they can be shown to people anywhere.
    pub(crate) fn make_visible(&mut self) {
        let labels = self.labels.iter_mut().map(|label| &mut label.message);
        for words in std::iter::once(&mut self.message)
            .chain(&mut self.help)
            .chain(labels)
        {
            words.rewrite(visible);
        }
    }

    /// With another severity than the card's.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With a calibrated probability; the confidence follows from it.
    #[must_use]
    pub fn probability(mut self, p: f32) -> Self {
        self.probability = Some(p);
        self.confidence = Confidence::of_probability(p);
        self
    }

    /// Of a defect that may stand in many places: findings of the rule with the same key become
    /// one.
    #[must_use]
    pub fn defect(mut self, key: impl Into<String>) -> Self {
        self.defect = Some(key.into());
        self
    }

    /// With all the places of the defect, in the order of the text.
    #[must_use]
    pub fn places(mut self, places: Vec<Span>) -> Self {
        if places.len() > 1 {
            self.places = places;
        }
        self
    }

    /// Where the defect stands: one place or many, in the order of the text.
    #[must_use]
    pub fn all_places(&self) -> &[Span] {
        match self.places.as_slice() {
            [] => std::slice::from_ref(&self.span),
            places => places,
        }
    }

    /// Whether one of its places touches a span.
    #[must_use]
    pub fn touches(&self, span: Span) -> bool {
        let places = self.all_places();
        let next = places.partition_point(|place| place.end() < span.start());
        places
            .get(next)
            .is_some_and(|place| place.start() <= span.end())
    }

    /// Keeps only some of its places, with the edits that mend them; false where none is left.
    pub fn retain_places(&mut self, mut keep: impl FnMut(Span) -> bool) -> bool {
        let all = self.all_places().to_vec();
        let kept: Vec<Span> = all.iter().copied().filter(|place| keep(*place)).collect();
        let Some(first) = kept.first() else {
            return false;
        };
        if kept.len() < all.len() {
            self.span = *first;
            let touches = |edit: &Edit| {
                let place = kept.partition_point(|place| place.end() < edit.span.start());
                kept.get(place)
                    .is_some_and(|place| place.start() <= edit.span.end())
            };
            for fix in &mut self.fixes {
                fix.edits.retain(touches);
            }
            self.fixes.retain(|fix| !fix.edits.is_empty());
            self.places = if kept.len() > 1 { kept } else { Vec::new() };
        }
        true
    }

    /// Takes another finding of the same defect, which stands further on, in as further places.
    fn take_in(&mut self, other: Finding) {
        if self.places.is_empty() {
            self.places.push(self.span);
        }
        self.places.extend_from_slice(other.all_places());
        self.severity = self.severity.max(other.severity);
        self.confidence = self.confidence.max(other.confidence);
        if let (Some(one), Some(another)) = (self.probability, other.probability) {
            self.probability = Some(one.max(another));
        }
        match (self.fixes.first_mut(), other.fixes.into_iter().next()) {
            (Some(fix), Some(further)) if fix.safety == further.safety => {
                fix.edits.extend(further.edits);
            }
            _ => {}
        }
    }

    /// Its message in a language, with the number of its places.
    #[must_use]
    pub fn told(&self, lang: Lang) -> Cow<'_, str> {
        let message = self.message.read(lang);
        match (self.places.len(), &self.defect) {
            (0 | 1, _) | (_, None) => Cow::Borrowed(message),
            (n, Some(_)) => Cow::Owned(match lang {
                Lang::En => format!("{message}; {n} places in this file"),
                Lang::Zh => format!("{message}；本文件中共{n}处"),
            }),
        }
    }

    /// Its message in a language, and its advice on a line of its own.
    #[must_use]
    pub fn told_with_help(&self, lang: Lang) -> String {
        match &self.help {
            Some(help) => format!("{}\n{}", self.told(lang), help.read(lang)),
            None => self.told(lang).into_owned(),
        }
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    /// With another place of the same document.
    #[must_use]
    pub fn label(mut self, span: Span, message: Message) -> Self {
        self.labels.push(Label {
            span,
            message,
            file: None,
        });
        self
    }

    /// With a fix.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// From the prose of a file to the file itself: the spans, and the edits as they are written
    /// there. A fix that would touch the file's own syntax is taken out. Where the text stood on
    /// paper is added to the message.
    pub fn carry_over(&mut self, prose: &Prose<'_>) {
        if prose.is_whole() {
            return;
        }
        if let Some(place) = prose.place(self.span.start()) {
            let Place { page, line } = place;
            let where_on_paper = told!(" (page {page}, line {line})"; "（第{page}页第{line}行）");
            self.message = self.message.and(&where_on_paper);
        }
        self.span = prose.map.span(self.span);
        for place in &mut self.places {
            *place = prose.map.span(*place);
        }
        for label in self.labels.iter_mut().filter(|l| l.file.is_none()) {
            label.span = prose.map.span(label.span);
        }
        // Of a defect in many places each is mended by itself; otherwise all edits of a fix belong
        // together.
        let apart = !self.places.is_empty();
        self.fixes.retain_mut(|fix| {
            let wanted = fix.edits.len();
            fix.edits.retain_mut(|edit| {
                let written = prose.edit(edit.span, &edit.replacement);
                written.is_some_and(|(span, replacement)| {
                    *edit = Edit { span, replacement };
                    true
                })
            });
            fix.edits.len() == wanted || apart && !fix.edits.is_empty()
        });
    }

    /// With a piece of evidence as data.
    #[must_use]
    pub fn evidence(mut self, name: &'static str, value: impl Into<EvidenceValue>) -> Self {
        self.evidence.push(Evidence {
            name,
            value: value.into(),
            weight: None,
        });
        self
    }

    /// With the loudest pieces of evidence that fitted trees weighed.
    #[must_use]
    pub fn weighed(mut self, pieces: Vec<Weighed>) -> Self {
        self.evidence
            .extend(pieces.into_iter().map(|piece| Evidence {
                name: piece.name,
                value: piece.value.into(),
                weight: Some(Weight {
                    part: piece.part,
                    share: piece.share,
                }),
            }));
        self
    }
}

/// One defect, one finding: those of one rule with the same key become one with many places. In the
/// order of the text, before and after.
#[must_use]
pub(crate) fn gather(findings: Vec<Finding>) -> Vec<Finding> {
    let mut gathered: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut first: HashMap<(&str, String), usize> = HashMap::new();
    for finding in findings {
        let Some(key) = &finding.defect else {
            gathered.push(finding);
            continue;
        };
        match first.entry((finding.card.name, key.clone())) {
            Entry::Occupied(at) => gathered[*at.get()].take_in(finding),
            Entry::Vacant(at) => {
                at.insert(gathered.len());
                gathered.push(finding);
            }
        }
    }
    gathered
}

/// Findings of a prose as findings of its file, in the order of the file, each with its span in the
/// prose.
#[must_use]
pub fn carried(findings: Vec<Finding>, prose: &Prose<'_>) -> Vec<(Span, Finding)> {
    let carry = |mut finding: Finding| {
        let span = finding.span;
        finding.carry_over(prose);
        (span, finding)
    };
    let mut placed: Vec<_> = findings.into_iter().map(carry).collect();
    // The regions of a page need not stand in the file in the order in which they are read.
    placed.sort_by_key(|(_, finding)| finding.span.start());
    placed
}

/// What rules write their findings to.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        self.list.extend(findings);
    }
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// What was found so far.
    #[must_use]
    pub fn as_slice(&self) -> &[Finding] {
        &self.list
    }

    /// The findings, in the order they were found.
    #[must_use]
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }
}
