//! Lapses: a character left out, or one too many.
//!
//! A gate on rare context passes a few places in a hundred. There the model is asked what one more
//! character, or one fewer, would gain: characters that the n-grams expect, and those that make a
//! word with what stands on either side (`halves`). For the best answer the evidence is gathered
//! (the words that the edit makes, what stands beside, whether the wording recurs nearby) and
//! weighed by fitted trees (`train::lapses`), a set for either kind.

mod candidates;
mod evidence;

use std::collections::HashMap;
use std::ops::Range;

use super::context::at;
use super::garble::{self, Stretch};
use super::packed_rows::PackedRows;
use super::portions::{Again, Asked, Portioned, Portions};
use super::scored_paragraph::Passage;
use super::substitution_candidates::{KINDS, Prior, settle};
use crate::model::characters::{CharId, FIRST};
use crate::model::common_pairs::{self, Usual};
use crate::model::forest::Forest;
use crate::model::trees::probability;
use crate::model::word_partners::{self, Halves};
use crate::model::{Model, Reader};
use crate::reading::evidence::{column, evidence};
use crate::text::is_han;

/// The parts that hold the trees: for what is missing, for what is too much.
pub(crate) const PARTS: [&str; 2] = ["missing", "extra"];
pub(crate) const VERSION: u32 = 1;

evidence! {
    /// Why a character may be missing, or too much.
    pub struct Omission {
        gain = "gain": "how much likelier the text is with the mend, in nats", "改后文字通顺多少（奈特）";
        before_first = "before-first": "how likely the first character behind the place is, in nats", "此处后第一字出现的可能（奈特）";
        before_second = "before-second": "how likely the second character behind the place is, in nats", "此处后第二字出现的可能（奈特）";
        before_third = "before-third": "how likely the third character behind the place is, in nats", "此处后第三字出现的可能（奈特）";
        after_first = "after-first": "how likely what follows is right after the mend, in nats", "改后紧接的字出现的可能（奈特）";
        after_rest = "after-rest": "how likely the rest is after the mend, in nats", "改后其余文字的可能（奈特）";
        word_after = "word-after": "characters of the word that the mend makes", "改后所成的词的字数";
        word_after_frequency = "word-after-frequency": "how common the word is that the mend makes, in nats", "改后所成的词的常用程度（奈特）";
        kind_after = "kind-after": "what kind of word the mend makes", "改后所成的词的种类";
        place = "place": "where in the word the character stands", "字在词中的位置";
        word_left = "word-left": "characters of the word on the left", "左边的词的字数";
        word_right = "word-right": "characters of the word on the right", "右边的词的字数";
        word_left_frequency = "word-left-frequency": "how common the word on the left is, in nats", "左边的词的常用程度（奈特）";
        word_right_frequency = "word-right-frequency": "how common the word on the right is, in nats", "右边的词的常用程度（奈特）";
        segmentation_gain = "segmentation-gain": "how much better the sentence is cut into words with the mend, in nats", "改后句子切分成词好多少（奈特）";
        words_nearby = "words-nearby": "characters of the words beside it after the mend", "改后相邻的词的字数";
        margin = "margin": "how far the best mend is ahead of the next one", "最佳改法领先次佳改法多少";
        rivals = "rivals": "how many other mends come near", "相近的其他改法有几种";
        frequency = "frequency": "how common the character is, in nats", "此字的常用程度（奈特）";
        bond = "bond": "how strongly the two characters at the place belong together", "此处前后两字的结合程度";
        bond_left = "bond-left": "how strongly the character belongs to the one before it", "与前一字的结合程度";
        bond_right = "bond-right": "how strongly the character belongs to the one after it", "与后一字的结合程度";
        surroundings = "surroundings": "how usual the text around it is, in nats", "周围文字的通顺程度（奈特）";
        rare_nearby = "rare-nearby": "how many rare characters stand near", "附近少见字的多少";
        quoted = "quoted": "whether it stands between quotation marks", "是否在引号中";
        surname = "surname": "whether a surname stands before it", "前面是否有姓氏";
        recurrence = "recurrence": "how often the wording stands in the document", "这种写法在文中出现的次数";
        wording_nearby = "wording-nearby": "whether the same wording stands near", "附近是否有同样的写法";
        word_nearby = "word-nearby": "whether the word that the mend makes stands near", "附近是否有改后所成的词";
        strangers = "strangers": "single characters that are left when the sentence is cut into words", "切分后剩下的单字数";
        beside_mark = "beside-mark": "whether it stands beside a mark", "是否紧邻标点";
        function_character = "function-character": "whether the character is a word of grammar", "此字是否虚词";
        free_left = "free-left": "how readily the character on the left stands alone", "左边的字单独成词的程度";
        free_right = "free-right": "how readily the character on the right stands alone", "右边的字单独成词的程度";
        total_gain = "total-gain": "how much likelier the whole stretch is with the mend, in nats", "改后整段通顺多少（奈特）";
        before_left = "before-left": "how likely the character is after what stands before it, in nats", "按前文此字出现的可能（奈特）";
        bond_second_left = "bond-second-left": "how strongly the two characters before it belong together", "前面两字的结合程度";
        bond_second_right = "bond-second-right": "how strongly the two characters after it belong together", "后面两字的结合程度";
        frequency_second_left = "frequency-second-left": "how common the second character before it is, in nats", "前面第二字的常用程度（奈特）";
        seam_nearby = "seam-nearby": "whether the two sides meet elsewhere near", "附近是否也有两边相接的写法";
        mended_nearby = "mended-nearby": "whether the mended wording stands near", "附近是否有改后的写法";
    }
}
/// Pieces of evidence of a row.
pub const WIDTH: usize = Omission::WIDTH;
/// Where a row says how often a lapse recurs, which is known when the whole text is read.
const RECURRENCE: usize = column(Omission::NAMES, "recurrence");

