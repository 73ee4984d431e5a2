//! What each sentence is about: its words and its topic, read once for all rules that ask what
//! belongs where.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use crate::model::lexicon::{Lexicon, WordId};
use crate::model::segment::Word;
use crate::model::terms::{Telling, each_telling};
use crate::model::topics::{DIMENSIONS, Topic};
use crate::text::Span;

use crate::reading::Reading;
use crate::reading::Sentence;

/// A word as it is counted here: its number in the lexicon, or two single characters side by side
/// that are no word (names mostly).
pub(crate) type Term = u32;

/// Marks a [`Term`] that is no word of the lexicon.
const PAIR: Term = 1 << 31;
/// What a pair of characters that is no word says, in nats, as words do by their idf.
const PAIR_WEIGHT: f32 = 8.0;

/// The number of a term in one document, from 0.
pub(crate) type Number = u32;

/// The terms and topics of all sentences.
#[derive(Debug)]
pub(crate) struct Content {
    /// The terms by their numbers.
    terms: Vec<Term>,
    /// Those of all sentences, as they stand there.
    numbers: Vec<Number>,
    /// Where the terms of each sentence end.
    ends: Vec<u32>,
    topics: Vec<Packed>,
    /// The lengths of the topics.
    lengths: Vec<f32>,
}

impl Content {
    #[inline(never)] // its instructions are counted
    pub(crate) fn new(document: &Reading<'_>, sentences: &[Sentence]) -> Self {
        let model = document.model();
        let (mut segmenter, topics) = (model.segmenter(), model.topics());
        let mut content = Self {
            terms: Vec::new(),
            numbers: Vec::with_capacity(document.text().len() / 12),
            ends: Vec::with_capacity(sentences.len()),
            topics: Vec::with_capacity(sentences.len()),
            lengths: Vec::with_capacity(sentences.len()),
        };
        let mut known: HashMap<Term, Number, BuildHasherDefault<NumberHasher>> =
            HashMap::with_capacity_and_hasher(document.text().len() / 96, Default::default());
        let (terms, numbers) = (&mut content.terms, &mut content.numbers);
        let mut take = |term: Term| {
            numbers.push(*known.entry(term).or_insert_with(|| {
                terms.push(term);
                terms.len() as Number - 1
            }));
            numbers.len() as u32
        };
        let mut end = 0;
        let mut words: Vec<Word> = Vec::new();
        for sentence in sentences {
            let text = document.slice(sentence.span);
            segmenter.cut(text, &mut words);
            let mut topic = Topic::default();
            each_telling(text, &words, |telling, _| match telling {
                Telling::Word(id) => {
                    topics.add_word(id, &mut topic);
                    end = take(id);
                }
                Telling::Pair(a, b) => end = take(pair(a, b)),
                Telling::Strange => {}
            });
            content.ends.push(end);
            content.lengths.push(topic.length());
            content.topics.push(Packed::of(&topic));
        }
        content.numbers.shrink_to_fit();
        content
    }

    /// The term of each number.
    pub(crate) fn numbered(&self) -> &[Term] {
        &self.terms
    }

    /// The terms of a sentence.
    pub(crate) fn terms(&self, sentence: usize) -> impl ExactSizeIterator<Item = Term> + '_ {
        self.terms_of(sentence..sentence + 1)
    }

    /// The terms of sentences one after the other.
    pub(crate) fn terms_of(
        &self,
        sentences: Range<usize>,
    ) -> impl ExactSizeIterator<Item = Term> + '_ {
        let numbers = self.numbers_of(sentences).iter();
        numbers.map(|number| self.terms[*number as usize])
    }

    /// The numbers of the terms of sentences one after the other.
    pub(crate) fn numbers_of(&self, sentences: Range<usize>) -> &[Number] {
        let start = sentences.start.checked_sub(1);
        let start = start.map_or(0, |i| self.ends[i] as usize);
        let end = sentences.end.checked_sub(1);
        &self.numbers[start..end.map_or(start, |i| (self.ends[i] as usize).max(start))]
    }

    /// How near a topic of this length is to that of a sentence, from −1 to 1.
    #[inline]
    pub(crate) fn cosine(&self, sentence: usize, topic: &Topic, length: f32) -> f32 {
        let lengths = self.lengths[sentence] * length;
        if lengths > 1e-12 {
            (self.topics[sentence].unpack().dot(topic) / lengths).clamp(-1.0, 1.0)
        } else {
            0.0
        }
    }

    /// The length of the topic of a sentence.
    pub(crate) fn length(&self, sentence: usize) -> f32 {
        self.lengths[sentence]
    }

    /// The topic of a sentence.
    pub(crate) fn topic(&self, sentence: usize) -> Topic {
        self.topics[sentence].unpack()
    }
}

/// A topic in half the memory: a large file has a million of them. Each number is a share of the
/// greatest, to one part in 32,767.
#[derive(Clone, Copy, Debug)]
struct Packed {
    step: f32,
    steps: [i16; DIMENSIONS],
}

impl Packed {
    fn of(topic: &Topic) -> Self {
        let most = topic.0.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let step = most / f32::from(i16::MAX);
        let steps = |x: f32| {
            if step > 0.0 {
                (x / step).round() as i16
            } else {
                0
            }
        };
        Self {
            step,
            steps: topic.0.map(steps),
        }
    }

    #[inline]
    fn unpack(&self) -> Topic {
        Topic(self.steps.map(|steps| self.step * f32::from(steps)))
    }
}

fn pair(a: char, b: char) -> Term {
    PAIR | ((a as u32).wrapping_mul(0x9e37_79b1).rotate_left(11)
        ^ (b as u32).wrapping_mul(0x85eb_ca6b))
        >> 1
}

/// The word that a term is; none for a pair of characters that is no word.
pub(crate) fn as_word(term: Term) -> Option<WordId> {
    (term & PAIR == 0).then_some(term)
}

/// A term this telling is rare, in nats of idf.
pub(crate) const RARE: f32 = 6.0;

/// How much a term says about the subject, in nats.
pub(crate) fn weight(lexicon: Lexicon<'_>, term: Term) -> f32 {
    if term & PAIR == 0 {
        lexicon.idf(term as WordId)
    } else {
        PAIR_WEIGHT
    }
}

/// Hashes numbers that are well spread already, by one multiplication.
#[derive(Default)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 29;
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }
}

/// How terms are written in a span of the text.
pub(crate) struct Spelling<'a> {
    text: &'a str,
    words: Vec<Word>,
}

impl<'a> Spelling<'a> {
    pub(crate) fn of(document: &Reading<'a>, span: Span) -> Self {
        let (text, mut words) = (document.slice(span), Vec::new());
        document.model().segment(text, &mut words);
        Self { text, words }
    }

    /// The words that stand for a term: where they are first found.
    pub(crate) fn of_term(&self, wanted: Term) -> Option<&'a str> {
        let mut found = None;
        each_telling(self.text, &self.words, |telling, at| {
            let here = match telling {
                Telling::Word(id) => Some(id),
                Telling::Pair(a, b) => Some(pair(a, b)),
                Telling::Strange => None,
            };
            if found.is_none() && here == Some(wanted) {
                found = Some(&self.text[at]);
            }
        });
        found
    }
}
