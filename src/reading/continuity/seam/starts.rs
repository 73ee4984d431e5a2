//! Is the beginning of a paragraph cut?

use super::super::categories::{end_number, first_number, kind_number, mark_number};
use super::super::echo::echo;
use super::{LOW, Question, Seams};
use crate::document::{Paragraph, ParagraphKind};
use crate::model::characters::CharId;
use crate::model::lexicon::Kinds;
use crate::model::sides::WINDOW;
use crate::reading::evidence::{columns, evidence};
use crate::text::first_chars;

evidence! {
    /// Why the beginning of a paragraph may be cut.
    pub(crate) struct StartCut {
        first = "first": "what kind of character the paragraph begins with", "段首字符的种类";
        opening = "opening": "how likely a text begins so, in nats", "文字这样开头的可能（奈特）";
        opening_one = "opening-one": "how likely a text begins with this character, in nats", "文字以此字开头的可能（奈特）";
        first_word = "first-word": "how much the first word looks like a beginning, in nats", "首词像段首的程度（奈特）";
        second_word = "second-word": "how much the second word looks like one behind a beginning, in nats", "第二词像段首第二词的程度（奈特）";
        word_length = "word-length": "characters of the first word", "首词的字数";
        word_frequency = "word-frequency": "how common that word is, in nats", "该词的常用程度（奈特）";
        unopened = "unopened": "marks that are closed and were not opened", "有后半而无前半的标点数";
        head = "head": "characters before the first end of a sentence", "首句的字数";
        first_mark = "first-mark": "the first mark", "第一个标点";
        characters = "characters": "how many characters the paragraph has", "段落的字数";
        heading_like = "heading-like": "whether the paragraph looks like a headline", "段落是否像标题";
        before_end = "before-end": "how the paragraph before it ends", "前一段如何结束";
        before_open = "before-open": "marks that the paragraph before it leaves open", "前一段未闭合的标点数";
        before_kind = "before-kind": "what kind of paragraph stands before", "前一段的种类";
        style = "style": "the share of paragraphs here that end with the end of a sentence", "本文以句末结束的段落所占比例";
        inner = "inner": "how likely the first characters are among themselves, in nats", "开头几字之间的通顺程度（奈特）";
        single = "single": "words of one character at the beginning", "开头的单字词数";
        first_kind = "first-kind": "what kind of word comes first", "首词的种类";
        second_kind = "second-kind": "what kind of word comes second", "第二词的种类";
        lost = "lost": "how much likelier the beginning is behind a character that makes a word with it, in nats", "补上一字成词时开头通顺多少（奈特）";
        rest = "rest": "how much the beginning looks like the rest of a sentence, in nats", "开头像半句话的程度（奈特）";
        echo_length = "echo-length": "characters of the beginning that stand elsewhere too", "开头在别处也有的字数";
        echo_count = "echo-count": "how often the beginning stands elsewhere", "开头在别处出现的次数";
        echo_inside = "echo-inside": "how often the beginning stands inside sentences elsewhere", "开头在别处句中出现的次数";
        echo_same = "echo-same": "how often the beginning begins paragraphs elsewhere", "别处段落同样开头的次数";
        others_rest = "others-rest": "the share of paragraphs near that begin like the rest of a sentence", "附近像半句话开头的段落所占比例";
    }
}
/// What is dear to find out about a beginning: where it stands elsewhere, and how the paragraphs
/// around it begin.
const DEAR: u64 = columns(
    StartCut::NAMES,
    &[
        "echo-length",
        "echo-count",
        "echo-inside",
        "echo-same",
        "others-rest",
    ],
);
/// A beginning with lower log-odds of being the rest of a sentence is not looked for elsewhere in
/// the document.
const PLAIN_BEGINNING: f32 = -2.0;

/// Characters that are tried before a beginning, those first that lead to it most surely.
const TRIED: usize = 12;
/// What is said where no character makes a word with the first.
const NOTHING_LOST: f32 = -20.0;

impl Seams<'_, '_> {
    /// The row of evidence that the beginning of a paragraph is cut.
    pub(crate) fn start_row(&mut self, paragraphs: &[Paragraph], index: usize) -> StartCut {
        let mut row = self.cheap_start_row(paragraphs, index);
        self.add_echo(paragraphs, index, &mut row);
        row
    }

    /// The log-odds of it where it matters only whether they are high: see [`Self::weigh_high`].
    pub(crate) fn start_high(&mut self, paragraphs: &[Paragraph], index: usize) -> f32 {
        let mut row = self.cheap_start_row(paragraphs, index);
        if row.rest > PLAIN_BEGINNING {
            if self.is_low(Question::Start, &row.columns(), DEAR) {
                return LOW;
            }
            self.add_echo(paragraphs, index, &mut row);
        }
        self.weigh_high(Question::Start, &row.columns())
    }

    /// Whether a text begins with one character of a word whose rest it shares with the next:
    /// 动、静脉.
    pub(crate) fn opens_with_shared_word(&mut self, text: &str) -> bool {
        let mut rest = text.chars();
        let (Some(first), Some('、')) = (rest.next(), rest.next()) else {
            return false;
        };
        let next = first_chars(rest.as_str(), WINDOW);
        self.sides.segment(next);
        let Some(word) = self.sides.words.first().filter(|w| w.characters > 1) else {
            return false;
        };
        let shared = next[word.start as usize..word.end as usize].chars().skip(1);
        let whole: String = std::iter::once(first).chain(shared).collect();
        let characters = self.document.model().characters();
        let found = self.reader.lexicon.find_text(characters, &whole);
        found.is_some()
    }

