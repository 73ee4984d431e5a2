//! Does one paragraph continue another?

use super::super::across::{parallel, seen_across};
use super::super::categories::{end_number, first_number};
use super::super::shared_pairs::{Around, shared, subjects, together};
use super::{Question, Seams};
use crate::document::Paragraph;
use crate::model::sides::WINDOW;
use crate::model::topics::Topic;
use crate::reading::evidence::{columns, evidence};
use crate::text::first_chars;

evidence! {
    /// Why one paragraph may continue another.
    pub(crate) struct Continuation {
        end_cut = "end-cut": "log-odds that the end of the first is cut", "前段末尾残缺的对数几率";
        start_cut = "start-cut": "log-odds that the beginning of the second is cut", "后段开头残缺的对数几率";
        continuation = "continuation": "how well the second goes on from the first, in nats", "后段与前段相接的通顺程度（奈特）";
        across = "across": "how usual the word is that reaches over the seam, in nats", "跨过接缝的词的常用程度（奈特）";
        segment_gain = "segment-gain": "how much better both are cut into words together, in nats", "两侧合起来切词好多少（奈特）";
        quotes = "quotes": "whether what one side leaves open the other closes", "一侧未闭合的标点是否由另一侧闭合";
        adjacent = "adjacent": "whether the second stands right below the first", "后段是否紧接在前段之下";
        distance = "distance": "paragraphs from the first to the second, 60 at most either way", "两段相隔的段数（上下至多 60）";
        shared = "shared": "what both talk about", "两段共同谈到的内容";
        shared_near = "shared-near": "what either talks about with the paragraph beside the other", "一段与另一段的邻段共同谈到的内容";
        end = "end": "how the paragraph ends: by which mark, or by none", "段落以何种标点结束，或没有标点";
        first = "first": "what kind of character the paragraph begins with", "段首字符的种类";
        rival_end = "rival-end": "log-odds that the paragraph below the first begins cut", "前段之下那一段开头残缺的对数几率";
        rival_start = "rival-start": "log-odds that the paragraph above the second ends cut", "后段之上那一段末尾残缺的对数几率";
        topic_joined = "topic-joined": "how near what leads to the first is in topic to what follows on the second", "前段上文与后段下文主题的接近程度";
        topic_before = "topic-before": "how near what leads to the second where it stands is in topic to it", "后段与其原处上文主题的接近程度";
        topic_after = "topic-after": "how near the first is in topic to what follows on it where it stands", "前段与其原处下文主题的接近程度";
        topic_moved = "topic-moved": "how near what leads to the second is in topic to what leads to the first", "后段上文与前段上文主题的接近程度";
        lead_end = "lead-end": "how much better the second goes on from the first than the best other beginning, in nats", "比起其他开头，后段与前段相接好多少（奈特）";
        lead_start = "lead-start": "how much better the first leads to the second than the best other end, in nats", "比起其他末尾，前段与后段相接好多少（奈特）";
        seen_across = "seen-across": "characters on both sides that stand side by side elsewhere in the document", "两侧的字在文中别处相连出现的字数";
        parallel = "parallel": "characters that the end and the beginning have in common in a row", "上文末尾与下文开头连续相同的字数";
        topic_near = "topic-near": "how near in subject the last words are to the first ones", "末尾的词与开头的词话题的接近程度";
        names_joined = "names-joined": "how telling the names are that both sides have in common, in nats", "两侧共有的名称的分量（奈特）";
        names_stay = "names-stay": "how telling the names are that a side has in common with what is beside it, in nats", "一侧与紧邻的段落共有的名称的分量（奈特）";
    }
}
/// What is dear to find out about a join: how the words are cut across it, what the two sides talk
/// about.
const DEAR: u64 = OF_SUBJECTS | columns(Continuation::NAMES, &["across", "segment-gain"]);
const OF_SUBJECTS: u64 = OF_TOPICS | columns(Continuation::NAMES, &["shared", "shared-near"]);
const OF_TOPICS: u64 = columns(
    Continuation::NAMES,
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

/// An end and a beginning that may belong together, and what is known of the others by which they
/// are measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// The paragraph whose end it is.
    pub(crate) end: usize,
    /// The paragraph whose beginning it is.
    pub(crate) start: usize,
    /// Log-odds that the end is cut.
    pub(crate) end_cut: f32,
    /// Log-odds that the beginning is cut.
    pub(crate) start_cut: f32,
    /// Log-odds that the paragraph below the end begins cut.
    pub(crate) rival_end: f32,
    /// Log-odds that the paragraph above the beginning ends cut.
    pub(crate) rival_start: f32,
    /// How well the best other beginning follows on the end, in nats.
    pub(crate) other_start: f32,
    /// How well the beginning follows on the best other end, in nats.
    pub(crate) other_end: f32,
}

