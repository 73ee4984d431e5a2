//! Does B continue A? The evidence, and its weighing by the trees of the model.
//!
//! Three questions, each answered by a small ensemble over the rows built here (the same code builds them for training): is the end of
//! this paragraph cut, is the beginning of that one, and does the one continue the other.

use crate::model::Model;
use crate::model::characters::CharId;
use crate::model::forest::Forest;
use crate::model::initial_words::Starts;
use crate::model::lexicon::Kinds;
use crate::model::reader::Reader;
use crate::model::segment::{Segmenter, Word};
use crate::model::sentence_openings::Openings;
use crate::model::topics::Topic;

use super::breaks::Cut;
use super::categories::{end_number, first_number, kind_number, mark_number};
use super::echo::echo;
use super::recent::Lately;
use super::shared_pairs::{shared, subjects};
use crate::document::edges::{Edges, End, end_of};
use crate::document::{Paragraph, ParagraphKind};
use crate::reading::Reading;
use crate::reading::evidence::{Weighed, columns, loudest, of_loudest};
use crate::text::{first_chars, last_chars};

/// Names of the evidence that an end is cut.
pub(crate) const END_NAMES: &[&str] = &[
    "end",
    "open",
    "characters",
    "sentences",
    "tail",
    "tail-pauses",
    "ending",
    "stop",
    "heading-like",
    "style",
    "next-kind",
    "before-kind",
    "next-opening",
    "next-word",
    "last-word",
    "continues-next",
    "next-unopened",
];
/// Names of the evidence that a beginning is cut.
pub(crate) const START_NAMES: &[&str] = &[
    "first",
    "opening",
    "opening-one",
    "first-word",
    "second-word",
    "word-length",
    "word-frequency",
    "unopened",
    "head",
    "first-mark",
    "characters",
    "heading-like",
    "before-end",
    "before-open",
    "before-kind",
    "style",
    "inner",
    "single",
    "first-kind",
    "second-kind",
    "rest",
    "echo-length",
    "echo-count",
    "echo-inside",
    "echo-same",
    "others-rest",
];
/// Names of the evidence that one continues the other.
pub(crate) const JOIN_NAMES: &[&str] = &[
    "end-cut",
    "start-cut",
    "continuation",
    "across",
    "segment-gain",
    "quotes",
    "adjacent",
    "distance",
    "shared",
    "shared-near",
    "end",
    "first",
    "rival-end",
    "rival-start",
    "topic-joined",
    "topic-before",
    "topic-after",
    "topic-moved",
    "lead-end",
    "lead-start",
];
/// What is dear to find out about a beginning: where it stands elsewhere, and how the paragraphs around it begin.
const START_DEAR: u64 = columns(
    START_NAMES,
    &[
        "echo-length",
        "echo-count",
        "echo-inside",
        "echo-same",
        "others-rest",
    ],
);
/// What is dear to find out about a join: what the two sides talk about, and how the words are cut across it.
const JOIN_DEAR: [u64; 3] = [
    JOIN_TOPICS | JOIN_SHARED | columns(JOIN_NAMES, &["across", "segment-gain"]),
    JOIN_TOPICS | JOIN_SHARED,
    JOIN_TOPICS,
];
const JOIN_SHARED: u64 = columns(JOIN_NAMES, &["shared", "shared-near"]);
const JOIN_TOPICS: u64 = columns(
    JOIN_NAMES,
    &["topic-joined", "topic-before", "topic-after", "topic-moved"],
);
/// The parts of the model that hold the trees.
pub(crate) const PARTS: [&str; 3] = ["cut-end", "cut-start", "join"];

/// An end less likely to be cut is not compared in topic.
const DOUBTFUL: f32 = -2.0;
/// What the first trees must say against something for the others not to be asked, in nats.
const PLAIN: f32 = 0.5;
/// Log-odds of what is surely not so.
const LOW: f32 = -9.0;
/// Characters of a paragraph's beginning or end that the language model looks at.
const WINDOW: usize = 16;