/// The two characters from a character on must be less likely together than this for it to be too
/// much, in nats.
const EXTRA_GATE: f32 = -15.0;
/// The least gain of one character fewer, in nats.
const LEAST_EXTRA: f32 = 13.0;

/// How widely a missing character is looked for. In nats.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The two characters after a seam must be less likely together than this.
    two: f32,
    /// Where whole words stand on both sides of the seam, it must be rarer.
    between_words: f32,
    /// The least gain.
    gain: f32,
    /// The least gain together with what the word that the character makes is worth.
    score: f32,
    /// The least ln P of a character after those before it.
    suggested: f32,
    /// The least ln P of what follows it.
    followed: f32,
    /// The least ln P of one half of a word behind the other, where nothing else suggests the half
    /// that is missing.
    asked: f32,
}

impl Gate {
    /// For a document of which nothing is known: most are clean.
    pub const QUICK: Self = Self {
        two: -13.5,
        between_words: -16.0,
        gain: 4.5,
        score: 6.5,
        suggested: -8.5,
        followed: -7.5,
        asked: -3.0,
    };
    /// For a document in which something was found.
    pub const CLOSE: Self = Self {
        two: -11.5,
        between_words: -15.0,
        gain: 2.5,
        score: 5.0,
        suggested: -9.0,
        followed: -9.0,
        asked: -5.0,
    };
}

/// Lapses a character, at the fit; what is expected of a document of which nothing is known, and
/// how many characters that is worth.
pub(crate) const FITTED: f32 = 1e-4;
const PRIOR: Prior = Prior {
    // ln 1e-4
    fitted: [-9.210_34; KINDS],
    start: 5e-5,
    weight: 20_000.0,
};
/// A portion is read closely if it seems to have so many lapses a character.
const DIRTY: f32 = 5.3e-5;

/// A character that is missing, or one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// This character is missing before the position.
    Missing(CharId),
    /// The character at the position is too much.
    Extra,
}

/// A place where a character may be missing or too much.
#[derive(Clone, Copy, Debug)]
pub struct Lapse {
    /// What may have happened.
    pub kind: Kind,
    /// Where, in bytes of the text: the seam, or the character.
    pub at: usize,
    /// The wording around it, as it stands in the text: the word that would be whole, in bytes.
    pub wording: (usize, usize),
    /// The evidence, in the order of [`Omission::NAMES`].
    pub row: [f32; WIDTH],
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    id: CharId,
    gain: f32,
    first: f32,
    rest: f32,
    score: f32,
    /// ln of the sum of what all candidates of the seam gain.
    total: f32,
}

