//! Portions of a document whose error rates are estimated apart: a bad page says nothing of a clean
//! chapter bound with it, and what is appended to a text does not change what is found in it.

use std::ops::Range;

/// Characters from which on a new portion begins with the next paragraph.
const LONG: usize = 10_000;

/// The portions read so far.
#[derive(Debug, Default)]
pub(super) struct Portions {
    /// For each portion, how many findings came before it and how many characters it has.
    portions: Vec<(usize, usize)>,
}

impl Portions {
    /// Adds a paragraph that comes after so many findings; `apart` if it belongs to another kind of
    /// text than the one before.
    pub(super) fn add(&mut self, findings: usize, characters: usize, apart: bool) {
        match self.portions.last_mut() {
            Some((_, length)) if !apart && *length < LONG => *length += characters,
            _ => self.portions.push((findings, characters)),
        }
    }

    /// The number of the portion that is being read.
    pub(super) fn last(&self) -> usize {
        self.portions.len().saturating_sub(1)
    }

    /// Which findings each portion holds, of so many, and its characters.
    pub(super) fn each(&self, findings: usize) -> impl Iterator<Item = (Range<usize>, usize)> + '_ {
        let ends = self.portions.iter().skip(1).map(|(first, _)| *first);
        let ends = ends.chain(std::iter::once(findings));
        self.portions
            .iter()
            .zip(ends)
            .map(|((first, characters), end)| (*first..end, *characters))
    }
}

/// What was found, portion by portion.
#[derive(Debug)]
pub(crate) struct Portioned<T> {
    items: Vec<T>,
    /// Where each portion ends among the items, and whether it has so many errors that it should be
    /// read closely.
    portions: Vec<(usize, bool)>,
}

impl<T> Default for Portioned<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            portions: Vec::new(),
        }
    }
}

impl<T> Portioned<T> {
    /// Adds what was found in the next portion.
    pub(super) fn push(&mut self, found: impl Iterator<Item = T>, dirty: bool) {
        self.items.extend(found);
        self.portions.push((self.items.len(), dirty));
    }

    /// Whether any portion should be read closely.
    pub(super) fn dirty(&self) -> bool {
        self.portions.iter().any(|(_, dirty)| *dirty)
    }

    /// For each portion whether it should be.
    pub(super) fn each_dirty(&self) -> Vec<bool> {
        self.portions.iter().map(|(_, dirty)| *dirty).collect()
    }

    /// What was found in all of them.
    pub(super) fn into_items(self) -> Vec<T> {
        self.items
    }

    /// With what a close reading of the same text found, where that was called for.
    pub(super) fn read_closely(self, close: Self) -> Vec<T> {
        let (mut quick, mut close_items) = (self.items.into_iter(), close.items.into_iter());
        let (mut before, mut close_before) = (0, 0);
        let mut found = Vec::new();
        for ((end, dirty), (close_end, _)) in self.portions.into_iter().zip(close.portions) {
            let own = quick.by_ref().take(end - before);
            let other = close_items.by_ref().take(close_end - close_before);
            if dirty {
                own.for_each(drop);
                found.extend(other);
            } else {
                other.for_each(drop);
                found.extend(own);
            }
            (before, close_before) = (end, close_end);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_ends_with_its_kind_of_text_or_when_it_is_long() {
        let mut portions = Portions::default();
        portions.add(0, 400, true);
        portions.add(2, LONG, false);
        portions.add(3, 50, false);
        portions.add(3, 50, true);
        let each: Vec<_> = portions.each(5).collect();
        assert_eq!(each, [(0..3, 400 + LONG), (3..3, 50), (3..5, 50)]);
    }

    #[test]
    fn only_what_is_dirty_is_read_closely() {
        let found = |items: [&[u8]; 2], dirty: [bool; 2]| {
            let mut portioned = Portioned::default();
            portioned.push(items[0].iter().copied(), dirty[0]);
            portioned.push(items[1].iter().copied(), dirty[1]);
            portioned
        };
        let quick = found([&[1, 2], &[3]], [false, true]);
        assert!(quick.dirty());
        let close = found([&[4, 5, 6], &[7, 8]], [true, true]);
        assert_eq!(quick.read_closely(close), [1, 2, 7, 8]);
    }
}