/// A beginning with lower log-odds of being the rest of a sentence is not looked for elsewhere in the document.
const PLAIN_BEGINNING: f32 = -2.0;

/// What the weighing needs, taken from the model and the document once.
pub(crate) struct Seams<'d, 'a> {
    document: &'d Reading<'a>,
    reader: Reader<'a>,
    starts: Option<Starts<'a>>,
    openings: Option<Openings<'a>>,
    trees: [Option<&'a Forest>; 3],
    /// Share of the running text's paragraphs that end with the end of a sentence.
    style: f32,
    segmenter: Segmenter<'a>,
    words: Vec<Word>,
    /// What was asked for lately, by paragraph: what it talks about, as [`subjects`] has it, its marks, its two ends.
    subjects: Lately<Vec<u64>>,
    edges: Lately<Edges>,
    rests: Lately<f32>,
    topics: Lately<Topic>,
    tails: Lately<Stretch>,
    heads: Lately<Stretch>,
    /// The end of one paragraph and the beginning of another, side by side.
    joined: String,
}

/// The first or the last characters of a paragraph, and what it costs to cut them into words.
#[derive(Clone, Copy)]
struct Stretch {
    ids: [CharId; WINDOW],
    length: usize,
    cost: f32,
}

impl Stretch {
    fn ids(&self) -> &[CharId] {
        &self.ids[..self.length]
    }
}

impl<'d, 'a> Seams<'d, 'a> {
    pub(crate) fn new(document: &'d Reading<'a>, paragraphs: &[Paragraph]) -> Self {
        let model: &'a Model = document.model();
        let trees = PARTS.map(|name| model.forest(name));
        Self {
            document,
            reader: model.reader(),
            starts: Starts::of(model),
            openings: Openings::of(model),
            trees,
            style: style(document, paragraphs),
            segmenter: model.segmenter(),
            words: Vec::new(),
            subjects: Lately::new(paragraphs.len()),
            edges: Lately::new(paragraphs.len()),
            rests: Lately::new(paragraphs.len()),
            topics: Lately::new(paragraphs.len()),
            tails: Lately::new(paragraphs.len()),
            heads: Lately::new(paragraphs.len()),
            joined: String::new(),
        }
    }

    /// The marks of a paragraph.
    fn edges(&mut self, paragraphs: &[Paragraph], index: usize) -> Edges {
        if let Some(known) = self.edges.get(index) {
            return *known;
        }
        let edges = Edges::of(self.text(&paragraphs[index]));
        self.edges.put(index, edges);
        edges
    }

    /// The last characters of a paragraph.
    fn tail(&mut self, paragraphs: &[Paragraph], index: usize) -> Stretch {
        if let Some(known) = self.tails.get(index) {
            return *known;
        }
        let tail = self.stretch(last_chars(self.text(&paragraphs[index]), WINDOW));
        self.tails.put(index, tail);
        tail
    }

    /// The first characters of a paragraph.
    fn head(&mut self, paragraphs: &[Paragraph], index: usize) -> Stretch {
        if let Some(known) = self.heads.get(index) {
            return *known;
        }
        let head = self.stretch(first_chars(self.text(&paragraphs[index]), WINDOW));
        self.heads.put(index, head);
        head
    }

    fn stretch(&mut self, text: &str) -> Stretch {
        let (ids, length) = self.ids_of(text);
        Stretch {
            ids,
            length,
            cost: self.cost(text),
        }
    }

    /// How well the beginning of paragraph `b` follows on the end of paragraph `a`, in nats.
    pub(crate) fn follows(&mut self, paragraphs: &[Paragraph], a: usize, b: usize) -> f32 {
        let (tail, head) = (self.tail(paragraphs, a), self.head(paragraphs, b));
        self.reader.continuation(tail.ids(), head.ids())
    }

