//! Misquoted set phrases: where a text comes near a phrase, and how likely it is that the phrase
//! was meant.
//!
//! Most near misses are right: words that meet (疑|有人在, 半年|之后), phrases made after the
//! pattern of another (与世隔绝, 与世隔断), puns in headlines. Small trees weigh what the language
//! model says of both wordings, how the changed character may have come about, the words that cross
//! the borders, and whether others write so as well. `train::phrases` fits them.

use std::collections::{HashMap, HashSet};

use super::UNLIKE;
use crate::model::characters::{BOUNDARY, CharId, Line};
use crate::model::confusables::{self, Confusables};
use crate::model::forest::Forest;
use crate::model::phrases::{self, LENGTH, Near, Phrases, Seen, Slip};
use crate::model::variants::Variants;
use crate::model::{Model, Reader};
use crate::reading::evidence::evidence;
use crate::reading::proofreading::context::cut;
use crate::text::{around, is_numeral};

/// The part that holds the trees.
pub(crate) const PART: &str = "misquotation";
pub(crate) const VERSION: u32 = 1;

evidence! {
    /// Why a near miss may be a phrase that was meant.
    pub struct NearMiss {
        gain = "gain": "how much likelier the text is with the mend, in nats", "改后文字通顺多少（奈特）";
        slip = "slip": "what kind of slip it is: another, a missing or an extra character", "差异的种类：错字、漏字或衍字";
        place = "place": "where in the phrase the difference is", "差异在用语中的位置";
        phrase_frequency = "phrase-frequency": "how common the set phrase is, in nats", "固定用语的常用程度（奈特）";
        phrase_surprise = "phrase-surprise": "how unlikely the set phrase would be here, in nats", "固定用语出现在此处的意外程度（奈特）";
        text_surprise = "text-surprise": "how unlikely the wording of the text is, in nats", "现在写法的意外程度（奈特）";
        counted = "counted": "how often one of the two characters is taken for the other", "两字相互混淆的次数（对数）";
        likeness = "likeness": "how alike the two characters look", "两字形状的相似度";
        sound = "sound": "how alike the two characters sound", "两字读音的相似度";
        wrong_frequency = "wrong-frequency": "how common the character in the text is, in nats", "文中此字的常用程度（奈特）";
        right_frequency = "right-frequency": "how common the right character is, in nats", "改后的字的常用程度（奈特）";
        word_inside = "word-inside": "characters of the longest word across the difference", "跨过差异处的最长词的字数";
        word_inside_frequency = "word-inside-frequency": "how common that word is, in nats", "该词的常用程度（奈特）";
        left_across = "left-across": "whether a word reaches over its beginning", "是否有词跨过其开头";
        right_across = "right-across": "whether a word reaches over its end", "是否有词跨过其结尾";
        segmentation_gain = "segmentation-gain": "how much better the sentence is cut into words with the mend, in nats", "改后句子切分成词好多少（奈特）";
        documents = "documents": "in how many texts the same wording was seen", "见过同样写法的文本数";
        recurrence = "recurrence": "how often the wording stands in the document", "这种写法在文中出现的次数";
        whole_as_well = "whole-as-well": "whether the set phrase stands in the document too", "文中是否另有正确的用语";
        quoted = "quoted": "whether it stands between quotation marks", "是否在引号中";
        paragraph = "paragraph": "what kind of paragraph it stands in", "所在段落的种类";
        surroundings = "surroundings": "how usual the text around it is, in nats", "周围文字的通顺程度（奈特）";
        rivals = "rivals": "how many other mends come near", "相近的其他改法有几种";
        left_pair = "left-pair": "how well it goes with the character before it", "与前一字的搭配";
        right_pair = "right-pair": "how well it goes with the character after it", "与后一字的搭配";
        longest_inside = "longest-inside": "characters of the longest word inside it", "其中最长的词的字数";
        numeral = "numeral": "whether a numeral is concerned", "是否涉及数词";
    }
}
/// Characters on either side that the evidence looks at.
const AROUND: usize = 9;

