//! Which of two wordings of the same quotation is wrong, if one is.
//!
//! Most quotations that stand in a text twice in different wordings are right both times: who
//! quotes may shorten, or say 财产 for 资产. Small trees weigh what the language model says of both
//! wordings in both places, how alike the characters are, and how often each stands in the text.
//! `train::rewordings` fits them.

use std::ops::Range;

use memchr::memmem;

use super::UNLIKE;
use super::quotations::Difference;
use crate::model::characters::{CharId, Line};
use crate::model::confusables::{self, Confusables};
use crate::model::forest::Forest;
use crate::model::{Model, Reader};
use crate::reading::evidence::evidence;
use crate::reading::proofreading::context::cut;
use crate::text::around;

/// The part that holds the trees.
pub(crate) const PART: &str = "rewording";
pub(crate) const VERSION: u32 = 1;

evidence! {
    /// Why one wording of a quotation may be wrong and the other right.
    pub struct Rewording {
        gain = "gain": "how much likelier the text is with the mend, in nats", "改后文字通顺多少（奈特）";
        gain_there = "gain-there": "how much likelier the other place would be with this wording, in nats", "另一处换成此种写法通顺多少（奈特）";
        characters = "characters": "how usual the characters of this wording are", "此种写法各字的常用程度";
        characters_there = "characters-there": "how usual the characters of the other wording are", "另一写法各字的常用程度";
        counted = "counted": "how often one of the two characters is taken for the other", "两字相互混淆的次数（对数）";
        likeness = "likeness": "how alike the two characters look", "两字形状的相似度";
        sound = "sound": "how alike the two characters sound", "两字读音的相似度";
        frequency = "frequency": "how common the character is, in nats", "此字的常用程度（奈特）";
        frequency_there = "frequency-there": "how common the other character is, in nats", "另一写法的字的常用程度（奈特）";
        word = "word": "characters of the word that this wording makes", "此种写法所成的词的字数";
        word_there = "word-there": "characters of the word that the other wording makes", "另一写法所成的词的字数";
        word_frequency = "word-frequency": "how common that word is, in nats", "该词的常用程度（奈特）";
        word_frequency_there = "word-frequency-there": "how common the word of the other wording is, in nats", "另一写法的词的常用程度（奈特）";
        segmentation_gain = "segmentation-gain": "how much better the sentence is cut into words with the mend, in nats", "改后句子切分成词好多少（奈特）";
        surprise = "surprise": "how unlikely this wording is in its place, in nats", "此种写法在此处的意外程度（奈特）";
        surprise_there = "surprise-there": "how unlikely the other wording is in its place, in nats", "另一写法在其位置的意外程度（奈特）";
        times = "times": "how often this wording stands in the document", "此种写法在文中出现的次数";
        times_there = "times-there": "how often the other wording stands in the document", "另一写法在文中出现的次数";
        copies = "copies": "how often the passage stands in the document", "这段话在文中出现的次数";
        variants = "variants": "how many wordings of the passage there are", "这段话有几种写法";
        length = "length": "how many characters it has", "字数";
        places = "places": "in how many places the two passages differ", "两段话有几处不同";
        quoted = "quoted": "whether it stands between quotation marks", "是否在引号中";
    }
}

/// Characters on either side that the evidence looks at.
const AROUND: usize = 9;
/// Characters on either side that make a wording of which it is counted how often it stands in the
/// text.
const BESIDE: usize = 2;
/// Bytes before and after a place in which the wordings are counted.
const NEARBY: usize = 100_000;

/// Weighs differences between wordings.
#[derive(Clone, Copy, Debug)]
pub struct Reworder<'m> {
    reader: Reader<'m>,
    confusables: Confusables<'m>,
    trees: Option<Forest<'m>>,
}

/// One side of a difference, as numbers of characters.
struct Side {
    line: Line,
    /// What differs, in the line.
    range: Range<usize>,
}

impl<'m> Reworder<'m> {
    /// By a model; `None` if it knows no confusable characters.
    #[must_use]
    pub fn of(model: &'m Model) -> Option<Self> {
        Some(Self {
            reader: model.reader(),
            confusables: model.part(confusables::PART).and_then(Confusables::parse)?,
            trees: model.forest(PART),
        })
    }

    /// The probability that the wording is wrong; 0 by a model without the trees for it.
    #[must_use]
    pub fn probability(&self, row: &Rewording) -> f32 {
        self.trees
            .map_or(0.0, |trees| trees.probability(&row.columns()))
    }

