//! Counting trigrams by sorting, a range of first characters at a time, so that memory stays
//! bounded however long the text is.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use super::corpus::Text;
use crate::model::characters::{BOUNDARY, CharId};

/// Trigrams that are sorted at a time, per thread: 8 bytes each.
const AT_ONCE: u64 = 24_000_000;

/// A trigram and how often it occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trigram {
    pub(crate) a: CharId,
    pub(crate) b: CharId,
    pub(crate) c: CharId,
    pub(crate) count: u32,
}

/// What follows two characters: how much in all, and how many different characters once, twice,
/// more often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Followers {
    pub(crate) a: CharId,
    pub(crate) b: CharId,
    pub(crate) total: u32,
    pub(crate) kinds: [u32; 3],
}

/// The counts that a Kneser–Ney trigram model is estimated from.
#[derive(Debug)]
pub(crate) struct Counts {
    /// How many characters are numbered.
    pub(crate) characters: usize,
    /// Trigrams seen often enough, in order.
    pub(crate) trigrams: Vec<Trigram>,
    /// The contexts of those, in order, counted over all trigrams.
    pub(crate) followers: Vec<Followers>,
    /// How many trigrams occur once, twice, three times, four times.
    pub(crate) of_trigrams: [u64; 4],
    /// For each pair of characters, how many different ones it is seen after; at the start of a
    /// paragraph, how often it is seen.
    pub(crate) before_pair: Vec<u32>,
    /// How often each character occurs.
    pub(crate) frequency: Vec<u64>,
}

/// Calls `visit` with every trigram of the text in turn. A paragraph begins after two boundaries
/// and ends with one.
fn each_trigram(text: &Text, mut visit: impl FnMut(CharId, CharId, CharId)) {
    let (mut a, mut b) = (BOUNDARY, BOUNDARY);
    for &c in &text.codes {
        visit(a, b, c);
        (a, b) = if c == BOUNDARY {
            (BOUNDARY, BOUNDARY)
        } else {
            (b, c)
        };
    }
}

/// Counts a numbered text. Trigrams seen less than `least` times count for the statistics only.
pub(crate) fn count(text: &Text, characters: usize, least: u32, threads: usize) -> Counts {
    let mut frequency = vec![0; characters];
    let mut firsts = vec![0; characters];
    each_trigram(text, |a, _, c| {
        firsts[usize::from(a)] += 1;
        frequency[usize::from(c)] += 1;
    });
    let ranges = split(&firsts);
    let before_pair: Vec<AtomicU32> = (0..characters * characters)
        .map(|_| AtomicU32::new(0))
        .collect();
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Part>> = ranges.iter().map(|_| Mutex::default()).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, ranges.len().max(1)) {
            scope.spawn(|| {
                while let Some(range) = ranges.get(next.fetch_add(1, Ordering::Relaxed)).cloned() {
                    let at = ranges
                        .iter()
                        .position(|other| *other == range)
                        .unwrap_or_default();
                    let part = count_range(text, range, characters, least, &before_pair);
                    *done[at]
                        .lock()
                        .expect("no thread panics while it holds this") = part;
                }
            });
        }
    });
    let mut counts = Counts {
        characters,
        trigrams: Vec::new(),
        followers: Vec::new(),
        of_trigrams: [0; 4],
        before_pair: before_pair.into_iter().map(AtomicU32::into_inner).collect(),
        frequency,
    };
    for part in done {
        let part = part
            .into_inner()
            .expect("no thread panics while it holds this");
        counts.trigrams.extend(part.trigrams);
        counts.followers.extend(part.followers);
        for (sum, more) in counts.of_trigrams.iter_mut().zip(part.of_trigrams) {
            *sum += more;
        }
    }
    counts
}

/// Ranges of first characters with about [`AT_ONCE`] trigrams each.
fn split(firsts: &[u64]) -> Vec<Range<CharId>> {
    let mut ranges = Vec::new();
    let (mut start, mut sum) = (0, 0);
    for (at, &count) in firsts.iter().enumerate() {
        if sum + count > AT_ONCE && sum > 0 {
            ranges.push(start..at as CharId);
            (start, sum) = (at as CharId, 0);
        }
        sum += count;
    }
    ranges.push(start..firsts.len() as CharId);
    ranges
}

#[derive(Debug, Default)]
struct Part {
    trigrams: Vec<Trigram>,
    followers: Vec<Followers>,
    of_trigrams: [u64; 4],
}

fn count_range(
    text: &Text,
    range: Range<CharId>,
    characters: usize,
    least: u32,
    before_pair: &[AtomicU32],
) -> Part {
    let mut keys: Vec<u64> = Vec::new();
    each_trigram(text, |a, b, c| {
        if range.contains(&a) {
            keys.push(u64::from(a) << 32 | u64::from(b) << 16 | u64::from(c));
        }
    });
    keys.sort_unstable();
    let mut part = Part::default();
    for context in keys.chunk_by(|one, other| one >> 16 == other >> 16) {
        let (a, b) = ((context[0] >> 32) as CharId, (context[0] >> 16) as CharId);
        let mut followers = Followers {
            a,
            b,
            total: context.len() as u32,
            kinds: [0; 3],
        };
        let kept_before = part.trigrams.len();
        for run in context.chunk_by(|one, other| one == other) {
            let (c, count) = (run[0] as CharId, run.len() as u32);
            if let Some(sum) = part.of_trigrams.get_mut(run.len() - 1) {
                *sum += 1;
            }
            followers.kinds[run.len().min(3) - 1] += 1;
            // before the first character there is always the same: there the plain count tells more
            let weight = if b == BOUNDARY { count } else { 1 };
            before_pair[usize::from(b) * characters + usize::from(c)]
                .fetch_add(weight, Ordering::Relaxed);
            if count >= least {
                part.trigrams.push(Trigram { a, b, c, count });
            }
        }
        if part.trigrams.len() > kept_before {
            part.followers.push(followers);
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_trigrams_and_what_stands_before_pairs() {
        let (x, y, end) = (5, 6, BOUNDARY);
        let text = Text {
            codes: vec![x, y, x, y, end, y, x, y, end],
        };
        let counts = count(&text, 7, 2, 2);
        let trigram = |a, b, c, count| Trigram { a, b, c, count };
        assert_eq!(
            counts.trigrams,
            [trigram(x, y, end, 2), trigram(y, x, y, 2)]
        );
        assert_eq!(
            counts.followers[0],
            Followers {
                a: x,
                b: y,
                total: 3,
                kinds: [1, 1, 0]
            }
        );
        assert_eq!(counts.of_trigrams, [5, 2, 0, 0]);
        let before = |b: u16, c: u16| counts.before_pair[usize::from(b) * 7 + usize::from(c)];
        assert_eq!(
            [before(end, x), before(end, y), before(x, y), before(y, x)],
            [1, 1, 2, 2]
        );
        assert_eq!(counts.frequency, [0, 2, 0, 0, 0, 3, 4]);
    }
}
