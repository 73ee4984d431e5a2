//! From counts to a pruned trigram model: interpolated modified Kneser–Ney (Chen and Goodman 1999),
//! then back-off form.
//!
//! Of the trigrams and bigrams, those are kept that change the probability of the training text
//! most when they are left out (weighted difference, Seymore and Rosenfeld 1996); the back-off
//! weights are computed afterwards, so that every distribution still sums to one.

use std::cmp::Ordering;

use super::counts::{Counts, Followers, Trigram};
use crate::model::characters::CharId;
use crate::model::ngram::{Tables, quantise, quantise_backoff};

/// How many n-grams to keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) bigrams: usize,
    pub(crate) trigrams: usize,
}

/// Estimates the model and lays out its tables.
pub(crate) fn estimate(counts: &Counts, size: Size) -> Tables {
    let pairs = Pairs::new(counts);
    let mut trigrams = pairs.estimate_trigrams(counts);
    keep_best(
        &mut trigrams,
        size.trigrams,
        |trigram| trigram.value,
        |trigram| (trigram.a, trigram.b, trigram.c),
    );
    trigrams.sort_unstable_by_key(|trigram| {
        (
            trigram.a,
            trigram.b.reverse_bits(),
            trigram.c.reverse_bits(),
        )
    });
    let bigrams = pairs.choose_bigrams(&trigrams, size.bigrams);
    pairs.tables(counts, &bigrams, &trigrams)
}

struct Estimate {
    a: CharId,
    b: CharId,
    c: CharId,
    probability: f64,
    value: f64,
}

/// Keeps the `most` valuable; equal ones in the order of their keys, so that the outcome never
/// depends on chance.
fn keep_best<T, K: Ord>(
    all: &mut Vec<T>,
    most: usize,
    value: impl Fn(&T) -> f64,
    key: impl Fn(&T) -> K,
) {
    let order = |one: &T, other: &T| -> Ordering {
        value(other)
            .total_cmp(&value(one))
            .then_with(|| key(one).cmp(&key(other)))
    };
    if all.len() > most {
        all.select_nth_unstable_by(most, order);
        all.truncate(most);
    }
}

/// What is taken from counts of one, two, and more.
fn discounts(of_counts: [u64; 4]) -> [f64; 3] {
    let [n1, n2, n3, n4] = of_counts.map(|count| count.max(1) as f64);
    let y = n1 / (n1 + 2.0 * n2);
    [
        1.0 - 2.0 * y * n2 / n1,
        2.0 - 3.0 * y * n3 / n2,
        3.0 - 4.0 * y * n4 / n3,
    ]
    .into_iter()
    .zip([0.9, 1.8, 2.7])
    .map(|(discount, most)| {
        if discount.is_finite() {
            discount.clamp(0.05, most)
        } else {
            most / 2.0
        }
    })
    .collect::<Vec<_>>()
    .try_into()
    .unwrap_or([0.5, 1.0, 1.5])
}

fn discounted(count: u32, discounts: [f64; 3]) -> f64 {
    match count {
        0 => 0.0,
        _ => f64::from(count) - discounts[count.min(3) as usize - 1],
    }
}

/// The lower orders: probabilities of a character, and of one after another.
struct Pairs<'c> {
    characters: usize,
    before_pair: &'c [u32],
    discounts: [f64; 3],
    unigram: Vec<f64>,
    /// For each character, the sum of its row and the share that goes to the unigrams.
    rows: Vec<(f64, f64)>,
}

impl<'c> Pairs<'c> {
    fn new(counts: &'c Counts) -> Self {
        let characters = counts.characters;
        let mut before = vec![0u64; characters];
        let mut of_counts = [0u64; 4];
        for row in counts.before_pair.chunks_exact(characters) {
            for (c, &count) in row.iter().enumerate() {
                before[c] += u64::from(count > 0);
                if let Some(sum) = (count as usize)
                    .checked_sub(1)
                    .and_then(|at| of_counts.get_mut(at))
                {
                    *sum += 1;
                }
            }
        }
        let discounts = discounts(of_counts);
        let all = before.iter().sum::<u64>() as f64 + 0.5 * characters as f64;
        let unigram = before
            .iter()
            .map(|&count| (count as f64 + 0.5) / all)
            .collect();
        let row = |row: &[u32]| {
            let total: f64 = row.iter().map(|&count| f64::from(count)).sum();
            let taken: f64 = row
                .iter()
                .map(|&count| f64::from(count) - discounted(count, discounts))
                .sum();
            if total > 0.0 {
                (total, taken / total)
            } else {
                (1.0, 1.0)
            }
        };
        let rows = counts
            .before_pair
            .chunks_exact(characters)
            .map(row)
            .collect();
        Pairs {
            characters,
            before_pair: &counts.before_pair,
            discounts,
            unigram,
            rows,
        }
    }

