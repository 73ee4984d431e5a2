//! What an audit does with the stretches of its files: checks the documents in them, or takes what
//! the cache knows of them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::collection::{Files, Marks};
use super::input::{Job, guarded, unread};
use super::portions::{Portion, Stretch};
use crate::audit::{Cache, FileRecord, Outline, Surroundings, sample};
use crate::config::{Part, Told};
use crate::corpus::{Ask, Known};
use crate::document::SiteMark;
use crate::finding::Finding;
use crate::formats::{self, Prose, WholeFile};
use crate::language::{Lang, Message};
use crate::registry::Registry;
use crate::report::{FileReport, Skipped};
use crate::rule::Card;
use crate::said;
use crate::text::{self, LineIndex, Span};

/// What is done with each document of an audit.
pub(super) struct Checker<'f> {
    pub(super) files: &'f Files,
    pub(super) known: Known,
    /// What else the collection tells of a document.
    pub(super) told: Marks<'f>,
    pub(super) cache: Option<Cache>,
    pub(super) only_repeats: bool,
    pub(super) way: Way,
}

/// How documents are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// The language that findings are told in.
    pub(super) lang: Lang,
    /// So many paragraphs without findings of each document are drawn by this seed.
    pub(super) drawn: (usize, u64),
}

/// What came of a portion.
#[derive(Default)]
pub(super) struct Checked {
    /// Its documents, in their order.
    pub(super) documents: Vec<FileRecord>,
    /// What of it could not be read.
    pub(super) unread: Vec<Skipped>,
}

impl Checker<'_> {
    pub(super) fn check(&self, portion: &Portion) -> Result<Checked, Skipped> {
        let job = &self.files.jobs[portion.job];
        guarded(&job.input, || self.check_portion(portion, job))
    }

    /// The documents of a portion as they were counted, where no more is asked of them.
    fn counted(&self, portion: &Portion) -> Option<Vec<FileRecord>> {
        if !self.only_repeats || portion.documents.is_empty() {
            return None;
        }
        let record = |document| {
            let size = self.files.size(document)?;
            Some(FileRecord {
                characters: size.characters,
                bytes: [0, size.bytes],
                ..FileRecord::default()
            })
        };
        portion.documents.clone().map(record).collect()
    }

    fn check_portion(&self, portion: &Portion, job: &Job) -> Result<Checked, Skipped> {
        if let Some(documents) = self.counted(portion) {
            return Ok(Checked {
                documents,
                unread: Vec::new(),
            });
        }
        let failed = |e: std::io::Error| job.input.skipped(e);
        let stretches = portion.read(job)?;
        let marks = |document| self.told.of(document, self.files);
        let marks: Vec<Vec<SiteMark>> = portion.documents.clone().map(marks).collect();
        let key = self.cache.as_ref().map(|cache| {
            let lines = portion.lines_before;
            let told = format!("{marks:?}{}{:?}{lines}", self.only_repeats, self.way);
            (cache, cache.key(&stretches, told))
        });
        if let Some((cache, key)) = &key
            && let Some(documents) = cache.get(*key)
        {
            cache.put(*key, &documents).map_err(failed)?;
            return Ok(Checked {
                documents,
                unread: Vec::new(),
            });
        }
        let mut marks = marks.into_iter();
        let mut next = || marks.next().unwrap_or_default();
        let mut checked = Checked::default();
        for stretch in &stretches {
            let told = (!self.only_repeats).then_some(Told {
                marks: &mut next,
                known: Some(&self.known),
                asks: true,
            });
            match read(job, portion, stretch, told, self.way) {
                Ok(mut of_stretch) => {
                    checked.documents.append(&mut of_stretch.documents);
                    checked.unread.append(&mut of_stretch.unread);
                }
                Err(skipped) => checked.unread.push(skipped),
            }
        }
        if checked.documents.len() != portion.documents.len() && checked.unread.is_empty() {
            return Err(job
                .input
                .skipped(said!("it changed while it was read"; "读取时有变动")));
        }
        if let Some((cache, key)) = &key
            && checked.unread.is_empty()
        {
            cache.put(*key, &checked.documents).map_err(failed)?;
        }
        Ok(checked)
    }
}

