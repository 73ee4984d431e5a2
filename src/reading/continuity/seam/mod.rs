//! Does B continue A? The evidence, and its weighing by the trees of the model.
//!
//! Three questions, each answered by a small ensemble over the rows built here (the same code
//! builds them for training): is the end of this paragraph cut, is the beginning of that one, and
//! does the one continue the other.

mod ends;
mod joins;
mod starts;

pub(crate) use ends::EndCut;
pub(crate) use joins::{Continuation, Pair};
pub(crate) use starts::StartCut;

use crate::model::Model;
use crate::model::forest::Forest;
use crate::model::initial_words::Starts;
use crate::model::reader::Reader;
use crate::model::sentence_openings::Openings;
use crate::model::sides::{Side, Sides};
use crate::model::topics::Topic;
use crate::model::word_partners::{self, Halves};

use super::cut::Cut;
use super::recent::Lately;
use super::shared_pairs::Around;
use crate::document::edges::{Edges, End, end_of};
use crate::document::{Paragraph, ParagraphKind};
use crate::reading::Reading;
use crate::reading::evidence::{Weighed, of_loudest};
use crate::text::first_chars;

/// What is asked of a seam.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    /// Is the end of a paragraph cut?
    End,
    /// Is its beginning?
    Start,
    /// Does one continue the other?
    Join,
}

/// The part of the model whose trees tell cut ends from such that never had a mark.
pub(crate) const UNMARKED: &str = "unmarked-end";

/// The parts of the model that hold the trees, by question.
pub(crate) const PARTS: [&str; 3] = ["cut-end", "cut-start", "join"];

impl Question {
    /// The part of the model that holds the trees.
    pub(crate) const fn part(self) -> &'static str {
        PARTS[self as usize]
    }
}

/// What the first trees must say against something for the others not to be asked, in nats.
const PLAIN: f32 = 0.5;
/// Log-odds of what is surely not so.
const LOW: f32 = -9.0;

/// What the weighing needs, taken from the model and the document once.
pub(crate) struct Seams<'d, 'a> {
    document: &'d Reading<'a>,
    reader: Reader<'a>,
    sides: Sides<'a>,
    starts: Option<Starts<'a>>,
    openings: Option<Openings<'a>>,
    halves: Option<Halves<'a>>,
    trees: [Option<Forest<'a>>; 3],
    unmarked: Option<Forest<'a>>,
    /// Share of the running text's paragraphs that end with the end of a sentence.
    style: f32,
    /// What was asked for lately, by paragraph: what it talks about, as [`subjects`] has it, its
    /// marks, its two ends.
    subjects: Lately<Vec<u64>>,
    edges: Lately<Edges>,
    rests: Lately<f32>,
    topics: Lately<Topic>,
    tails: Lately<Stretch>,
    heads: Lately<Stretch>,
    /// What the paragraphs around the end asked for last talk about.
    around: Option<(usize, Around)>,
}

/// The first or the last characters of a paragraph, and what they are about.
#[derive(Clone, Copy)]
struct Stretch {
    side: Side,
    topic: Topic,
}

impl<'d, 'a> Seams<'d, 'a> {
    pub(crate) fn new(document: &'d Reading<'a>, paragraphs: &[Paragraph]) -> Self {
        let model: &'a Model = document.model();
        let trees = PARTS.map(|name| model.forest(name));
        Self {
            document,
            reader: model.reader(),
            sides: Sides::new(model),
            starts: Starts::of(model),
            openings: Openings::of(model),
            halves: model.part(word_partners::PART).and_then(Halves::parse),
            trees,
            unmarked: model.forest(UNMARKED),
            style: style(document, paragraphs),
            subjects: Lately::new(paragraphs.len()),
            edges: Lately::new(paragraphs.len()),
            rests: Lately::new(paragraphs.len()),
            topics: Lately::new(paragraphs.len()),
            tails: Lately::new(paragraphs.len()),
            heads: Lately::new(paragraphs.len()),
            around: None,
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
        let side = self.sides.before(self.text(&paragraphs[index]));
        let tail = self.stretch(side);
        self.tails.put(index, tail);
        tail
    }

    /// The first characters of a paragraph.
    fn head(&mut self, paragraphs: &[Paragraph], index: usize) -> Stretch {
        if let Some(known) = self.heads.get(index) {
            return *known;
        }
        let side = self.sides.behind(self.text(&paragraphs[index]));
        let head = self.stretch(side);
        self.heads.put(index, head);
        head
    }

    /// A side that was cut into words just now.
    fn stretch(&self, side: Side) -> Stretch {
        let topics = self.document.model().topics();
        Stretch {
            side,
            topic: topics.text(&self.sides.words),
        }
    }

    /// How well the beginning of paragraph `b` follows on the end of paragraph `a`, in nats.
    pub(crate) fn follows(&mut self, paragraphs: &[Paragraph], a: usize, b: usize) -> f32 {
        let (tail, head) = (self.tail(paragraphs, a), self.head(paragraphs, b));
        let (before, behind) = (tail.side.ids(), head.side.ids());
        self.reader.continuation(before, behind)
    }

    /// Whether the model can answer at all.
    pub(crate) fn can_answer(&self) -> bool {
        self.trees.iter().all(Option::is_some)
    }

    fn text(&self, paragraph: &Paragraph) -> &'a str {
        self.document.slice(paragraph.content)
    }