/// A near miss in a document, with the evidence.
#[derive(Clone, Copy, Debug)]
pub struct Misquotation {
    /// Where it begins, in bytes of the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The near miss; its places are those of its run.
    pub near: Near,
    /// The evidence.
    pub row: NearMiss,
}

/// A run of Chinese characters, and the paragraph it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Its bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Finds misquoted phrases.
#[derive(Clone, Copy, Debug)]
pub struct Quoter<'m> {
    reader: Reader<'m>,
    phrases: Phrases<'m>,
    confusables: Confusables<'m>,
    variants: Option<Variants<'m>>,
    trees: Option<Forest<'m>>,
}

impl<'m> Quoter<'m> {
    /// By the phrases of a model; `None` if it has none.
    #[must_use]
    pub fn of(model: &'m Model) -> Option<Self> {
        Some(Self {
            reader: model.reader(),
            phrases: model.part(phrases::PART).and_then(Phrases::parse)?,
            confusables: model.part(confusables::PART).and_then(Confusables::parse)?,
            variants: model.variants(),
            trees: model.forest(PART),
        })
    }

    /// The set phrases.
    #[must_use]
    pub fn phrases(&self) -> Phrases<'m> {
        self.phrases
    }

    /// The probability that a phrase was meant; 0 by a model without the trees for it.
    #[must_use]
    pub fn probability(&self, row: &NearMiss) -> f32 {
        self.trees
            .map_or(0.0, |trees| trees.probability(&row.columns()))
    }

    /// The near misses of a text with the evidence, given its runs of Chinese characters, in the
    /// order of the text.
    pub fn misquotations(&self, text: &str, runs: impl Iterator<Item = Run>) -> Vec<Misquotation> {
        let mut found: Vec<Found> = Vec::new();
        let mut whole_in_text = HashSet::new();
        let (mut characters, mut offsets) = (Vec::new(), Vec::new());
        let (mut near, mut whole) = (Vec::new(), Vec::new());
        for run in runs {
            characters.clear();
            offsets.clear();
            near.clear();
            whole.clear();
            for (at, c) in text[run.start..run.end].char_indices() {
                // beyond the basic plane there are no phrases
                characters.push(u16::try_from(u32::from(c)).unwrap_or(0));
                offsets.push(run.start + at);
            }
            offsets.push(run.end);
            self.phrases.scan(&characters, &mut |seen| match seen {
                Seen::Near(n) => near.push(n),
                Seen::Whole(at, phrase) => {
                    whole.push(at);
                    whole_in_text.insert(phrase);
                }
            });
            // a phrase that stands there as it should be accounts for its own characters, but for
            // one at either end
            near.retain(|n: &Near| {
                let next = whole.partition_point(|&at| at + LENGTH <= n.start + 1);
                whole.get(next).is_none_or(|&at| n.end <= at + 1)
                    && !is_pun(text, offsets[n.start], offsets[n.end], n)
                    && self.is_worth_a_look(&characters, n)
            });
            near.sort_unstable_by_key(|n| (n.start, n.end, n.phrase, n.place));
            found.extend(near.iter().map(|&near| Found {
                near,
                start: offsets[near.start],
                end: offsets[near.end],
                documents: self.phrases.documents(&characters[near.start..near.end]),
            }));
        }
        let mut times: HashMap<(&str, usize), u32> = HashMap::new();
        for f in &found {
            *times
                .entry((&text[f.start..f.end], f.near.phrase))
                .or_default() += 1;
        }
        let mut witness = Witness {
            quoter: self,
            line: Line::default(),
            other: Vec::new(),
        };
        let rows = found.iter().enumerate().map(|(index, f)| {
            let mut row = witness.evidence(text, f.start, f.end, &f.near);
            let recurrence = times.get(&(&text[f.start..f.end], f.near.phrase)).copied();
            row.documents = (f.documents as f32 + 1.0).ln();
            row.recurrence = recurrence.unwrap_or(1).min(5) as f32;
            row.whole_as_well = f32::from(u8::from(whole_in_text.contains(&f.near.phrase)));
            row.rivals = rivals(&found, index);
            Misquotation {
                start: f.start,
                end: f.end,
                near: f.near,
                row,
            }
        });
        rows.collect()
    }

    /// Whether the text at a near miss may be wrong at all: what is a word by itself is not, and
    /// numbers are never corrected to other numbers.
    fn is_worth_a_look(&self, run: &[u16], near: &Near) -> bool {
        let text = |code: u16| char::from_u32(u32::from(code)).unwrap_or_default();
        let ids: [CharId; LENGTH + 1] = std::array::from_fn(|i| {
            run.get(near.start + i)
                .map_or(BOUNDARY, |&c| self.reader.characters.id(text(c)))
        });
        if self
            .reader
            .lexicon
            .find(&ids[..near.end - near.start])
            .is_some()
        {
            return false;
        }
        if near.slip != Slip::Other {
            return true;
        }
        // a traditional form is a matter of script, and stands in quotations of old texts
        let wrong = text(run[near.start + near.place]);
        let right = text(self.phrases.phrase(near.phrase)[near.place]);
        let form = self.variants.and_then(|v| v.simplified(wrong));
        form.is_none() && !(is_numeral(wrong) && is_numeral(right))
    }
}

