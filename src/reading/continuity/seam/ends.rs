//! Is the end of a paragraph cut?

use super::super::categories::{end_number, kind_number};
use super::Seams;
use crate::document::Paragraph;
use crate::model::characters::{BOUNDARY, CharId};
use crate::model::sides::WINDOW;
use crate::reading::evidence::evidence;
use crate::text::{first_chars, last_chars};

evidence! {
    /// Why the end of a paragraph may be cut.
    pub(crate) struct EndCut {
        end = "end": "how the paragraph ends: by which mark, or by none", "段落以何种标点结束，或没有标点";
        open = "open": "how many marks are left open", "未闭合的标点数";
        characters = "characters": "how many characters the paragraph has", "段落的字数";
        sentences = "sentences": "how many sentences the paragraph has", "段落的句数";
        tail = "tail": "characters behind the last end of a sentence", "末句结束之后的字数";
        tail_pauses = "tail-pauses": "pauses behind the last end of a sentence", "末句结束之后的停顿数";
        ending = "ending": "how likely a text ends so, in nats", "文字这样结束的可能（奈特）";
        stop = "stop": "how likely a full stop is here, in nats", "此处该有句号的可能（奈特）";
        heading_like = "heading-like": "whether the paragraph looks like a headline", "段落是否像标题";
        style = "style": "the share of paragraphs here that end with the end of a sentence", "本文以句末结束的段落所占比例";
        next_kind = "next-kind": "what kind of paragraph comes next", "下一段的种类";
        before_kind = "before-kind": "what kind of paragraph stands before", "前一段的种类";
        next_opening = "next-opening": "how likely a text begins as the next paragraph does, in nats", "文字像下一段那样开头的可能（奈特）";
        next_word = "next-word": "how much the first word of the next paragraph looks like a beginning, in nats", "下一段首词像段首的程度（奈特）";
        last_word = "last-word": "what the last word costs, in nats", "末词的代价（奈特）";
        continues_next = "continues-next": "how well the next paragraph goes on from here, in nats", "下一段与此相接的通顺程度（奈特）";
        next_unopened = "next-unopened": "marks that the next paragraph closes and does not open", "下一段有后半而无前半的标点数";
    }
}

impl Seams<'_, '_> {
    /// How much likelier an end is as a cut than as the end of a sentence without its mark, in
    /// nats; nothing where the model cannot tell.
    pub(crate) fn weigh_unmarked(&self, row: EndCut) -> Option<f32> {
        let trees = self.unmarked?;
        Some(trees.log_odds(&row.of_language().columns()))
    }

    /// The row of evidence that the end of a paragraph is cut.
    pub(crate) fn end_row(&mut self, paragraphs: &[Paragraph], index: usize) -> EndCut {
        let paragraph = &paragraphs[index];
        let edges = self.edges(paragraphs, index);
        let tail = last_chars(self.text(paragraph), WINDOW);
        let (ids, length) = self.sides.ids_of(tail);
        let ids = &ids[..length];
        let ending = self.reader.ending(ids);
        let stop = {
            let stop = self.reader.characters.id('。');
            let (a, b) = last_two(ids);
            self.reader.ngram.log_prob(a, b, stop)
        };
        self.sides.segment(tail);
        let last_word = self.sides.words.last().map_or(0.0, |w| w.cost);
        let next = paragraphs.get(index + 1);
        let (mut next_opening, mut next_word, mut continues_next, mut next_unopened) =
            (f32::NAN, f32::NAN, f32::NAN, f32::NAN);
        if let Some(next) = next {
            let head = first_chars(self.text(next), WINDOW);
            next_opening = self.opening(head);
            next_word = self.first_words(head).0;
            let (ids_next, length) = self.sides.ids_of(head);
            continues_next = self.reader.continuation(ids, &ids_next[..length]);
            next_unopened = self.edges(paragraphs, index + 1).unopened as f32;
        }
        EndCut {
            end: end_number(edges.end),
            open: edges.open as f32,
            characters: edges.characters as f32,
            sentences: edges.sentences as f32,
            tail: edges.tail as f32,
            tail_pauses: edges.tail_pauses as f32,
            ending,
            stop,
            heading_like: f32::from(u8::from(paragraph.is_heading())),
            style: self.style,
            next_kind: kind_number(next),
            before_kind: kind_number(index.checked_sub(1).and_then(|i| paragraphs.get(i))),
            next_opening,
            next_word,
            last_word,
            continues_next,
            next_unopened,
        }
    }
}

impl EndCut {
    /// What of it tells a cut end from one that never had a mark, in text of any layout: the
    /// language on both sides, not how long the lines are and how others end.
    pub(crate) fn of_language(self) -> Self {
        Self {
            end: f32::NAN,
            characters: f32::NAN,
            sentences: f32::NAN,
            tail: f32::NAN,
            tail_pauses: f32::NAN,
            heading_like: f32::NAN,
            style: f32::NAN,
            next_kind: f32::NAN,
            before_kind: f32::NAN,
            ..self
        }
    }
}

fn last_two(ids: &[CharId]) -> (CharId, CharId) {
    let at = |back: usize| ids.len().checked_sub(back).map_or(BOUNDARY, |i| ids[i]);
    (at(2), at(1))
}
