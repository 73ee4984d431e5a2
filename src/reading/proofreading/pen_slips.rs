//! Slips of the pen: a character in the place of another that sounds like it and is as common, so
//! that both make words (再 for 在, 哪 for 那).
//!
//! What stands around such a character says which of the two was meant. For each pair a logistic
//! regression over the neighbouring characters, singly and together, was fitted on clean text
//! (after Golding and Roth, *A Winnow-based approach to context-sensitive spelling correction*,
//! 1999); small trees weigh what it says beside the language model and the other places of the
//! document, for who writes 哪 for 那 does so again. `train::pen_slips` fits both.

use std::collections::BTreeMap;

use super::context::{at, cut};
use super::scored_paragraph::Passage;
use crate::model::Model;
use crate::model::characters::{CharId, Characters};
use crate::model::forest::Forest;
use crate::model::reader::Reader;
use crate::reading::evidence::evidence;

/// The part that holds the trees.
pub(crate) const PART: &str = "pen-slip";
/// The part that holds what stands around the characters of each pair.
pub(crate) const CONTEXTS: &str = "contexts";
pub(crate) const VERSION: u32 = 1;

evidence! {
    /// Why a character may be a slip of the pen.
    pub(crate) struct PenSlip {
        context = "context": "how much more what stands around it belongs to the other character, in nats", "上下文更属于另一字的程度（奈特）";
        gain = "gain": "how much likelier the text is with the other character, in nats", "改后通顺多少（奈特）";
        cut_gain = "cut-gain": "how much better the text is cut into words with the other character, in nats", "改后切分成词好多少（奈特）";
        word = "word": "characters of the longest word that holds it", "含此字的最长词的字数";
        other_word = "other-word": "characters of the longest word with the other character", "改后含此字的最长词的字数";
        frequency = "frequency": "how much more common the other character is, in nats", "另一字更常用的程度（奈特）";
        surroundings = "surroundings": "how usual the text around it is, in nats", "周围文字的通顺程度（奈特）";
        others = "others": "in how many other words of the document the same slip shows: between how many other characters", "文中另有几个词像同样的错：前后另有几个不同的字";
        recurs = "recurs": "how often the same character speaks for the same slip beside the same one: a name or a way of writing", "同样的前字或后字旁同样的情形另有几处：多是人名或用字习惯";
        share = "share": "the share of the places of this character that speak for the slip", "此字各处中像是写错的比例";
    }
}

/// The least that the context must say for the other character, in nats, for a place to be weighed.
const GATE: f32 = 1.0;
/// What is less probable is not told: the context alone is a weaker witness than what other pieces
/// of evidence add up to.
pub(crate) const LEAST: f32 = 0.5;
/// Where a character and the two after it are together likelier than this, in ln P, nothing is
/// asked: no other character could make the text much likelier.
const SMOOTH: f32 = -14.0;
/// Characters on either side that are cut into words.
const AROUND: usize = 7;

/// A pair of characters in the table: which they are, and how much more common the second is where
/// they are meant.
const PAIR: usize = 12;
/// What a weight is multiplied with in the table.
pub(crate) const SCALE: f32 = 16.0;

/// The pieces stand in so many buckets by their first bits.
const BUCKETS: usize = 1 << 14;

fn bucket(piece: u32) -> usize {
    (piece >> 18) as usize
}

/// How many pieces of context are asked.
pub(crate) const PIECES: usize = 9;

/// What stands around a character: the neighbours singly and together, each as a number that
/// differs by the pair. It is made from the characters and not from their numbers, which every
/// model deals out anew.
pub(crate) fn pieces(
    pair: usize,
    characters: Characters<'_>,
    ids: &[CharId],
    position: usize,
) -> [u32; PIECES] {
    let near = |by| {
        let id = at(ids, position, by);
        let character = characters.character(id).map(u32::from);
        // the classes of what is no character of its own are the same in all models
        u64::from(character.unwrap_or(u32::from(id)) & 0xffff)
    };
    let [l3, l2, l1, r1, r2, r3] = [-3, -2, -1, 1, 2, 3].map(near);
    let none = 0xffff;
    let piece = |kind: u64, a: u64, b: u64, c: u64| {
        let key = ((a << 16 | b) << 16 | c) ^ (pair as u64) << 50 ^ kind << 60;
        // multiplicative hashing (Knuth, volume 3, 6.4)
        let mixed = (key ^ key >> 31).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) as u32
    };
    [
        piece(1, l1, none, none),
        piece(2, r1, none, none),
        piece(3, l2, l1, none),
        piece(4, r1, r2, none),
        piece(5, l1, r1, none),
        piece(6, l3, l2, l1),
        piece(7, r1, r2, r3),
        piece(8, l2, none, none),
        piece(9, r2, none, none),
    ]
}

