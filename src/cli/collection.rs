//! The files of a run as the documents of a collection, and what a survey of it tells of each.
//!
//! A file of text is a document, and is read again whenever its text is wanted. Of all others (records, markup, packed files) what there is to
//! read is kept in a temporary file, so that a record costs no more than its own length to look at again.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::input::{Input, Job};
use super::portions::Portion;
use super::schedule::in_order;
use crate::corpus::{Collection, Confusion, Survey};
use crate::document::{SiteMark, SiteMarkKind};
use crate::formats::{self, FileLines, Kind};
use crate::language::Message;
use crate::text::{self, Span};
use crate::told;

/// The files of a run as documents.
pub(super) struct Files {
    pub(super) jobs: Vec<Job>,
    /// The stretches in which they are read, in the order of the files.
    pub(super) portions: Vec<Portion>,
    pub(super) sources: Vec<String>,
    documents: Vec<Entry>,
    texts: Mutex<File>,
    bytes: u64,
}

/// A document.
#[derive(Debug, Default)]
struct Entry {
    job: usize,
    source: usize,
    /// The file inside the packed one.
    member: Option<String>,
    /// Which of its records it is.
    record: Record,
    /// Where its text is kept, and of how many bytes; nothing where the file is the text.
    kept: Option<(u64, usize)>,
}

/// Which record of a file a document is.
#[derive(Clone, Copy, Debug, Default)]
enum Record {
    /// None: all that there is to read.
    #[default]
    Whole,
    /// The one that begins on a line, from 1.
    Line(usize),
    /// The n-th, from 1, where several begin on one line.
    Number(usize),
}

impl Files {
    /// Reads all files once, with so many threads.
    pub(super) fn new(jobs: Vec<Job>, threads: usize) -> io::Result<Self> {
        let mut portions = Portion::of_all(&jobs);
        let mut bytes = 0;
        let mut documents = Vec::new();
        let mut texts = tempfile::tempfile()?;
        let mut at = 0;
        let mut ends = Vec::new();
        let list = |portion: &Portion| list(portion, &jobs[portion.job]);
        in_order(
            &portions,
            threads.clamp(1, portions.len().max(1)),
            list,
            |listed| {
                texts.write_all(&listed.texts)?;
                bytes += listed.bytes;
                for mut entry in listed.documents {
                    if let Some((from, _)) = &mut entry.kept {
                        *from += at;
                    }
                    documents.push(entry);
                }
                at += listed.texts.len() as u64;
                ends.push((documents.len(), listed.line_ends));
                Ok(())
            },
        )?;
        let (mut first, mut job, mut lines_before) = (0, usize::MAX, 0);
        for (portion, (end, line_ends)) in portions.iter_mut().zip(ends) {
            if portion.job != job {
                (job, lines_before) = (portion.job, 0);
            }
            portion.documents = first..end;
            portion.lines_before = lines_before;
            for entry in &mut documents[first..end] {
                entry.job = job;
                if let Record::Line(line) = &mut entry.record {
                    *line += lines_before;
                }
            }
            first = end;
            lines_before += line_ends;
        }
        let sources = sources(&jobs, &mut documents);
        Ok(Self {
            jobs,
            portions,
            sources,
            documents,
            texts: Mutex::new(texts),
            bytes,
        })
    }

    /// What a document is called: its file, with the line of the record that it is.
    pub(super) fn name(&self, document: usize) -> String {
        let entry = &self.documents[document];
        let mut name = entry.file(&self.jobs);
        match entry.record {
            Record::Whole => {}
            Record::Line(line) => name.push_str(&format!(":{line}")),
            Record::Number(number) => name.push_str(&format!("#{number}")),
        }
        name
    }

    fn kept(&self, from: u64, length: usize) -> io::Result<String> {
        let mut bytes = vec![0; length];
        let mut file = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut bytes)?;
        String::from_utf8(bytes).map_err(io::Error::other)
    }
}

impl Entry {
    fn file(&self, jobs: &[Job]) -> String {
        let name = jobs[self.job].input.name();
        match &self.member {
            Some(path) => format!("{name}/{path}"),
            None => name.into_owned(),
        }
    }
}

/// The documents of a portion, and their texts one behind the other.
#[derive(Default)]
struct Listed {
    documents: Vec<Entry>,
    texts: Vec<u8>,
    /// Bytes of all texts, also of those that are not kept.
    bytes: u64,
    line_ends: usize,
}