/// A near miss on the way to its evidence.
struct Found {
    near: Near,
    start: usize,
    end: usize,
    documents: u32,
}

/// How many near misses overlap this one, itself included, 5 at most. They are sorted by where they
/// begin.
fn rivals(found: &[Found], index: usize) -> f32 {
    const LONGEST: usize = 3 * (LENGTH + 1);
    let this = &found[index];
    let before = found[..index].iter().rev();
    let near = before
        .take_while(|other| other.start + LONGEST > this.start)
        .filter(|other| other.end > this.start);
    let after = found[index..]
        .iter()
        .take_while(|other| other.start < this.end);
    near.chain(after).take(5).count() as f32
}

const QUOTATION_MARKS: &str = "“”‘’「」『』《》〈〉\"";

/// Whether another character stands in quotation marks where one is missing: “食”为天.
fn is_pun(text: &str, start: usize, end: usize, near: &Near) -> bool {
    let mark = |c: Option<char>| c.is_some_and(|c| QUOTATION_MARKS.contains(c));
    near.slip == Slip::Dropped
        && (near.place == 0 && mark(text[..start].chars().next_back())
            || near.place + 1 == LENGTH && mark(text[end..].chars().next()))
}

/// Reads the surroundings of near misses, again and again in the same memory.
struct Witness<'q, 'm> {
    quoter: &'q Quoter<'m>,
    line: Line,
    other: Vec<CharId>,
}

