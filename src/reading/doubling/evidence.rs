//! The evidence that a doubling is a slip.

use super::elsewhere::{Elsewhere, Recurrence};
use super::known::{Known, Words, known};
use super::set_speech::PRONOUNS;
use super::{Doubling, LONGEST};
use crate::model::characters::{BOUNDARY, CharId, Line};
use crate::model::lexicon::Kinds;
use crate::model::segment::STRANGER;
use crate::model::variants::{self, Variants};
use crate::model::{Model, Reader};
use crate::reading::evidence::evidence;
use crate::text::{around, is_han, is_numeral, last_chars};

/// Characters on either side that the evidence looks at.
const AROUND: usize = 10;

evidence! {
    /// Why a doubling may be a slip.
    pub struct Evidence {
        length = "length": "how many characters it has", "字数";
        gain = "gain": "how much likelier the text is with one copy, in nats", "只留一遍通顺多少（奈特）";
        again = "again": "how unlikely the second copy is after the first, against anywhere", "第二遍紧接出现比平常的可能";
        frequency = "frequency": "how common what is doubled is, in nats a character", "被重复的部分的常用程度（奈特）";
        across = "across": "characters of a word that reaches over the seam", "跨过接缝的词的字数";
        across_frequency = "across-frequency": "how common that word is, in nats", "该词的常用程度（奈特）";
        left_word = "left-word": "characters of a word that ends at the seam", "在接缝处结束的词的字数";
        right_word = "right-word": "characters of a word that begins at the seam", "从接缝处开始的词的字数";
        unit_word = "unit-word": "how common what is doubled is as a word, in nats", "被重复的部分作为词的常用程度（奈特）";
        cost_saved = "cost-saved": "how much better the text is cut into words with one copy, in nats", "只留一遍时切分成词好多少（奈特）";
        joined_word = "joined-word": "characters of the word that is whole with one copy", "只留一遍时所成的词的字数";
        before_alike = "before-alike": "whether the characters before it are doubled too", "前面的字是否也重叠";
        after_alike = "after-alike": "whether the characters after it are doubled too", "后面的字是否也重叠";
        numeral_before = "numeral-before": "whether a numeral stands before it", "前面是否有数词";
        at_start = "at-start": "whether no Chinese character stands before it", "前面是否没有汉字";
        at_end = "at-end": "whether no Chinese character stands after it", "后面是否没有汉字";
        recurs_left = "recurs-left": "how often the doubling recurs with what stands before it", "连同前文在文中重现的次数";
        recurs_right = "recurs-right": "how often the doubling recurs with what stands after it", "连同后文在文中重现的次数";
        quoted = "quoted": "whether it stands between quotation marks", "是否在引号中";
        meeting = "meeting": "whether two words meet at the seam", "接缝处是否两词相接";
        left_frequency = "left-frequency": "how common the word is that ends at the seam, in nats", "在接缝处结束的词的常用程度（奈特）";
        right_frequency = "right-frequency": "how common the word is that begins at the seam, in nats", "从接缝处开始的词的常用程度（奈特）";
        left_bond = "left-bond": "how strongly the first copy belongs to what stands before it", "第一遍与前文的结合程度";
        right_bond = "right-bond": "how strongly the second copy belongs to what stands after it", "第二遍与后文的结合程度";
        pair = "pair": "how usual it is that the two stand side by side", "两者相邻的常见程度";
        pair_word = "pair-word": "how common the doubling is as a word, in nats", "重叠形式作为词的常用程度（奈特）";
        left_hold = "left-hold": "how much cheaper the first copy is as the end of a word than alone", "第一遍作词尾比单独成词省多少";
        right_hold = "right-hold": "how much cheaper the second copy is as the beginning of a word than alone", "第二遍作词头比单独成词省多少";
        before_word = "before-word": "how readily the character before it is a word by itself, in nats", "前一字单独成词的程度（奈特）";
        function_before = "function-before": "whether a word of grammar stands before it", "前面是否虚词";
        function_after = "function-after": "whether a word of grammar stands after it", "后面是否虚词";
        unit_words = "unit-words": "how many words what is doubled is made of", "被重复的部分由几个词组成";
        pair_of_pairs = "pair-of-pairs": "how common the word is of which each character is doubled, in nats", "各字重叠的词的常用程度（奈特）";
        after_one = "after-one": "whether 一 stands before it", "前面是否为“一”";
        left_gain = "left-gain": "how well what stands before it goes on into the first copy, in nats", "前文与第一遍相接的通顺程度（奈特）";
        right_gain = "right-gain": "how much better what follows goes on after one copy, in nats", "只留一遍时与后文相接通顺多少（奈特）";
        unit_begins_small = "unit-begins-small": "whether what is doubled begins with a word of grammar", "被重复的部分是否以虚词开头";
        unit_ends_small = "unit-ends-small": "whether what is doubled ends with a word of grammar", "被重复的部分是否以虚词结尾";
        unit_holds_of = "unit-holds-of": "whether what is doubled has 的 in it", "被重复的部分是否含“的”";
        unit_adverb = "unit-adverb": "whether what is doubled is an adverb", "被重复的部分是否副词";
        unit_verb = "unit-verb": "whether what is doubled is a verb", "被重复的部分是否动词";
        unit_noun = "unit-noun": "whether what is doubled is a noun", "被重复的部分是否名词";
        unit_function = "unit-function": "whether what is doubled is a word of grammar", "被重复的部分是否虚词";
        once_elsewhere = "once-elsewhere": "how often the wording stands near with one copy", "只有一遍的写法在附近出现的次数";
        left_elsewhere = "left-elsewhere": "how often the left side stands near without the right one", "左边单独在附近出现的次数";
        far_left_elsewhere = "far-left-elsewhere": "how often the wider left side stands near without the right one", "更长的左边单独在附近出现的次数";
        right_elsewhere = "right-elsewhere": "how often the right side stands near without the left one", "右边单独在附近出现的次数";
        far_right_elsewhere = "far-right-elsewhere": "how often the wider right side stands near without the left one", "更长的右边单独在附近出现的次数";
        left_binding = "left-binding": "how closely what stands before it is bound to the first copy", "前文与第一遍的黏着程度";
        right_binding = "right-binding": "how closely what stands after it is bound to the second copy", "后文与第二遍的黏着程度";
    }
}

