//! Quotations that stand elsewhere in the same text in another wording.
//!
//! The Chinese characters of each quotation are looked for in all paragraphs by groups of three,
//! whatever marks stand between them. Where enough of them in a row agree, the rest is aligned;
//! what is left over in the middle are the differences. Whether one of them is an error is asked of
//! [`rewording`](super::rewording).

use std::ops::Range;

use memchr::memmem;

use crate::text::{Hunk, cover, is_han, is_numeral};

/// Characters of a quotation that is looked for: shorter ones come near much by chance.
const SHORTEST: usize = 6;
/// Longer ones are rare, and mostly lack a mark.
const LONGEST: usize = 80;
/// A quotation of so many characters may differ in two places.
const LONG: usize = 16;
/// Quotations that share three characters and are looked for there.
const ALIKE: usize = 4;
/// A quotation with more differing places is a formula with an empty slot.
const MANY: usize = 12;
/// Characters that must agree on either side of a difference.
const LEAST_AGREED: usize = 2;
/// Bits of the filter that says at which characters to look closer: 8 KB.
const FILTER_BITS: u32 = 16;

/// A place where a quotation and the same passage elsewhere differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What stands in the quotation, in bytes of the text; nothing where a character is missing.
    pub quoted: Range<usize>,
    /// What stands in the other place.
    pub other: Range<usize>,
    /// Characters of the quotation.
    pub length: usize,
    /// How many of them come before the difference.
    pub before: usize,
    /// In how many places the two differ.
    pub places: usize,
    /// How many times the quotation stands elsewhere as it is.
    pub copies: usize,
    /// In how many places of the text something like the quotation stands that is not the same.
    pub variants: usize,
}

/// The quotations of a text, in the order of their beginnings.
#[derive(Debug, Default)]
struct Quotations {
    /// Their Chinese characters, and where each stands.
    characters: Vec<char>,
    offsets: Vec<usize>,
    quotations: Vec<Quotation>,
    /// Where three characters stand in the quotations, sorted by their hash.
    threes: Vec<Three>,
}

#[derive(Debug)]
struct Quotation {
    /// Of `characters`.
    range: Range<usize>,
    copies: usize,
    variants: usize,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Three {
    hash: u32,
    quotation: u32,
    /// The first of the three, from the beginning of the quotation.
    at: u32,
}

fn hash(three: [char; 3]) -> u32 {
    let mixed = three.iter().fold(0_u32, |hash, &c| {
        (hash ^ u32::from(c))
            .wrapping_mul(0x9e37_79b1)
            .rotate_left(7)
    });
    mixed.wrapping_mul(0x85eb_ca6b)
}

/// Where the quotations of a text stand elsewhere in it in another wording, in the order of the
/// text. Only the paragraphs given are read.
#[must_use]
pub fn differences(
    text: &str,
    paragraphs: impl Iterator<Item = Range<usize>> + Clone,
) -> Vec<Difference> {
    let mut quotations = Quotations::default();
    for paragraph in paragraphs.clone() {
        quotations.gather(text, paragraph);
    }
    if quotations.quotations.is_empty() {
        return Vec::new();
    }
    quotations.index();
    quotations.compare(text, paragraphs)
}

impl Quotations {
    fn gather(&mut self, text: &str, paragraph: Range<usize>) {
        let own = &text[paragraph.clone()];
        for (open, close) in [("“", "”"), ("「", "」")] {
            for at in memmem::find_iter(own.as_bytes(), open) {
                let start = at + open.len();
                // what holds another quotation, or never closes, is none of these
                let Some(end) = own[start..].find([
                    open.chars().next().unwrap_or_default(),
                    close.chars().next().unwrap_or_default(),
                ]) else {
                    continue;
                };
                if !own[start + end..].starts_with(close) {
                    continue;
                }
                let first = self.characters.len();
                for (offset, c) in own[start..start + end].char_indices() {
                    if is_han(c) {
                        self.characters.push(c);
                        self.offsets.push(paragraph.start + start + offset);
                    }
                }
                let length = self.characters.len() - first;
                if (SHORTEST..=LONGEST).contains(&length) {
                    self.quotations.push(Quotation {
                        range: first..first + length,
                        copies: 0,
                        variants: 0,
                    });
                } else {
                    self.characters.truncate(first);
                    self.offsets.truncate(first);
                }
            }
        }
    }

    fn index(&mut self) {
        for (number, quotation) in self.quotations.iter().enumerate() {
            let threes = self.characters[quotation.range.clone()].windows(3);
            self.threes
                .extend(threes.enumerate().map(|(at, three)| Three {
                    hash: hash([three[0], three[1], three[2]]),
                    quotation: number as u32,
                    at: at as u32,
                }));
        }
        self.threes.sort_unstable();
        let (mut last, mut alike) = (0, 0);
        self.threes.retain(|three| {
            alike = if three.hash == last { alike + 1 } else { 0 };
            last = three.hash;
            alike < ALIKE
        });
    }