    /// Adds to a row what is dear to find out, where it can matter.
    fn add_echo(&mut self, paragraphs: &[Paragraph], index: usize, row: &mut StartCut) {
        if row.rest > PLAIN_BEGINNING {
            let content = paragraphs[index].content;
            let echo = echo(self.document.text(), content.range());
            row.echo_length = echo.length;
            row.echo_count = echo.count;
            row.echo_inside = echo.inside;
            row.echo_same = echo.same;
            row.others_rest = self.others_rest(paragraphs, index);
        }
    }

    /// The row without what is dear to find out.
    fn cheap_start_row(&mut self, paragraphs: &[Paragraph], index: usize) -> StartCut {
        let paragraph = &paragraphs[index];
        let text = self.text(paragraph);
        let edges = self.edges(paragraphs, index);
        let head = first_chars(text, WINDOW);
        let (ids, length) = self.sides.ids_of(head);
        let ids = &ids[..length];
        let opening = self.reader.opening(ids);
        let opening_one = self.reader.opening(&ids[..ids.len().min(1)]);
        let (first_word, second_word) = self.first_words(head);
        let rest = self
            .openings
            .map_or(0.0, |openings| openings.rest(head, &self.sides.words));
        let (first_kind, second_kind) = (self.kind(0), self.kind(1));
        let (word_length, word_frequency) = self
            .sides
            .words
            .first()
            .map_or((0.0, 0.0), |w| (f32::from(w.characters), w.cost));
        let inner = self.reader.log_prob(ids, 0..ids.len().min(4));
        let single = self
            .sides
            .words
            .iter()
            .take(4)
            .filter(|w| w.characters == 1 && w.word.is_some())
            .count() as f32;
        let before = index.checked_sub(1).and_then(|i| paragraphs.get(i));
        let before_edges = index.checked_sub(1).map(|i| self.edges(paragraphs, i));
        StartCut {
            first: first_number(text),
            opening,
            opening_one,
            first_word,
            second_word,
            word_length,
            word_frequency,
            unopened: edges.unopened as f32,
            head: edges.head as f32,
            first_mark: mark_number(edges.first_mark),
            characters: edges.characters as f32,
            heading_like: f32::from(u8::from(paragraph.is_heading())),
            before_end: before_edges.map_or(-1.0, |e| end_number(e.end)),
            before_open: before_edges.map_or(0.0, |e| e.open as f32),
            before_kind: kind_number(before),
            style: self.style,
            inner,
            single,
            first_kind,
            second_kind,
            lost: self.lost(ids),
            rest,
            echo_length: f32::NAN,
            echo_count: f32::NAN,
            echo_inside: f32::NAN,
            echo_same: f32::NAN,
            others_rest: f32::NAN,
        }
    }

    /// How much likelier the first two characters are inside a sentence, behind one that makes a
    /// word with the first of them (规 before 划建), than at the start of a paragraph, in nats.
    fn lost(&self, ids: &[CharId]) -> f32 {
        let (Some(halves), [first, second, ..]) = (self.halves, ids) else {
            return NOTHING_LOST;
        };
        let ngram = self.reader.ngram;
        let inside = halves.before(*first).take(TRIED).map(|(before, joined)| {
            ngram.frequency(before) + joined + ngram.log_prob(before, *first, *second)
        });
        let best = inside.fold(f32::NEG_INFINITY, f32::max);
        (best - self.reader.log_prob(ids, 0..2)).max(NOTHING_LOST)
    }

    /// The share of the paragraphs near by that begin like the rest of a sentence as well: a manner
    /// of writing, as where each begins with a slogan.
    fn others_rest(&mut self, paragraphs: &[Paragraph], index: usize) -> f32 {
        const NEAR: usize = 6;
        let (mut all, mut like) = (1.0, 0.0);
        let from = index.saturating_sub(NEAR);
        let near = paragraphs.iter().enumerate().skip(from);
        for (i, paragraph) in near.take(index + NEAR + 1 - from) {
            if i == index || paragraph.kind != ParagraphKind::Body {
                continue;
            }
            let known = self.rests.get(i).copied();
            let rest = known.unwrap_or_else(|| {
                let head = first_chars(self.text(paragraph), WINDOW);
                self.sides.segment(head);
                let rest = self
                    .openings
                    .map_or(0.0, |o| o.rest(head, &self.sides.words));
                self.rests.put(i, rest);
                rest
            });
            all += 1.0;
            like += f32::from(u8::from(rest > 0.0));
        }
        like / all
    }

    /// What kind of word one of the first words is, as a number.
    fn kind(&self, place: usize) -> f32 {
        const ORDER: [Kinds; 10] = [
            Kinds::FUNCTION,
            Kinds::CLASSIFIER,
            Kinds::NUMERAL,
            Kinds::ADVERB,
            Kinds::ADJECTIVE,
            Kinds::VERB,
            Kinds::PERSON,
            Kinds::PLACE,
            Kinds::ORGANISATION,
            Kinds::NOUN,
        ];
        let Some(word) = self.sides.words.get(place).and_then(|w| w.word) else {
            return -1.0;
        };
        let kinds = self.reader.lexicon.kinds(word);
        let place = ORDER.iter().position(|kind| kinds.any(*kind));
        place.map_or(0.0, |at| at as f32 + 1.0)
    }
}