/// Characters that are mostly words of grammar by themselves (prepositions, conjunctions,
/// particles, copulas). A name does not end before them, so that 由县 is not the end of a name as
/// 台安县 is.
const FUNCTION_WORDS: &str = "由被把将对向从在于和与及或让使给为是就跟同按据以至到的地得了着过并而也都还又再则却且但因若如所其该此这那";

/// Reads the surroundings of doublings, again and again in the same memory.
#[derive(Debug)]
pub struct Witness<'m> {
    reader: Reader<'m>,
    line: Line,
    single: Vec<CharId>,
    variants: Option<Variants<'m>>,
}

impl<'m> Witness<'m> {
    /// By the counts of a model.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        Self {
            reader: model.reader(),
            line: Line::default(),
            single: Vec::new(),
            variants: model.part(variants::PART).and_then(Variants::parse),
        }
    }

    /// Reads a window as simplified text: the words and their seams are the same in both scripts,
    /// and the model knows those of one.
    fn read(&mut self, window: &str) {
        self.line.clear();
        for c in window.chars() {
            let id = self.reader.characters.id(self.simplified(c));
            self.line.ids.push(id);
        }
    }

    /// What is known of a doubling and need not be weighed.
    #[must_use]
    pub fn known(&mut self, text: &str, doubling: &Doubling) -> Option<Known> {
        let unit = &text[doubling.start..doubling.middle];
        let kinds = self.kinds(unit);
        let is_verb = doubling.length <= 2 && kinds.any(Kinds::VERB);
        let acts = Kinds(Kinds::VERB.0 | Kinds::ADJECTIVE.0);
        let things = Kinds(Kinds::NOUN.0 | Kinds::ADVERB.0);
        let is_thing = kinds.any(things) && !kinds.any(acts);
        let (_, right) = around(text, doubling.middle..doubling.end, AROUND);
        self.read(&text[doubling.middle..doubling.end + right]);
        let begins_another = self.reader.lexicon.longest(&self.line.ids, 0);
        let ends_another = doubling.length == 1 && self.ends_a_longer_word(text, doubling);
        let words = Words {
            is_verb,
            is_thing,
            ends_another,
            begins_another: begins_another.is_some_and(|(length, _)| length > doubling.length),
            has_object: begins_another.is_some_and(|(length, word)| {
                length == 2 && !self.reader.lexicon.kinds(word).any(Kinds::VERB)
            }),
        };
        known(text, doubling, words, |c| self.simplified(c))
    }

    /// Whether a word ends with the first copy that begins before it.
    fn ends_a_longer_word(&mut self, text: &str, doubling: &Doubling) -> bool {
        const BEFORE: usize = 3;
        let left = last_chars(&text[..doubling.start], BEFORE);
        self.read(&text[doubling.start - left.len()..doubling.middle]);
        let ids = &self.line.ids;
        (0..ids.len().saturating_sub(doubling.length)).any(|at| {
            let word = self.reader.lexicon.longest(ids, at);
            word.is_some_and(|(length, _)| at + length == ids.len())
        })
    }

    /// Whether people double it when they speak or tell: a pronoun that ends one clause and begins
    /// the next without a mark (你找我|我还不敢呢), a verb or a quality of two characters
    /// (联络联络, 模糊模糊).
    pub fn is_told_twice(&mut self, text: &str, doubling: &Doubling) -> bool {
        let unit = &text[doubling.start..doubling.middle];
        match doubling.length {
            1 => unit.contains(|c| PRONOUNS.contains(c)),
            2 => (self.kinds(unit)).any(Kinds(Kinds::VERB.0 | Kinds::ADJECTIVE.0)),
            _ => false,
        }
    }

    /// What kinds of word a unit is; none where the lexicon does not have it.
    fn kinds(&mut self, unit: &str) -> Kinds {
        self.read(unit);
        let lexicon = self.reader.lexicon;
        let word = lexicon.find(&self.line.ids);
        word.map_or(Kinds(0), |word| lexicon.kinds(word))
    }

    fn simplified(&self, c: char) -> char {
        let form = self.variants.and_then(|variants| variants.simplified(c));
        form.map_or(c, |(simplified, _)| simplified)
    }

    /// The evidence on a doubling of `text`. What stands elsewhere is the default as long as it was
    /// not looked for.
    pub fn evidence(
        &mut self,
        text: &str,
        doubling: &Doubling,
        recurrence: Recurrence,
        elsewhere: Elsewhere,
    ) -> Evidence {
        let Doubling {
            start, end, length, ..
        } = *doubling;
        let (left, right) = around(text, start..end, AROUND);
        let window = &text[start - left..end + right];
        self.read(window);
        let ids = &self.line.ids;
        let first = window[..left].chars().count();
        let (seam, after) = (first + length, first + 2 * length);
        let r = self.reader;
        self.single.clear();
        self.single.extend_from_slice(&ids[..seam]);
        self.single.extend_from_slice(&ids[after..]);
        let unit = &ids[first..seam];
        let id = |i: usize| ids.get(i).copied().unwrap_or(BOUNDARY);

        let again = r.log_prob(ids, seam..after);
        let frequency: f32 = unit.iter().map(|c| r.ngram.frequency(*c)).sum();
        let across = r.word_across(ids, seam);
        // The longest words that end and begin at the seam, of two characters or more.
        let left_word = word_before(r, ids, seam);
        let right_word = r
            .lexicon
            .longest(ids, seam)
            .map(|(n, _)| n)
            .filter(|n| *n > 1);
        let joined = r.lexicon.cover(
            &self.single,
            first.saturating_sub(1),
            seam.min(self.single.len().saturating_sub(1)) + 1,
        );
        let saved = cost(r, ids) - cost(r, &self.single);
        let before_alike = first >= 2 && id(first - 1) == id(first - 2);
        let after_alike = after + 1 < ids.len() && id(after) == id(after + 1);
        let before = window[..left].chars().next_back();
        let next = window[left + end - start..].chars().next();
        let simplified = |c: Option<char>| c.map(|c| self.simplified(c));
        let han = |c: Option<char>| c.is_some_and(is_han);
        let numeral = |c: char| {
            let great = matches!(c, '万' | '亿' | '零' | '〇');
            c.is_ascii_digit() || c == '每' || is_numeral(c) && !great
        };
        let quoted = is_quoted(&window[..left], &window[left + end - start..]);
        let word_frequency = |range: std::ops::Range<usize>| log_frequency(r, ids.get(range));
        let left_frequency = left_word.map_or(-20.0, |n| word_frequency(seam - n..seam));
        let right_frequency = right_word.map_or(-20.0, |n| word_frequency(seam..seam + n));
        // How much the characters on the outer sides belong to the unit.
        let bond = |a: CharId, b: CharId| r.ngram.bigram(a, b) - r.ngram.frequency(b);
        let left_bond = bond(id(first.wrapping_sub(1)), id(first));
        let right_bond = bond(id(after - 1), id(after));
        let pair = bond(id(seam - 1), id(seam));
        // How much cheaper the unit is as the end, or the beginning, of the words beside it than
        // alone: 县 belongs to the left in 台安县|县长, not in 由县|县政府.
        let alone = cost(r, unit);
        let left_hold = cost(r, &ids[..seam]) - cost(r, &ids[..first]) - alone;
        let right_hold = cost(r, &ids[seam..]) - cost(r, &ids[after..]) - alone;
        let before_word = if first > 0 {
            word_frequency(first - 1..first)
        } else {
            0.0
        };
        let pair_word = word_frequency(first..after);
        // 实实在在: two pairs side by side whose characters make a word.
        let pairs = match (length, before_alike, after_alike) {
            (1, _, true) => Some([id(first), id(after)]),
            (1, true, false) => Some([id(first - 1), id(first)]),
            _ => None,
        };
        let twice = &window[left..left + end - start];
        let kinds = r.lexicon.find(unit).map(|word| r.lexicon.kinds(word));
        let is_kind = |kind| f32::from(u8::from(kinds.is_some_and(|kinds| kinds.any(kind))));
        // How well the left side goes on into the unit, and how much better the rest goes on after
        // one copy, by three characters.
        let left_gain = r.log_prob(ids, first..seam) - frequency;
        let right_gain = r.log_prob(&self.single, seam..self.single.len().min(seam + 2))
            - r.log_prob(ids, after..ids.len().min(after + 2));
        let meeting = match (left_word, right_word) {
            (Some(_), Some(_)) => {
                let across = r.word_across(ids, seam).is_none();
                1.0 + f32::from(u8::from(across))
            }
            _ => 0.0,
        };
        Evidence {
            length: length as f32,
            gain: r.gain(ids, seam..after, &[]),
            again: again - frequency,
            frequency: frequency / length as f32,
            across: across.map_or(0.0, |w| (w.end - w.start) as f32),
            across_frequency: across.map_or(-20.0, |w| r.lexicon.log_frequency(w.word)),
            left_word: left_word.map_or(0.0, |n| n as f32),
            right_word: right_word.map_or(0.0, |n| n as f32),
            unit_word: log_frequency(r, Some(unit)),
            cost_saved: saved,
            joined_word: joined.map_or(0.0, |w| (w.end - w.start) as f32),
            before_alike: f32::from(u8::from(before_alike)),
            after_alike: f32::from(u8::from(after_alike)),
            numeral_before: f32::from(u8::from(before.is_some_and(numeral))),
            at_start: f32::from(u8::from(!han(before))),
            at_end: f32::from(u8::from(!han(next))),
            recurs_left: recurrence.left.min(4) as f32,
            recurs_right: recurrence.right.min(4) as f32,
            quoted: f32::from(u8::from(quoted)),
            meeting,
            left_frequency,
            right_frequency,
            left_bond,
            right_bond,
            pair,
            pair_word,
            left_hold,
            right_hold,
            before_word,
            function_before: function_word(simplified(before)),
            function_after: function_word(simplified(next)),
            unit_words: words(r, unit),
            pair_of_pairs: log_frequency(r, pairs.as_ref().map(|pair| &pair[..])),
            after_one: f32::from(u8::from(before == Some('一'))),
            left_gain,
            right_gain,
            unit_begins_small: function_word(window[left..].chars().next()),
            unit_ends_small: function_word(twice.chars().next_back()),
            unit_holds_of: f32::from(u8::from(length > 1 && twice.contains('的'))),
            unit_adverb: is_kind(Kinds::ADVERB),
            unit_verb: is_kind(Kinds::VERB),
            unit_noun: is_kind(Kinds::NOUN),
            unit_function: is_kind(Kinds::FUNCTION),
            once_elsewhere: elsewhere.once as f32,
            left_elsewhere: elsewhere.left as f32,
            far_left_elsewhere: elsewhere.far_left as f32,
            right_elsewhere: elsewhere.right as f32,
            far_right_elsewhere: elsewhere.far_right as f32,
            left_binding: elsewhere.left_binding(left_gain + frequency),
            right_binding: elsewhere.right_binding(r.ngram.bigram(id(after - 1), id(after))),
        }
    }
}

