//! Where the other half of a paragraph is that is cut inside a sentence.

use std::ops::Range;

use super::seam::Seam;
use super::weigh::{Answer, Other, Weighing, near};
use super::{Ask, Question};
use crate::model::trees::probability;
use crate::text::{Span, is_closing, is_sentence_end};

/// Characters of the shortest paragraph that anything goes on in.
const SHORTEST: usize = 8;
/// Bytes on either side of a cut that are compared in topic and words.
const NEAR: usize = 600;
/// From this probability on an answer is told.
const TOLD: f32 = 0.8;

/// How the other half is weighed: logistic regression on collections of news and Hong Kong news in
/// which articles were cut and pieces torn out, among them such whose other half was nowhere.
const BASE: f32 = -4.96;
const WEIGHTS: [f32; 10] = [-0.15, 0.27, 0.14, 2.13, -0.13, 0.35, 0.48, 3.44, 2.85, 0.07];

impl Weighing<'_> {
    /// Whether another document has the other half of a paragraph, and where.
    pub(super) fn other_half(&mut self, text: &str, ask: &Ask, other: Other<'_>) -> Option<Answer> {
        let [start, end] = ask.span;
        let own = &text[start..end];
        let is_rest = ask.question == Question::Rest;
        let (seam, line) = self.best_line(own, is_rest, other.text)?;
        let blank = |text: &str| text.trim().is_empty();
        let (own_edge, edge, here, there) = if is_rest {
            (
                blank(&text[end..]),
                blank(&other.text[..line.start]),
                near(text, end.saturating_sub(NEAR)..end),
                near(other.text, line.start..line.start + NEAR),
            )
        } else {
            (
                blank(&text[..start]),
                blank(&other.text[line.end..]),
                near(text, start..start + NEAR),
                near(other.text, line.end.saturating_sub(NEAR)..line.end),
            )
        };
        let topic = self.topic(&text[here]);
        let topic = topic.cosine(&self.topic(&other.text[there.clone()]));
        let there = &other.text[there];
        let mut words: Vec<String> = Vec::new();
        for term in &self.list {
            let word = &text[term.at.clone()];
            if there.contains(word) {
                words.push(word.to_owned());
            }
        }
        let edges = own_edge && edge;
        let turns_page = edges && other.is_beside;
        let flag = |is: bool| f32::from(u8::from(is));
        let shared = other.shared;
        let row = [
            shared.here.min(60.0) / 10.0,
            (shared.here - shared.second).clamp(0.0, 40.0) / 10.0,
            seam.continuation.clamp(-6.0, 12.0),
            seam.gain.clamp(-15.0, 30.0) / 10.0,
            seam.opening.clamp(-6.0, 6.0),
            topic,
            words.len().min(8) as f32,
            flag(turns_page),
            flag(edges && !turns_page),
            ask.log_odds.clamp(-4.0, 4.0),
        ];
        let log_odds = BASE + row.iter().zip(WEIGHTS).map(|(x, w)| x * w).sum::<f32>();
        words.truncate(super::WORDS);
        let probability = probability(log_odds);
        (probability >= TOLD).then_some(Answer {
            span: Span::new(line.start, line.end),
            probability,
            turns_page,
            words,
        })
    }

    /// The paragraph of another text that fits best as the other half.
    fn best_line(&mut self, own: &str, is_rest: bool, other: &str) -> Option<(Seam, Range<usize>)> {
        let ended = |c: char| is_sentence_end(c) || is_closing(c);
        let mut best: Option<(Seam, Range<usize>)> = None;
        let mut at = 0;
        for line in other.split('\n') {
            let from = at + (line.len() - line.trim_start().len());
            at += line.len() + 1;
            let line = line.trim();
            if line.chars().nth(SHORTEST - 1).is_none() {
                continue;
            }
            let seam = match is_rest {
                true => Seam::of(own, line, &mut self.read.sides),
                false if line.ends_with(ended) => continue,
                false => Seam::of(line, own, &mut self.read.sides),
            };
            let fits = |best: &(Seam, _)| seam.fits() > best.0.fits();
            if best.as_ref().is_none_or(fits) {
                best = Some((seam, from..from + line.len()));
            }
        }
        best
    }
}
