//! Arrays of little-endian numbers, read where they lie.
//!
//! A model file is used as it is on disk: nothing is decoded on opening. Every access is a
//! bounds-checked read of a few bytes, so that neither alignment nor a hostile file can do harm:
//! what lies outside reads as zero.

use std::ops::Range;

/// Numbers of two bytes each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct U16s<'a>(pub(crate) &'a [u8]);

impl<'a> U16s<'a> {
    pub(crate) fn len(self) -> usize {
        self.0.len() / 2
    }

    #[inline]
    pub(crate) fn get(self, index: usize) -> u16 {
        match self.0.as_chunks::<2>().0.get(index) {
            Some(bytes) => u16::from_le_bytes(*bytes),
            None => 0,
        }
    }

    /// The numbers of a range; none if a part of it lies outside.
    #[inline]
    pub(crate) fn slice(self, range: Range<usize>) -> impl Iterator<Item = u16> + 'a {
        let numbers = self.0.as_chunks().0.get(range).unwrap_or_default();
        numbers.iter().map(|bytes| u16::from_le_bytes(*bytes))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u16> + 'a {
        let numbers = self.0.as_chunks().0.iter();
        numbers.map(|bytes| u16::from_le_bytes(*bytes))
    }
}

/// Numbers of four bytes each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct U32s<'a>(pub(crate) &'a [u8]);

impl<'a> U32s<'a> {
    pub(crate) fn len(self) -> usize {
        self.0.len() / 4
    }

    #[inline]
    pub(crate) fn get(self, index: usize) -> u32 {
        match self.0.as_chunks::<4>().0.get(index) {
            Some(bytes) => u32::from_le_bytes(*bytes),
            None => 0,
        }
    }

    /// The numbers at an index and behind it.
    #[inline]
    pub(crate) fn pair(self, index: usize) -> [u32; 2] {
        match self.0.as_chunks::<4>().0.get(index..index + 2) {
            Some([one, two]) => [u32::from_le_bytes(*one), u32::from_le_bytes(*two)],
            _ => [0; 2],
        }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u32> + 'a {
        let numbers = self.0.as_chunks().0.iter();
        numbers.map(|bytes| u32::from_le_bytes(*bytes))
    }
}

/// Numbers of eight bytes each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct U64s<'a>(pub(crate) &'a [u8]);

impl U64s<'_> {
    pub(crate) fn len(self) -> usize {
        self.0.len() / 8
    }

    #[inline]
    pub(crate) fn get(self, index: usize) -> u64 {
        match self.0.as_chunks::<8>().0.get(index) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => 0,
        }
    }
}

/// Sections begin at multiples of this many bytes, a cache line.
pub(crate) const LINE: usize = 64;

/// Cuts the body of a part into its `N` sections: `N` lengths of four bytes, then the sections,
/// each from the next cache line on. `None` if the lengths do not add up to the whole.
pub(crate) fn sections<const N: usize>(body: &[u8]) -> Option<[&[u8]; N]> {
    let lengths = U32s(body.get(..N * 4)?);
    let mut cut = [&[][..]; N];
    let mut end = N * 4;
    for (section, length) in cut.iter_mut().zip(lengths.iter()) {
        let start = end.next_multiple_of(LINE);
        end = start + length as usize;
        *section = body.get(start..end)?;
    }
    (end == body.len()).then_some(cut)
}

/// The inverse of [`sections`].
///
/// # Panics
/// If a section is longer than 4 GB.
pub(crate) fn join<const N: usize>(parts: [&[u8]; N]) -> Vec<u8> {
    let mut body =
        Vec::with_capacity(N * (4 + LINE) + parts.iter().map(|part| part.len()).sum::<usize>());
    for part in parts {
        let length =
            u32::try_from(part.len()).expect("a section of a model is far shorter than 4 GB");
        body.extend_from_slice(&length.to_le_bytes());
    }
    for part in parts {
        body.resize(body.len().next_multiple_of(LINE), 0);
        body.extend_from_slice(part);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_round_trip() {
        let body = join([b"ab".as_slice(), b"", b"cde"]);
        assert_eq!(sections::<3>(&body), Some([b"ab".as_slice(), b"", b"cde"]));
        assert_eq!(sections::<2>(&body), None);
        assert_eq!(sections::<3>(&body[..body.len() - 1]), None);
        assert_eq!(sections::<3>(&[]), None);
    }

    #[test]
    fn reads_outside_are_zero() {
        let bytes = [1, 0, 2, 0, 3];
        assert_eq!(U16s(&bytes).len(), 2);
        assert_eq!(U16s(&bytes).iter().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(U16s(&bytes).get(2), 0);
        assert_eq!(U32s(&bytes).get(1), 0);
        assert_eq!(U64s(&bytes).get(0), 0);
    }
}