impl Seams<'_, '_> {
    /// The row of evidence that the paragraph of a beginning continues that of an end. Nothing
    /// where only a `high` one is asked for and the cheap evidence tells that it is not.
    pub(crate) fn join_row(
        &mut self,
        paragraphs: &[Paragraph],
        pair: &Pair,
        high: bool,
    ) -> Option<Continuation> {
        let (a, b) = (pair.end, pair.start);
        let mut row = self.cheap_join_row(paragraphs, pair);
        if high && self.is_low(Question::Join, &row.columns(), DEAR) {
            return None;
        }
        (row.across, row.segment_gain) = self.cut_across(paragraphs, a, b);
        if high && self.is_low(Question::Join, &row.columns(), OF_SUBJECTS) {
            return None;
        }
        row.shared = self.shared(paragraphs, a, b);
        row.shared_near = self
            .shared(paragraphs, a.wrapping_sub(1), b)
            .max(self.shared(paragraphs, a, b + 1));
        if b != a + 1 && pair.end_cut > DOUBTFUL {
            if high && self.is_low(Question::Join, &row.columns(), OF_TOPICS) {
                return None;
            }
            self.add_topics(paragraphs, pair, &mut row);
        }
        if pair.end_cut > DOUBTFUL {
            let (end, start) = (paragraphs[a].content.end(), paragraphs[b].content.start());
            row.seen_across = seen_across(self.document.text(), end, start);
            if b != a + 1 {
                (row.names_joined, row.names_stay) = self.names_of_join(paragraphs, a, b);
            }
        }
        Some(row)
    }

    /// The row without what is dear to find out.
    fn cheap_join_row(&mut self, paragraphs: &[Paragraph], pair: &Pair) -> Continuation {
        let (a, b) = (pair.end, pair.start);
        let right = self.text(&paragraphs[b]);
        let (tail, head) = (self.tail(paragraphs, a), self.head(paragraphs, b));
        let (before, behind) = (tail.side.ids(), head.side.ids());
        let continuation = self.reader.continuation(before, behind);
        let (l, r) = (self.edges(paragraphs, a), self.edges(paragraphs, b));
        let quotes = match (l.open > 0, r.unopened > 0) {
            (true, true) => 2.0,
            (false, false) => 1.0,
            (true, false) => 0.0,
            (false, true) => -1.0,
        };
        let distance = b as f32 - a as f32;
        Continuation {
            end_cut: pair.end_cut,
            start_cut: pair.start_cut,
            continuation,
            across: f32::NAN,
            segment_gain: f32::NAN,
            quotes,
            adjacent: f32::from(u8::from(b == a + 1)),
            distance: distance.clamp(-60.0, 60.0),
            shared: f32::NAN,
            shared_near: f32::NAN,
            end: end_number(l.end),
            first: first_number(right),
            rival_end: pair.rival_end,
            rival_start: pair.rival_start,
            topic_joined: f32::NAN,
            topic_before: f32::NAN,
            topic_after: f32::NAN,
            topic_moved: f32::NAN,
            lead_end: continuation - pair.other_start,
            lead_start: continuation - pair.other_end,
            seen_across: f32::NAN,
            parallel: parallel(before, behind),
            topic_near: tail.topic.cosine(&head.topic),
            names_joined: f32::NAN,
            names_stay: f32::NAN,
        }
    }

    /// How usual a word is that the end of `a` and the beginning of `b` make together, and how much
    /// cheaper they are cut into words side by side.
    fn cut_across(&mut self, paragraphs: &[Paragraph], a: usize, b: usize) -> (f32, f32) {
        let (left, right) = (self.text(&paragraphs[a]), self.text(&paragraphs[b]));
        let tail = self.tail(paragraphs, a).side;
        let head = self.head(paragraphs, b).side;
        let mut ids = [0; 2 * WINDOW];
        let (before, behind) = (tail.ids(), head.ids());
        let (seam, end) = (before.len(), before.len() + behind.len());
        ids[..seam].copy_from_slice(before);
        ids[seam..end].copy_from_slice(behind);
        let across = self.reader.word_across(&ids[..end], seam);
        let across = across.map_or(0.0, |found| {
            25.0 + self.reader.lexicon.log_frequency(found.word) + (found.end - found.start) as f32
        });
        (across, self.sides.gain((left, tail), (right, head)))
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
            self.sides.segment(first_chars(self.text(paragraph), REACH));
            let topics = self.document.model().topics();
            for word in self.sides.words.iter().filter_map(|w| w.word) {
                topics.add_word(word, &mut topic);
            }
            sum.add(&topic);
            self.topics.put(i, topic);
        }
        sum
    }

    /// Adds to a row how near in topic what leads to either side and what follows on it are to each
    /// other, joined and as they stand.
    fn add_topics(&mut self, paragraphs: &[Paragraph], pair: &Pair, row: &mut Continuation) {
        let (a, b) = (pair.end, pair.start);
        let left = self.topic(paragraphs, a, a.wrapping_sub(1));
        let right = self.topic(paragraphs, b, b + 1);
        let before = self.topic(paragraphs, b.wrapping_sub(1), b.wrapping_sub(2));
        let after = self.topic(paragraphs, a + 1, a + 2);
        row.topic_joined = left.cosine(&right);
        row.topic_before = before.cosine(&right);
        row.topic_after = left.cosine(&after);
        row.topic_moved = before.cosine(&left);
    }

    /// How telling the names are that what leads to the end of `a` has in common with what follows
    /// on the beginning of `b`; and, the greater of both, what either has in common with what is
    /// beside it where it stands.
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

    /// What a paragraph talks about, as [`subjects`] has it; nothing where there is no such
    /// paragraph.
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
