//! The model file: a table of named parts, each with its own version and checksum.
//!
//! ```text
//! 0   magic "kanwu LM"       8 bytes
//! 8   format version         u32
//! 12  number of parts        u32
//! 16  length of the file     u64
//! 24  the parts, 32 bytes each:
//!       name                 16 bytes of ASCII, filled up with zeros
//!       version              u32
//!       offset, length       u32 each, in bytes from the start of the file
//!       CRC-32 of the part   u32
//!     CRC-32 of all above    u32
//!     the parts in the order of the table, each from the next multiple of 64 on
//! ```
//!
//! All numbers are little-endian. Each kind of evidence owns a part (`ngram`, `lexicon`, …) and
//! raises its version when its layout changes; a part that this program does not know is kept, not
//! refused.

use std::io::{self, Read, Write};
use std::path::Path;

use lzma_rust2::{XzOptions, XzReader, XzWriter};

use super::error::FORMAT;
pub use super::error::ModelError;
use super::packed::{LINE, U32s};
use crate::regular_file;

const MAGIC: &[u8; 8] = b"kanwu LM";
const HEAD: usize = 24;
const ENTRY: usize = 32;
const NAME: usize = 16;
const MOST_PARTS: usize = 64;

/// One line of the table of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    name: [u8; NAME],
    /// The version of the part's layout.
    pub version: u32,
    /// Where the part begins, in bytes from the start of the file.
    pub offset: u32,
    /// How long it is, in bytes.
    pub length: u32,
    /// CRC-32 of its content.
    pub checksum: u32,
}

impl Entry {
    /// The name of the part.
    pub fn name(&self) -> &str {
        let end = self.name.iter().position(|&byte| byte == 0).unwrap_or(NAME);
        std::str::from_utf8(&self.name[..end]).unwrap_or("?")
    }

    fn read(bytes: &[u8]) -> Option<Entry> {
        let (name, numbers) = bytes.split_first_chunk::<NAME>()?;
        let end = name.iter().position(|&byte| byte == 0).unwrap_or(NAME);
        let well_named = end > 0
            && name[..end].iter().all(u8::is_ascii_graphic)
            && name[end..].iter().all(|&byte| byte == 0);
        let numbers = U32s(numbers);
        well_named.then_some(Entry {
            name: *name,
            version: numbers.get(0),
            offset: numbers.get(1),
            length: numbers.get(2),
            checksum: numbers.get(3),
        })
    }

    fn content<'a>(&self, file: &'a [u8]) -> Option<&'a [u8]> {
        file.get(self.offset as usize..)?
            .get(..self.length as usize)
    }
}

/// A model file whose table has been read; the parts stay where they are.
#[derive(Debug)]
pub(crate) struct Container<'a> {
    bytes: std::borrow::Cow<'a, [u8]>,
    entries: Vec<Entry>,
}

impl<'a> Container<'a> {
    /// Reads the table and checks that every part lies inside the file. The contents are checked by
    /// [`verify`](Self::verify).
    pub(crate) fn read(bytes: impl Into<std::borrow::Cow<'a, [u8]>>) -> Result<Self, ModelError> {
        let bytes = bytes.into();
        let entries = table(&bytes)?;
        Ok(Container { bytes, entries })
    }

    pub(crate) fn open(path: &Path) -> Result<Self, ModelError> {
        let bytes = regular_file::read(path, regular_file::MODEL).and_then(unpacked);
        let bytes = bytes.map_err(|source| ModelError::Io {
            path: path.to_owned(),
            source,
        })?;
        let container = Container::read(bytes)?;
        container.verify()?;
        Ok(container)
    }

    /// Compares every part with its checksum.
    pub(crate) fn verify(&self) -> Result<(), ModelError> {
        for entry in &self.entries {
            if entry.content(&self.bytes).map(checksum) != Some(entry.checksum) {
                return Err(ModelError::Checksum {
                    part: entry.name().to_owned(),
                });
            }
        }
        Ok(())
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name() == name)
    }

    pub(crate) fn part(&self, name: &str) -> Option<&[u8]> {
        self.entry(name)?.content(&self.bytes)
    }

    /// The content of a part that must be there in a given version.
    pub(crate) fn expect(&self, part: &'static str, supported: u32) -> Result<&[u8], ModelError> {
        let entry = self.entry(part).ok_or(ModelError::Missing { part })?;
        if entry.version != supported {
            return Err(ModelError::Version {
                part,
                found: entry.version,
                supported,
            });
        }
        entry.content(&self.bytes).ok_or(ModelError::Table)
    }
}