    /// The evidence that one side of a difference is wrong and the other right: of the quotation,
    /// and of the other place.
    #[must_use]
    pub fn evidence(&self, text: &str, difference: &Difference) -> [Rewording; 2] {
        let quoted = self.side(text, &difference.quoted);
        let other = self.side(text, &difference.other);
        let times = [&difference.quoted, &difference.other].map(|place| times(text, place));
        [
            self.row(difference, [&quoted, &other], times, true),
            self.row(difference, [&other, &quoted], [times[1], times[0]], false),
        ]
    }

    fn side(&self, text: &str, place: &Range<usize>) -> Side {
        let (left, right) = around(text, place.clone(), AROUND);
        let around = &text[place.start - left..place.end + right];
        let mut line = Line::default();
        self.reader.characters.read(around, &mut line);
        let first = around[..left].chars().count();
        let count = text[place.clone()].chars().count();
        Side {
            line,
            range: first..first + count,
        }
    }

    fn row(
        &self,
        difference: &Difference,
        [wrong, right]: [&Side; 2],
        [times, times_there]: [f32; 2],
        quoted: bool,
    ) -> Rewording {
        let r = self.reader;
        let [here, there] = [wrong, right].map(|side| &side.line.ids[side.range.clone()]);
        let gain = |side: &Side, with: &[CharId]| r.gain(&side.line.ids, side.range.clone(), with);
        let cost = |side: &Side, with: &[CharId]| {
            let line = &side.line.ids;
            let other = [&line[..side.range.start], with, &line[side.range.end..]].concat();
            cut(r.lexicon, line).cost - cut(r.lexicon, &other).cost
        };
        let pair = match (here, there) {
            (&[a], &[b]) => r.characters.character(a).map(|c| (c, b)),
            _ => None,
        };
        let alike = pair.and_then(|(c, right)| self.confusables.pair(c, right));
        let sound = pair.is_some_and(|(c, right)| {
            let right = r.characters.character(right);
            right.is_some_and(|right| self.confusables.sound_alike(c, right))
        });
        let frequency = |ids: &[CharId]| {
            let each = ids.iter().map(|&id| r.ngram.frequency(id));
            each.reduce(f32::min).unwrap_or(0.0)
        };
        let word = |side: &Side| {
            let last = side.range.end.max(side.range.start + 1);
            let found = r.lexicon.cover(&side.line.ids, side.range.start, last);
            found.map_or((0.0, -20.0), |w| {
                ((w.end - w.start) as f32, r.lexicon.log_frequency(w.word))
            })
        };
        let surprise = |side: &Side| {
            let end = (side.range.end + 2).min(side.line.ids.len());
            r.log_prob(&side.line.ids, side.range.start..end)
        };
        let ((word_here, frequent_here), (word_there, frequent_there)) = (word(wrong), word(right));
        Rewording {
            gain: gain(wrong, there),
            gain_there: gain(right, here),
            characters: here.len() as f32,
            characters_there: there.len() as f32,
            counted: alike.map_or(0.0, |p| (1.0 + f32::from(p.count)).ln()),
            likeness: alike.and_then(|p| p.likeness).unwrap_or(UNLIKE),
            sound: f32::from(u8::from(sound)),
            frequency: frequency(here),
            frequency_there: frequency(there),
            word: word_here,
            word_there,
            word_frequency: frequent_here,
            word_frequency_there: frequent_there,
            segmentation_gain: cost(wrong, there),
            surprise: surprise(wrong),
            surprise_there: surprise(right),
            times,
            times_there,
            copies: difference.copies.min(5) as f32,
            variants: difference.variants.min(8) as f32,
            length: difference.length as f32,
            places: difference.places as f32,
            quoted: f32::from(u8::from(quoted)),
        }
    }
}

/// How often the characters at a place stand in the text between the same neighbours, 6 at most.
fn times(text: &str, place: &Range<usize>) -> f32 {
    let (left, right) = around(text, place.clone(), BESIDE);
    let wording = &text.as_bytes()[place.start - left..place.end + right];
    let from = place.start.saturating_sub(NEARBY);
    let nearby = &text.as_bytes()[from..text.len().min(place.end + NEARBY)];
    memmem::find_iter(nearby, wording).take(6).count() as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::quoting::quotations::differences;

    #[test]
    fn what_the_language_knows_is_right() {
        let text = "他说“没有水份的增长才是好的”。会上要求，没有水分的增长，才是好的。";
        let reworder = Reworder::of(Model::embedded()).expect("confusable characters");
        let found = differences(text, std::iter::once(0..text.len()));
        let [quoted, other] = reworder.evidence(text, &found[0]);
        assert!(
            quoted.gain > 0.0 && other.gain < 0.0,
            "gains of either change"
        );
        assert_eq!(quoted.gain_there, other.gain);
    }
}