    fn count(&self, b: CharId, c: CharId) -> u32 {
        self.before_pair[usize::from(b) * self.characters + usize::from(c)]
    }

    fn probability(&self, b: CharId, c: CharId) -> f64 {
        let (total, rest) = self.rows[usize::from(b)];
        discounted(self.count(b, c), self.discounts) / total + rest * self.unigram[usize::from(c)]
    }

    fn estimate_trigrams(&self, counts: &Counts) -> Vec<Estimate> {
        let discounts = discounts(counts.of_trigrams);
        let mut trigrams = counts.trigrams.as_slice();
        let mut estimates = Vec::with_capacity(trigrams.len());
        for followers in &counts.followers {
            let own = trigrams
                .partition_point(|trigram| (trigram.a, trigram.b) <= (followers.a, followers.b));
            let (these, rest) = trigrams.split_at(own);
            estimates.extend(
                these
                    .iter()
                    .map(|trigram| self.estimate_trigram(trigram, followers, discounts)),
            );
            trigrams = rest;
        }
        estimates
    }

    fn estimate_trigram(
        &self,
        trigram: &Trigram,
        followers: &Followers,
        discounts: [f64; 3],
    ) -> Estimate {
        let Trigram { a, b, c, count } = *trigram;
        let total = f64::from(followers.total);
        let taken: f64 = followers
            .kinds
            .iter()
            .zip(discounts)
            .map(|(&kinds, discount)| f64::from(kinds) * discount)
            .sum();
        let lower = taken / total * self.probability(b, c);
        let probability = discounted(count, discounts) / total + lower;
        Estimate {
            a,
            b,
            c,
            probability,
            value: f64::from(count) * (probability / lower).ln(),
        }
    }

    /// The pairs to keep, each with whether: all that trigrams begin with, and the best of the
    /// others. In the order of the file.
    fn choose_bigrams(&self, trigrams: &[Estimate], most: usize) -> Vec<(CharId, CharId)> {
        let mut needed: Vec<(CharId, CharId)> = trigrams
            .iter()
            .map(|trigram| (trigram.a, trigram.b))
            .collect();
        needed.dedup();
        let mut others = Vec::new();
        for (b, row) in self.before_pair.chunks_exact(self.characters).enumerate() {
            for (c, &count) in row.iter().enumerate().filter(|&(_, &count)| count > 1) {
                let (b, c) = (b as CharId, c as CharId);
                let lower = self.rows[usize::from(b)].1 * self.unigram[usize::from(c)];
                others.push((
                    f64::from(count) * (self.probability(b, c) / lower).ln(),
                    b,
                    c,
                ));
            }
        }
        keep_best(
            &mut others,
            most,
            |other| other.0,
            |other| (other.1, other.2),
        );
        let mut chosen = needed;
        chosen.extend(others.into_iter().map(|(_, b, c)| (b, c)));
        chosen.sort_unstable_by_key(|&(b, c)| (b, c.reverse_bits()));
        chosen.dedup();
        chosen
    }