fn table(bytes: &[u8]) -> Result<Vec<Entry>, ModelError> {
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return Err(ModelError::NotAModel);
    };
    let Some(head) = bytes.get(..HEAD) else {
        return Err(ModelError::Length {
            expected: HEAD as u64,
            found: bytes.len() as u64,
        });
    };
    let format = U32s(rest).get(0);
    if format != FORMAT {
        return Err(ModelError::Format { found: format });
    }
    let expected = head
        .last_chunk::<8>()
        .map_or(0, |length| u64::from_le_bytes(*length));
    if expected != bytes.len() as u64 {
        return Err(ModelError::Length {
            expected,
            found: bytes.len() as u64,
        });
    }
    let count = U32s(rest).get(1) as usize;
    if count > MOST_PARTS {
        return Err(ModelError::Table);
    }
    let end = HEAD + count * ENTRY;
    let (Some(covered), Some(stated)) = (bytes.get(..end), bytes.get(end..end + 4)) else {
        return Err(ModelError::Table);
    };
    if checksum(covered) != U32s(stated).get(0) {
        return Err(ModelError::Table);
    }
    let entries: Option<Vec<Entry>> = covered[HEAD..]
        .chunks_exact(ENTRY)
        .map(Entry::read)
        .collect();
    let entries = entries.ok_or(ModelError::Table)?;
    let mut reached = end + 4;
    let in_order = entries.iter().all(|entry| {
        let gap = bytes.get(reached..entry.offset as usize);
        reached = entry.offset as usize + entry.length as usize;
        gap.is_some_and(|gap| gap.iter().all(|&byte| byte == 0)) && reached <= bytes.len()
    });
    if in_order && reached == bytes.len() {
        Ok(entries)
    } else {
        Err(ModelError::Table)
    }
}

/// CRC-32 as zip and gzip count it, so that common tools can check it.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Puts a model file together.
///
/// ```
/// use kanwu::model::container::Writer;
/// let mut writer = Writer::new();
/// writer.put("weights", 1, vec![1, 2, 3]);
/// let file = writer.finish();
/// assert!(file.starts_with(b"kanwu LM"));
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    parts: Vec<([u8; NAME], u32, Vec<u8>)>,
}

impl Writer {
    /// A file without parts.
    pub fn new() -> Self {
        Writer::default()
    }

    /// Takes over every part of an existing model, so that one of them can be replaced or another
    /// added.
    pub fn copy_of(model: &super::Model) -> Self {
        let mut writer = Writer::new();
        for entry in model.parts() {
            if let Some(content) = model.part(entry.name()) {
                writer.put(entry.name(), entry.version, content.to_vec());
            }
        }
        writer
    }

    /// Adds a part, or replaces the one of that name.
    ///
    /// # Panics
    /// If the name is not 1 to 16 printable ASCII characters.
    pub fn put(&mut self, name: &str, version: u32, content: Vec<u8>) {
        assert!(
            (1..=NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic()),
            "the name of a part is 1 to {NAME} printable ASCII characters"
        );
        let mut padded = [0; NAME];
        padded[..name.len()].copy_from_slice(name.as_bytes());
        match self.parts.iter_mut().find(|part| part.0 == padded) {
            Some(part) => (part.1, part.2) = (version, content),
            None => self.parts.push((padded, version, content)),
        }
    }