impl Witness<'_, '_> {
    fn evidence(&mut self, text: &str, start: usize, end: usize, near: &Near) -> NearMiss {
        let r = self.quoter.reader;
        let (left, right) = around(text, start..end, AROUND);
        let window = &text[start - left..end + right];
        r.characters.read(window, &mut self.line);
        let ids = &self.line.ids;
        let first = window[..left].chars().count();
        let after = first + near.end - near.start;
        let phrase: [CharId; LENGTH] = self
            .quoter
            .phrases
            .phrase(near.phrase)
            .map(|c| char::from_u32(u32::from(c)).map_or(0, |c| r.characters.id(c)));
        self.other.clear();
        self.other.extend_from_slice(&ids[..first]);
        self.other.extend_from_slice(&phrase);
        self.other.extend_from_slice(&ids[after..]);
        let id = |i: usize| ids.get(i).copied().unwrap_or(BOUNDARY);
        // The character that is wrong; the one that stands where another is missing.
        let wrong = first + near.place.min(near.end - near.start - 1);
        let character = |id: CharId| r.characters.character(id);
        let confusable = match (near.slip, character(id(wrong))) {
            (Slip::Other, Some(c)) => {
                Some((c, self.quoter.confusables.pair(c, phrase[near.place])))
            }
            _ => None,
        };
        let sound = confusable.is_some_and(|(c, _)| {
            character(phrase[near.place])
                .is_some_and(|right| self.quoter.confusables.sound_alike(c, right))
        });
        let pair = confusable.and_then(|c| c.1);
        let inside = r
            .lexicon
            .cover(ids, wrong, wrong + 1)
            .filter(|w| w.end - w.start > 1);
        let across = |seam: usize| {
            r.word_across(ids, seam).map_or(0.0, |w| {
                17.0 + r.lexicon.log_frequency(w.word) + (w.end - w.start) as f32
            })
        };
        let longest_inside = (first..after)
            .filter_map(|at| r.lexicon.prefixes(&ids[..after], at).last())
            .map(|(length, _)| length)
            .max()
            .unwrap_or(1);
        let (mut sum, mut count) = (0.0, 0.0_f32);
        for at in (0..ids.len()).filter(|at| *at + 2 < first || *at > after + 2) {
            sum += r.log_prob(ids, at..at + 1);
            count += 1.0;
        }
        let quoted = |c: Option<char>, marks: &str| c.is_some_and(|c| marks.contains(c));
        let opened = quoted(window[..left].chars().next_back(), QUOTATION_MARKS);
        let closed = quoted(window[left + end - start..].chars().next(), QUOTATION_MARKS);
        let bond = |a: CharId, b: CharId| r.ngram.bigram(a, b) - r.ngram.frequency(b);
        NearMiss {
            gain: r.gain(ids, first..after, &phrase),
            slip: match near.slip {
                Slip::Other => 0.0,
                Slip::Dropped => 1.0,
                Slip::Extra => 2.0,
                Slip::Swapped => 3.0,
            },
            place: near.place as f32,
            phrase_frequency: self.quoter.phrases.frequency(near.phrase),
            phrase_surprise: r.log_prob(&self.other, first..first + LENGTH),
            text_surprise: r.log_prob(ids, first..after),
            counted: pair.map_or(0.0, |p| (1.0 + f32::from(p.count)).ln()),
            likeness: pair.and_then(|p| p.likeness).unwrap_or(UNLIKE),
            sound: f32::from(u8::from(sound)),
            wrong_frequency: r.ngram.frequency(id(wrong)),
            right_frequency: r.ngram.frequency(phrase[near.place]),
            word_inside: inside.map_or(1.0, |w| (w.end - w.start) as f32),
            word_inside_frequency: inside.map_or(-20.0, |w| r.lexicon.log_frequency(w.word)),
            left_across: across(first),
            right_across: across(after),
            segmentation_gain: cut(r.lexicon, ids).cost - cut(r.lexicon, &self.other).cost,
            documents: 0.0,
            recurrence: 1.0,
            whole_as_well: 0.0,
            quoted: f32::from(u8::from(opened)) + f32::from(u8::from(closed)),
            paragraph: paragraph(text, start, end),
            surroundings: sum / count.max(1.0),
            rivals: 1.0,
            left_pair: bond(id(wrong.wrapping_sub(1)), id(wrong)),
            right_pair: bond(id(wrong), id(wrong + 1)),
            longest_inside: longest_inside as f32,
            numeral: f32::from(u8::from(character(id(wrong)).is_some_and(is_numeral))),
        }
    }
}

/// How long the line is, up to 60 characters or so: puns stand in headlines.
fn paragraph(text: &str, start: usize, end: usize) -> f32 {
    let in_line = |b: &u8| *b != b'\n';
    let before = text.as_bytes()[..start]
        .iter()
        .rev()
        .take(90)
        .take_while(|b| in_line(b))
        .count();
    let after = text.as_bytes()[end..]
        .iter()
        .take(90)
        .take_while(|b| in_line(b))
        .count();
    ((before + after) / 3) as f32
}