/// What the table of contexts is written from: for each pair the two characters, the bias towards
/// the second, and the weights of pieces.
pub(crate) fn encode(pairs: &[([char; 2], f32)], weights: &BTreeMap<u32, i8>) -> Vec<u8> {
    let mut table = (pairs.len() as u32).to_le_bytes().to_vec();
    for ([one, other], bias) in pairs {
        table.extend((*one as u32).to_le_bytes());
        table.extend((*other as u32).to_le_bytes());
        table.extend(bias.to_le_bytes());
    }
    let mut starts = vec![0_u32; BUCKETS + 1];
    for key in weights.keys() {
        starts[bucket(*key) + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    table.extend(starts.iter().flat_map(|start| start.to_le_bytes()));
    table.extend((weights.len() as u32).to_le_bytes());
    table.extend(weights.keys().flat_map(|key| key.to_le_bytes()));
    table.extend(weights.values().map(|weight| *weight as u8));
    table
}

/// The contexts of a model.
#[derive(Clone, Copy, Debug)]
struct Contexts<'m> {
    pairs: &'m [[u8; PAIR]],
    /// Where the keys of each bucket begin.
    starts: &'m [[u8; 4]],
    keys: &'m [[u8; 4]],
    weights: &'m [u8],
}

impl<'m> Contexts<'m> {
    fn read(table: &'m [u8]) -> Option<Self> {
        let counted = |bytes: &'m [u8], width: usize| {
            let (count, rest) = bytes.split_first_chunk::<4>()?;
            rest.split_at_checked((u32::from_le_bytes(*count) as usize).checked_mul(width)?)
        };
        let (pairs, rest) = counted(table, PAIR)?;
        let (starts, rest) = rest.split_at_checked((BUCKETS + 1) * 4)?;
        let (keys, weights) = counted(rest, 4)?;
        Some(Self {
            pairs: pairs.as_chunks().0,
            starts: starts.as_chunks().0,
            keys: keys.as_chunks().0,
            weights,
        })
    }

    /// What a piece of context says for the second character of its pair.
    #[inline]
    fn weight(&self, piece: u32) -> f32 {
        let bucket = bucket(piece);
        let start = |at: usize| u32::from_le_bytes(self.starts[at]) as usize;
        let (from, to) = (start(bucket), start(bucket + 1));
        let keys = self.keys.get(from..to).unwrap_or_default();
        let found = keys
            .iter()
            .position(|key| u32::from_le_bytes(*key) == piece);
        let weight = found.and_then(|at| self.weights.get(from + at));
        weight.map_or(0.0, |weight| f32::from(*weight as i8) / SCALE)
    }
}

/// What a character may have been written for.
#[derive(Clone, Copy, Debug)]
struct Other {
    written: CharId,
    meant: CharId,
    /// The number of the pair, and whether the meant character is its second one.
    pair: usize,
    second: bool,
    bias: f32,
}

/// Looks for slips of the pen by a model.
#[derive(Clone, Debug)]
pub(crate) struct PenSlips<'m> {
    reader: Reader<'m>,
    contexts: Contexts<'m>,
    trees: Option<Forest<'m>>,
    /// Ordered by the written character.
    others: Vec<Other>,
    /// Where those of each character begin, by its number.
    starts: Vec<u16>,
}

/// A place that speaks for a slip.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Where it begins, in bytes of the text.
    pub(crate) start: usize,
    /// What is written there.
    pub(crate) written: char,
    /// What was meant.
    pub(crate) meant: char,
    /// The number of the pair and the direction.
    kind: (usize, bool),
    /// The characters beside it.
    beside: [CharId; 2],
    /// The evidence.
    pub(crate) row: PenSlip,
}

