//! What is asked of the model about a pair of characters.

use super::Pair;
use super::sample::Sample;
use crate::model::Model;
use crate::model::characters::{CharId, Characters, FIRST};
use crate::model::common_pairs::{self, Usual};
use crate::model::confusables::{self, Confusables};
use crate::model::lexicon::Lexicon;
use crate::model::ngram::Ngram;
use crate::model::variants::Variants;
use crate::text::is_han;

/// Nats by which the right pair must be likelier by itself.
const ALONE: f32 = 3.0;
/// How often the language at large would have the right pair in the source: so often at least; and
/// so many times more or less often than the wrong one stands there, which is so many times a
/// document at most.
const EXPECTED: f32 = 5.0;
pub(super) const APART: f32 = 12.0;
const A_DOCUMENT: f32 = 4.0;

/// The parts of the model that are asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'m> {
    characters: Characters<'m>,
    ngram: Ngram<'m>,
    lexicon: Lexicon<'m>,
    usual: Usual<'m>,
    confusables: Confusables<'m>,
    variants: Option<Variants<'m>>,
}

/// What a pair may be a slip for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Right {
    pub(super) pair: Pair,
    /// Whether its other character neither looks nor sounds like the written one.
    pub(super) is_decoy: bool,
}

/// How likely a right pair must be.
struct Within {
    /// Characters of the source.
    characters: f32,
    /// ln of the least share.
    likelier: f32,
    /// How often the source would have it, at least and at most.
    least: f32,
    most: f32,
}

impl<'m> Asked<'m> {
    pub(super) fn of(model: &'m Model) -> Option<Self> {
        Some(Self {
            characters: model.characters(),
            ngram: model.ngram(),
            lexicon: model.lexicon(),
            usual: model.part(common_pairs::PART).and_then(Usual::parse)?,
            confusables: model.part(confusables::PART).and_then(Confusables::parse)?,
            variants: model.variants(),
        })
    }

    /// Calls `each` with every pair that is unusual.
    pub(super) fn unusual(self, text: &str, mut each: impl FnMut(Pair)) {
        let mut last: Option<(char, CharId)> = None;
        for c in text.chars() {
            let id = if c < '\u{3400}' {
                0
            } else {
                self.characters.id(c)
            };
            if id < FIRST || !is_han(c) {
                last = None;
                continue;
            }
            if let Some((before, first)) = last
                && before != c
                && !self.usual.contains(first, id)
            {
                each([before, c]);
            }
            last = Some((c, id));
        }
    }

    pub(super) fn ids(self, pair: Pair) -> [CharId; 2] {
        pair.map(|c| self.characters.id(c))
    }

    /// Whether a pair has a form of another script than that of the model.
    pub(super) fn is_foreign(self, pair: Pair) -> bool {
        let is_own = |c: char| self.characters.character(self.characters.id(c)) == Some(c);
        let simple = |c: char| self.variants.is_none_or(|v| v.simplified(c).is_none());
        !pair.into_iter().all(|c| is_own(c) && simple(c))
    }