/// What cannot be read has no documents here: whoever checks it says why.
fn list(portion: &Portion, job: &Job) -> Listed {
    let mut listed = Listed::default();
    for stretch in portion.read(job).unwrap_or_default() {
        let Ok(decoded) = text::decode(&stretch.bytes, portion.encoding(job)) else {
            continue;
        };
        let reading = &job.profile.reading;
        let kind = reading.kind_of(&stretch.name(&job.input), &decoded.text);
        if kind.is_text() && !stretch.packed {
            listed.documents.push(Entry::default());
            listed.bytes += decoded.text.len() as u64;
            continue;
        }
        let lines = FileLines::new(&decoded.text);
        let first = listed.documents.len();
        formats::read(kind, reading, &decoded.text, &mut |prose| {
            let line = lines.line(prose.map.offset(0));
            let kept = Some((listed.texts.len() as u64, prose.text.len()));
            listed.texts.extend_from_slice(prose.text.as_bytes());
            let record = match kind {
                Kind::Json | Kind::JsonLines | Kind::Csv | Kind::Tsv => Record::Line(line),
                _ => Record::Whole,
            };
            listed.documents.push(Entry {
                member: stretch.member.clone(),
                record,
                kept,
                ..Entry::default()
            });
        });
        if listed.documents.len() == first && portion.range.is_none() {
            let kept = Some((listed.texts.len() as u64, 0));
            listed.documents.push(Entry {
                member: stretch.member.clone(),
                kept,
                ..Entry::default()
            });
        }
        let records = &mut listed.documents[first..];
        let line = |entry: &Entry| match entry.record {
            Record::Line(line) => line,
            Record::Whole | Record::Number(_) => 0,
        };
        if records
            .windows(2)
            .any(|pair| line(&pair[0]) == line(&pair[1]))
        {
            for (n, entry) in records.iter_mut().enumerate() {
                entry.record = Record::Number(n + 1);
            }
        }
        if portion.range.is_some() {
            listed.line_ends += lines.line(decoded.text.len()) - 1;
        }
    }
    listed.bytes += listed.texts.len() as u64;
    listed
}

/// The sources of documents, their folders, and to each document the number of its own.
fn sources(jobs: &[Job], documents: &mut [Entry]) -> Vec<String> {
    let folder = |entry: &Entry| {
        let name = entry.file(jobs);
        let folder = Path::new(&name).parent();
        let folder = folder.map(|f| f.to_string_lossy().into_owned());
        folder
            .filter(|f| !f.is_empty())
            .unwrap_or_else(|| ".".to_owned())
    };
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for entry in documents.iter() {
        numbers.entry(folder(entry)).or_default();
    }
    let sources: Vec<String> = numbers.into_keys().collect();
    for entry in documents {
        let folder = folder(entry);
        entry.source = sources.partition_point(|s| *s < folder);
    }
    sources
}

impl Collection for Files {
    fn len(&self) -> usize {
        self.documents.len()
    }

    fn text(&self, document: usize) -> Option<Cow<'_, str>> {
        let entry = &self.documents[document];
        if let Some((from, length)) = entry.kept {
            return self.kept(from, length).ok().map(Cow::Owned);
        }
        let Job { input, profile } = &self.jobs[entry.job];
        if let Input::Given(given) = input
            && profile.encoding.is_none()
        {
            return Some(Cow::Borrowed(&given.text));
        }
        let bytes = input.read().ok()?;
        let decoded = text::decode(&bytes, profile.encoding).ok()?;
        match decoded.text {
            Cow::Owned(text) => Some(Cow::Owned(text)),
            // the bytes are the text, without a mark of their order
            Cow::Borrowed(text) if text.len() == bytes.len() => {
                String::from_utf8(bytes).ok().map(Cow::Owned)
            }
            Cow::Borrowed(text) => Some(Cow::Owned(text.to_owned())),
        }
    }

    fn source(&self, document: usize) -> usize {
        self.documents[document].source
    }

    fn sources(&self) -> &[String] {
        &self.sources
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What the survey tells of single documents: that they are copies, that a passage of theirs stands elsewhere.
pub(super) fn marks(survey: &Survey, files: &Files) -> HashMap<usize, Vec<SiteMark>> {
    let mut told: HashMap<usize, Vec<SiteMark>> = HashMap::new();
    for copy in &survey.duplicates {
        let other = files.name(copy.first);
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
    for confusion in &survey.confusions {
        let Confusion {
            wrong,
            right,
            documents,
            times,
            right_times,
            ..
        } = confusion;
        let message = told!(
            "probably {right}: {wrong} stands {times} times in {documents} documents of this source, {right} {right_times} times";
            "当作“{right}”：本来源{documents}个文档中“{wrong}”出现{times}次，“{right}”{right_times}次"
        );
        let mut chars = right.chars();
        let (Some(first), Some(second)) = (chars.next(), chars.next()) else {
            continue;
        };
        for (document, span) in &confusion.places {
            told.entry(*document).or_default().push(SiteMark {
                kind: SiteMarkKind::Confusion([first, second]),
                span: *span,
                message: message.clone(),
                other: None,
            });
        }
    }
    for passage in &survey.passages {
        for side in 0..2 {
            let other = files.name(passage.documents[1 - side]);
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