    /// What a paragraph and the one beside it are about.
    fn topic(&mut self, paragraphs: &[Paragraph], one: usize, beside: usize) -> Topic {
        const REACH: usize = 200;
        let mut sum = Topic::default();
        for i in [one, beside] {
            let Some(paragraph) = paragraphs.get(i) else {
                continue;
            };
            if let Some(known) = self.topics.get(i) {
                sum.add(known);
                continue;
            }
            let mut topic = Topic::default();
            self.segment(first_chars(self.text(paragraph), REACH));
            let topics = self.document.model().topics();
            for word in self.words.iter().filter_map(|w| w.word) {
                topics.add_word(word, &mut topic);
            }
            sum.add(&topic);
            self.topics.put(i, topic);
        }
        sum
    }

    /// How near in topic what leads to the end of `a` is to what follows on the beginning of `b`; what leads to `b` where it stands, and
    /// what follows on `a` there; and how near those two are to each other.
    fn topics_of_join(&mut self, paragraphs: &[Paragraph], a: usize, b: usize) -> [f32; 4] {
        let left = self.topic(paragraphs, a, a.wrapping_sub(1));
        let right = self.topic(paragraphs, b, b + 1);
        let before = self.topic(paragraphs, b.wrapping_sub(1), b.wrapping_sub(2));
        let after = self.topic(paragraphs, a + 1, a + 2);
        [
            left.cosine(&right),
            before.cosine(&right),
            left.cosine(&after),
            before.cosine(&left),
        ]
    }

    /// What two paragraphs talk about both; nothing where there is no such paragraph.
    fn shared(&mut self, paragraphs: &[Paragraph], one: usize, other: usize) -> f32 {
        for i in [one, other] {
            let Some(paragraph) = paragraphs.get(i) else {
                return 0.0;
            };
            if self.subjects.get(i).is_none() {
                let subjects = subjects(self.text(paragraph));
                self.subjects.put(i, subjects);
            }
        }
        match (self.subjects.get(one), self.subjects.get(other)) {
            (Some(one), Some(other)) => shared(one, other),
            _ => 0.0,
        }
    }

    /// Whether the model can answer at all.
    pub(crate) fn can_answer(&self) -> bool {
        self.trees.iter().all(Option::is_some)
    }

    fn text(&self, paragraph: &Paragraph) -> &'a str {
        self.document.slice(paragraph.content)
    }

    /// The numbers of at most [`WINDOW`] characters, and how many they are.
    fn ids_of(&self, text: &str) -> ([CharId; WINDOW], usize) {
        let mut ids = [0; WINDOW];
        let mut length = 0;
        for (slot, c) in ids.iter_mut().zip(text.chars()) {
            *slot = self.reader.characters.id(c);
            length += 1;
        }
        (ids, length)
    }

    /// How much likelier the first two characters are at the start of a paragraph than anywhere.
    pub(crate) fn opening(&self, text: &str) -> f32 {
        let (ids, length) = self.ids_of(first_chars(text, 2));
        self.reader.opening(&ids[..length])
    }

    /// What speaks loudest for a cut, at the end of one paragraph and at the beginning of another.
    pub(crate) fn loudest(&mut self, paragraphs: &[Paragraph], cut: &Cut) -> Vec<Weighed> {
        let model = self.document.model();
        let mut pieces = Vec::new();
        if let Some(end) = cut.end {
            let row = self.end_row(paragraphs, end as usize);
            pieces.extend(loudest(model, PARTS[0], &row));
        }
        if let Some(start) = cut.start {
            let row = self.start_row(paragraphs, start as usize);
            pieces.extend(loudest(model, PARTS[1], &row));
        }
        of_loudest(pieces)
    }

    /// The log-odds of a row.
    pub(crate) fn weigh(&self, question: usize, row: &[f32]) -> f32 {
        self.trees[question].map_or(LOW, |trees| trees.log_odds(row))
    }

    /// The log-odds of a row where it matters only whether they are high; `LOW` where the first trees already make it plain that they are not.
    pub(crate) fn weigh_high(&self, question: usize, row: &[f32]) -> f32 {
        self.trees[question]
            .and_then(|trees| trees.log_odds_unless_low(row, PLAIN))
            .unwrap_or(LOW)
    }

