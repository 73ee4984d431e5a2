//! Fingerprints of a whole collection, kept in temporary files by their first bits, so that one
//! part at a time is sorted in memory.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

/// Parts, a power of two.
pub(crate) const PARTS: usize = 64;
/// Bytes of a fingerprint in a file.
const RECORD: usize = 16;
/// Bytes that a thread gathers of a part before it writes them.
const BUFFER: usize = 32 * 1024;

/// A fingerprint of some characters, and where they stand: the document and the byte of the first
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Print {
    pub(crate) hash: u64,
    pub(crate) document: u32,
    pub(crate) at: u32,
}

/// The files. Several threads write; afterwards one reads.
pub(crate) struct Spill {
    parts: Vec<Mutex<File>>,
}

impl Spill {
    pub(crate) fn new() -> io::Result<Self> {
        let parts = (0..PARTS)
            .map(|_| tempfile::tempfile().map(Mutex::new))
            .collect::<io::Result<_>>()?;
        Ok(Self { parts })
    }

    fn append(&self, part: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
        self.parts[part]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(bytes)?;
        bytes.clear();
        Ok(())
    }

    /// The fingerprints of a part, sorted.
    pub(crate) fn part(&self, part: usize) -> io::Result<Vec<Print>> {
        let mut file = self.parts[part]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let size = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(0))?;
        let mut prints = Vec::with_capacity(usize::try_from(size).unwrap_or(0) / RECORD);
        let mut reader = BufReader::with_capacity(64 * 1024, &mut *file);
        let mut record = [0; RECORD];
        for _ in 0..size / RECORD as u64 {
            reader.read_exact(&mut record)?;
            let [hash @ .., d0, d1, d2, d3, a0, a1, a2, a3] = record;
            prints.push(Print {
                hash: u64::from_le_bytes(hash),
                document: u32::from_le_bytes([d0, d1, d2, d3]),
                at: u32::from_le_bytes([a0, a1, a2, a3]),
            });
        }
        prints.sort_unstable();
        Ok(prints)
    }
}

/// What one thread writes to the files.
pub(crate) struct Writer<'s> {
    spill: &'s Spill,
    buffers: Vec<Vec<u8>>,
    failed: io::Result<()>,
}

impl<'s> Writer<'s> {
    pub(crate) fn new(spill: &'s Spill) -> Self {
        Self {
            spill,
            buffers: vec![Vec::new(); PARTS],
            failed: Ok(()),
        }
    }

    pub(crate) fn push(&mut self, print: Print) {
        let part = (print.hash >> (64 - PARTS.trailing_zeros())) as usize;
        let buffer = &mut self.buffers[part];
        buffer.extend_from_slice(&print.hash.to_le_bytes());
        buffer.extend_from_slice(&print.document.to_le_bytes());
        buffer.extend_from_slice(&print.at.to_le_bytes());
        if buffer.len() >= BUFFER && self.failed.is_ok() {
            self.failed = self.spill.append(part, buffer);
        }
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        std::mem::replace(&mut self.failed, Ok(()))?;
        for (part, buffer) in self.buffers.iter_mut().enumerate() {
            self.spill.append(part, buffer)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{PARTS, Print, Spill, Writer};
    use crate::corpus::comparable::mix;

    #[test]
    fn what_goes_in_comes_out_sorted() {
        let spill = Spill::new().expect("temporary files");
        let mut writer = Writer::new(&spill);
        for document in (0..10_000).rev() {
            let hash = mix(u64::from(document) + 1);
            writer.push(Print {
                hash,
                document,
                at: document * 3,
            });
        }
        writer.finish().expect("written");
        let parts = (0..PARTS).map(|p| spill.part(p).expect("read"));
        let all: Vec<_> = parts.flatten().collect();
        assert_eq!(all.len(), 10_000);
        assert!(all.is_sorted());
        assert!(all.iter().all(|p| p.at == p.document * 3));
    }
}
