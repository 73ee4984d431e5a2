//! Set phrases and idioms, and where a text comes near one without being it.
//!
//! Whatever happens to one character of a phrase of four (another one, none, one more, its
//! neighbour), its first two characters or its last two stay side by side; where the two in the
//! middle are exchanged, every other one of its characters is. So two sorted tables, by the first
//! and by the last two, find every near miss; a bitmap before each keeps most places of a text from
//! being looked up at all. Phrases are kept as code points, so that the part does not
//! depend on the numbering of a model.

use super::packed::{U16s, U32s, join, sections};

pub(crate) const PART: &str = "phrases";
pub(crate) const VERSION: u32 = 1;

/// Characters of a phrase.
pub const LENGTH: usize = 4;
/// Bytes of a bitmap.
const MAP: usize = 1 << 13;
/// Bits of a usage entry that hold the number of documents.
const DOCUMENTS: u32 = 0x3f;
/// Steps per nat of a phrase's frequency.
const STEP: f32 = 16.0;

/// The set phrases of a model. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Phrases<'a> {
    /// Four code points a phrase, sorted.
    phrases: U16s<'a>,
    frequency: &'a [u8],
    /// The numbers of the phrases, sorted by their last two characters.
    by_tail: U16s<'a>,
    heads: &'a [u8],
    tails: &'a [u8],
    usage: U32s<'a>,
}

/// What happened to a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// Another character stands at a place.
    Other,
    /// The character at a place is missing.
    Dropped,
    /// A character too many stands before the character of a place.
    Extra,
    /// The characters at a place and after it stand the wrong way round.
    Swapped,
}

/// A near miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// Where it begins, in characters of the run.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The number of the phrase.
    pub phrase: usize,
    /// What happened to it.
    pub slip: Slip,
    /// To which of its characters.
    pub place: usize,
}

/// What a scan tells.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    /// A phrase as it should be: where it begins, and its number.
    Whole(usize, usize),
    /// A near miss.
    Near(Near),
}