    /// Whether they are `LOW` whatever the evidence is in the columns of which a bit is set in `unknown`.
    fn is_low(&self, question: usize, row: &[f32], unknown: u64) -> bool {
        self.trees[question].is_none_or(|trees| trees.is_low_whatever(row, unknown, PLAIN))
    }

    /// The row of evidence that the end of a paragraph is cut.
    pub(crate) fn end_row(
        &mut self,
        paragraphs: &[Paragraph],
        index: usize,
    ) -> [f32; END_NAMES.len()] {
        let paragraph = &paragraphs[index];
        let edges = self.edges(paragraphs, index);
        let tail = last_chars(self.text(paragraph), WINDOW);
        let (ids, length) = self.ids_of(tail);
        let ids = &ids[..length];
        let ending = self.reader.ending(ids);
        let stop = {
            let stop = self.reader.characters.id('。');
            let (a, b) = last_two(ids);
            self.reader.ngram.log_prob(a, b, stop)
        };
        self.segment(tail);
        let last_word = self.words.last().map_or(0.0, |w| w.cost);
        let next = paragraphs.get(index + 1);
        let (mut next_opening, mut next_word, mut continues, mut next_unopened) =
            (f32::NAN, f32::NAN, f32::NAN, f32::NAN);
        if let Some(next) = next {
            let head = first_chars(self.text(next), WINDOW);
            next_opening = self.opening(head);
            next_word = self.first_words(head).0;
            let (ids_next, length) = self.ids_of(head);
            continues = self.reader.continuation(ids, &ids_next[..length]);
            next_unopened = self.edges(paragraphs, index + 1).unopened as f32;
        }
        [
            end_number(edges.end),
            edges.open as f32,
            edges.characters as f32,
            edges.sentences as f32,
            edges.tail as f32,
            edges.tail_pauses as f32,
            ending,
            stop,
            f32::from(u8::from(paragraph.is_heading())),
            self.style,
            kind_number(next),
            kind_number(index.checked_sub(1).and_then(|i| paragraphs.get(i))),
            next_opening,
            next_word,
            last_word,
            continues,
            next_unopened,
        ]
    }

    /// The row of evidence that the beginning of a paragraph is cut.
    pub(crate) fn start_row(
        &mut self,
        paragraphs: &[Paragraph],
        index: usize,
    ) -> [f32; START_NAMES.len()] {
        let (mut row, rest) = self.cheap_start_row(paragraphs, index);
        self.add_echo(paragraphs, index, rest, &mut row);
        row
    }

    /// The log-odds of it where it matters only whether they are high: see [`Self::weigh_high`].
    pub(crate) fn start_high(&mut self, paragraphs: &[Paragraph], index: usize) -> f32 {
        let (mut row, rest) = self.cheap_start_row(paragraphs, index);
        if rest > PLAIN_BEGINNING {
            if self.is_low(1, &row, START_DEAR) {
                return LOW;
            }
            self.add_echo(paragraphs, index, rest, &mut row);
        }
        self.weigh_high(1, &row)
    }

    /// Adds to a row what is dear to find out, where it can matter.
    fn add_echo(
        &mut self,
        paragraphs: &[Paragraph],
        index: usize,
        rest: f32,
        row: &mut [f32; START_NAMES.len()],
    ) {
        if rest > PLAIN_BEGINNING {
            let content = paragraphs[index].content;
            let echo = echo(self.document.text(), content.range());
            row[21..25].copy_from_slice(&echo);
            row[25] = self.others_rest(paragraphs, index);
        }
    }

