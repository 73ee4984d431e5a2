//! The noisy channel: which characters of a text may be wrong, what may have stood there, and the
//! evidence for it.
//!
//! Three steps, each on what the one before lets through: a gate on rare context; candidates
//! (look-alikes, sound-alikes, counted pairs, whatever the two characters before make likely)
//! ranked by what they gain; the full evidence for the best ones. The evidence is weighed by fitted
//! trees, the sum by the error rate of the document ([`settle`]).

mod candidates;
mod evidence;
mod rates;

pub(crate) use rates::SURE;
pub use rates::{KINDS, Prior, settle};

use super::context::at;
use super::scored_paragraph::Passage;
use crate::model::Model;
use crate::model::characters::{BOUNDARY, CharId};
use crate::model::common_pairs::{self, Usual};
use crate::model::confusables::{self, Confusables};
use crate::model::reader::Reader;
use crate::model::variants::{self, Script, Variants};
use crate::reading::evidence::{column, evidence};
use crate::text::is_common_han;
use crate::text::numerals::{is_formal, is_numeral};

evidence! {
    /// Why a character may stand for another.
    pub struct Substitution {
        gain = "gain": "how much likelier the text is with the mend, in nats", "改后文字通顺多少（奈特）";
        before_left = "before-left": "how likely the character is after what stands before it, in nats", "按前文此字出现的可能（奈特）";
        before_right = "before-right": "how likely what follows is after the character, in nats", "此字之后出现后文的可能（奈特）";
        after_left = "after-left": "how likely the right character is after what stands before it, in nats", "按前文改后的字出现的可能（奈特）";
        after_right = "after-right": "how likely what follows is after the right character, in nats", "改后的字之后出现后文的可能（奈特）";
        counted = "counted": "how often one of the two characters is taken for the other", "两字相互混淆的次数（对数）";
        channel = "channel": "how readily the one is taken for the other, whatever the text", "不看文意，两字混淆的倾向";
        likeness = "likeness": "how alike the two characters look", "两字形状的相似度";
        sound = "sound": "how alike the two characters sound", "两字读音的相似度";
        wrong_frequency = "wrong-frequency": "how common the character in the text is, in nats", "文中此字的常用程度（奈特）";
        right_frequency = "right-frequency": "how common the right character is, in nats", "改后的字的常用程度（奈特）";
        word_before = "word-before": "characters of the word that it stands in now", "现在所在的词的字数";
        word_after = "word-after": "characters of the word that the mend makes", "改后所成的词的字数";
        word_frequency_before = "word-frequency-before": "how common the word is that it stands in now, in nats", "现在所在的词的常用程度（奈特）";
        word_frequency_after = "word-frequency-after": "how common the word is that the mend makes, in nats", "改后所成的词的常用程度（奈特）";
        margin = "margin": "how far the best mend is ahead of the next one", "最佳改法领先次佳改法多少";
        rivals = "rivals": "how many other mends come near", "相近的其他改法有几种";
        recurrence = "recurrence": "how often the wording stands in the document", "这种写法在文中出现的次数";
        quoted = "quoted": "whether it stands between quotation marks", "是否在引号中";
        surname = "surname": "whether a surname stands before it", "前面是否有姓氏";
        name_before = "name-before": "whether it may be part of a name", "是否可能是名称的一部分";
        segmentation_gain = "segmentation-gain": "how much better the sentence is cut into words with the mend, in nats", "改后句子切分成词好多少（奈特）";
        surroundings = "surroundings": "how usual the text around it is, in nats", "周围文字的通顺程度（奈特）";
        rare_nearby = "rare-nearby": "how many rare characters stand near", "附近少见字的多少";
        left_pair = "left-pair": "how well it goes with the character before it", "与前一字的搭配";
        right_pair = "right-pair": "how well it goes with the character after it", "与后一字的搭配";
        posterior = "posterior": "the probability of the right character by context and by likeness", "据上下文和相似度，改后的字的概率";
        idiom_after = "idiom-after": "whether the mend makes a set phrase", "改后是否成为固定用语";
        found_word_after = "found-word-after": "whether the mend makes a word that the lexicon has", "改后是否是词典中的词";
        words_nearby = "words-nearby": "characters of the words beside it after the mend", "改后相邻的词的字数";
        right_elsewhere = "right-elsewhere": "how often the right wording stands elsewhere in the document", "改后的写法在文中别处出现的次数";
        wrong_elsewhere = "wrong-elsewhere": "how often the wording stands elsewhere in the document", "现在的写法在文中别处出现的次数";
        pair_elsewhere = "pair-elsewhere": "how often the two characters change places in the document", "这一对字在文中别处混淆的次数";
    }
}
/// Pieces of evidence of a row.
pub const WIDTH: usize = Substitution::WIDTH;

/// A character that may be wrong, with what may be right there.
#[derive(Clone, Copy, Debug)]
pub struct Suspect {
    /// Its position, in characters of the paragraph.
    pub position: usize,
    /// Its place in [`Scratch::document`].
    pub place: usize,
    /// The character in the text.
    pub wrong: char,
    /// What may be right.
    pub right: CharId,
    /// The characters beside it: what recurs with the same ones is a name or a term.
    pub beside: (CharId, CharId),
    /// The evidence, in the order of [`Substitution::NAMES`]; what the rest of the document says is
    /// added by [`recurrence::count`](super::recurrence::count).
    pub row: [f32; WIDTH],
}

