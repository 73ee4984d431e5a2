//! Stretches that are no language: every character surprises, and no word shows.
//!
//! Names, transliterations and classical wording surprise as well, but their characters are at home with each other, they recur, and they hold words. Small
//! trees weigh that; `train::garble` fits them.

use super::context;
use crate::model::characters::{CharId, FIRST};
use crate::model::lexicon::Kinds;
use crate::model::reader::Reader;
use crate::text::is_han;

/// The part that holds the trees.
pub(crate) const PART: &str = "garbled";
pub(crate) const VERSION: u32 = 1;

/// Pieces of evidence, in the order of a row.
pub const EVIDENCE: [&str; 19] = [
    "length",
    "surprise",
    "surprise-mean",
    "surprise-least",
    "surprise-most",
    "bond-mean",
    "bond-most",
    "strange-pairs",
    "in-words",
    "word-cost",
    "frequency-mean",
    "frequency-least",
    "foreign",
    "surnames",
    "names",
    "surroundings",
    "beside-marks",
    "recurs",
    "different",
];
/// Pieces of evidence of a row.
pub const WIDTH: usize = EVIDENCE.len();

/// A character that is less likely than this surprises, in nats.
const USUAL: f32 = -8.0;
/// What the characters of a stretch must surprise together beyond that, and how many there must be.
const LEAST: f32 = 6.0;
const SHORTEST: usize = 4;
const LONGEST: usize = 40;
/// Bytes on either side in which a stretch is looked for again.
const NEARBY: usize = 3000;

/// Characters that transliterations are made of.
const FOREIGN: &str = "斯尔克德拉巴马特里亚罗阿布诺维奇达利卡塔姆伊莱埃格普科洛奥萨哈迪尼莫基夫托米雷兰弗贝鲁加西丹恩瓦赫谢吉什耶娜丽菲";

/// A stretch that may be no language.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Where it begins, in bytes of the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The evidence, in the order of [`EVIDENCE`].
    pub row: [f32; WIDTH],
}

/// Adds the stretches of a paragraph whose characters surprise. `byte` tells where a character begins in the text.
pub(crate) fn stretches(
    reader: Reader<'_>,
    text: &str,
    ids: &[CharId],
    log_probs: &[f32],
    byte: &impl Fn(usize) -> usize,
    found: &mut impl FnMut(Stretch),
) {
    let han = |i: usize| ids[i] >= FIRST && reader.characters.character(ids[i]).is_some_and(is_han);
    // the runs of characters whose sum over the usual is greatest (Bentley 1984)
    let (mut start, mut sum, mut best, mut end) = (0, 0.0_f32, 0.0_f32, 0);
    for i in 0..=ids.len() {
        let over = match log_probs.get(i) {
            Some(log_prob) if sum <= 0.0 && *log_prob >= USUAL => continue,
            Some(log_prob) if han(i) => (USUAL - log_prob).min(6.0),
            _ => f32::NEG_INFINITY,
        };
        if sum <= 0.0 {
            (start, sum, best, end) = (i, 0.0, 0.0, i);
        }
        sum += over;
        if sum > best {
            (best, end) = (sum, i + 1);
        }
        // it is over where what follows takes most of it away again
        if sum <= 0.0 || sum < best - LEAST || i + 1 - start >= LONGEST {
            if best >= LEAST && end - start >= SHORTEST {
                let row = evidence(reader, text, ids, log_probs, start..end, best, byte);
                found(Stretch {
                    start: byte(start),
                    end: byte(end),
                    row,
                });
            }
            sum = 0.0;
        }
    }
}

fn evidence(
    reader: Reader<'_>,
    text: &str,
    ids: &[CharId],
    log_probs: &[f32],
    range: std::ops::Range<usize>,
    surprise: f32,
    byte: &impl Fn(usize) -> usize,
) -> [f32; WIDTH] {
    let Reader {
        ngram,
        lexicon,
        characters,
    } = reader;
    let (start, end) = (range.start, range.end);
    let length = range.len() as f32;
    let own = &log_probs[range.clone()];
    let least = own.iter().copied().fold(f32::INFINITY, f32::min);
    let most = own.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let bonds = range
        .clone()
        .skip(1)
        .map(|i| ngram.bigram(ids[i - 1], ids[i]) - ngram.frequency(ids[i]));
    let (mut bond, mut bond_most, mut strange) = (0.0, f32::NEG_INFINITY, 0.0);
    for b in bonds {
        bond += b;
        bond_most = b.max(bond_most);
        strange += if b < 0.0 { 1.0 } else { 0.0 };
    }
    let (mut in_words, mut at) = (0, start.saturating_sub(1));
    while at < end {
        let longest = lexicon
            .longest(&ids[..ids.len().min(end + 1)], at)
            .map_or(1, |(length, _)| length);
        if longest > 1 {
            in_words += (at + longest).min(end) - at.max(start);
        }
        at += longest;
    }
    let frequency = |i: usize| ngram.frequency(ids[i]);
    let mean_frequency = range.clone().map(frequency).sum::<f32>() / length;
    let least_frequency = range.clone().map(frequency).fold(f32::INFINITY, f32::min);
    let foreign = range
        .clone()
        .filter(|&i| {
            characters
                .character(ids[i])
                .is_some_and(|c| FOREIGN.contains(c))
        })
        .count();
    let kind = |id: CharId, kind: Kinds| {
        lexicon
            .find(&[id])
            .is_some_and(|w| lexicon.kinds(w).any(kind))
    };
    let surnames = (start.saturating_sub(1)..end)
        .filter(|&i| kind(ids[i], Kinds::PERSON))
        .count();
    let names = (start..end)
        .flat_map(|i| lexicon.prefixes(&ids[..end], i))
        .filter(|&(n, w)| {
            n > 1
                && lexicon
                    .kinds(w)
                    .any(Kinds::PERSON | Kinds::PLACE | Kinds::ORGANISATION)
        })
        .count();
    let near = (start.saturating_sub(12)..(end + 14).min(ids.len()))
        .filter(|i| !(start.saturating_sub(1)..end + 2).contains(i));
    let (mut around, mut count) = (0.0, 0.0_f32);
    for i in near {
        around += log_probs[i];
        count += 1.0;
    }
    let mark = |id: Option<&CharId>| {
        id.is_none_or(|&id| id < FIRST || !characters.character(id).is_some_and(is_han))
    };
    let beside = u8::from(mark(start.checked_sub(1).and_then(|i| ids.get(i))))
        + u8::from(mark(ids.get(end)));
    let bytes = text.as_bytes();
    let from = byte(start);
    let needle = &bytes[from..byte(start + 3)];
    let window = &bytes[from.saturating_sub(NEARBY)..bytes.len().min(from + NEARBY)];
    let recurs = memchr::memmem::find_iter(window, needle).take(5).count();
    let different = range
        .clone()
        .filter(|&i| !ids[start..i].contains(&ids[i]))
        .count();
    [
        length,
        surprise,
        own.iter().sum::<f32>() / length,
        least,
        most,
        bond / (length - 1.0),
        bond_most,
        strange / (length - 1.0),
        in_words as f32 / length,
        context::cut(lexicon, &ids[range.clone()]).cost / length,
        mean_frequency,
        least_frequency,
        foreign as f32 / length,
        surnames as f32 / length,
        names as f32,
        if count > 0.0 { around / count } else { -6.0 },
        f32::from(beside),
        recurs as f32,
        different as f32 / length,
    ]
}
