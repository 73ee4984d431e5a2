//! What a text is about: a vector a word, from which words stand together in paragraphs.
//!
//! Latent semantic analysis (Deerwester et al. 1990): the right singular vectors of the tf-idf
//! matrix of paragraphs, scaled by the roots of the singular values. A word's vector is already
//! weighted by its idf, so the vector of a text is the plain sum over its words. One byte a
//! dimension and one for the length of the vector.

use std::sync::LazyLock;

use super::container::ModelError;
use super::lexicon::WordId;
use super::ngram::STEP;
use super::packed::sections;
use super::segment::Word;

pub(crate) const PART: &str = "topics";
pub(crate) const VERSION: u32 = 1;
/// How many dimensions a vector has.
pub const DIMENSIONS: usize = 40;
/// ln of the longest vector that can be stored.
const LONGEST_LOG: f32 = 6.0;

/// What each stored length multiplies the directions by.
static SCALES: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|length| (LONGEST_LOG - STEP * length as f32).exp() / 127.0)
});

/// Topic vectors of the most usual words. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Topics<'a> {
    lengths: &'a [u8],
    directions: &'a [u8],
}

/// The topic of a text: the sum of the vectors of its words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Topic(pub [f32; DIMENSIONS]);

impl Default for Topic {
    fn default() -> Self {
        Topic([0.0; DIMENSIONS])
    }
}

impl Topic {
    /// Adds another text.
    pub fn add(&mut self, other: &Topic) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    /// Takes a part of the text away.
    pub fn subtract(&mut self, other: &Topic) {
        for (sum, less) in self.0.iter_mut().zip(other.0) {
            *sum -= less;
        }
    }

    /// The length of the vector: how much is known of the topic.
    pub fn length(&self) -> f32 {
        self.dot(self).sqrt()
    }

    /// How near two topics are, from −1 to 1; 0 if nothing is known of one.
    pub fn cosine(&self, other: &Topic) -> f32 {
        let lengths = self.length() * other.length();
        if lengths > 1e-12 {
            (self.dot(other) / lengths).clamp(-1.0, 1.0)
        } else {
            0.0
        }
    }

    /// The inner product. Eight sums side by side, so that it is done eight dimensions at a time.
    #[inline]
    pub(crate) fn dot(&self, other: &Topic) -> f32 {
        const LANES: usize = 8;
        const { assert!(DIMENSIONS.is_multiple_of(LANES)) };
        let mut sums = [0.0f32; LANES];
        for (ours, theirs) in self
            .0
            .as_chunks::<LANES>()
            .0
            .iter()
            .zip(other.0.as_chunks::<LANES>().0)
        {
            for lane in 0..LANES {
                sums[lane] += ours[lane] * theirs[lane];
            }
        }
        sums.iter().sum()
    }
}

impl<'a> Topics<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [lengths, directions] = sections(body)?;
        Some(Topics {
            lengths,
            directions,
        })
    }

    pub(crate) fn check(self) -> Result<(), ModelError> {
        if self.directions.len() == self.lengths.len() * DIMENSIONS {
            Ok(())
        } else {
            Err(ModelError::Damaged {
                part: PART,
                what: "its tables have the wrong size",
            })
        }
    }

    /// How many words have a vector: those with the smallest numbers.
    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(self) -> usize {
        self.lengths.len()
    }

    /// Adds the vector of a word; whether it has one.
    #[inline]
    pub fn add_word(self, word: WordId, topic: &mut Topic) -> bool {
        let at = word as usize;
        let directions = self
            .directions
            .get(at * DIMENSIONS..)
            .and_then(|rest| rest.first_chunk::<DIMENSIONS>());
        let (Some(&length), Some(directions)) = (self.lengths.get(at), directions) else {
            return false;
        };
        let scale = SCALES[usize::from(length)];
        for (sum, direction) in topic.0.iter_mut().zip(directions) {
            *sum += scale * f32::from(direction.cast_signed());
        }
        true
    }

    /// The vector of a word.
    pub fn word(self, word: WordId) -> Option<Topic> {
        let mut topic = Topic::default();
        self.add_word(word, &mut topic).then_some(topic)
    }

    /// The topic of a text that was cut into words.
    pub fn text(self, words: &[Word]) -> Topic {
        let mut topic = Topic::default();
        for word in words.iter().filter_map(|word| word.word) {
            self.add_word(word, &mut topic);
        }
        topic
    }

    /// The words nearest to a topic, the nearest first. Compares all of them: for display and
    /// tests.
    pub fn nearest(self, topic: &Topic, count: usize) -> Vec<(WordId, f32)> {
        let likeness = |word| Some((word, topic.cosine(&self.word(word)?)));
        let mut all: Vec<(WordId, f32)> = (0..self.len() as WordId).filter_map(likeness).collect();
        all.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        all.truncate(count);
        all
    }
}

/// Lays the part out: one vector a word.
pub(crate) fn encode(vectors: &[[f32; DIMENSIONS]]) -> Vec<u8> {
    let mut lengths = Vec::with_capacity(vectors.len());
    let mut directions = Vec::with_capacity(vectors.len() * DIMENSIONS);
    for vector in vectors {
        let longest = vector
            .iter()
            .fold(1e-9f32, |longest, value| longest.max(value.abs()));
        let byte = ((LONGEST_LOG - longest.ln()) / STEP)
            .floor()
            .clamp(0.0, 255.0);
        let scale = (LONGEST_LOG - STEP * byte).exp() / 127.0;
        lengths.push(byte as u8);
        directions.extend(
            vector
                .iter()
                .map(|value| (value / scale).round().clamp(-127.0, 127.0) as i8 as u8),
        );
    }
    super::packed::join([&lengths, &directions])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_survive_a_byte_a_dimension() {
        let mut vector = [0.0; DIMENSIONS];
        for (value, at) in vector.iter_mut().zip(0u8..) {
            *value = (f32::from(at) - 17.0) / 9.0;
        }
        let body = encode(&[vector, [0.0; DIMENSIONS]]);
        let topics = Topics::parse(&body).expect("just encoded");
        topics.check().expect("just encoded");
        let read = topics.word(0).expect("there are two");
        assert!(read.cosine(&Topic(vector)) > 0.999);
        assert!((read.length() / Topic(vector).length() - 1.0).abs() < 0.02);
        assert!(topics.word(1).expect("there are two").length() < 1e-3);
        assert_eq!(topics.word(2), None);
    }

    #[test]
    fn likeness_needs_something_to_compare() {
        let mut one = Topic::default();
        assert_eq!(one.cosine(&one), 0.0);
        one.0[3] = 2.0;
        let mut other = one;
        other.add(&one);
        assert_eq!(one.cosine(&other), 1.0);
        other.subtract(&one);
        other.subtract(&one);
        assert_eq!(other, Topic::default());
    }
}