    /// How much likelier the first two characters are at the start of a paragraph than anywhere.
    pub(crate) fn opening(&self, text: &str) -> f32 {
        let (ids, length) = self.sides.ids_of(first_chars(text, 2));
        self.reader.opening(&ids[..length])
    }

    /// What speaks loudest for a cut, at the end of one paragraph and at the beginning of another.
    pub(crate) fn loudest(&mut self, paragraphs: &[Paragraph], cut: &Cut) -> Vec<Weighed> {
        let model = self.document.model();
        let mut pieces = Vec::new();
        if let Some(end) = cut.end {
            let row = self.end_row(paragraphs, end as usize);
            pieces.extend(row.loudest(model, Question::End.part()));
        }
        if let Some(start) = cut.start {
            let row = self.start_row(paragraphs, start as usize);
            pieces.extend(row.loudest(model, Question::Start.part()));
        }
        of_loudest(pieces)
    }

    /// The log-odds of a row.
    pub(crate) fn weigh(&self, question: Question, row: &[f32]) -> f32 {
        self.trees[question as usize].map_or(LOW, |trees| trees.log_odds(row))
    }

    /// The log-odds of a row where it matters only whether they are high; `LOW` where the first
    /// trees already make it plain that they are not.
    pub(crate) fn weigh_high(&self, question: Question, row: &[f32]) -> f32 {
        self.trees[question as usize]
            .and_then(|trees| trees.log_odds_unless_low(row, PLAIN))
            .unwrap_or(LOW)
    }

    /// Whether they are `LOW` whatever the evidence is in the columns of which a bit is set in
    /// `unknown`.
    fn is_low(&self, question: Question, row: &[f32], unknown: u64) -> bool {
        self.trees[question as usize].is_none_or(|trees| trees.is_low_whatever(row, unknown, PLAIN))
    }

    /// How much likelier the first two words are at the start of a paragraph than anywhere. Leaves
    /// the words in `self.sides`.
    fn first_words(&mut self, head: &str) -> (f32, f32) {
        self.sides.segment(head);
        let Some(starts) = self.starts else {
            return (0.0, 0.0);
        };
        let mut words = self.sides.words.iter().map(|w| w.word);
        let first = words.next().flatten();
        let second = words.next().flatten();
        (
            first.map_or(f32::NAN, |w| starts.first(w)),
            second.map_or(f32::NAN, |w| starts.second(w)),
        )
    }
}

/// Whether a paragraph counts where it is asked how a text ends its paragraphs: the longer ones of
/// running text do.
pub(crate) fn counts_for_style(paragraph: &Paragraph) -> bool {
    paragraph.kind == ParagraphKind::Body && paragraph.content.len() > 60
}

/// Share of the longer paragraphs that end with the end of a sentence.
fn style(document: &Reading<'_>, paragraphs: &[Paragraph]) -> f32 {
    let (ended, all) = ended(document, paragraphs);
    (1 + ended) as f32 / (1 + all) as f32
}

/// How many of the longer paragraphs end with the end of a sentence, and of how many.
pub(crate) fn ended(document: &Reading<'_>, paragraphs: &[Paragraph]) -> (usize, usize) {
    let (mut all, mut full) = (0, 0);
    for paragraph in paragraphs.iter().take(400).filter(|p| counts_for_style(p)) {
        all += 1;
        full += usize::from(end_of(document.slice(paragraph.content)) == End::Full);
    }
    (full, all)
}