impl<'m> PenSlips<'m> {
    /// By a model; nothing from one that knows no contexts.
    pub(crate) fn of(model: &'m Model) -> Option<Self> {
        let contexts = Contexts::read(model.part(CONTEXTS)?)?;
        let reader = model.reader();
        let mut others = Vec::new();
        for (pair, bytes) in contexts.pairs.iter().enumerate() {
            let number = |at: usize| {
                let four = bytes.get(at..at + 4).and_then(|b| b.first_chunk::<4>());
                four.map_or(0, |b| u32::from_le_bytes(*b))
            };
            let character = |at| char::from_u32(number(at)).map(|c| reader.characters.id(c));
            let (Some(one), Some(two)) = (character(0), character(4)) else {
                continue;
            };
            let bias = f32::from_bits(number(8));
            for (written, meant, second) in [(one, two, true), (two, one, false)] {
                others.push(Other {
                    written,
                    meant,
                    pair,
                    second,
                    bias,
                });
            }
        }
        others.sort_unstable_by_key(|other| (other.written, other.pair));
        let mut starts = vec![0; reader.characters.len() + 1];
        let mut begin = 0;
        for (id, start) in starts.iter_mut().enumerate() {
            while others
                .get(begin)
                .is_some_and(|other: &Other| usize::from(other.written) < id)
            {
                begin += 1;
            }
            *start = begin as u16;
        }
        Some(Self {
            reader,
            contexts,
            trees: model.forest(PART),
            others,
            starts,
        })
    }

    /// A reading of a document.
    pub(crate) fn reading(&self) -> Reading<'_, 'm> {
        Reading {
            slips: self,
            places: Vec::new(),
            asked: vec![0; 2 * self.contexts.pairs.len()],
        }
    }

    /// How probable a slip is; nothing from a model without the trees.
    pub(crate) fn probability(&self, row: &PenSlip) -> f32 {
        self.trees
            .map_or(0.0, |trees| trees.probability(&row.columns()))
    }

    fn others(&self, id: CharId) -> &[Other] {
        let at = usize::from(id);
        match self.starts.get(at..at + 2) {
            Some(&[start, end]) => &self.others[usize::from(start)..usize::from(end)],
            _ => &[],
        }
    }

    /// How much more what stands around a character belongs to another one, in nats.
    fn context(&self, other: &Other, ids: &[CharId], position: usize) -> f32 {
        let pieces = pieces(other.pair, self.reader.characters, ids, position);
        let sum: f32 = pieces.map(|piece| self.contexts.weight(piece)).iter().sum();
        let towards_second = sum + other.bias;
        if other.second {
            towards_second
        } else {
            -towards_second
        }
    }

    fn row(&self, other: &Other, passage: &Passage, position: usize, context: f32) -> PenSlip {
        let (reader, ids) = (self.reader, passage.ids());
        let around = position.saturating_sub(AROUND)..ids.len().min(position + AROUND + 1);
        let mut window = ids[around.clone()].to_vec();
        let before = cut(reader.lexicon, &window).cost;
        window[position - around.start] = other.meant;
        let length = |found: Option<crate::model::lexicon::Found>| {
            found.map_or(1.0, |found| (found.end - found.start) as f32)
        };
        let frequency = |id| reader.ngram.frequency(id);
        PenSlip {
            context,
            gain: reader.gain(ids, position..position + 1, &[other.meant]),
            cut_gain: before - cut(reader.lexicon, &window).cost,
            word: length(reader.word_cover(ids, position)),
            other_word: length(reader.word_cover_with(ids, position, other.meant)),
            frequency: frequency(other.meant) - frequency(other.written),
            surroundings: super::context::surroundings(passage.log_probs(), position).0,
            others: 0.0,
            recurs: 0.0,
            share: 0.0,
        }
    }
}

/// The number of a pair and a direction.
fn index((pair, second): (usize, bool)) -> usize {
    2 * pair + usize::from(second)
}

/// The places of a document that speak for the same slip: how many there are, and how many
/// different characters stand before and behind them. Always beside the same one it is no habit of
/// the writer but a word of the text (结点).
#[derive(Clone, Copy, Debug, Default)]
struct Alike {
    places: f32,
    different: [f32; 2],
}

/// A reading of a document for slips of the pen.
#[derive(Debug)]
pub(crate) struct Reading<'s, 'm> {
    slips: &'s PenSlips<'m>,
    places: Vec<Place>,
    /// How many places were asked, by pair and direction.
    asked: Vec<u32>,
}