impl<'a> Phrases<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [phrases, frequency, by_tail, heads, tails, usage] = sections(body)?;
        let table = Self {
            phrases: U16s(phrases),
            frequency,
            by_tail: U16s(by_tail),
            heads,
            tails,
            usage: U32s(usage),
        };
        let whole = phrases.len() == table.len() * LENGTH * 2
            && by_tail.len() == table.len() * 2
            && heads.len() == MAP
            && tails.len() == MAP;
        whole.then_some(table)
    }

    /// How many phrases there are.
    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    #[must_use]
    pub fn len(self) -> usize {
        self.frequency.len()
    }

    /// The characters of a phrase, as code points.
    #[inline]
    #[must_use]
    pub fn phrase(self, number: usize) -> [u16; LENGTH] {
        std::array::from_fn(|i| self.phrases.get(number * LENGTH + i))
    }

    /// A phrase as text.
    #[must_use]
    pub fn text(self, number: usize) -> String {
        let code_points = self.phrase(number);
        char::decode_utf16(code_points).flatten().collect()
    }

    /// How usual a phrase is: ln of its count in the training text, and a bit more.
    #[must_use]
    pub fn frequency(self, number: usize) -> f32 {
        self.frequency
            .get(number)
            .map_or(0.0, |&byte| f32::from(byte) / STEP)
    }

    /// In how many documents of the training text a near miss stands, 63 at most. What many write
    /// is usage, or a name, or other words that meet; 0 also for what only one wrote.
    #[must_use]
    pub fn documents(self, characters: &[u16]) -> u32 {
        let key = usage_key(characters);
        let at = partition(self.usage.len(), |at| self.usage.get(at) < key);
        let entry = self.usage.get(at);
        if entry & !DOCUMENTS == key {
            entry & DOCUMENTS
        } else {
            0
        }
    }

    /// The phrases whose first two characters these are.
    fn with_head(self, head: u32) -> impl Iterator<Item = usize> + use<'a> {
        let of = move |number: usize| pair(self.phrases, number * LENGTH);
        let first = partition(self.len(), |n| of(n) < head);
        (first..self.len()).take_while(move |&n| of(n) == head)
    }

    /// The places in the table by tails of those whose last two characters these are.
    fn with_tail(self, tail: u32) -> impl Iterator<Item = usize> + use<'a> {
        let of = move |at: usize| {
            pair(
                self.phrases,
                usize::from(self.by_tail.get(at)) * LENGTH + LENGTH - 2,
            )
        };
        let first = partition(self.len(), |at| of(at) < tail);
        (first..self.len())
            .take_while(move |&at| of(at) == tail)
            .map(move |at| usize::from(self.by_tail.get(at)))
    }

    /// Goes through a run of characters and tells the phrases and near misses, in no strict order.
    pub fn scan(self, run: &[u16], seen: &mut impl FnMut(Seen)) {
        let (Some(heads), Some(tails)) = (
            self.heads.first_chunk::<MAP>(),
            self.tails.first_chunk::<MAP>(),
        ) else {
            return;
        };
        let two = |a: usize, b: usize| u32::from(run[a]) << 16 | u32::from(run[b]);
        let is_in = |map: &[u8; MAP], two: u32| {
            let slot = slot(two);
            map[slot / 8] & 1 << (slot % 8) != 0
        };
        for at in 0..run.len().saturating_sub(1) {
            let here = two(at, at + 1);
            if is_in(heads, here) {
                self.after_head(run, at, here, seen);
            }
            if at > 0 && is_in(tails, here) {
                self.before_tail(run, at, here, seen);
            }
            if at + 3 < run.len() {
                let (head, tail) = (two(at, at + 2), two(at + 1, at + 3));
                if is_in(heads, head) && is_in(tails, tail) {
                    self.exchanged(at, head, tail, seen);
                }
            }
        }
    }

    /// The phrase whose two characters in the middle stand the wrong way round at `at`.
    fn exchanged(self, at: usize, head: u32, tail: u32, seen: &mut impl FnMut(Seen)) {
        let tail_of = |number: usize| pair(self.phrases, number * LENGTH + LENGTH - 2);
        // where the two are alike, the phrase stands there as it should
        let mut of_head = self.with_head(head).filter(|_| head & 0xffff != tail >> 16);
        if let Some(phrase) = of_head.find(|&number| tail_of(number) == tail) {
            seen(Seen::Near(Near {
                start: at,
                end: at + LENGTH,
                phrase,
                slip: Slip::Swapped,
                place: 1,
            }));
        }
    }

    /// Phrases whose first two characters stand at `at`.
    fn after_head(self, run: &[u16], at: usize, two: u32, seen: &mut impl FnMut(Seen)) {
        let get = |i: usize| run.get(at + i).copied();
        for phrase in self.with_head(two) {
            let [_, _, c, d] = self.phrase(phrase).map(Some);
            let (third, fourth) = (get(2), get(3));
            let mut near = |length: usize, slip, place| {
                seen(Seen::Near(Near {
                    start: at,
                    end: at + length,
                    phrase,
                    slip,
                    place,
                }));
            };
            if third == c && fourth == d {
                seen(Seen::Whole(at, phrase));
                continue;
            }
            if third == c {
                near(3, Slip::Dropped, 3);
                if fourth.is_some() {
                    near(4, Slip::Other, 3);
                }
                if get(4) == d {
                    near(5, Slip::Extra, 3);
                }
            } else if fourth == d {
                near(4, Slip::Other, 2);
            }
            if third == d {
                near(3, Slip::Dropped, 2);
                if fourth == c {
                    near(4, Slip::Swapped, 2);
                }
            }
            if third != c && fourth == c && get(4) == d {
                near(5, Slip::Extra, 2);
            }
        }
    }

    /// Phrases whose last two characters stand at `at`.
    fn before_tail(self, run: &[u16], at: usize, two: u32, seen: &mut impl FnMut(Seen)) {
        let get = |back: usize| at.checked_sub(back).map(|i| run[i]);
        for phrase in self.with_tail(two) {
            let [a, b, ..] = self.phrase(phrase).map(Some);
            let (second, first) = (get(1), get(2));
            let mut near = |before: usize, slip, place| {
                seen(Seen::Near(Near {
                    start: at - before,
                    end: at + 2,
                    phrase,
                    slip,
                    place,
                }));
            };
            if second == b && first == a {
                continue;
            }
            if second == b {
                near(1, Slip::Dropped, 0);
                if first.is_some() {
                    near(2, Slip::Other, 0);
                }
                if get(3) == a {
                    near(3, Slip::Extra, 1);
                }
            } else if first == a {
                near(2, Slip::Other, 1);
            }
            if second == a {
                near(1, Slip::Dropped, 1);
                if first == b {
                    near(2, Slip::Swapped, 0);
                }
            }
        }
    }
}

#[inline]
fn pair(table: U16s<'_>, at: usize) -> u32 {
    u32::from(table.get(at)) << 16 | u32::from(table.get(at + 1))
}