/// The documents of a stretch: checked in the light of what a collection tells of them, or only
/// counted.
pub(super) fn read(
    job: &Job,
    portion: &Portion,
    stretch: &Stretch,
    mut told: Option<Told<'_>>,
    way: Way,
) -> Result<Checked, Skipped> {
    let Job { input, profile } = job;
    let decoded =
        text::decode(&stretch.bytes, portion.encoding(job)).map_err(|e| input.skipped(e))?;
    let name = stretch.name(input);
    let kind = profile.reading.kind_of(&name, &decoded.text);
    let lines = WholeFile::new(&decoded.text);
    let mut documents = Vec::new();
    let mut findings = Vec::new();
    let mut note = |prose: &Prose<'_>, spans: &[Span], (asks, drafts): Asks| {
        let told = spans.len() - drafts;
        let mut outline = outline(
            prose,
            spans.split_at(told),
            way.drawn,
            &lines,
            portion.lines_before,
        );
        (outline.asks, outline.drafts) = (asks, drafts);
        documents.push(outline);
    };
    let malformed = match &mut told {
        None => formats::read(kind, &profile.reading, &decoded.text, &mut |prose| {
            note(&prose, &[], Asks::default());
        }),
        Some(told) => {
            let told = Told {
                marks: &mut *told.marks,
                known: told.known,
                asks: told.asks,
            };
            profile.check_parts(kind, &name, &decoded, told, 1, &mut |mut part| {
                let asks = asked(&mut part);
                note(part.prose, &part.spans, asks);
                findings.append(&mut part.findings);
            })
        }
    };
    if documents.is_empty() && portion.range.is_none() {
        documents.push(Outline::default());
        // of a document in which there is nothing to read nothing is told
        if let Some(told) = told {
            (told.marks)();
        }
    }
    let unread = unread(&name, kind, &lines, &malformed, portion.lines_before);
    let mut report = FileReport::new(name, decoded, findings);
    report.lang = way.lang;
    let at = (portion.lines_before, portion.start());
    Ok(Checked {
        documents: FileRecord::of_report(&report, documents, at),
        unread: unread.into_iter().collect(),
    })
}

/// What there is to tell of a document before the report of its file is written.
fn outline(
    prose: &Prose<'_>,
    (spans, drafts): (&[Span], &[Span]),
    drawn: (usize, u64),
    file: &WholeFile<'_>,
    lines_before: usize,
) -> Outline {
    let text = &*prose.text;
    let lines = LineIndex::new(text);
    let mut places = Vec::with_capacity(spans.len());
    let mut paragraphs = BTreeMap::new();
    let mut place = |span: &Span, paragraphs: &mut BTreeMap<usize, usize>| {
        let line = lines.line_of(span.start());
        let start = lines.start_of(line).unwrap_or(0);
        let end = lines.start_of(line + 1).unwrap_or(text.len());
        let characters = || text[start..end].chars().count();
        paragraphs.entry(line + 1).or_insert_with(characters);
        places.push(Surroundings::new(text, *span, line + 1));
    };
    spans.iter().for_each(|span| place(span, &mut paragraphs));
    let unflagged = match drawn.0 {
        0 => Vec::new(),
        _ => {
            let flagged = paragraphs.keys().copied().collect();
            let line = |offset| file.line(prose.map.offset(offset)) + lines_before;
            sample::unflagged(text, &flagged, drawn, line)
        }
    };
    drafts.iter().for_each(|span| place(span, &mut paragraphs));
    let start = prose.map.offset(0);
    let end = prose.map.span(Span::new(text.len(), text.len())).end();
    Outline {
        characters: text.chars().count(),
        bytes: [start, end.saturating_sub(start)],
        places,
        paragraphs,
        unflagged,
        ..Outline::default()
    }
}

/// What there is to ask about a document, each with the number of the finding that it is about; and
/// how many of the last findings are told only where there is an answer.
type Asks = (Vec<(Ask, usize)>, usize);

/// Finds to each question of a document the finding that it is about; where there is none one is
/// added, to be told if there is an answer.
fn asked(part: &mut Part<'_, '_>) -> Asks {
    let told = part.findings.len();
    let mut asks = Vec::new();
    for ask in std::mem::take(&mut part.asks) {
        let span = Span::new(ask.span[0], ask.span[1]);
        let is_about = |number: &usize| {
            let card = part.findings[*number].card;
            ask.is_of(card.name) && part.spans[*number].overlaps(span)
        };
        let number = match (0..told).find(is_about) {
            Some(number) => number,
            None => {
                let Some(card) = card(ask.rule()) else {
                    continue;
                };
                let shown = ask.shown(&part.prose.text);
                let place = part.prose.map.span(shown);
                part.findings
                    .push(Finding::new(card, place, Message::default()));
                part.spans.push(shown);
                part.findings.len() - 1
            }
        };
        asks.push((ask, number));
    }
    (asks, part.findings.len() - told)
}

/// The card of a rule.
fn card(name: &str) -> Option<&'static Card> {
    static CARDS: OnceLock<Vec<&'static Card>> = OnceLock::new();
    let cards = CARDS.get_or_init(|| Registry::builtin().cards());
    cards.iter().copied().find(|card| card.name == name)
}