/// What one reading of a document found.
#[derive(Debug)]
pub(crate) struct Read {
    /// Characters missing or too much, with their probabilities.
    pub(crate) lapses: Portioned<(Lapse, f32)>,
    /// Stretches that are no language, with their probabilities.
    pub(crate) garbled: Vec<(Stretch, f32)>,
}

/// Finds lapses, and what is no language.
#[derive(Clone, Copy, Debug)]
pub struct LapseFinder<'m> {
    reader: Reader<'m>,
    trees: [Option<Forest<'m>>; 2],
    garbled: Option<Forest<'m>>,
    usual: Option<Usual<'m>>,
    halves: Option<Halves<'m>>,
    function: [CharId; FUNCTION_CHARACTERS],
}

const FUNCTION_CHARACTERS: usize = 24;
/// Characters that may stand or be left out almost anywhere: style, no error.
const FUNCTION: &str = "的了地得着过和与及在是也都就又还而以之其所";

/// Memory that is used again from paragraph to paragraph.
#[derive(Debug, Default)]
struct Scratch {
    candidates: Vec<Candidate>,
    marks: Marks,
}

/// What is noted of each character of the model at a seam. What was noted at the one before need
/// not be wiped out: it is less than the stamp.
#[derive(Debug, Default)]
struct Marks {
    slots: Vec<u16>,
    stamp: u16,
}

impl Marks {
    /// Bits that may be noted of a character.
    const BITS: u32 = 3;

    fn new(characters: usize) -> Self {
        Self {
            slots: vec![0; characters],
            stamp: 0,
        }
    }

    /// Begins the next seam.
    fn begin(&mut self) {
        if let Some(stamp) = self.stamp.checked_add(1 << Self::BITS) {
            self.stamp = stamp;
        } else {
            self.slots.fill(0);
            self.stamp = 1 << Self::BITS;
        }
    }

    /// What was noted of a character, with some more noted from now on.
    #[inline]
    fn note(&mut self, id: CharId, bits: u8) -> u8 {
        let Some(slot) = self.slots.get_mut(usize::from(id)) else {
            return 0;
        };
        let noted = (*slot).max(self.stamp);
        *slot = noted | u16::from(bits);
        (noted - self.stamp) as u8
    }

    #[inline]
    fn note_all(&mut self, ids: impl Iterator<Item = CharId>, bits: u8) {
        for id in ids {
            self.note(id, bits);
        }
    }
}

/// A reading of a document under way, paragraph by paragraph.
#[derive(Debug)]
pub(crate) struct Reading<'a, 'm> {
    finder: LapseFinder<'m>,
    gate: &'static Gate,
    scratch: Scratch,
    /// The characters around a seam as they would be.
    other: Vec<CharId>,
    portions: Portions,
    /// What is asked for; all, where nothing is said. Nothing is looked for anywhere else.
    asked: Option<&'a Asked>,
    found: Vec<Head>,
    rows: PackedRows<WIDTH>,
    stretches: Vec<Stretch>,
}

/// A lapse without its evidence.
#[derive(Clone, Copy, Debug)]
struct Head {
    kind: Kind,
    at: u32,
    wording: (u32, u32),
    /// The characters beside it.
    seam: (CharId, CharId),
}

impl Head {
    /// What recurs where it does: the characters beside it, and whether it is one too many.
    fn recurring(&self) -> (CharId, CharId, bool) {
        (self.seam.0, self.seam.1, self.kind == Kind::Extra)
    }
}

