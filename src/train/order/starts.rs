//! Counts the words that begin paragraphs.

use super::article::Article;
use crate::model::Model;
use crate::model::initial_words::STEPS;
use crate::text::is_sentence_end;

/// Counts below this many say little: the ratio is drawn towards one.
const DOUBT: f64 = 3.0;

/// The table of `model::initial_words`.
pub(super) fn count(model: &Model, articles: &[Article]) -> Vec<u8> {
    let lexicon = model.lexicon();
    let mut counts = vec![[0u32; 2]; lexicon.len()];
    let mut totals = [0u32; 2];
    let mut words = Vec::new();
    for paragraph in articles.iter().flatten() {
        if !paragraph.chars().any(is_sentence_end) {
            continue;
        }
        let head = paragraph
            .char_indices()
            .nth(16)
            .map_or(paragraph.as_str(), |(at, _)| &paragraph[..at]);
        model.segment(head, &mut words);
        for (place, word) in words.iter().take(2).enumerate() {
            totals[place] += 1;
            if let Some(word) = word.word {
                counts[word as usize][place] += 1;
            }
        }
    }
    let mut bytes = Vec::with_capacity(2 * counts.len());
    for (word, counts) in counts.iter().enumerate() {
        for place in 0..2 {
            let expected =
                f64::from(totals[place]) * f64::from(lexicon.log_frequency(word as u32)).exp();
            let ratio = ((f64::from(counts[place]) + DOUBT) / (expected + DOUBT)).ln();
            let steps = (ratio * f64::from(STEPS)).round().clamp(-127.0, 127.0);
            bytes.push((steps as i8).cast_unsigned());
        }
    }
    bytes
}
