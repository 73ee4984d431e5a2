//! Rows of a table that may be long: beyond the last of them they lie in a temporary file, and are
//! read again one by one.

use std::cmp::Ordering;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::ser::{Error, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of rows that are held in memory.
const HELD: usize = 64 << 10;

/// Rows in their order.
pub struct Rows<T> {
    file: Option<File>,
    /// Bytes in the file.
    written: u64,
    /// The rows after those in the file, as they are there: a line of JSON each.
    held: Vec<u8>,
    len: usize,
    row: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Rows<T> {
    /// Takes the next row.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn push(&mut self, row: &T) -> io::Result<()> {
        serde_json::to_writer(&mut self.held, row)?;
        self.held.push(b'\n');
        self.len += 1;
        if self.held.len() >= HELD {
            self.written += append(&mut self.file, self.written, &self.held)?;
            self.held.clear();
        }
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads all of them again; each may fail as reading may.
    pub fn iter(&self) -> impl Iterator<Item = io::Result<T>> + '_ {
        let stored = Stored::new(self.file.as_ref(), 0..self.written);
        let mut reader = BufReader::with_capacity(HELD, stored.chain(self.held.as_slice()));
        let mut line = Vec::new();
        std::iter::from_fn(move || {
            line.clear();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) => None,
                Ok(_) => Some(serde_json::from_slice(&line).map_err(Into::into)),
                Err(e) => Some(Err(e)),
            }
        })
    }

    /// All of the rows that come.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn of(rows: impl IntoIterator<Item = T>) -> io::Result<Self> {
        let mut all = Self::default();
        rows.into_iter().try_for_each(|row| all.push(&row))?;
        Ok(all)
    }
}

/// The first `most` of what comes, in an order; of equal ones those that come first.
pub(super) fn first<T>(
    all: impl Iterator<Item = io::Result<T>>,
    most: usize,
    order: impl Fn(&T, &T) -> Ordering,
) -> io::Result<Vec<T>> {
    let mut kept = Vec::new();
    for one in all {
        kept.push(one?);
        if kept.len() >= 2 * most.max(1) {
            kept.sort_by(&order);
            kept.truncate(most);
        }
    }
    kept.sort_by(order);
    kept.truncate(most);
    Ok(kept)
}

/// Writes bytes behind those of a file, which is made where there is none yet; says how many.
pub(super) fn append(file: &mut Option<File>, written: u64, bytes: &[u8]) -> io::Result<u64> {
    let file = match file {
        Some(file) => file,
        None => file.insert(tempfile::tempfile()?),
    };
    file.seek(SeekFrom::Start(written))?;
    file.write_all(bytes)?;
    Ok(bytes.len() as u64)
}

/// A stretch of a file, which may be read while others of it are.
pub(super) struct Stored<'f> {
    file: Option<&'f File>,
    rest: Range<u64>,
}

impl<'f> Stored<'f> {
    pub(super) fn new(file: Option<&'f File>, stretch: Range<u64>) -> Self {
        Self {
            file,
            rest: stretch,
        }
    }
}

impl Read for Stored<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(mut file) = self.file else {
            return Ok(0);
        };
        let left = usize::try_from(self.rest.end - self.rest.start).unwrap_or(usize::MAX);
        let length = into.len().min(left);
        file.seek(SeekFrom::Start(self.rest.start))?;
        let read = file.read(&mut into[..length])?;
        self.rest.start += read as u64;
        Ok(read)
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self {
            file: None,
            written: 0,
            held: Vec::new(),
            len: 0,
            row: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows", self.len)
    }
}

impl<T: Serialize + DeserializeOwned> Serialize for Rows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len))?;
        for row in self.iter() {
            list.serialize_element(&row.map_err(S::Error::custom)?)?;
        }
        list.end()
    }
}

impl<'de, T: Serialize + DeserializeOwned> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);

        impl<'de, T: Serialize + DeserializeOwned> Visitor<'de> for List<T> {
            type Value = Rows<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows<T>, A::Error> {
                let mut rows = Rows::default();
                while let Some(row) = list.next_element()? {
                    rows.push(&row).map_err(serde::de::Error::custom)?;
                }
                Ok(rows)
            }
        }

        deserializer.deserialize_seq(List(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::{Rows, first};

    #[test]
    fn rows_come_back_in_their_order_as_often_as_they_are_read() {
        let all: Vec<(usize, String)> = (0..20_000).map(|n| (n, format!("第{n}行\n"))).collect();
        let rows = Rows::of(all.clone()).expect("written");
        assert!(rows.written > 0 && !rows.held.is_empty());
        // two readers at a time
        let twice: Vec<_> = rows.iter().zip(rows.iter()).collect();
        for ((one, other), row) in twice.iter().zip(&all) {
            assert_eq!(one.as_ref().expect("read"), row);
            assert_eq!(other.as_ref().expect("read"), row);
        }
        let json = serde_json::to_string(&rows).expect("written");
        assert_eq!(json, serde_json::to_string(&all).expect("written"));
        let read: Rows<(usize, String)> = serde_json::from_str(&json).expect("read");
        assert_eq!((twice.len(), read.len()), (20_000, 20_000));
    }

    #[test]
    fn of_equal_ones_the_first_are_kept() {
        let of = |most| {
            let all = (0..100).map(|n| Ok((n % 7, n)));
            first(all, most, |a, b| a.0.cmp(&b.0)).expect("read")
        };
        assert_eq!(of(3), [(0, 0), (0, 7), (0, 14)]);
        assert_eq!(of(0), []);
        assert_eq!(of(200).len(), 100);
    }
}