    fn tables(
        &self,
        counts: &Counts,
        bigrams: &[(CharId, CharId)],
        trigrams: &[Estimate],
    ) -> Tables {
        let mut tables = Tables::default();
        let characters: f64 = counts.frequency.iter().sum::<u64>() as f64;
        let mut kept = vec![false; self.before_pair.len()];
        let mut row_backoff = vec![(1.0, 1.0); self.characters];
        for &(b, c) in bigrams {
            kept[usize::from(b) * self.characters + usize::from(c)] = true;
            let (upper, lower) = &mut row_backoff[usize::from(b)];
            *upper -= self.probability(b, c);
            *lower -= self.unigram[usize::from(c)];
        }
        let weight = |(upper, lower): (f64, f64)| (upper.max(1e-6) / lower.max(1e-6)).min(8.0);
        let final_bigram = |b: CharId, c: CharId| {
            if kept[usize::from(b) * self.characters + usize::from(c)] {
                self.probability(b, c)
            } else {
                weight(row_backoff[usize::from(b)]) * self.unigram[usize::from(c)]
            }
        };
        let per_character = counts.frequency.iter().zip(&self.unigram).zip(&row_backoff);
        for ((&frequency, unigram), &backoff) in per_character {
            tables
                .frequency
                .push(quantise(((frequency as f64).max(0.3) / characters).ln()));
            tables.unigram.push(quantise(unigram.ln()));
            tables
                .unigram_backoff
                .push(quantise_backoff(weight(backoff).ln()));
        }
        let mut trigrams = trigrams;
        let mut row = 0;
        for (at, &(a, b)) in bigrams.iter().enumerate() {
            while row <= usize::from(a) {
                tables.bigram_start.push(at as u32);
                row += 1;
            }
            let own = trigrams
                .iter()
                .take_while(|trigram| (trigram.a, trigram.b) == (a, b))
                .count();
            let (these, rest) = trigrams.split_at(own);
            trigrams = rest;
            let (mut upper, mut lower) = (1.0, 1.0);
            tables.trigram_start.push(tables.trigram.len() as u32);
            for trigram in these {
                upper -= trigram.probability;
                lower -= final_bigram(b, trigram.c);
                tables.trigram_key.push(trigram.c.reverse_bits());
                tables.trigram.push(quantise(trigram.probability.ln()));
            }
            let backoff = if these.is_empty() {
                1.0
            } else {
                weight((upper, lower))
            };
            tables.bigram_key.push(b.reverse_bits());
            tables.bigram.push(quantise(self.probability(a, b).ln()));
            tables.bigram_backoff.push(quantise_backoff(backoff.ln()));
        }
        tables
            .bigram_start
            .resize(self.characters + 1, bigrams.len() as u32);
        tables
            .trigram_start
            .extend([tables.trigram.len() as u32; 2]);
        tables
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::characters::BOUNDARY;
    use crate::model::ngram::Ngram;
    use crate::train::corpus::Text;
    use crate::train::counts::count;

    /// A small text over a handful of characters, with some order in it.
    fn text() -> Text {
        let mut codes = Vec::new();
        let mut state = 7u32;
        for at in 0..4_000u32 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            codes.push(if at % 3 == 0 {
                5 + (state >> 24) as u16 % 9
            } else {
                5 + (at % 9) as u16
            });
            if at % 40 == 39 {
                codes.push(BOUNDARY);
            }
        }
        Text { codes }
    }

    #[test]
    fn every_distribution_sums_to_one() {
        let characters = 14;
        let counts = count(&text(), characters, 2, 1);
        let tables = estimate(
            &counts,
            Size {
                bigrams: 30,
                trigrams: 40,
            },
        );
        let body = tables.encode();
        let ngram = Ngram::parse(&body).expect("just encoded");
        ngram.check(characters).expect("just encoded");
        assert_eq!(ngram.trigrams(), 40);
        for a in 5..14 {
            for b in 5..14 {
                let sum: f32 = (0..14).map(|c| ngram.log_prob(a, b, c).exp()).sum();
                assert!((sum - 1.0).abs() < 0.06, "P(· | {a} {b}) sums to {sum}");
            }
        }
    }

    #[test]
    fn a_scan_and_single_questions_agree() {
        let text = text();
        let tables = estimate(
            &count(&text, 14, 1, 1),
            Size {
                bigrams: 60,
                trigrams: 90,
            },
        );
        let body = tables.encode();
        let ngram = Ngram::parse(&body).expect("just encoded");
        let mut context = ngram.start();
        let (mut a, mut b) = (BOUNDARY, BOUNDARY);
        for &c in text.codes.iter().take_while(|&&code| code != BOUNDARY) {
            let (log_prob, next) = ngram.step(context, c);
            assert_eq!(log_prob, ngram.log_prob(a, b, c));
            (a, b, context) = (b, c, next);
        }
        let listed: Vec<_> = ngram.successors_of_two(6, 7).collect();
        assert!(
            listed
                .iter()
                .all(|&(c, log_prob)| log_prob == ngram.log_prob(6, 7, c))
                && !listed.is_empty()
        );
    }
}