    /// The row without what is dear to find out, and how much the paragraph begins like the rest of a sentence.
    fn cheap_start_row(
        &mut self,
        paragraphs: &[Paragraph],
        index: usize,
    ) -> ([f32; START_NAMES.len()], f32) {
        let paragraph = &paragraphs[index];
        let text = self.text(paragraph);
        let edges = self.edges(paragraphs, index);
        let head = first_chars(text, WINDOW);
        let (ids, length) = self.ids_of(head);
        let ids = &ids[..length];
        let opening = self.reader.opening(ids);
        let opening_one = self.reader.opening(&ids[..ids.len().min(1)]);
        let (first_word, second_word) = self.first_words(head);
        let rest = self
            .openings
            .map_or(0.0, |openings| openings.rest(head, &self.words));
        let (kind_one, kind_two) = (self.kind(0), self.kind(1));
        let (length, frequency) = self
            .words
            .first()
            .map_or((0.0, 0.0), |w| (f32::from(w.characters), w.cost));
        let inner = self.reader.log_prob(ids, 0..ids.len().min(4));
        let single = self
            .words
            .iter()
            .take(4)
            .filter(|w| w.characters == 1 && w.word.is_some())
            .count() as f32;
        let before = index.checked_sub(1).and_then(|i| paragraphs.get(i));
        let before_edges = index.checked_sub(1).map(|i| self.edges(paragraphs, i));
        let row = [
            first_number(text),
            opening,
            opening_one,
            first_word,
            second_word,
            length,
            frequency,
            edges.unopened as f32,
            edges.head as f32,
            mark_number(edges.first_mark),
            edges.characters as f32,
            f32::from(u8::from(paragraph.is_heading())),
            before_edges.map_or(-1.0, |e| end_number(e.end)),
            before_edges.map_or(0.0, |e| e.open as f32),
            kind_number(before),
            self.style,
            inner,
            single,
            kind_one,
            kind_two,
            rest,
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NAN,
        ];
        (row, rest)
    }