/// How common a word is, in nats; what is no word is rarer than any.
fn log_frequency(reader: Reader<'_>, word: Option<&[CharId]>) -> f32 {
    let word = word.and_then(|word| reader.lexicon.find(word));
    word.map_or(-20.0, |word| reader.lexicon.log_frequency(word))
}

/// The characters of the longest word that ends at a seam, of two characters or more.
fn word_before(reader: Reader<'_>, ids: &[CharId], seam: usize) -> Option<usize> {
    (2..=6.min(seam)).rev().find(|n| {
        let word = &ids[seam - n..seam];
        reader.lexicon.find(word).is_some() && coheres(reader, word)
    })
}

/// Whether quotation marks stand on both sides, a few characters away at most.
fn is_quoted(before: &str, after: &str) -> bool {
    const NEAR: usize = 4;
    let opened = |c: char| matches!(c, '“' | '《' | '「' | '‘');
    let closed = |c: char| matches!(c, '”' | '》' | '」' | '’');
    before.chars().rev().take(NEAR).any(opened) && after.chars().take(NEAR).any(closed)
}

/// The fewest words that the unit can be cut into.
fn words(reader: Reader<'_>, unit: &[CharId]) -> f32 {
    let mut fewest = [LONGEST + 1; LONGEST + 1];
    fewest[0] = 0;
    for at in 0..unit.len().min(LONGEST) {
        fewest[at + 1] = fewest[at + 1].min(fewest[at] + 1);
        for (length, _) in reader.lexicon.prefixes(unit, at) {
            fewest[at + length] = fewest[at + length].min(fewest[at] + 1);
        }
    }
    fewest[unit.len().min(LONGEST)] as f32
}

