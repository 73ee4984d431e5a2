//! Which two characters usually stand side by side: the cheapest question of all, asked of every
//! place of a text.
//!
//! A Bloom filter (Bloom 1970) over the pairs that the bigrams know well, small enough to stay in
//! the cache. A wrong "usual" passes over a place that deserved a look, a few times in a thousand;
//! a wrong "unusual" cannot be.

use super::characters::{CharId, Characters, FIRST as FIRST_CHARACTER};
use super::confusables::Confusables;
use super::ngram::Ngram;

pub(crate) const PART: &str = "usual";
pub(crate) const VERSION: u32 = 1;

/// Bits of the filter, as a power of two.
const BITS: u32 = 21;
/// Bits set for a pair.
const HASHES: u32 = 4;
/// A pair is usual if either character follows, or precedes, the other at least this often: ln P.
const OFTEN: f32 = -6.0;
/// What is rarer than this altogether is not usual whatever it stands beside: ln P of the pair.
const RARE: f32 = -16.0;

/// The filter. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Usual<'a> {
    bits: &'a [u8],
}

impl<'a> Usual<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        (body.len() == 1 << (BITS - 3)).then_some(Self { bits: body })
    }

    /// Whether `b` after `a` is usual.
    #[inline]
    pub fn contains(self, a: CharId, b: CharId) -> bool {
        places(a, b).all(|(byte, bit)| self.bits.get(byte).is_some_and(|b| b & bit != 0))
    }
}

/// The bits of a pair.
#[inline]
fn places(a: CharId, b: CharId) -> impl Iterator<Item = (usize, u8)> {
    let hash = (u64::from(a) << 16 | u64::from(b)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..HASHES).map(move |k| {
        let at = (hash >> (64 - BITS - k * 14)) & ((1 << BITS) - 1);
        ((at >> 3) as usize, 1 << (at & 7))
    })
}

/// A pair that a look-alike of either character would make so much likelier is not usual: slips
/// stand in every training text.
const SLIP: f32 = 2.5;
/// How alike two characters must look for that, if they were never counted as confused.
const ALIKE: f32 = 0.0;

/// The filter of a model's bigrams.
pub(crate) fn encode(
    ngram: Ngram<'_>,
    characters: Characters<'_>,
    confusables: Confusables<'_>,
) -> Vec<u8> {
    let alike: Vec<Vec<CharId>> = (0..characters.len() as CharId)
        .map(|id| {
            let of = characters.character(id);
            let others = of.into_iter().flat_map(|c| confusables.alternatives(c));
            let near = others.filter(|o| o.count > 0 || o.likeness > Some(ALIKE));
            near.map(|o| o.right).collect()
        })
        .collect();
    let both = |a: CharId, b: CharId| ngram.frequency(a) + ngram.bigram(a, b);
    let mut bits = vec![0_u8; 1 << (BITS - 3)];
    for a in FIRST_CHARACTER..characters.len() as CharId {
        for (b, log_prob) in ngram.successors(a) {
            let here = log_prob + ngram.frequency(a);
            let before = here - ngram.frequency(b);
            if here <= RARE || (log_prob <= OFTEN && before <= OFTEN) {
                continue;
            }
            let mut others = alike[usize::from(b)]
                .iter()
                .map(|&r| both(a, r))
                .chain(alike[usize::from(a)].iter().map(|&r| both(r, b)));
            if !others.any(|other| other > here + SLIP) {
                for (byte, bit) in places(a, b) {
                    bits[byte] |= bit;
                }
            }
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn words_are_usual_and_slips_are_not() {
        let model = Model::embedded();
        let usual = Usual::parse(model.part(PART).expect("the part")).expect("its size");
        let pair = |a: char, b: char| {
            let id = |c| model.characters().id(c);
            usual.contains(id(a), id(b))
        };
        assert!(pair('社', '会') && pair('关', '键') && pair('自', '己'));
        assert!(!pair('杜', '会') && !pair('关', '健') && !pair('键', '关'));
        assert!(Usual::parse(&[0; 8]).is_none());
    }
}