    /// The share of the paragraphs near by that begin like the rest of a sentence as well: a manner of writing, as where each begins with a slogan.
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
                self.segment(head);
                let rest = self.openings.map_or(0.0, |o| o.rest(head, &self.words));
                self.rests.put(i, rest);
                rest
            });
            all += 1.0;
            like += f32::from(u8::from(rest > 0.0));
        }
        like / all
    }

    /// The row of evidence that paragraph `b` continues paragraph `a`, given the log-odds that each is cut there, and their rivals: the log-odds
    /// of the paragraph after `a` to have its beginning cut, of the one before `b` to have its end cut; and how well the best other beginning
    /// follows on `a`, and `b` on the best other end. Nothing where only a `high` one is asked for and the cheap evidence tells that it is not.
    pub(crate) fn join_row(
        &mut self,
        paragraphs: &[Paragraph],
        (a, b): (usize, usize),
        cut: (f32, f32),
        rivals: (f32, f32, f32, f32),
        high: bool,
    ) -> Option<[f32; JOIN_NAMES.len()]> {
        let right = self.text(&paragraphs[b]);
        let (tail, head) = (self.tail(paragraphs, a), self.head(paragraphs, b));
        let continuation = self.reader.continuation(tail.ids(), head.ids());
        let (l, r) = (self.edges(paragraphs, a), self.edges(paragraphs, b));
        let quotes = match (l.open > 0, r.unopened > 0) {
            (true, true) => 2.0,
            (false, false) => 1.0,
            (true, false) => 0.0,
            (false, true) => -1.0,
        };
        let distance = b as f32 - a as f32;
        let mut row = [
            cut.0,
            cut.1,
            continuation,
            f32::NAN,
            f32::NAN,
            quotes,
            f32::from(u8::from(b == a + 1)),
            distance.clamp(-60.0, 60.0),
            f32::NAN,
            f32::NAN,
            end_number(l.end),
            first_number(right),
            rivals.0,
            rivals.1,
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NAN,
            continuation - rivals.2,
            continuation - rivals.3,
        ];
        if high && self.is_low(2, &row, JOIN_DEAR[0]) {
            return None;
        }
        (row[3], row[4]) = self.cut_across(paragraphs, a, b);
        if high && self.is_low(2, &row, JOIN_DEAR[1]) {
            return None;
        }
        row[8] = self.shared(paragraphs, a, b);
        row[9] = self
            .shared(paragraphs, a.wrapping_sub(1), b)
            .max(self.shared(paragraphs, a, b + 1));
        if b != a + 1 && cut.0 > DOUBTFUL {
            if high && self.is_low(2, &row, JOIN_DEAR[2]) {
                return None;
            }
            row[14..18].copy_from_slice(&self.topics_of_join(paragraphs, a, b));
        }
        Some(row)
    }

    /// How usual a word is that the end of `a` and the beginning of `b` make together, and how much cheaper they are cut into words side by side.
    fn cut_across(&mut self, paragraphs: &[Paragraph], a: usize, b: usize) -> (f32, f32) {
        let (left, right) = (self.text(&paragraphs[a]), self.text(&paragraphs[b]));
        let (tail, head) = (self.tail(paragraphs, a), self.head(paragraphs, b));
        let mut ids = [0; 2 * WINDOW];
        let (seam, end) = (tail.length, tail.length + head.length);
        ids[..seam].copy_from_slice(tail.ids());
        ids[seam..end].copy_from_slice(head.ids());
        let across = self.reader.word_across(&ids[..end], seam);
        let across = across.map_or(0.0, |found| {
            25.0 + self.reader.lexicon.log_frequency(found.word) + (found.end - found.start) as f32
        });
        let mut joined = std::mem::take(&mut self.joined);
        joined.clear();
        joined.push_str(last_chars(left, WINDOW));
        joined.push_str(first_chars(right, WINDOW));
        let gain = tail.cost + head.cost - self.cost(&joined);
        self.joined = joined;
        (across, gain)
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
        let Some(word) = self.words.get(place).and_then(|w| w.word) else {
            return -1.0;
        };
        let kinds = self.reader.lexicon.kinds(word);
        let place = ORDER.iter().position(|kind| kinds.any(*kind));
        place.map_or(0.0, |at| at as f32 + 1.0)
    }

    fn segment(&mut self, text: &str) {
        self.segmenter.cut(text, &mut self.words);
    }

    fn cost(&mut self, text: &str) -> f32 {
        self.segment(text);
        self.words.iter().map(|w| w.cost).sum()
    }

    /// How much likelier the first two words are at the start of a paragraph than anywhere. Leaves the words in `self.words`.
    fn first_words(&mut self, head: &str) -> (f32, f32) {
        self.segment(head);
        let Some(starts) = self.starts else {
            return (0.0, 0.0);
        };
        let mut words = self.words.iter().map(|w| w.word);
        let first = words.next().flatten();
        let second = words.next().flatten();
        (
            first.map_or(f32::NAN, |w| starts.first(w)),
            second.map_or(f32::NAN, |w| starts.second(w)),
        )
    }
}

/// Share of the longer paragraphs that end with the end of a sentence.
fn style(document: &Reading<'_>, paragraphs: &[Paragraph]) -> f32 {
    let (ended, all) = ended(document, paragraphs);
    (1 + ended) as f32 / (1 + all) as f32
}

/// How many of the longer paragraphs end with the end of a sentence, and of how many.
pub(crate) fn ended(document: &Reading<'_>, paragraphs: &[Paragraph]) -> (usize, usize) {
    let (mut all, mut full) = (0, 0);
    for paragraph in paragraphs
        .iter()
        .take(400)
        .filter(|p| p.kind == ParagraphKind::Body && p.content.len() > 60)
    {
        all += 1;
        full += usize::from(end_of(document.slice(paragraph.content)) == End::Full);
    }
    (full, all)
}

fn last_two(ids: &[CharId]) -> (CharId, CharId) {
    let at = |back: usize| {
        ids.len()
            .checked_sub(back)
            .map_or(crate::model::characters::BOUNDARY, |i| ids[i])
    };
    (at(2), at(1))
}
