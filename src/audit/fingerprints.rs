//! The fingerprints of all warnings and errors by rule, in order: sorted some at a time into a
//! temporary file, and merged when they are read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::Range;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::rows::{Stored, append};

/// Fingerprints that are held in memory.
const HELD: usize = 1 << 16;
/// Bytes of a run that are read at a time.
const BUFFER: usize = 4 << 10;

/// Fingerprints by rule.
#[derive(Default)]
pub struct Fingerprints {
    rules: BTreeMap<String, OfRule>,
    held: usize,
    file: Option<File>,
    written: u64,
}

/// Those of a rule.
#[derive(Default)]
struct OfRule {
    held: Vec<u64>,
    /// Where in the file sorted ones are, in bytes.
    runs: Vec<Range<u64>>,
    count: usize,
}

impl Fingerprints {
    /// Takes one of a rule.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn push(&mut self, rule: &str, print: u64) -> io::Result<()> {
        if !self.rules.contains_key(rule) {
            self.rules.insert(rule.to_owned(), OfRule::default());
        }
        if let Some(of_rule) = self.rules.get_mut(rule) {
            of_rule.held.push(print);
            of_rule.count += 1;
        }
        self.held += 1;
        if self.held < HELD {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(self.held * size_of::<u64>());
        for of_rule in self.rules.values_mut().filter(|r| !r.held.is_empty()) {
            of_rule.held.sort_unstable();
            let from = self.written + bytes.len() as u64;
            let prints = of_rule.held.iter().flat_map(|print| print.to_le_bytes());
            bytes.extend(prints);
            let to = self.written + bytes.len() as u64;
            of_rule.runs.push(from..to);
            of_rule.held = Vec::new();
        }
        self.written += append(&mut self.file, self.written, &bytes)?;
        self.held = 0;
        Ok(())
    }

    /// The rules, in order.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.rules.keys().map(String::as_str)
    }

    /// Those of a rule, in order; each may fail as reading may.
    pub fn of(&self, rule: &str) -> impl Iterator<Item = io::Result<u64>> + '_ {
        let of_rule = self.rules.get(rule);
        let mut held = of_rule.map_or(Vec::new(), |r| r.held.clone());
        held.sort_unstable();
        let runs = of_rule.map_or(&[][..], |r| &r.runs);
        let file = self.file.as_ref();
        let readers = runs
            .iter()
            .map(|run| BufReader::with_capacity(BUFFER, Stored::new(file, run.clone())));
        Merged {
            held: held.into_iter().peekable(),
            lefts: runs.iter().map(|run| run.end - run.start).collect(),
            readers: readers.collect(),
            first: None,
        }
    }
}

/// Sorted runs as one.
struct Merged<'f> {
    held: std::iter::Peekable<std::vec::IntoIter<u64>>,
    readers: Vec<BufReader<Stored<'f>>>,
    /// Bytes of each that are left.
    lefts: Vec<u64>,
    /// The first of each, once reading has begun.
    first: Option<BinaryHeap<Reverse<(u64, usize)>>>,
}

impl Merged<'_> {
    fn take(&mut self, run: usize) -> io::Result<Option<u64>> {
        if self.lefts[run] == 0 {
            return Ok(None);
        }
        let mut print = [0; size_of::<u64>()];
        self.readers[run].read_exact(&mut print)?;
        self.lefts[run] -= print.len() as u64;
        Ok(Some(u64::from_le_bytes(print)))
    }

    fn least(&mut self) -> io::Result<Option<u64>> {
        let mut first = match self.first.take() {
            Some(first) => first,
            None => {
                let mut first = BinaryHeap::new();
                for run in 0..self.readers.len() {
                    first.extend(self.take(run)?.map(|print| Reverse((print, run))));
                }
                first
            }
        };
        let of_runs = first.peek().map(|Reverse((print, _))| *print);
        let least = match (of_runs, self.held.peek()) {
            (Some(print), held) if held.is_none_or(|held| print < *held) => {
                if let Some(Reverse((_, run))) = first.pop() {
                    first.extend(self.take(run)?.map(|print| Reverse((print, run))));
                }
                Some(print)
            }
            _ => self.held.next(),
        };
        self.first = Some(first);
        Ok(least)
    }
}

impl Iterator for Merged<'_> {
    type Item = io::Result<u64>;

    fn next(&mut self) -> Option<Self::Item> {
        self.least().transpose()
    }
}

impl fmt::Debug for Fingerprints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.rules.iter().map(|(rule, r)| (rule, r.count));
        f.debug_map().entries(counts).finish()
    }
}

impl Serialize for Fingerprints {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct List<'f>(&'f Fingerprints, &'f str, usize);

        impl Serialize for List<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self(all, rule, count) = self;
                let mut list = serializer.serialize_seq(Some(*count))?;
                for print in all.of(rule) {
                    let print = print.map_err(S::Error::custom)?;
                    list.serialize_element(&format_args!("{print:016x}"))?;
                }
                list.end()
            }
        }

        let mut map = serializer.serialize_map(Some(self.rules.len()))?;
        for (rule, of_rule) in &self.rules {
            map.serialize_entry(rule, &List(self, rule, of_rule.count))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Fingerprints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;

        impl<'de> Visitor<'de> for Map {
            type Value = Fingerprints;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fingerprints, A::Error> {
                let mut all = Fingerprints::default();
                while let Some(rule) = map.next_key::<String>()? {
                    map.next_value_seed(List(&mut all, &rule))?;
                }
                Ok(all)
            }
        }

        deserializer.deserialize_map(Map)
    }
}

/// Reads those of a rule.
struct List<'f>(&'f mut Fingerprints, &'f str);

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self(all, rule) = self;
        while let Some(digits) = list.next_element::<String>()? {
            let print = u64::from_str_radix(&digits, 16).map_err(A::Error::custom)?;
            all.push(rule, print).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprints, HELD};

    #[test]
    fn all_come_back_in_order() {
        let mut all = Fingerprints::default();
        let mut expected = [Vec::new(), Vec::new()];
        for n in 0..3 * HELD as u64 + 5 {
            let print = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            let rule = usize::from(n % 5 == 0);
            expected[rule].push(print);
            all.push(["one", "another"][rule], print).expect("written");
        }
        for (rule, mut expected) in ["one", "another"].into_iter().zip(expected) {
            expected.sort_unstable();
            let read: Result<Vec<u64>, _> = all.of(rule).collect();
            assert_eq!(read.expect("read"), expected);
        }
        assert_eq!(all.rules().collect::<Vec<_>>(), ["another", "one"]);
        let json = serde_json::to_string(&all).expect("written");
        let again: Fingerprints = serde_json::from_str(&json).expect("read");
        assert_eq!(serde_json::to_string(&again).expect("written"), json);
        assert!(serde_json::from_str::<Fingerprints>(r#"{"one":["xyz"]}"#).is_err());
    }
}
