//! A form of a list of wrong words that may be right where it stands: words also meet so
//! (海|关健|康), or nobody wrote it yet and it is a name.
//!
//! Small trees weigh what speaks for a slip; `train::wrong_words` fits them on clean text, and on
//! the same text with right words exchanged for wrong ones.

use super::evidence::evidence;
use super::proofreading::context::cut;
use crate::model::Model;
use crate::model::characters::CharId;
use crate::model::forest::Forest;
use crate::model::reader::Reader;
use crate::text::{Span, around};

/// The part that holds the trees.
pub(crate) const PART: &str = "wrong-word";
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub(crate) const VERSION: u32 = 1;

evidence! {
    /// Why a form that may be right is a slip.
    pub(crate) struct WrongWord {
        cut_gain = "cut-gain": "how much better the text is cut into words with the right word, in nats", "改后切分成词好多少（奈特）";
        text_gain = "text-gain": "how much likelier the text is with the right word, in nats", "改后通顺多少（奈特）";
        length = "length": "how many characters the form has", "字数";
        reach_before = "reach-before": "how much a word that reaches over its beginning saves, in nats", "跨过其开头的词省多少（奈特）";
        reach_after = "reach-after": "how much a word that reaches over its end saves, in nats", "跨过其结尾的词省多少（奈特）";
        cost = "cost": "what it costs to cut the form itself into words, in nats", "把该写法本身切分成词的代价（奈特）";
        right_cost = "right-cost": "what it costs to cut the right word, in nats", "切分正确写法的代价（奈特）";
        rest_cost = "rest-cost": "what the text around it costs, in nats a character", "周围每字切分成词的代价（奈特）";
        likelihood = "likelihood": "how likely the form is where it stands, in nats a character", "该写法在此处每字的可能程度（奈特）";
        listed = "listed": "whether people are known to write it", "是否已知有人这样写";
        border = "border": "whether words are known to meet so", "是否已知词语会这样相接";
    }
}

/// Characters on either side that say into which words a place falls.
const AROUND: usize = 9;

/// A form of a list at a place of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'t> {
    pub(crate) text: &'t str,
    pub(crate) span: Span,
    /// Whether people are known to write the form.
    pub(crate) is_listed: bool,
    /// Whether words are known to meet so.
    pub(crate) is_border: bool,
}

/// Weighs forms by the trees of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weigher<'m> {
    reader: Reader<'m>,
    trees: Option<Forest<'m>>,
}

impl<'m> Weigher<'m> {
    pub(crate) fn of(model: &'m Model) -> Self {
        Self {
            reader: model.reader(),
            trees: model.forest(PART),
        }
    }

    /// How probable it is that a right word was meant at a place, and the evidence; nothing from a
    /// model without the trees.
    pub(crate) fn weigh(&self, place: Place<'_>, right: &str) -> Option<(f32, WrongWord)> {
        let trees = self.trees?;
        let row = self.row(place, right);
        Some((trees.probability(&row.columns()), row))
    }

    /// What speaks for a right word at a place.
    pub(crate) fn row(&self, place: Place<'_>, right: &str) -> WrongWord {
        let Self { reader, .. } = *self;
        let ids =
            |text: &str| -> Vec<CharId> { text.chars().map(|c| reader.characters.id(c)).collect() };
        let Place { text, span, .. } = place;
        let (before, after) = around(text, span.range(), AROUND);
        let window = ids(&text[span.start() - before..span.end() + after]);
        let right = ids(right);
        let start = text[span.start() - before..span.start()].chars().count();
        let end = start + text[span.range()].chars().count();
        let mut mended = window.clone();
        mended.splice(start..end, right.iter().copied());
        let cost = |part: &[CharId]| cut(reader.lexicon, part).cost;
        let whole = cost(&window);
        let form = (end - start) as f32;
        let around = (window.len() - (end - start)).max(1) as f32;
        let rest = cost(&window[..start]) + cost(&window[end..]);
        WrongWord {
            cut_gain: whole - cost(&mended),
            text_gain: reader.gain(&window, start..end, &right),
            length: form,
            reach_before: cost(&window[..start]) + cost(&window[start..]) - whole,
            reach_after: cost(&window[..end]) + cost(&window[end..]) - whole,
            cost: cost(&window[start..end]),
            right_cost: cost(&right),
            rest_cost: rest / around,
            likelihood: reader.log_prob(&window, start..end) / form,
            listed: f32::from(u8::from(place.is_listed)),
            border: f32::from(u8::from(place.is_border)),
        }
    }
}