impl Reading<'_, '_> {
    /// Reads a paragraph of the text; `apart` if it is another kind of text than the one before.
    #[inline(never)] // its instructions are counted
    pub(crate) fn paragraph(
        &mut self,
        text: &str,
        paragraph: Range<usize>,
        passage: &Passage,
        apart: bool,
    ) {
        self.portions
            .add(self.found.len(), passage.characters(), apart);
        let portion = self.portions.last();
        if self
            .asked
            .is_some_and(|asked| !asked.holds(portion, paragraph.start))
        {
            return;
        }
        let Reading {
            finder,
            gate,
            scratch,
            other,
            found,
            rows,
            stretches,
            ..
        } = self;
        let Reader { ngram, .. } = finder.reader;
        let (ids, log_probs) = (passage.ids(), passage.log_probs());
        let byte = |at: usize| paragraph.start + passage.offset(at);
        garble::stretches(finder.reader, text, passage, &byte, &mut |stretch| {
            stretches.push(stretch);
        });
        for i in passage.readable().filter(|&i| i > 0) {
            let two = log_probs[i] + log_probs.get(i + 1).copied().unwrap_or(0.0);
            if two > gate.two || ids[i] < FIRST || ids[i - 1] < FIRST {
                continue;
            }
            let at_han = |at: usize| text[byte(at)..].chars().next().is_some_and(is_han);
            let (left_han, right_han) = (at_han(i - 1), at_han(i));
            if !left_han && !right_han {
                continue;
            }
            let mut push = |kind, candidate: Candidate, rivals: &[Candidate]| {
                let (mut row, word) =
                    finder.evidence(text, ids, log_probs, i, kind, candidate, other, &byte);
                row.margin = rivals.first().map_or(20.0, |r| candidate.score - r.score);
                let close = |r: &&Candidate| r.score > candidate.score - 3.0;
                row.rivals = 1.0 + rivals.iter().filter(close).count() as f32;
                found.push(Head {
                    kind,
                    at: byte(i) as u32,
                    wording: (byte(word.0) as u32, byte(word.1) as u32),
                    seam: (ids[i - 1], ids[i]),
                });
                rows.push(&row.columns());
            };
            if two < EXTRA_GATE
                && left_han
                && right_han
                && ids.get(i + 1).is_some_and(|&next| next != ids[i])
                && ids[i - 1] != ids[i]
            {
                let (a, b) = (at(ids, i, -2), ids[i - 1]);
                let (first, state) = ngram.step(ngram.context(a, b), at(ids, i, 1));
                let rest = ids.get(i + 2).map_or(0.0, |&id| ngram.step(state, id).0);
                let before = two + log_probs.get(i + 2).copied().unwrap_or(0.0);
                let gain = first + rest - before;
                if gain > LEAST_EXTRA {
                    let candidate = Candidate {
                        id: ids[i],
                        gain,
                        first,
                        rest,
                        score: gain,
                        total: gain,
                    };
                    push(Kind::Extra, candidate, &[]);
                }
            }
            if !finder.is_open(ids, i, two, gate) {
                continue;
            }
            finder.candidates(ids, i, two, gate, scratch);
            if let [best, rivals @ ..] = &scratch.candidates[..] {
                push(Kind::Missing(best.id), *best, rivals);
            }
        }
    }

    /// The lapses, with what the document says of each: in how many places its seam stands.
    fn with_recurrence(&self) -> impl Iterator<Item = Lapse> {
        let mut times: HashMap<(CharId, CharId, bool), u32> = HashMap::new();
        let mut last = None;
        for lapse in &self.found {
            let here = (lapse.at, lapse.recurring());
            // the candidates of one seam count once
            if last.replace(here) != Some(here) {
                *times.entry(lapse.recurring()).or_default() += 1;
            }
        }
        self.found
            .iter()
            .zip(self.rows.iter())
            .map(move |(lapse, mut row)| {
                let times = times.get(&lapse.recurring()).copied().unwrap_or(1);
                row[RECURRENCE] = times.min(6) as f32;
                Lapse {
                    kind: lapse.kind,
                    at: lapse.at as usize,
                    wording: (lapse.wording.0 as usize, lapse.wording.1 as usize),
                    row,
                }
            })
    }

