//! Fits the table of `model::sentence_openings`: beginnings of paragraphs against the rests of
//! sentences cut at random.

use super::FOLDS;
use super::article::Article;
use super::pages::seam;
use crate::model::Model;
use crate::model::sentence_openings::{HEAD, WEIGHTS, WINDOW, each};
use crate::text::first_chars;
use crate::text::is_sentence_end;
use crate::train::random::Chance;

/// How often all paragraphs are gone through.
const ROUNDS: usize = 4;
/// The step, and how fast weights are drawn to zero.
const RATE: f32 = 0.12;
const PULL: f32 = 2e-6;

/// The articles set aside for the trees, which must not see the table praise what it learnt by
/// heart; in groups, so that no article is in two folds.
pub(super) fn aside(articles: &[Article]) -> [Vec<Article>; FOLDS] {
    std::array::from_fn(|fold| {
        let of_fold = |a: &&Article| is_aside(a) && hash(a) as usize / 4 % FOLDS == fold;
        articles.iter().filter(of_fold).cloned().collect()
    })
}

fn is_aside(article: &Article) -> bool {
    hash(article).is_multiple_of(2)
}

fn hash(article: &Article) -> u64 {
    let text = article.first().map_or("", String::as_str);
    let hash = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, hash) >> 32
}

/// The table of `model::sentence_openings`, and how well it tells the two apart on articles set
/// aside (area under the curve).
pub(super) fn fit(model: &Model, articles: &[Article], seed: u64) -> (Vec<u8>, f64) {
    let mut segmenter = model.segmenter();
    let mut words = Vec::new();
    let mut weights = vec![0.0_f32; WEIGHTS];
    let mut squares = vec![1e-3_f32; WEIGHTS];
    let mut bias = 0.0_f32;
    let mut places: Vec<usize> = Vec::new();
    let mut scored: Vec<(f32, bool)> = Vec::new();
    // Half of the pairs of each round are cut elsewhere than in the round before.
    for round in 0..=ROUNDS {
        let last = round == ROUNDS;
        for (number, article) in articles.iter().enumerate() {
            if is_aside(article) != last {
                continue;
            }
            let mut chance = Chance::of(seed + 500 + round as u64, number);
            for paragraph in article {
                if paragraph.len() < 60 || !paragraph.chars().any(is_sentence_end) {
                    continue;
                }
                let Some(place) = seam(paragraph, &mut chance) else {
                    continue;
                };
                for (text, rest) in [(paragraph.as_str(), false), (&paragraph[place..], true)] {
                    let head = first_chars(text, WINDOW);
                    segmenter.cut(head, &mut words);
                    places.clear();
                    each(head, &words, |at| places.push(at));
                    let sum: f32 = bias + places.iter().map(|at| weights[*at]).sum::<f32>();
                    if last {
                        scored.push((sum, rest));
                        continue;
                    }
                    let wanted = f32::from(u8::from(rest));
                    let slope = 1.0 / (1.0 + (-sum).exp()) - wanted;
                    bias -= 0.001 * slope;
                    for at in &places {
                        let pull = slope + PULL * weights[*at];
                        squares[*at] += pull * pull;
                        weights[*at] -= RATE * pull / squares[*at].sqrt();
                    }
                }
            }
        }
    }
    let largest = weights
        .iter()
        .fold(0.0_f32, |most, w| most.max(w.abs()))
        .min(4.0);
    let scale = largest.max(1e-6) / 127.0;
    let mut bytes = Vec::with_capacity(HEAD + WEIGHTS);
    bytes.extend(scale.to_le_bytes());
    bytes.extend(bias.to_le_bytes());
    bytes.extend(weights.iter().map(|weight| {
        let steps = (weight / scale).round().clamp(-127.0, 127.0);
        (steps as i8).cast_unsigned()
    }));
    (bytes, area(scored))
}

/// The area under the curve: how often a rest scores above a beginning.
fn area(mut scored: Vec<(f32, bool)>) -> f64 {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut won, mut rests) = (0_u64, 0_u64, 0_u64);
    for (_, rest) in scored {
        if rest {
            won += below;
            rests += 1;
        } else {
            below += 1;
        }
    }
    won as f64 / (rests * below).max(1) as f64
}