    fn compare(
        mut self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>>,
    ) -> Vec<Difference> {
        let mut filter = vec![0_u64; 1 << (FILTER_BITS - 6)];
        let bit = |hash: u32| {
            let bit = hash >> (32 - FILTER_BITS);
            ((bit / 64) as usize, 1_u64 << (bit % 64))
        };
        for three in &self.threes {
            let (word, mask) = bit(three.hash);
            filter[word] |= mask;
        }
        let mut found: Vec<(u32, Difference)> = Vec::new();
        let mut near = Near::default();
        for paragraph in paragraphs {
            // the last three characters and the one before, and where the last two stand
            let (mut before, mut first, mut second) = ('\0', '\0', '\0');
            let (mut first_at, mut second_at) = (0, 0);
            for (offset, third) in text[paragraph.clone()].char_indices() {
                if !is_han(third) {
                    continue;
                }
                let three = [first, second, third];
                let (led_by, start) = (before, first_at);
                (before, first, second) = (first, second, third);
                (first_at, second_at) = (second_at, offset);
                let hash = hash(three);
                let (word, mask) = bit(hash);
                if filter[word] & mask == 0 || three[0] == '\0' {
                    continue;
                }
                let from = self.threes.partition_point(|t| t.hash < hash);
                for index in from..self.threes.len() {
                    let Three {
                        hash: other,
                        quotation,
                        at,
                    } = self.threes[index];
                    if other != hash {
                        break;
                    }
                    let range = &self.quotations[quotation as usize].range;
                    // only where a run of characters that agree begins
                    let goes_on =
                        at > 0 && self.characters[range.start + at as usize - 1] == led_by;
                    if !goes_on {
                        near.place = paragraph.start + start;
                        self.lay(
                            text,
                            &paragraph,
                            quotation,
                            at as usize,
                            &mut near,
                            &mut found,
                        );
                    }
                }
            }
        }
        found.sort_unstable_by_key(|(q, d)| (d.quoted.start, d.other.start, *q));
        found.dedup_by(|a, b| a.1.quoted == b.1.quoted && a.1.other == b.1.other);
        let counted = found.into_iter().map(|(quotation, mut difference)| {
            let Quotation {
                copies, variants, ..
            } = self.quotations[quotation as usize];
            difference.copies = copies;
            difference.variants = variants;
            difference
        });
        counted.filter(|d| d.variants <= MANY).collect()
    }

    /// Lays a quotation over the text so that its characters from `at` on meet those from the place
    /// on.
    fn lay(
        &mut self,
        text: &str,
        paragraph: &Range<usize>,
        number: u32,
        at: usize,
        near: &mut Near,
        found: &mut Vec<(u32, Difference)>,
    ) {
        let quotation = &mut self.quotations[number as usize];
        let range = quotation.range.clone();
        let (characters, offsets) = (&self.characters[range.clone()], &self.offsets[range]);
        let (length, place) = (characters.len(), near.place);
        let end = offsets[length - 1];
        let is_itself = offsets[0] <= place && place <= end;
        if is_itself || quotation.variants > MANY {
            return;
        }
        let edits = if length < LONG { 1 } else { 2 };
        let run = text[place..paragraph.end].chars().filter(|&c| is_han(c));
        let run = run
            .zip(&characters[at..])
            .take_while(|(a, b)| a == *b)
            .count();
        if run == length {
            quotation.copies += 1;
            return;
        }
        // by the pigeonhole principle one of the runs between so few edits is that long
        if run < (length - edits).div_ceil(edits + 1) {
            return;
        }
        near.read(text, paragraph, length + edits);
        let Some(hunks) = near.align(characters, at, run, edits) else {
            return;
        };
        // at either end the quotation may just be longer or shorter
        let is_inside = |hunk: &Hunk| {
            let after = hunk.left_at + hunk.left;
            hunk.left_at >= LEAST_AGREED && after + LEAST_AGREED <= length
        };
        let places = hunks.len();
        let mut inside = hunks.into_iter().filter(is_inside).peekable();
        if inside.peek().is_none() {
            return;
        }
        quotation.variants += 1;
        for hunk in inside {
            let (Some(quoted), Some(other)) = (
                bytes(text, offsets, hunk.left_at, hunk.left),
                bytes(text, &near.offsets, hunk.right_at, hunk.right),
            ) else {
                continue;
            };
            // numbers are never corrected to other numbers
            let sides = [&quoted, &other].map(|side| &text[side.clone()]);
            let differ_in_number = sides.iter().any(|side| side.contains(is_numeral));
            let overlaps = other.start <= end && offsets[0] <= other.end;
            if overlaps || differ_in_number {
                continue;
            }
            let difference = Difference {
                quoted,
                other,
                length,
                before: hunk.left_at,
                places,
                copies: 0,
                variants: 0,
            };
            found.push((number, difference));
        }
    }
}

/// The characters around a place, in memory that is used again.
#[derive(Debug, Default)]
struct Near {
    place: usize,
    characters: Vec<char>,
    offsets: Vec<usize>,
    /// How many of them stand before the place.
    before: usize,
    reversed: [Vec<char>; 2],
}

impl Near {
    /// Reads so many Chinese characters on either side of the place.
    fn read(&mut self, text: &str, paragraph: &Range<usize>, characters: usize) {
        let before = text[paragraph.start..self.place].char_indices().rev();
        let before = before.filter(|&(_, c)| is_han(c)).take(characters);
        self.characters.clear();
        self.offsets.clear();
        for (at, c) in before {
            self.characters.push(c);
            self.offsets.push(paragraph.start + at);
        }
        self.characters.reverse();
        self.offsets.reverse();
        self.before = self.characters.len();
        let after = text[self.place..paragraph.end].char_indices();
        for (at, c) in after.filter(|&(_, c)| is_han(c)).take(characters) {
            self.characters.push(c);
            self.offsets.push(self.place + at);
        }
    }