    pub(super) fn characters(&self) -> &Characters<'m> {
        &self.characters
    }

    /// ln of the share of a pair among all pairs.
    fn share(self, [a, b]: [CharId; 2]) -> f32 {
        self.ngram.frequency(a) + self.ngram.bigram(a, b)
    }

    /// How often a text of so many characters would have a pair.
    pub(super) fn expected(self, pair: Pair, characters: usize) -> f32 {
        self.share(self.ids(pair)).exp() * characters as f32
    }

    /// What a pair that stands in so many documents may be a slip for: pairs that a source of so
    /// many characters ought to have about as often. Beside each stands a decoy, where there is
    /// one.
    pub(super) fn rights(
        self,
        wrong: Pair,
        characters: usize,
        documents: usize,
        ranks: &Ranks,
    ) -> Vec<Right> {
        // in another script the forms of the model are none of the text
        if self.is_foreign(wrong) {
            return Vec::new();
        }
        let ids = self.ids(wrong);
        let within = Within {
            characters: characters as f32,
            likelier: self.share(ids) + ALONE,
            least: (documents as f32 / APART).max(EXPECTED),
            most: documents as f32 * A_DOCUMENT * APART,
        };
        let mut rights = Vec::new();
        let mut take = |at, other| self.take(&within, ids, (at, other), false, &mut rights);
        let others = |at: usize| {
            let looks = self.confusables.alternatives(wrong[at]).map(|a| a.right);
            looks.chain(self.confusables.homophones(wrong[at]))
        };
        for at in 0..2 {
            others(at).for_each(|other| take(at, other));
        }
        if rights.is_empty() {
            return rights;
        }
        let mut take = |at, other| self.take(&within, ids, (at, other), true, &mut rights);
        for (at, written) in ids.iter().enumerate() {
            let own: Vec<CharId> = others(at).collect();
            let differs = |decoy: &CharId| decoy != written && !own.contains(decoy);
            for other in &own {
                if let Some(decoy) = ranks.near(*other).find(differs) {
                    take(at, decoy);
                }
            }
        }
        rights
    }

    /// Takes a pair with another character in one place, where it is usual and likely enough.
    fn take(
        self,
        within: &Within,
        ids: [CharId; 2],
        (at, other): (usize, CharId),
        is_decoy: bool,
        rights: &mut Vec<Right>,
    ) {
        let mut right = ids;
        right[at] = other;
        if other == ids[at] || !self.usual.contains(right[0], right[1]) {
            return;
        }
        let share = self.share(right);
        let expected = share.exp() * within.characters;
        if share >= within.likelier
            && (within.least..=within.most).contains(&expected)
            && let [Some(a), Some(b)] = right.map(|id| self.characters.character(id))
        {
            let right = Right {
                pair: [a, b],
                is_decoy,
            };
            if !rights.contains(&right) {
                rights.push(right);
            }
        }
    }

    /// How likely a place is as it is written, in nats; nothing where the pair stands in a word.
    pub(super) fn likelihood_of_wrong(self, sample: &Sample) -> Option<f32> {
        let ids = sample.ids();
        (!self.covers(ids, sample.pair_at())).then(|| self.likelihood(ids))
    }

    /// Nats by which a place reads better with the right pair; nothing where that is in no word.
    pub(super) fn gain(
        self,
        sample: &Sample,
        right: Pair,
        likelihood_of_wrong: f32,
    ) -> Option<f32> {
        let (mut read, at) = (sample.clone(), sample.pair_at());
        read.ids_mut()[at..at + 2].copy_from_slice(&self.ids(right));
        let ids = read.ids();
        self.covers(ids, at)
            .then(|| self.likelihood(ids) - likelihood_of_wrong)
    }

    fn covers(self, ids: &[CharId], at: usize) -> bool {
        self.lexicon.cover(ids, at, at + 2).is_some()
    }

    /// ln of how likely a stretch is.
    fn likelihood(self, ids: &[CharId]) -> f32 {
        let mut probabilities = Vec::with_capacity(ids.len() + 1);
        self.ngram.scan(ids, &mut probabilities);
        probabilities.iter().sum()
    }
}

/// All characters of the model by how common they are.
pub(super) struct Ranks {
    order: Vec<CharId>,
    rank: Vec<u16>,
}

impl Ranks {
    pub(super) fn of(asked: Asked<'_>) -> Self {
        let count = asked.characters.len() as CharId;
        let mut order: Vec<CharId> = (FIRST..count).collect();
        let common = |id: &CharId| asked.ngram.frequency(*id);
        order.sort_by(|a, b| common(b).total_cmp(&common(a)).then(a.cmp(b)));
        let mut rank = vec![0; usize::from(count)];
        for (at, id) in order.iter().enumerate() {
            rank[usize::from(*id)] = at as u16;
        }
        Self { order, rank }
    }

    /// The characters that are about as common as one, the nearest first.
    fn near(&self, id: CharId) -> impl Iterator<Item = CharId> + '_ {
        let at = self.rank.get(usize::from(id)).copied().map(usize::from);
        let both = move |step: usize| {
            let at = at?;
            Some([at.checked_sub(step), at.checked_add(step)])
        };
        (1..200)
            .filter_map(both)
            .flatten()
            .flatten()
            .filter_map(|at| self.order.get(at).copied())
    }
}
