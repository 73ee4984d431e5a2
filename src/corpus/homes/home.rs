//! Where a stretch belongs that stands in the wrong document.

use std::collections::HashMap;

use super::Ask;
use super::weigh::{Answer, Other, Weighing};
use crate::text::{Span, first_chars};

// What is told: on collections of news into which sentences and paragraphs of other articles were
// put, also of such as were not among them, 30 of 33 that passed all of this were right. The usual
// mistake is an article on the same event: it shares names, but with others as well.

/// Rare words in the home and nowhere else in the document.
const FEWEST: usize = 3;
/// What they must tell, in nats; and how much of that the next best document may have.
const TELLING: f32 = 16.0;
const NEXT: f32 = 0.4;
/// The share of its rare words that the document may have elsewhere.
const OWN: f32 = 0.03;
/// How often that is right.
const RIGHT: f32 = 0.9;
/// Characters that a copy of a stretch begins with.
const SAME: usize = 10;

impl Weighing<'_> {
    /// Whether another document is the home of a stretch, and which of its paragraphs is nearest.
    pub(super) fn home(&mut self, text: &str, ask: &Ask, other: Other<'_>) -> Option<Answer> {
        let shared = other.shared;
        let own: f32 = self.own.iter().map(|term| term.idf).sum();
        if shared.terms < FEWEST
            || shared.here < TELLING
            || shared.second > NEXT * shared.here
            || own > OWN * (own + shared.all)
        {
            return None;
        }
        let [start, end] = ask.span;
        let stretch = &text[start..end];
        // what stands there too is a copy, not torn out
        if other.text.contains(first_chars(stretch, SAME)) {
            return None;
        }
        let topic = self.topic(stretch);
        let mut rest = self.topic(&text[..start]);
        rest.add(&self.topic(&text[end..]));
        if topic.cosine(&self.topic(other.text)) < topic.cosine(&rest) {
            return None;
        }
        let mut words = Vec::new();
        let mut lines: HashMap<usize, f32> = HashMap::new();
        for term in &self.list {
            let word = &text[term.at.clone()];
            let before = lines.values().sum::<f32>();
            for (at, _) in other.text.match_indices(word) {
                let line = other.text[..at].rfind('\n').map_or(0, |end| end + 1);
                *lines.entry(line).or_default() += term.idf;
            }
            if lines.values().sum::<f32>() > before && words.len() < super::WORDS {
                words.push(word.to_owned());
            }
        }
        let nearest = lines
            .into_iter()
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let line = nearest.0;
        let end = other.text[line..].find('\n');
        let end = end.map_or(other.text.len(), |end| line + end);
        Some(Answer {
            span: Span::new(line, end),
            probability: RIGHT,
            turns_page: false,
            words,
        })
    }
}