fn function_word(c: Option<char>) -> f32 {
    f32::from(u8::from(c.is_some_and(|c| FUNCTION_WORDS.contains(c))))
}

/// Whether a word of two characters is more than two that often meet: lists of words hold such as
/// 由县. What begins with a word of grammar must hold together more.
fn coheres(reader: Reader<'_>, word: &[CharId]) -> bool {
    let [first, second] = word else { return true };
    let frequency = |ids: &[CharId]| {
        reader
            .lexicon
            .find(ids)
            .map_or(-STRANGER, |w| reader.lexicon.log_frequency(w))
    };
    let function = reader
        .characters
        .character(*first)
        .is_some_and(|c| FUNCTION_WORDS.contains(c));
    let least = if function { 5.0 } else { 2.5 };
    frequency(word) > frequency(&[*first]) + frequency(&[*second]) + least
}

/// What the cheapest way costs to cut the characters into words, in nats.
fn cost(reader: Reader<'_>, ids: &[CharId]) -> f32 {
    let mut best = [f32::INFINITY; 2 * AROUND + 2 * LONGEST + 1];
    best[0] = 0.0;
    for at in 0..ids.len().min(best.len() - 1) {
        let here = best[at];
        let mut step = |length: usize, cost: f32| {
            if let Some(slot) = best.get_mut(at + length) {
                *slot = slot.min(here + cost);
            }
        };
        step(1, STRANGER);
        for (length, word) in reader.lexicon.prefixes(ids, at) {
            if coheres(reader, &ids[at..at + length]) {
                step(length, -reader.lexicon.log_frequency(word));
            }
        }
    }
    best[ids.len().min(best.len() - 1)]
}
