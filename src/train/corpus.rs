//! Reading the training text: files and directories, compressed or not, plain or JSON lines.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::TrainError;
use crate::model::characters::{Folded, fold};
use crate::model::provenance::Source;

/// What ends a paragraph in [`Text::codes`].
pub(crate) const BREAK: u16 = crate::model::characters::BOUNDARY;
/// A character that is not numbered: outside the basic plane.
pub(crate) const FOREIGN: u16 = 0xffff;
/// A paragraph of at least this many characters is taken once: what is printed again and again (credits, formulas of law) says nothing more the
/// second time.
const TAKEN_ONCE: usize = 12;

/// Training text in memory, two bytes a character: code points first, numbers of the model after
/// [`number`](super::vocabulary::number).
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// Paragraphs, each followed by [`BREAK`]. Classes (digits, Latin letters) are already their numbers.
    pub(crate) codes: Vec<u16>,
}

impl Text {
    /// The paragraphs, without the breaks.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = &[u16]> {
        self.codes
            .split(|&code| code == BREAK)
            .filter(|paragraph| !paragraph.is_empty())
    }
}

/// The text to train on, the text held out, and where they come from.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    pub(crate) text: Text,
    pub(crate) held_out: Text,
    pub(crate) sources: Vec<Source>,
    seen: HashSet<u64, BuildHasherDefault<DefaultHasher>>,
    documents: usize,
    line: Vec<u16>,
}

impl Corpus {
    /// Reads every file of `paths` (directories with all that is below them, in the order of their names). One document of `hold_out` is held out;
    /// none if that is 0.
    pub(crate) fn read(
        paths: &[PathBuf],
        hold_out: usize,
        progress: &mut dyn FnMut(&str, u64, u64),
    ) -> Result<Self, TrainError> {
        let files = files(paths)?;
        let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |data| data.len());
        let total = files.iter().map(size).sum();
        let mut corpus = Corpus::default();
        let mut done = 0;
        for path in &files {
            progress("reading", done, total);
            corpus.read_file(path, hold_out)?;
            done += size(path);
        }
        progress("reading", total, total);
        if corpus.text.codes.is_empty() {
            return Err(TrainError::Empty);
        }
        Ok(corpus)
    }

    fn read_file(&mut self, path: &Path, hold_out: usize) -> Result<(), TrainError> {
        let failed = |source| TrainError::Io {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(failed)?;
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        let (kind, packed) = match name.rsplit_once('.') {
            Some((stem, packing @ ("xz" | "gz" | "zst"))) => (stem, Some(packing)),
            _ => (name.as_str(), None),
        };
        let json = kind.ends_with(".jsonl");
        let mut raw = Counted {
            inner: file,
            bytes: 0,
            crc: flate2::Crc::new(),
        };
        let before = self.text.codes.len() + self.held_out.codes.len();
        {
            let buffered = BufReader::with_capacity(1 << 16, &mut raw);
            let unpacked: Box<dyn Read> = match packed {
                Some("xz") => Box::new(lzma_rust2::XzReader::new(buffered, true)),
                Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(buffered)),
                Some("zst") => Box::new(
                    ruzstd::decoding::StreamingDecoder::new(buffered)
                        .map_err(|error| failed(std::io::Error::other(error)))?,
                ),
                _ => Box::new(buffered),
            };
            self.read_lines(unpacked, json, hold_out).map_err(failed)?;
        }
        std::io::copy(&mut raw, &mut std::io::sink()).map_err(failed)?;
        let characters = self.text.codes.len() + self.held_out.codes.len() - before;
        self.sources.push(Source {
            name,
            bytes: raw.bytes,
            crc32: format!("{:08x}", raw.crc.sum()),
            characters: characters as u64,
        });
        Ok(())
    }

    fn read_lines(
        &mut self,
        text: Box<dyn Read + '_>,
        json: bool,
        hold_out: usize,
    ) -> std::io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 18, text);
        let mut bytes = Vec::new();
        self.documents += 1;
        loop {
            bytes.clear();
            if reader.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(());
            }
            let line = String::from_utf8_lossy(&bytes);
            if json {
                self.documents += 1;
                let row: serde_json::Value = serde_json::from_str(&line)?;
                for paragraph in row
                    .get("text")
                    .and_then(serde_json::Value::as_str)
                    .unwrap_or_default()
                    .lines()
                {
                    self.add(paragraph, hold_out);
                }
            } else if line.trim().is_empty() {
                self.documents += 1;
            } else {
                self.add(&line, hold_out);
            }
        }
    }

    /// Adds a paragraph, unless it is hardly Chinese or was there before.
    fn add(&mut self, paragraph: &str, hold_out: usize) {
        let paragraph = paragraph
            .trim()
            .trim_start_matches(['#', '*', '-', '>'])
            .trim_start();
        self.line.clear();
        let mut han = 0;
        for character in paragraph.chars() {
            let code = match fold(character) {
                Some(Folded::Class(id)) => id,
                Some(Folded::Itself(character)) => character as u16,
                None => FOREIGN,
            };
            han += usize::from(is_han(code));
            self.line.push(code);
        }
        if han * 3 < self.line.len() || han == 0 {
            return;
        }
        if self.line.len() >= TAKEN_ONCE
            && !self.seen.insert(self.seen.hasher().hash_one(&self.line))
        {
            return;
        }
        let held_out = hold_out > 0 && self.documents.is_multiple_of(hold_out);
        let text = if held_out {
            &mut self.held_out
        } else {
            &mut self.text
        };
        text.codes.extend_from_slice(&self.line);
        text.codes.push(BREAK);
    }
}

/// Whether a code is a Chinese character.
pub(crate) fn is_han(code: u16) -> bool {
    matches!(code, 0x4e00..=0x9fff | 0x3400..=0x4dbf | 0x3007)
}

/// The files to read, in the order given, directories by name.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, TrainError> {
    let mut found = Vec::new();
    for path in paths {
        let failed = |source| TrainError::Io {
            path: path.clone(),
            source,
        };
        if path.is_dir() {
            let mut inside = Vec::new();
            for entry in std::fs::read_dir(path).map_err(failed)? {
                inside.push(entry.map_err(failed)?.path());
            }
            inside.sort();
            found.extend(files(&inside)?);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

/// Counts and sums up what passes through.
struct Counted<R> {
    inner: R,
    bytes: u64,
    crc: flate2::Crc,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.crc.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}
