//! Stretches that are no language: every character surprises, and no word shows.
//!
//! Names, transliterations and classical wording surprise as well, but their characters are at home
//! with each other, they recur, and they hold words. Small trees weigh that; `train::garble` fits
//! them.

use super::context;
use super::scored_paragraph::Passage;
use crate::model::characters::{CharId, FIRST};
use crate::model::lexicon::Kinds;
use crate::model::reader::Reader;
use crate::reading::evidence::evidence;
use crate::text::is_han;

/// The part that holds the trees.
pub(crate) const PART: &str = "garbled";
pub(crate) const VERSION: u32 = 1;

evidence! {
    /// Why a stretch may be no language.
    pub struct Garble {
        length = "length": "how many characters it has", "字数";
        surprise = "surprise": "how much its characters surprise together, in nats", "各字出人意料程度之和（奈特）";
        surprise_mean = "surprise-mean": "how much a character of it surprises on average, in nats", "各字出人意料程度的平均（奈特）";
        surprise_least = "surprise-least": "how much the least surprising character surprises, in nats", "最不出人意料的字的程度（奈特）";
        surprise_most = "surprise-most": "how much the most surprising character surprises, in nats", "最出人意料的字的程度（奈特）";
        bond_mean = "bond-mean": "how strongly neighbours belong together on average", "相邻字结合程度的平均";
        bond_most = "bond-most": "how strongly the closest neighbours belong together", "结合最紧的相邻字的程度";
        strange_pairs = "strange-pairs": "the share of neighbours that are never seen together", "从不相邻的字对所占比例";
        in_words = "in-words": "the share of characters that are part of a word", "属于某个词的字所占比例";
        word_cost = "word-cost": "what it costs to cut it into words, in nats a character", "每字切分成词的代价（奈特）";
        frequency_mean = "frequency-mean": "how common its characters are on average, in nats", "各字常用程度的平均（奈特）";
        frequency_least = "frequency-least": "how common its rarest character is, in nats", "最少见的字的常用程度（奈特）";
        foreign = "foreign": "the share of characters that transcriptions of names are made of", "音译用字所占比例";
        surnames = "surnames": "surnames in it", "其中的姓氏数";
        names = "names": "names in it", "其中的名称数";
        surroundings = "surroundings": "how usual the text around it is, in nats", "周围文字的通顺程度（奈特）";
        beside_marks = "beside-marks": "marks beside it", "紧邻的标点数";
        recurs = "recurs": "whether it comes again", "是否重现";
        different = "different": "how many different characters it has", "不同的字所占比例";
    }
}

/// A character surprises that is less likely after the two before it than anywhere, or hardly
/// likelier, in nats: in language it is likelier by some four, drawn at random it is not.
const LIKELIER: f32 = 1.0;
/// A rare character surprises that is less likely than this.
const RARE: f32 = -8.0;
/// What the characters of a stretch must surprise together, and how many there must be.
const LEAST: f32 = 6.0;
const SHORTEST: usize = 4;
/// So likely that no character surprises, in nats.
const SURE: f32 = -2.0;
/// The most that one character counts.
const MOST: f32 = 4.0;
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
    /// The evidence, as trees read it.
    pub row: [f32; Garble::WIDTH],
}

/// Adds the stretches of a paragraph whose characters surprise. `byte` tells where a character
/// begins in the text.
pub(crate) fn stretches(
    reader: Reader<'_>,
    text: &str,
    passage: &Passage,
    byte: &impl Fn(usize) -> usize,
    found: &mut impl FnMut(Stretch),
) {
    let (ids, log_probs) = (passage.ids(), passage.log_probs());
    let han = |i: usize| ids[i] >= FIRST && reader.characters.character(ids[i]).is_some_and(is_han);
    // the runs of characters that are likelier drawn at random than as language, by the sum of the
    // log ratios (Page 1954: cumulative sums; Bentley 1984: the greatest run)
    let (mut start, mut sum, mut best, mut end) = (0, 0.0_f32, 0.0_f32, 0);
    for i in 0..=ids.len() {
        let over = match log_probs.get(i) {
            Some(log_prob) if sum <= 0.0 && *log_prob >= SURE => continue,
            Some(log_prob) => {
                let usual = (reader.ngram.frequency(ids[i]) + LIKELIER).max(RARE);
                let over = usual - log_prob;
                if sum <= 0.0 && over <= 0.0 {
                    continue;
                }
                match han(i) {
                    true => over.min(MOST),
                    false => f32::NEG_INFINITY,
                }
            }
            None => f32::NEG_INFINITY,
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
            if best >= LEAST && end - start >= SHORTEST && passage.is_readable(&(start..end)) {
                let row = evidence(reader, text, ids, log_probs, start..end, best, byte);
                found(Stretch {
                    start: byte(start),
                    end: byte(end),
                    row: row.columns(),
                });
            }
            sum = 0.0;
        }
    }
}

/// How many characters of a stretch stand in words of two and more, taken from the left.
fn in_words(reader: Reader<'_>, ids: &[CharId], range: std::ops::Range<usize>) -> usize {
    let (start, end) = (range.start, range.end);
    let (mut in_words, mut at) = (0, start.saturating_sub(1));
    while at < end {
        let longest = reader
            .lexicon
            .longest(&ids[..ids.len().min(end + 1)], at)
            .map_or(1, |(length, _)| length);
        if longest > 1 {
            in_words += (at + longest).min(end) - at.max(start);
        }
        at += longest;
    }
    in_words
}

/// The mean ln P of the characters a little way off on both sides.
fn surroundings(log_probs: &[f32], range: std::ops::Range<usize>) -> f32 {
    let (start, end) = (range.start, range.end);
    let near = (start.saturating_sub(12)..(end + 14).min(log_probs.len()))
        .filter(|i| !(start.saturating_sub(1)..end + 2).contains(i));
    let (mut around, mut count) = (0.0, 0.0_f32);
    for i in near {
        around += log_probs[i];
        count += 1.0;
    }
    if count > 0.0 { around / count } else { -6.0 }
}

fn evidence(
    reader: Reader<'_>,
    text: &str,
    ids: &[CharId],
    log_probs: &[f32],
    range: std::ops::Range<usize>,
    surprise: f32,
    byte: &impl Fn(usize) -> usize,
) -> Garble {
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
    let in_words = in_words(reader, ids, range.clone());
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
    Garble {
        length,
        surprise,
        surprise_mean: own.iter().sum::<f32>() / length,
        surprise_least: least,
        surprise_most: most,
        bond_mean: bond / (length - 1.0),
        bond_most,
        strange_pairs: strange / (length - 1.0),
        in_words: in_words as f32 / length,
        word_cost: context::cut(lexicon, &ids[range.clone()]).cost / length,
        frequency_mean: mean_frequency,
        frequency_least: least_frequency,
        foreign: foreign as f32 / length,
        surnames: surnames as f32 / length,
        names: names as f32,
        surroundings: surroundings(&log_probs[..ids.len()], range.clone()),
        beside_marks: f32::from(beside),
        recurs: recurs as f32,
        different: different as f32 / length,
    }
}