    /// Where a quotation, of which `run` characters from `at` on stand at the place, differs from
    /// what stands around it: on the left its own places, on the right those of what was read.
    /// `None` if there are more edits than allowed.
    fn align(
        &mut self,
        quotation: &[char],
        at: usize,
        run: usize,
        edits: usize,
    ) -> Option<Vec<Hunk>> {
        // another character is one insertion and one deletion
        let limit = 2 * edits;
        let [left, right] = &mut self.reversed;
        left.clear();
        left.extend(quotation[..at].iter().rev());
        right.clear();
        right.extend(self.characters[..self.before].iter().rev());
        let before = cover(left, right, limit)?;
        let from = self.before + run;
        let after = cover(&quotation[at + run..], self.characters.get(from..)?, limit)?;
        let before = before.hunks.into_iter().rev().map(|hunk| Hunk {
            left_at: at - hunk.left_at - hunk.left,
            right_at: self.before - hunk.right_at - hunk.right,
            ..hunk
        });
        let after = after.hunks.into_iter().map(|hunk| Hunk {
            left_at: at + run + hunk.left_at,
            right_at: from + hunk.right_at,
            ..hunk
        });
        let hunks: Vec<Hunk> = before.chain(after).collect();
        let needed: usize = hunks.iter().map(|h| h.left.max(h.right)).sum();
        (needed <= edits).then_some(hunks)
    }
}

/// The bytes of some characters, if nothing else stands between them and their neighbours.
fn bytes(text: &str, offsets: &[usize], at: usize, length: usize) -> Option<Range<usize>> {
    let before = *offsets.get(at.checked_sub(1)?)?;
    let start = before + text[before..].chars().next()?.len_utf8();
    let mut end = start;
    for &offset in offsets.get(at..at + length)? {
        if offset != end {
            return None;
        }
        end += text[offset..].chars().next()?.len_utf8();
    }
    (*offsets.get(at + length)? == end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differing(text: &str) -> Vec<(&str, &str)> {
        let paragraphs = text.split('\n').map(|p| {
            let start = p.as_ptr() as usize - text.as_ptr() as usize;
            start..start + p.len()
        });
        let found = differences(text, paragraphs);
        let found = found.into_iter();
        found.map(|d| (&text[d.quoted], &text[d.other])).collect()
    }

    #[test]
    fn another_character_one_less_and_one_more() {
        let text = "他说“没有水分的生长才是好的”。\n会上要求，没有水分的增长，才是好的。";
        assert_eq!(differing(text), [("生", "增")]);
        let text = "他说“没有水分的长才是好的”。\n会上要求，没有水分的增长，才是好的。";
        assert_eq!(differing(text), [("", "增")]);
        let text = "他说“没有水分的的增长才是好的”。\n会上要求，没有水分的增长，才是好的。";
        assert_eq!(differing(text), [("的", "")]);
    }

    #[test]
    fn two_places_in_a_long_one() {
        let text = "“让每一条河流都有人巡有人记有人管有人问”。\n让每一条河流都有人巡，有人计有人管，有人闻。好不好";
        assert_eq!(differing(text), [("记", "计")], "the last is an end");
        let text = "“让每一条何流都有人巡有人记有人管有人问”。\n让每一条河流都有人巡，有人计有人管，有人问。好不好";
        assert_eq!(differing(text), [("何", "河"), ("记", "计")]);
    }

    #[test]
    fn numbers_ends_and_copies_are_no_differences() {
        assert!(differing("“增加投入三百万元”。增加投入五百万元。").is_empty());
        assert!(differing("“推动绿色发展”。推动绿色生产。").is_empty());
        assert!(differing("“推动绿色发展”。推动绿色发展。").is_empty());
        assert!(differing("“推动绿色发展的人。推动红色发展的事。").is_empty());
    }

    #[test]
    fn copies_and_variants_are_counted() {
        let text = "“守住一方水土”。守住一方水土！守住一片水土。守住两方水土。";
        let paragraph = std::iter::once(0..text.len());
        let found = differences(text, paragraph);
        assert_eq!(found.len(), 1, "a numeral stands for another");
        assert_eq!((found[0].copies, found[0].variants), (1, 2));
    }

    #[test]
    fn very_many_quotations_take_no_longer_each() {
        let mut text = String::new();
        for _ in 0..3000 {
            text.push_str("“守住一方水土守住一方水土”，守住一片水土守住一方水土。\n");
        }
        let paragraph = std::iter::once(0..text.len());
        assert!(differences(&text, paragraph).is_empty());
    }
}
