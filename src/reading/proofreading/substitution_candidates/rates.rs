//! The error rates of a document, from its suspects.

use crate::model::trees::probability;

/// The kinds of errors whose rates differ from document to document: pairs that were counted, which
/// recognisers make, and all others.
pub const KINDS: usize = 2;

/// How the error rates of a document are estimated.
#[derive(Clone, Copy, Debug)]
pub struct Prior {
    /// ln of the error rates at which the trees were fitted, by kind.
    pub fitted: [f32; KINDS],
    /// The error rate of each kind expected of a document of which nothing is known.
    pub start: f32,
    /// How many characters that expectation is worth.
    pub weight: f32,
}

/// Probability from which a suspect speaks for the error rate.
pub(crate) const SURE: f32 = 0.35;
/// Errors for each one that is sure: the others are less plain.
const FOR_EACH_SURE: f32 = 1.5;
/// No text that is worth reading has more errors a character.
const MOST: f32 = 0.03;

/// Estimates the error rates of a portion of a document, by kind, from the log-odds of its
/// suspects, each with its kind and weight: r = Σp / characters, iterated until it settles (Saerens
/// et al. 2002, "Adjusting the outputs of a classifier to new a priori probabilities"), but over
/// the sure suspects alone. Were the doubtful ones counted, a text of another register, in which
/// everything is a little suspect, would raise the rate that raises its suspects. Clean text stays
/// silent, a bad scan is read closely, and one whose errors are of the counted kind is not
/// suspected of others.
pub fn settle(
    suspects: impl Iterator<Item = (f32, usize, f32)> + Clone,
    characters: usize,
    prior: &Prior,
) -> [f32; KINDS] {
    let sure = (SURE / (1.0 - SURE)).ln();
    let mut rates = [prior.start; KINDS];
    for _ in 0..4 {
        let shifts: [f32; KINDS] = std::array::from_fn(|kind| prior.shift(&rates, kind));
        let mut sums = [0.0; KINDS];
        for (log_odds, kind, weight) in suspects.clone() {
            let log_odds = log_odds + shifts[kind];
            if log_odds >= sure {
                sums[kind] += weight * FOR_EACH_SURE * probability(log_odds);
            }
        }
        let rate =
            |sum: f32| (sum + prior.start * prior.weight) / (characters as f32 + prior.weight);
        rates = sums.map(|sum| rate(sum).min(MOST));
    }
    rates
}

impl Prior {
    /// What rates other than those of the fit add to the log-odds of a suspect.
    pub fn shift(&self, rates: &[f32; KINDS], kind: usize) -> f32 {
        rates[kind].ln() - self.fitted[kind]
    }
}
