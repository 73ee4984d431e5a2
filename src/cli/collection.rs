//! The files of a run as the documents of a collection, and what a survey of it tells of each.
//!
//! A file of text is a document, and is read again whenever its text is wanted. Of all others
//! (records, markup, packed files) what there is to read is kept in a temporary file, so that a
//! record costs no more than its own length to look at again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::input::{Input, Job};
use super::portions::Portion;
use super::schedule::in_order;
use crate::corpus::{
    Collection, Confusion, Counting, Duplicate, Passage, Scratch, Survey, first_difference,
};
use crate::document::{SiteMark, SiteMarkKind};
use crate::formats::{self, Kind, WholeFile};
use crate::language::Message;
use crate::model::Model;
use crate::text::{self, Encoding, Span};
use crate::told;

/// How many times as large packed text is when it is unpacked.
const UNPACKED: u64 = 4;

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
    /// How much of it there is, where the file is the text.
    size: Option<Size>,
}

/// How long a text is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) characters: usize,
    pub(super) bytes: usize,
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
    /// Reads all files once, with so many threads, and counts what a survey counts first.
    /// `progress` is told of each portion, with its bytes.
    pub(super) fn new(
        jobs: Vec<Job>,
        threads: usize,
        progress: &(dyn Fn(usize, u64) + Sync),
    ) -> io::Result<(Self, Counting)> {
        let mut portions = Portion::of_all(&jobs);
        let counting = Counting::new(jobs.iter().map(about).sum());
        let mut bytes = 0;
        let mut documents = Vec::new();
        let mut texts = tempfile::tempfile()?;
        let mut at = 0;
        let mut ends = Vec::new();
        let list = |portion: &Portion| {
            let job = &jobs[portion.job];
            let listed = list(portion, job, &counting);
            progress(listed.documents.len(), portion.size(job));
            listed
        };
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
        documents.shrink_to_fit();
        let sources = sources(&jobs, &mut documents);
        let files = Self {
            jobs,
            portions,
            sources,
            documents,
            texts: Mutex::new(texts),
            bytes,
        };
        Ok((files, counting))
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

    /// Characters and bytes of a document, in the decoded file: those of a text as it is.
    pub(super) fn size(&self, document: usize) -> Option<Size> {
        self.documents[document].size
    }

    fn kept(&self, from: u64, length: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.clear();
        bytes.resize(length, 0);
        let mut file = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(bytes)
    }

    /// Reads the bytes of a document, and says how they are to be decoded.
    fn bytes_of(&self, document: usize, bytes: &mut Vec<u8>) -> io::Result<Option<Encoding>> {
        let entry = &self.documents[document];
        if let Some((from, length)) = entry.kept {
            self.kept(from, length, bytes)?;
            return Ok(Some(Encoding::Utf8));
        }
        let Job { input, profile } = &self.jobs[entry.job];
        input.read_into(bytes)?;
        Ok(profile.encoding)
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

/// About how many bytes of text a job has.
fn about(job: &Job) -> u64 {
    let name = job.input.name();
    let is_packed = [".gz", ".xz", ".zst", ".epub", ".zip"];
    let larger = if is_packed.iter().any(|end| name.ends_with(end)) {
        UNPACKED
    } else {
        1
    };
    job.input.size() * larger
}

/// What cannot be read has no documents here: whoever checks it says why.
fn list(portion: &Portion, job: &Job, counting: &Counting) -> Listed {
    let mut listed = Listed::default();
    let mut scratch = Scratch::default();
    for stretch in portion.read(job).unwrap_or_default() {
        let Ok(decoded) = text::decode(&stretch.bytes, portion.encoding(job)) else {
            continue;
        };
        let reading = &job.profile.reading;
        let kind = reading.kind_of(&stretch.name(&job.input), &decoded.text);
        let source = folder(&stretch.name(&job.input));
        if kind.is_text() && !stretch.packed {
            counting.take(&decoded.text, &source, &mut scratch);
            let size = Size {
                characters: decoded.text.chars().count(),
                bytes: decoded.text.len(),
            };
            listed.documents.push(Entry {
                size: Some(size),
                ..Entry::default()
            });
            listed.bytes += decoded.text.len() as u64;
            continue;
        }
        let lines = WholeFile::new(&decoded.text);
        let first = listed.documents.len();
        formats::read(kind, reading, &decoded.text, &mut |prose| {
            counting.take(&prose.text, &source, &mut scratch);
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

/// The source of what has a name: its folder.
fn folder(name: &str) -> String {
    let folder = Path::new(name).parent();
    let folder = folder.map(|f| f.to_string_lossy().into_owned());
    folder
        .filter(|f| !f.is_empty())
        .unwrap_or_else(|| ".".to_owned())
}

/// The sources of documents, their folders, and to each document the number of its own.
fn sources(jobs: &[Job], documents: &mut [Entry]) -> Vec<String> {
    let folder = |entry: &Entry| folder(&entry.file(jobs));
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
        let mut text = None;
        let mut take = |read: &str| text = Some(Cow::Owned(read.to_owned()));
        self.read(document, &mut Vec::new(), &mut take);
        text
    }

    fn read(&self, document: usize, buffer: &mut Vec<u8>, work: &mut dyn FnMut(&str)) {
        let entry = &self.documents[document];
        if entry.kept.is_none()
            && let Job { input, profile } = &self.jobs[entry.job]
            && let Input::Given(given) = input
            && profile.encoding.is_none()
        {
            return work(&given.text);
        }
        if let Ok(encoding) = self.bytes_of(document, buffer)
            && let Ok(decoded) = text::decode(buffer, encoding)
        {
            work(&decoded.text);
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

    fn model(&self, document: usize) -> &Model {
        self.jobs[self.documents[document].job].profile.model()
    }
}

/// What the survey tells of single documents: that they are copies, that a passage of theirs stands
/// elsewhere. Put into words when a document is checked.
pub(super) struct Marks<'s> {
    survey: &'s Survey,
    /// What is told of a document, in the order of the survey.
    of: Vec<(u32, Mark)>,
}

/// A number in a list of the survey.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Copy(u32),
    Confusion(u32, u32),
    Passage(u32, u8),
}

impl<'s> Marks<'s> {
    pub(super) fn new(survey: &'s Survey) -> Self {
        let mut of = Vec::new();
        for (i, copy) in survey.duplicates.iter().enumerate() {
            of.push((copy.second as u32, Mark::Copy(i as u32)));
        }
        for (i, confusion) in survey.confusions.iter().enumerate() {
            for (place, (document, _)) in confusion.places.iter().enumerate() {
                of.push((*document as u32, Mark::Confusion(i as u32, place as u32)));
            }
        }
        for (i, passage) in survey.passages.iter().enumerate() {
            for (side, document) in passage.documents.into_iter().enumerate() {
                of.push((document as u32, Mark::Passage(i as u32, side as u8)));
            }
        }
        of.sort_unstable();
        Self { survey, of }
    }

    /// What is told of a document.
    pub(super) fn of(&self, document: usize, files: &Files) -> Vec<SiteMark> {
        let first = self.of.partition_point(|m| (m.0 as usize) < document);
        let of = self.of[first..].iter();
        of.take_while(|m| m.0 as usize == document)
            .filter_map(|(_, mark)| match *mark {
                Mark::Copy(i) => self
                    .survey
                    .duplicates
                    .get(i as usize)
                    .map(|c| copy(c, files)),
                Mark::Confusion(i, place) => {
                    let confusion = self.survey.confusions.get(i as usize)?;
                    wrong_word(confusion, confusion.places.get(place as usize)?.1)
                }
                Mark::Passage(i, side) => {
                    let passage = self.survey.passages.get(i as usize)?;
                    Some(shared(passage, usize::from(side), files))
                }
            })
            .collect()
    }
}

fn copy(copy: &Duplicate, files: &Files) -> SiteMark {
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
        .and(&difference(copy, files).unwrap_or_default())
    };
    SiteMark {
        kind: SiteMarkKind::Copy(copy.alike),
        span: Span::new(0, 0),
        message,
        other: Some((other, Span::new(0, 0))),
    }
}

/// What stands where a copy and its original first differ.
fn difference(copy: &Duplicate, files: &Files) -> Option<Message> {
    let (here, there) = (files.text(copy.second)?, files.text(copy.first)?);
    let [here, there] = first_difference([&here, &there])?;
    Some(told!(
        "; they first differ in “{here}” here, “{there}” there";
        "；首处不同：此处“{here}”，彼处“{there}”"
    ))
}

fn wrong_word(confusion: &Confusion, span: Span) -> Option<SiteMark> {
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
    Some(SiteMark {
        kind: SiteMarkKind::Confusion([chars.next()?, chars.next()?]),
        span,
        message,
        other: None,
    })
}

fn shared(passage: &Passage, side: usize, files: &Files) -> SiteMark {
    let other = files.name(passage.documents[1 - side]);
    let characters = passage.characters;
    let message = told!(
        "{characters} characters that stand in {other} too";
        "{characters}字与 {other} 相同"
    );
    SiteMark {
        kind: SiteMarkKind::Passage,
        span: passage.spans[side],
        message,
        other: Some((other, passage.spans[1 - side])),
    }
}