impl Reading<'_, '_> {
    /// Reads a paragraph that begins at a byte of the text.
    pub(crate) fn paragraph(&mut self, start: usize, text: &str, passage: &Passage) {
        let slips = self.slips;
        let ids = passage.ids();
        let log_probs = passage.log_probs();
        for position in passage.readable() {
            let id = ids[position];
            let next = &log_probs[position..log_probs.len().min(position + 3)];
            if next.iter().sum::<f32>() > SMOOTH {
                continue;
            }
            for other in slips.others(id) {
                let kind = (other.pair, other.second);
                self.asked[index(kind)] += 1;
                let context = slips.context(other, ids, position);
                if context < GATE {
                    continue;
                }
                let from = passage.offset(position);
                let written = text.get(from..).and_then(|rest| rest.chars().next());
                let meant = slips.reader.characters.character(other.meant);
                if let (Some(written), Some(meant)) = (written, meant)
                    && slips.reader.characters.character(id) == Some(written)
                {
                    self.places.push(Place {
                        start: start + from,
                        written,
                        meant,
                        kind,
                        beside: [-1, 1].map(|by| at(ids, position, by)),
                        row: slips.row(other, passage, position, context),
                    });
                }
            }
        }
    }

    /// What is a slip with a probability of at least `least`.
    pub(crate) fn finish(self, least: f32) -> Vec<(Place, f32)> {
        let slips = self.slips;
        let weighed = self.places().into_iter().map(|place| {
            let probability = slips.probability(&place.row);
            (place, probability)
        });
        weighed
            .filter(|(_, probability)| *probability >= least)
            .collect()
    }

    /// The places that speak for a slip, each with what the others say.
    pub(crate) fn places(self) -> Vec<Place> {
        let Self {
            mut places, asked, ..
        } = self;
        let mut alike: BTreeMap<(usize, bool), Alike> = BTreeMap::new();
        let mut beside: BTreeMap<(usize, bool, bool, CharId), f32> = BTreeMap::new();
        let neighbours = |place: &Place| {
            let (pair, second) = place.kind;
            let [left, right] = place.beside;
            [(pair, second, false, left), (pair, second, true, right)]
        };
        for place in &places {
            let alike = alike.entry(place.kind).or_default();
            alike.places += 1.0;
            for (side, key) in neighbours(place).into_iter().enumerate() {
                let here = beside.entry(key).or_default();
                alike.different[side] += f32::from(u8::from(*here == 0.0));
                *here += 1.0;
            }
        }
        for place in &mut places {
            let Alike { places, different } = alike.get(&place.kind).copied().unwrap_or_default();
            let asked = asked[index(place.kind)] as f32;
            let same = neighbours(place).map(|key| beside.get(&key).copied().unwrap_or(1.0));
            place.row.others = different[0].min(different[1]) - 1.0;
            place.row.recurs = same[0].max(same[1]) - 1.0;
            place.row.share = places / asked;
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_as_they_were_written() {
        let weights = BTreeMap::from([(3, 16), (1 << 18, -32), (u32::MAX, 8)]);
        let table = encode(&[(['在', '再'], 0.5)], &weights);
        let contexts = Contexts::read(&table).expect("whole");
        assert_eq!(contexts.pairs.len(), 1);
        let read = [3, 1 << 18, u32::MAX, 4].map(|piece| contexts.weight(piece));
        assert_eq!(read, [1.0, -2.0, 0.5, 0.0]);
        for end in 0..table.len() {
            // a table that is cut short has fewer weights, or is none
            let cut = Contexts::read(&table[..end]);
            assert!(cut.is_none_or(|contexts| contexts.weight(u32::MAX) == 0.0));
        }
    }

    fn slips(text: &str) -> Vec<(char, char)> {
        let model = Model::embedded();
        let slips = PenSlips::of(model).expect("contexts");
        let mut reading = slips.reading();
        let mut passage = Passage::default();
        passage.read(model.reader(), text);
        reading.paragraph(0, text, &passage);
        let found = reading.finish(0.7).into_iter();
        found
            .map(|(place, _)| (place.written, place.meant))
            .collect()
    }

    #[test]
    fn what_stands_around_a_character_says_which_was_meant() {
        assert_eq!(
            slips("他以经很久没有回家了，我门都很想他。"),
            [('以', '已'), ('门', '们')]
        );
        assert!(slips("他已经很久没有回家了，我们都很想他。").is_empty());
        assert!(slips("他以前住在这里，再也没有回来过。").is_empty());
    }
}
