//! Does one paragraph continue another?

use super::super::across::{parallel, seen_across};
use super::super::categories::{end_number, first_number};
use super::super::shared_pairs::{Around, shared, subjects, together};
use super::{Seams, WINDOW};
use crate::document::Paragraph;
use crate::model::topics::Topic;
use crate::reading::evidence::columns;
use crate::text::{first_chars, last_chars};

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
    "seen-across",
    "parallel",
    "topic-near",
    "names-joined",
    "names-stay",
];
/// What is dear to find out about a join: what the two sides talk about, and how the words are cut across it.
const JOIN_DEAR: [u64; 3] = [
    JOIN_TOPICS | JOIN_SHARED | columns(JOIN_NAMES, &["across", "segment-gain"]),
    JOIN_TOPICS | JOIN_SHARED,
    JOIN_TOPICS,
];
const JOIN_SHARED: u64 = columns(JOIN_NAMES, &["shared", "shared-near"]);
const JOIN_TOPICS: u64 = columns(
    JOIN_NAMES,
    &[
        "topic-joined",
        "topic-before",
        "topic-after",
        "topic-moved",
        "seen-across",
        "names-joined",
        "names-stay",
    ],
);
/// An end less likely to be cut is not compared in topic.
const DOUBTFUL: f32 = -2.0;
/// How many paragraphs on either side of an end tell how rare a name is there.
const AROUND: usize = 60;

impl Seams<'_, '_> {
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
            f32::NAN,
            parallel(tail.ids(), head.ids()),
            tail.topic.cosine(&head.topic),
            f32::NAN,
            f32::NAN,
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
        if cut.0 > DOUBTFUL {
            let (end, start) = (paragraphs[a].content.end(), paragraphs[b].content.start());
            row[20] = seen_across(self.document.text(), end, start);
            if b != a + 1 {
                (row[23], row[24]) = self.names_of_join(paragraphs, a, b);
            }
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

    /// How telling the names are that what leads to the end of `a` has in common with what follows on the beginning of `b`; and, the greater
    /// of both, what either has in common with what is beside it where it stands.
    fn names_of_join(&mut self, paragraphs: &[Paragraph], a: usize, b: usize) -> (f32, f32) {
        let mut around = self.around.take().filter(|(of, _)| *of == a);
        if around.is_none() {
            let mut counted = Around::default();
            let near = a.saturating_sub(AROUND)..(a + AROUND).min(paragraphs.len());
            for at in near {
                counted.add(&self.subjects_of(paragraphs, at));
            }
            around = Some((a, counted));
        }
        let left = self.two_subjects(paragraphs, a, a.wrapping_sub(1));
        let right = self.two_subjects(paragraphs, b, b + 1);
        let after = self.two_subjects(paragraphs, a + 1, a + 2);
        let before = self.two_subjects(paragraphs, b.wrapping_sub(1), b.wrapping_sub(2));
        let telling = around.as_ref().map_or((0.0, 0.0), |(_, around)| {
            let stay = around.telling(&left, &after);
            let stay = stay.max(around.telling(&before, &right));
            (around.telling(&left, &right), stay)
        });
        self.around = around;
        telling
    }

    /// What a paragraph talks about, as [`subjects`] has it; nothing where there is no such paragraph.
    fn subjects_of(&mut self, paragraphs: &[Paragraph], at: usize) -> Vec<u64> {
        let Some(paragraph) = paragraphs.get(at) else {
            return Vec::new();
        };
        if let Some(known) = self.subjects.get(at) {
            return known.clone();
        }
        let found = subjects(self.text(paragraph));
        self.subjects.put(at, found.clone());
        found
    }

    fn two_subjects(&mut self, paragraphs: &[Paragraph], one: usize, beside: usize) -> Vec<u64> {
        let one = self.subjects_of(paragraphs, one);
        together(&one, &self.subjects_of(paragraphs, beside))
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
}