/// How many times a pair was counted: what the table says, or what the fit wants to be known.
pub trait Counts {
    /// The count of a pair, given the one of the table.
    fn count(&self, wrong: char, right: CharId, table: u8) -> f32;
}

/// The counts as they stand in the table.
#[derive(Clone, Copy, Debug)]
pub struct AsCounted;

impl Counts for AsCounted {
    fn count(&self, _: char, _: CharId, table: u8) -> f32 {
        f32::from(table)
    }
}

/// What is looked for, and how widely.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The three trigrams that hold the character must be less likely together than this, in nats.
    pub three: f32,
    /// The first two of them likewise.
    pub two: f32,
    /// How much likelier the trigrams of a character may be that is often taken for another, such
    /// as 已: what is often wrong stands in the training text as well, and is less rare for that.
    pub allowance: f32,
    /// A character that stands in a word of the lexicon is passed over unless its three trigrams
    /// are less likely than this.
    pub in_word: f32,
    /// The least that a correction must gain, in nats.
    pub gain: f32,
    /// The least sum of gain and prior.
    pub score: f32,
    /// Candidates kept of a position.
    pub keep: usize,
    /// The least likeness of a pair that was never counted.
    pub likeness: f32,
    /// The least ln P of any candidate after the two characters before it.
    pub left: f32,
    /// The least ln P of a candidate that only the two characters before suggest.
    pub suggested: f32,
}

impl Gate {
    /// For a document of which nothing is known: most are clean, so only what is rare and has a
    /// likely correction is looked at.
    pub const QUICK: Self = Self {
        three: -20.0,
        two: -13.0,
        allowance: 5.0,
        in_word: -26.0,
        gain: 6.0,
        score: -4.5,
        keep: 2,
        likeness: -3.0,
        left: -9.0,
        suggested: -5.0,
    };
    /// For a document that turned out to have errors.
    pub const CLOSE: Self = Self {
        three: -15.0,
        two: -9.5,
        allowance: 0.0,
        in_word: 0.0,
        gain: 0.5,
        score: -9.5,
        keep: 3,
        likeness: -6.0,
        left: -16.0,
        suggested: -8.0,
    };
}

/// Memory that is used again from paragraph to paragraph.
#[derive(Debug, Default)]
pub struct Scratch {
    candidates: Vec<Candidate>,
    other: Vec<CharId>,
    document: Vec<CharId>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Candidate {
    right: CharId,
    likeness: Option<f32>,
    count: f32,
    sound: bool,
    /// ln P of it after the two before it, where they are known to go on so.
    likely: Option<f32>,
    /// Where it stands among the bigrams with the character before it, and with the one after.
    pairs: [usize; 2],
    left: f32,
    after: f32,
    gain: f32,
    channel: f32,
    score: f32,
}

/// Finds suspects with a model.
#[derive(Clone, Copy, Debug)]
pub struct Channel<'m> {
    reader: Reader<'m>,
    confusables: Confusables<'m>,
    variants: Variants<'m>,
    usual: Usual<'m>,
}

/// Pairs in which either may be meant: usage changed or is a matter of grammar, no recogniser is at
/// fault.
const USAGE: [[char; 2]; 28] = [
    ['象', '像'],
    ['份', '分'],
    ['那', '哪'],
    ['做', '作'],
    ['的', '地'],
    ['的', '得'],
    ['地', '得'],
    ['他', '她'],
    ['他', '它'],
    ['她', '它'],
    ['账', '帐'],
    ['大', '太'],
    ['吧', '罢'],
    ['么', '吗'],
    ['着', '著'],
    ['只', '支'],
    ['只', '隻'],
    ['座', '坐'],
    ['须', '需'],
    ['尔', '而'],
    ['很', '狠'],
    ['玩', '顽'],
    ['唯', '惟'],
    ['么', '嘛'],
    ['您', '你'],
    ['您', '妳'],
    ['你', '妳'],
    ['像', '相'],
];

fn is_usage(a: char, b: char) -> bool {
    USAGE.contains(&[a, b]) || USAGE.contains(&[b, a])
}

/// Numbers and dates are never corrected to other ones: no text tells which is right.
fn is_number(c: char) -> bool {
    is_numeral(c) && !matches!(c, '半' | '几') || is_formal(c) || matches!(c, '年' | '月' | '日')
}

/// Whether a pair can be called an error at all: two Chinese characters, not two numerals, not two
/// usages.
pub(crate) fn is_correctable(wrong: char, right: char) -> bool {
    is_common_han(wrong)
        && is_common_han(right)
        && !is_usage(wrong, right)
        && !(is_number(wrong) && is_number(right))
}