/// The number of entries before the first that is not `before`.
fn partition(length: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = usize::midpoint(low, high);
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[inline]
fn slot(two: u32) -> usize {
    (two.wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// What stands for a near miss in the table of usage, with room for its number of documents.
fn usage_key(characters: &[u16]) -> u32 {
    let hash = characters.iter().fold(0x811c_9dc5_u64, |hash, &character| {
        (hash ^ u64::from(character))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    });
    (hash as u32) & !DOCUMENTS
}

/// What the part is made from.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// The phrases with their counts.
    pub(crate) phrases: Vec<([u16; LENGTH], u32)>,
    /// Near misses with the number of documents that hold them.
    pub(crate) usage: Vec<(Vec<u16>, u32)>,
}

impl Sources {
    /// Lays the part out.
    pub(crate) fn encode(mut self) -> Vec<u8> {
        self.phrases.sort_unstable();
        self.phrases.dedup_by_key(|p| p.0);
        self.phrases.truncate(usize::from(u16::MAX));
        let mut by_tail: Vec<u16> = (0..self.phrases.len() as u16).collect();
        let tail = |&n: &u16| {
            let phrase = self.phrases[usize::from(n)].0;
            (phrase[2], phrase[3], n)
        };
        by_tail.sort_unstable_by_key(tail);
        let (mut heads, mut tails) = (vec![0_u8; MAP], vec![0_u8; MAP]);
        for ([a, b, c, d], _) in &self.phrases {
            for (map, x, y) in [(&mut heads, a, b), (&mut tails, c, d)] {
                let slot = slot(u32::from(*x) << 16 | u32::from(*y));
                map[slot / 8] |= 1 << (slot % 8);
            }
        }
        let mut usage: Vec<u32> = self
            .usage
            .iter()
            .map(|(characters, documents)| usage_key(characters) | (*documents).min(DOCUMENTS))
            .collect();
        usage.sort_unstable();
        let words = |numbers: &mut dyn Iterator<Item = u16>| {
            numbers.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
        };
        let frequency: Vec<u8> = self
            .phrases
            .iter()
            .map(|&(_, count)| ((count as f32 + 1.0).ln() * STEP).min(255.0) as u8)
            .collect();
        join([
            &words(&mut self.phrases.iter().flat_map(|p| p.0)),
            &frequency,
            &words(&mut by_tail.iter().copied()),
            &heads,
            &tails,
            &usage
                .iter()
                .flat_map(|entry| entry.to_le_bytes())
                .collect::<Vec<u8>>(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn found(text: &str) -> Vec<(String, Slip, usize)> {
        let phrases = ["实事求是", "一心一意", "实至名归"];
        let sources = Sources {
            phrases: phrases
                .map(|p| (std::array::from_fn(|i| code(p)[i]), 9))
                .to_vec(),
            usage: vec![(code("实心实意"), 7)],
        };
        let body = sources.encode();
        let table = Phrases::parse(&body).expect("just encoded");
        assert_eq!(table.documents(&code("实心实意")), 7);
        assert_eq!(table.documents(&code("实事求实")), 0);
        let run = code(text);
        let mut list = Vec::new();
        table.scan(&run, &mut |seen| {
            if let Seen::Near(near) = seen {
                let text = String::from_utf16_lossy(&run[near.start..near.end]);
                list.push((text, near.slip, near.place));
            }
        });
        list
    }

    #[test]
    fn each_slip_is_found() {
        let near = |text: &str, slip, place| (text.to_owned(), slip, place);
        assert_eq!(found("要实事求是地说"), []);
        assert_eq!(
            found("要时事求是地说"),
            [
                near("事求是", Slip::Dropped, 0),
                near("时事求是", Slip::Other, 0)
            ]
        );
        assert_eq!(found("一心二意"), [near("一心二意", Slip::Other, 2)]);
        assert_eq!(found("实求是"), [near("实求是", Slip::Dropped, 1)]);
        assert_eq!(found("实求事是"), [near("实求事是", Slip::Swapped, 1)]);
        assert_eq!(found("实至的名归"), [near("实至的名归", Slip::Extra, 2)]);
        assert_eq!(
            found("一心意一"),
            [
                near("一心意", Slip::Dropped, 2),
                near("一心意一", Slip::Swapped, 2)
            ]
        );
    }

    #[test]
    fn damaged_parts_are_refused_or_harmless() {
        let body = Sources {
            phrases: vec![([1, 2, 3, 4], 1)],
            usage: Vec::new(),
        }
        .encode();
        assert!(Phrases::parse(&body[..body.len() - 1]).is_none());
        assert!(Phrases::parse(&[]).is_none());
    }
}