    /// What was found whose probability is at least `least`, now that the rates of lapses are
    /// known.
    pub(crate) fn finish(mut self, least: f32) -> Read {
        let finder = self.finder;
        let stretches = std::mem::take(&mut self.stretches).into_iter();
        let garbled = stretches.filter_map(|stretch| {
            let probability = finder.garbled?.probability(&stretch.row);
            (probability >= least).then_some((stretch, probability))
        });
        let garbled = garbled.collect();
        let mut found = self.with_recurrence();
        let mut lapses = Portioned::default();
        for (held, portion) in self.portions.each(self.found.len()) {
            let weigh = |lapse: Lapse| Some((lapse, finder.log_odds(&lapse)?));
            let of_portion = found.by_ref().take(held.len());
            let weighed: Vec<(Lapse, f32)> = of_portion.filter_map(weigh).collect();
            // all lapses are of one kind
            let rates = settle(
                weighed.iter().map(|l| (l.1, 0, 1.0)),
                portion.characters,
                &PRIOR,
            );
            let probable = weighed.into_iter().filter_map(|(lapse, log_odds)| {
                let probability = probability(log_odds + PRIOR.shift(&rates, 0));
                (probability >= least).then_some((lapse, probability))
            });
            let again = match rates[0] > DIRTY {
                true => Again::All,
                false => Again::Nothing,
            };
            lapses.push(probable, again);
        }
        Read { lapses, garbled }
    }
}

impl<'m> LapseFinder<'m> {
    /// By a model.
    #[must_use]
    pub fn of(model: &'m Model) -> Self {
        let reader = model.reader();
        let mut function = [0; FUNCTION_CHARACTERS];
        for (slot, c) in function.iter_mut().zip(FUNCTION.chars()) {
            *slot = reader.characters.id(c);
        }
        Self {
            reader,
            trees: PARTS.map(|part| model.forest(part)),
            garbled: model.forest(garble::PART),
            usual: model.part(common_pairs::PART).and_then(Usual::parse),
            halves: model.part(word_partners::PART).and_then(Halves::parse),
            function,
        }
    }

    /// The character of a number.
    #[must_use]
    pub fn character(&self, id: CharId) -> Option<char> {
        self.reader.characters.character(id)
    }

    /// The log-odds of a lapse at the rate of the fit; nothing by a model without the trees for it.
    fn log_odds(&self, lapse: &Lapse) -> Option<f32> {
        let trees = match lapse.kind {
            Kind::Missing(_) => self.trees[0],
            Kind::Extra => self.trees[1],
        };
        Some(trees?.log_odds(&lapse.row))
    }

    /// The places of a text where a character may be missing or too much, paragraph by paragraph,
    /// with the evidence.
    pub fn lapses(
        &self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>>,
        gate: &'static Gate,
    ) -> Vec<Lapse> {
        let read = self.read(text, paragraphs, gate);
        read.with_recurrence().collect()
    }

    /// The stretches of a text that may be no language, with the evidence.
    pub fn stretches(
        &self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>>,
    ) -> Vec<Stretch> {
        self.read(text, paragraphs, &Gate::QUICK).stretches
    }

    fn read(
        &self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>>,
        gate: &'static Gate,
    ) -> Reading<'static, 'm> {
        let (mut reading, mut passage) = (self.reading(gate), Passage::default());
        for paragraph in paragraphs {
            passage.read(self.reader, &text[paragraph.clone()]);
            reading.paragraph(text, paragraph, &passage, false);
        }
        reading
    }

    /// Begins to read a document of which some is asked for.
    pub(crate) fn reading_of<'a>(&self, gate: &'static Gate, asked: &'a Asked) -> Reading<'a, 'm> {
        Reading {
            asked: Some(asked),
            ..self.reading(gate)
        }
    }

    /// Begins to read a document.
    pub(crate) fn reading(&self, gate: &'static Gate) -> Reading<'static, 'm> {
        Reading {
            finder: *self,
            gate,
            scratch: Scratch {
                marks: Marks::new(self.reader.characters.len()),
                ..Scratch::default()
            },
            other: Vec::new(),
            portions: Portions::default(),
            asked: None,
            found: Vec::new(),
            rows: PackedRows::default(),
            stretches: Vec::new(),
        }
    }
}

/// Characters on either side that the evidence looks at.
const REACH: usize = 8;