impl<'m> Channel<'m> {
    /// The channel of a model; `None` if the model has none.
    pub fn of(model: &'m Model) -> Option<Self> {
        Some(Self {
            reader: model.reader(),
            confusables: model.part(confusables::PART).and_then(Confusables::parse)?,
            variants: model.part(variants::PART).and_then(Variants::parse)?,
            usual: model.part(common_pairs::PART).and_then(Usual::parse)?,
        })
    }

    /// Whether a text is written in traditional characters.
    pub(crate) fn is_traditional(&self, text: &str) -> bool {
        let scripts = text.chars().map(|c| self.variants.script(c));
        let balance = scripts.map(|script| match script {
            Script::Foreign => 1,
            Script::Simplified => -1,
            Script::Any => 0,
        });
        balance.sum::<i32>() > 0
    }

    /// The character of a number, as a text of one script or the other writes it.
    pub(crate) fn written(&self, id: CharId, traditional: bool) -> Option<char> {
        let character = self.character(id)?;
        let form = self.variants.traditional(character).filter(|_| traditional);
        Some(form.unwrap_or(character))
    }

    /// The character of a number.
    pub fn character(&self, id: CharId) -> Option<char> {
        self.reader.characters.character(id)
    }

    /// The views that paragraphs are read with.
    pub fn reader(&self) -> Reader<'m> {
        self.reader
    }

    /// Adds what may be wrong in a paragraph to `out`.
    #[allow(
        clippy::too_many_arguments,
        reason = "the state of one scan, taken apart once"
    )]
    pub fn suspects(
        &self,
        text: &str,
        passage: &Passage,
        gate: &Gate,
        counts: &impl Counts,
        scratch: &mut Scratch,
        out: &mut Vec<Suspect>,
    ) {
        let (ids, log_probs) = (passage.ids(), passage.log_probs());
        let first = scratch.document.len();
        scratch.note(passage);
        for i in passage.readable() {
            let two = log_probs[i] + log_probs.get(i + 1).copied().unwrap_or(0.0);
            let three = two + log_probs.get(i + 2).copied().unwrap_or(0.0);
            if three > gate.three + gate.allowance || two > gate.two + gate.allowance {
                continue;
            }
            if self.is_usual(ids, i) {
                continue;
            }
            let Some(wrong) = character_at(text, passage, i).filter(|&c| is_common_han(c)) else {
                continue;
            };
            if self.variants.simplified(wrong).is_some() {
                continue;
            }
            if (three > gate.three || two > gate.two) && !self.is_often_taken(wrong) {
                continue;
            }
            if three > gate.in_word && self.stands_in_word(ids, i) {
                continue;
            }
            self.candidates(ids, i, wrong, three, gate, counts, &mut scratch.candidates);
            let candidates = &scratch.candidates;
            for k in 0..candidates.len().min(gate.keep) {
                let row = self.row(ids, log_probs, i, wrong, k, candidates, &mut scratch.other);
                let beside = (at(ids, i, -1), at(ids, i, 1));
                out.push(Suspect {
                    position: i,
                    place: first + i,
                    wrong,
                    right: candidates[k].right,
                    beside,
                    row,
                });
            }
        }
    }

    /// Whether a character makes a usual pair with each of its neighbours. With one of them a wrong
    /// character often does by chance.
    #[inline]
    fn is_usual(&self, ids: &[CharId], i: usize) -> bool {
        let usual = |a: usize, b: usize| {
            let pair = ids.get(a).zip(ids.get(b));
            pair.is_some_and(|(&a, &b)| self.usual.contains(a, b))
        };
        usual(i.wrapping_sub(1), i) && usual(i, i + 1)
    }

    /// Whether a character was often counted as taken for one other.
    fn is_often_taken(&self, wrong: char) -> bool {
        const OFTEN: u8 = 100;
        self.confusables
            .alternatives(wrong)
            .any(|alt| alt.count >= OFTEN)
    }

    /// Whether a short word of the lexicon covers a position: rare as its neighbours may be, the
    /// character is most likely right.
    fn stands_in_word(&self, ids: &[CharId], i: usize) -> bool {
        let lexicon = self.reader.lexicon;
        (i.saturating_sub(2)..=i).any(|start| {
            lexicon
                .prefixes(ids, start)
                .any(|(length, _)| length > 1 && start + length > i)
        })
    }
}

impl Scratch {
    /// Makes room for the characters of a text of so many bytes, three for most.
    pub(crate) fn expect(&mut self, bytes: usize) {
        self.document.reserve(bytes / 5 * 2);
    }

    /// Notes the characters of a paragraph.
    pub(crate) fn note(&mut self, passage: &Passage) {
        self.document.extend_from_slice(passage.ids());
        self.document.push(BOUNDARY);
    }

    /// The characters of all paragraphs read so far, with a boundary after each.
    pub fn document(&self) -> &[CharId] {
        &self.document
    }
}

#[inline]
fn character_at(text: &str, passage: &Passage, i: usize) -> Option<char> {
    text.get(passage.offset(i)..)?.chars().next()
}

impl Suspect {
    /// Its kind: 0 if the pair was counted, else 1.
    pub fn kind(&self) -> usize {
        usize::from(self.row[COUNTED] <= 0.0)
    }
}

/// The place of `counted` in a row.
const COUNTED: usize = column(Substitution::NAMES, "counted");
