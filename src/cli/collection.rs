//! The files of a run as the documents of a collection, and what a survey of it tells of each.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::input::Job;
use crate::corpus::{Collection, Survey};
use crate::document::{SiteMark, SiteMarkKind};
use crate::formats::{self, Packing};
use crate::language::Message;
use crate::text::{self, Span};
use crate::told;

/// The files of a run as documents.
pub(super) struct Files {
    pub(super) jobs: Vec<Job>,
    pub(super) source_of: Vec<usize>,
    pub(super) sources: Vec<String>,
    pub(super) bytes: Vec<u64>,
}

impl Files {
    pub(super) fn new(jobs: Vec<Job>) -> Self {
        let folder = |job: &Job| {
            let name = job.input.name().into_owned();
            let folder = Path::new(&name)
                .parent()
                .map(|p| p.to_string_lossy().into_owned());
            folder
                .filter(|f| !f.is_empty())
                .unwrap_or_else(|| ".".to_owned())
        };
        let folders: Vec<String> = jobs.iter().map(folder).collect();
        let numbers: BTreeMap<&String, usize> = folders.iter().map(|f| (f, 0)).collect();
        let sources: Vec<String> = numbers.into_keys().cloned().collect();
        let source_of = folders
            .iter()
            .map(|f| sources.partition_point(|s| s < f))
            .collect();
        let bytes = jobs.iter().map(|job| job.input.size()).collect();
        Self {
            jobs,
            source_of,
            sources,
            bytes,
        }
    }
}

impl Collection for Files {
    fn len(&self) -> usize {
        self.jobs.len()
    }

    fn text(&self, document: usize) -> Option<Cow<'_, str>> {
        let Job { input, profile } = &self.jobs[document];
        let bytes = input.read().ok().filter(|b| Packing::of(b).is_none())?;
        let decoded = text::decode(&bytes, profile.encoding).ok()?;
        let kind = profile.reading.kind_of(&input.name(), &decoded.text);
        if kind.is_text() {
            return Some(Cow::Owned(decoded.text.into_owned()));
        }
        let mut text = String::new();
        formats::read(kind, &profile.reading, &decoded.text, &mut |prose| {
            text.push_str(&prose.text);
            text.push('\n');
        });
        Some(Cow::Owned(text))
    }

    fn source(&self, document: usize) -> usize {
        self.source_of[document]
    }

    fn sources(&self) -> &[String] {
        &self.sources
    }

    fn bytes(&self) -> u64 {
        self.bytes.iter().sum()
    }
}

/// What the survey tells of single documents: that they are copies, that a passage of theirs stands elsewhere.
pub(super) fn marks(survey: &Survey, files: &Files) -> HashMap<usize, Vec<SiteMark>> {
    let name = |document: usize| files.jobs[document].input.name().into_owned();
    let mut told: HashMap<usize, Vec<SiteMark>> = HashMap::new();
    for copy in &survey.duplicates {
        let other = name(copy.first);
        let [first, second] = copy.characters;
        let longer = match first.cmp(&second) {
            std::cmp::Ordering::Less => told!(
                "; this one is longer by {} characters", second - first;
                "；此份多{}字", second - first
            ),
            std::cmp::Ordering::Greater => told!(
                "; the other one is longer by {} characters", first - second;
                "；另一份多{}字", first - second
            ),
            std::cmp::Ordering::Equal => Message::default(),
        };
        let message = if copy.exact {
            told!("the same as {other}"; "与 {other} 相同")
        } else {
            let percent = copy.alike * 100.0;
            told!(
                "a copy of {other}, {percent:.0} % alike";
                "{other} 的副本，相似 {percent:.0}%"
            )
            .and(&longer)
        };
        told.entry(copy.second).or_default().push(SiteMark {
            kind: SiteMarkKind::Copy(copy.alike),
            span: Span::new(0, 0),
            message,
            other: Some((other, Span::new(0, 0))),
        });
    }
    for passage in &survey.passages {
        for side in 0..2 {
            let other = name(passage.documents[1 - side]);
            let characters = passage.characters;
            let message = told!(
                "{characters} characters that stand in {other} too";
                "{characters}字与 {other} 相同"
            );
            told.entry(passage.documents[side])
                .or_default()
                .push(SiteMark {
                    kind: SiteMarkKind::Passage,
                    span: passage.spans[side],
                    message,
                    other: Some((other, passage.spans[1 - side])),
                });
        }
    }
    told
}