    /// The whole file. The same parts in the same order give the same bytes.
    ///
    /// # Panics
    /// If there are more than 64 parts, or 4 GB of them.
    pub fn finish(&self) -> Vec<u8> {
        assert!(
            self.parts.len() <= MOST_PARTS,
            "a model has at most {MOST_PARTS} parts"
        );
        let first = HEAD + self.parts.len() * ENTRY + 4;
        let place =
            |offset: usize, part: &(_, _, Vec<u8>)| offset.next_multiple_of(LINE) + part.2.len();
        let total = self.parts.iter().fold(first, place);
        assert!(u32::try_from(total).is_ok(), "a model is shorter than 4 GB");
        let mut file = Vec::with_capacity(total);
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&FORMAT.to_le_bytes());
        file.extend_from_slice(&(self.parts.len() as u32).to_le_bytes());
        file.extend_from_slice(&(total as u64).to_le_bytes());
        let mut offset = first;
        for (name, version, content) in &self.parts {
            offset = offset.next_multiple_of(LINE);
            file.extend_from_slice(name);
            for number in [
                *version,
                offset as u32,
                content.len() as u32,
                checksum(content),
            ] {
                file.extend_from_slice(&number.to_le_bytes());
            }
            offset += content.len();
        }
        file.extend_from_slice(&checksum(&file).to_le_bytes());
        for (_, _, content) in &self.parts {
            file.resize(file.len().next_multiple_of(LINE), 0);
            file.extend_from_slice(content);
        }
        file
    }

    /// Writes the file to `path`, over what was there.
    ///
    /// Packed if the name ends in `.xz`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        let mut bytes = self.finish();
        let mut written = || {
            if path.extension().is_some_and(|ending| ending == "xz") {
                bytes = packed(&bytes)?;
            }
            std::fs::write(path, &bytes)
        };
        written().map_err(|source| ModelError::Io {
            path: path.to_owned(),
            source,
        })
    }
}

/// What a file packed with xz begins with.
const PACKED: &[u8] = b"\xFD7zXZ\0";

fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packing = XzWriter::new(Vec::new(), XzOptions::with_preset(9))?;
    packing.write_all(bytes)?;
    packing.finish()
}

/// The bytes of a file, unpacked if they are packed.
pub(super) fn unpacked(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    if !bytes.starts_with(PACKED) {
        return Ok(bytes);
    }
    let mut model = Vec::new();
    let most = regular_file::MODEL + 1;
    XzReader::new(bytes.as_slice(), true)
        .take(most)
        .read_to_end(&mut model)?;
    if model.len() as u64 == most {
        return Err(io::Error::other("it is too large when unpacked"));
    }
    Ok(model)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> Vec<u8> {
        let mut writer = Writer::new();
        writer.put("one", 3, b"first part".to_vec());
        writer.put("two", 1, Vec::new());
        writer.put("three", 2, vec![7; 100]);
        writer.put("two", 5, b"replaced".to_vec());
        writer.finish()
    }

    #[test]
    fn round_trip() {
        let file = sample();
        let container = Container::read(&file[..]).expect("just written");
        container.verify().expect("just written");
        assert_eq!(
            container
                .entries()
                .iter()
                .map(Entry::name)
                .collect::<Vec<_>>(),
            ["one", "two", "three"]
        );
        assert_eq!(container.part("one"), Some(b"first part".as_slice()));
        assert_eq!(container.part("two"), Some(b"replaced".as_slice()));
        assert_eq!(container.part("four"), None);
        assert!(matches!(container.expect("three", 2), Ok(part) if part == [7; 100]));
        assert!(matches!(
            container.expect("three", 1),
            Err(ModelError::Version {
                found: 2,
                supported: 1,
                ..
            })
        ));
        assert!(matches!(
            container.expect("four", 1),
            Err(ModelError::Missing { part: "four" })
        ));
    }

    #[test]
    fn every_truncation_is_an_error() {
        let file = sample();
        for end in 0..file.len() {
            assert!(Container::read(&file[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let mut file = sample();
        assert!(matches!(
            Container::read(&b"PK\x03\x04"[..]),
            Err(ModelError::NotAModel)
        ));
        file.push(0);
        assert!(matches!(
            Container::read(&file[..]),
            Err(ModelError::Length { .. })
        ));
        file.pop();
        file[8] = 9;
        assert!(matches!(
            Container::read(&file[..]),
            Err(ModelError::Format { found: 9 })
        ));
    }

    proptest! {
        #[test]
        fn every_flipped_bit_is_noticed(position in 0..sample().len(), bit in 0..8) {
            let mut file = sample();
            file[position] ^= 1u8 << bit;
            let outcome = Container::read(&file[..]).and_then(|container| container.verify());
            prop_assert!(outcome.is_err());
        }

        #[test]
        fn any_bytes_are_refused_quietly(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut file = MAGIC.to_vec();
            file.extend_from_slice(&bytes);
            prop_assert!(Container::read(&file[..]).is_err());
        }
    }
}
