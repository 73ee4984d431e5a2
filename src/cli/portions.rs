//! The stretches in which the files of an audit are read: a whole file, the files inside a packed
//! one, or some megabytes of a large file of records, so that such a file is spread over threads
//! and never stands in memory as a whole.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use super::input::{Input, Job};
use crate::formats::{Kind, Packing};
use crate::report::Skipped;
use crate::text::{self, Encoding};

/// About how many bytes of a file of records are read at a time.
const PIECE: u64 = 4 << 20;
/// Bytes that show the encoding of a file, and whether it is packed.
const HEAD: usize = 64 << 10;

/// A stretch of the files of a run.
#[derive(Clone, Debug)]
pub(super) struct Portion {
    /// The number of its file.
    pub(super) job: usize,
    /// The bytes of the file, where it is not all of it: whole lines of UTF-8.
    pub(super) range: Option<Range<u64>>,
    /// Line ends before it in the file.
    pub(super) lines_before: usize,
    /// Its documents.
    pub(super) documents: Range<usize>,
}

/// A text that stands in a portion by itself.
#[derive(Hash)]
pub(super) struct Stretch {
    /// Its path, where it lies in an archive.
    pub(super) member: Option<String>,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether the file is packed.
    pub(super) packed: bool,
}

impl Portion {
    /// The portions of all files, in their order.
    pub(super) fn of_all(jobs: &[Job]) -> Vec<Self> {
        let mut portions = Vec::with_capacity(jobs.len());
        for (number, job) in jobs.iter().enumerate() {
            // what cannot be cut, or not even be read, is one portion, and whoever reads it says so
            let pieces = match &job.input {
                Input::File(path) if is_large(job) => pieces(path, job).unwrap_or_default(),
                _ => Vec::new(),
            };
            let portion = |range| Self {
                job: number,
                range,
                lines_before: 0,
                documents: 0..0,
            };
            if pieces.is_empty() {
                portions.push(portion(None));
            }
            portions.extend(pieces.into_iter().map(|range| portion(Some(range))));
        }
        portions
    }

    /// Where in the file it begins, in bytes.
    pub(super) fn start(&self) -> usize {
        let start = self.range.as_ref().map_or(0, |range| range.start);
        usize::try_from(start).unwrap_or(usize::MAX)
    }

    /// How many bytes of files it has.
    pub(super) fn size(&self, job: &Job) -> u64 {
        match &self.range {
            Some(range) => range.end - range.start,
            None => job.input.size(),
        }
    }

    /// Reads it.
    pub(super) fn read(&self, job: &Job) -> Result<Vec<Stretch>, Skipped> {
        let Job { input, .. } = job;
        let bytes = match (&self.range, input) {
            (Some(range), Input::File(path)) => read_range(path, range),
            _ => input.read(),
        };
        let bytes = bytes.map_err(|e| input.skipped(e))?;
        let Some(packing) = Packing::of(&bytes) else {
            return Ok(vec![Stretch {
                member: None,
                bytes,
                packed: false,
            }]);
        };
        let members = packing.unpack(&bytes).map_err(|e| input.skipped(e))?;
        let stretch = |member: crate::formats::Member| Stretch {
            member: member.path,
            bytes: member.bytes,
            packed: true,
        };
        Ok(members.into_iter().map(stretch).collect())
    }

    /// The encoding of its texts, where that is known before they are read.
    pub(super) fn encoding(&self, job: &Job) -> Option<Encoding> {
        match self.range {
            Some(_) => Some(Encoding::Utf8),
            None => job.profile.encoding,
        }
    }
}

impl Stretch {
    /// What reports call it.
    pub(super) fn name(&self, input: &Input) -> String {
        match &self.member {
            Some(path) => format!("{}/{path}", input.name()),
            None => input.name().into_owned(),
        }
    }
}

fn is_large(job: &Job) -> bool {
    let by_name = job.profile.reading.kind_of(&job.input.name(), "");
    by_name == Kind::JsonLines && job.input.size() >= 2 * PIECE
}

/// Where a large file of records may be cut; nothing where that is not sure.
fn pieces(path: &Path, job: &Job) -> io::Result<Vec<Range<u64>>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut head = Vec::new();
    Read::by_ref(&mut file)
        .take(HEAD as u64)
        .read_to_end(&mut head)?;
    if let Some(line_end) = memchr::memrchr(b'\n', &head) {
        head.truncate(line_end);
    }
    let is_utf8 = |decoded: text::Decoded<'_>| decoded.encoding == Encoding::Utf8;
    if Packing::of(&head).is_some() || !text::decode(&head, job.profile.encoding).is_ok_and(is_utf8)
    {
        return Ok(Vec::new());
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut line = Vec::new();
    while from < size {
        let mut to = (from + PIECE).min(size);
        if to < size {
            file.seek(SeekFrom::Start(to))?;
            line.clear();
            let read = BufReader::new(&mut file).read_until(b'\n', &mut line)?;
            to += read as u64;
        }
        pieces.push(from..to);
        from = to;
    }
    Ok(pieces)
}

fn read_range(path: &Path, range: &Range<u64>) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(range.start))?;
    let length = range.end - range.start;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}
