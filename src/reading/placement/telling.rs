//! What a stretch of text names: the words that tell a reader at a glance that it belongs
//! elsewhere.
//!
//! How much of the text is at home where it stands says [`super::affinity`]. What it cannot see is
//! which words those are: a town that six sentences of another article name and none of this one, a
//! word of the other headline.

use crate::model::lexicon::Kinds;

use super::affinity::{Belonging, Unit};
use super::sentence_topics::{Number, Term, as_word};

/// What a stretch names, against the article that it stands in, without it, and the one that it is
/// nearest to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    /// How often the name that the other article has most, and this one not at all, stands there:
    /// ln(1 + times).
    pub(super) names_there: f32,
    /// What the words tell that only the other article has, in tens of nats of idf, each times ln(1
    /// + times).
    pub(super) words_there: f32,
    /// Names that this article has elsewhere.
    pub(super) names_here: f32,
    /// What the words tell that this article has elsewhere, as for `words_there`.
    pub(super) words_here: f32,
    /// What the words tell that only the other article has, and in its headline, in tens of nats.
    pub(super) headline_there: f32,
    /// What the words tell that stand in the headline of this article.
    pub(super) headline_here: f32,
}

/// Log-odds of a sentence with a name that the other headline has and this article never: on
/// generated pages nearly all that the trees find possible were out of place.
const NAMED_IN_HEADLINE: f32 = 3.8;
/// The log-odds from which on the trees find it possible.
const POSSIBLE: f32 = -0.85;

/// The log-odds that a run was torn in, given those by the trees and those of its beginning to be
/// cut; fitted on the same pages.
pub(super) fn weigh_torn(log_odds: f32, start: f32) -> f32 {
    1.44 + 0.64 * log_odds + 0.6 * start.clamp(-4.0, 4.0)
}

/// A word this telling counts, in nats of idf.
const TELLING: f32 = 4.0;
/// Nats that count as one.
const SCALE: f32 = 10.0;
/// Words that name somebody or something.
const NAMED: Kinds = Kinds(Kinds::PLACE.0 | Kinds::PERSON.0 | Kinds::ORGANISATION.0);

impl Belonging<'_, '_> {
    /// What a stretch names whose terms these are, against its own article without it and the
    /// article that it is nearest to.
    pub(super) fn telling(
        &self,
        terms: &[(Number, u32)],
        article: u32,
        other: Option<u32>,
    ) -> Told {
        let lexicon = self.document.model().lexicon();
        let own_headline = self.headline(article);
        let headline = other.map_or_else(Vec::new, |other| self.headline(other));
        let mut told = Told::default();
        for &(number, here) in terms {
            let weight = self.tally.weight(number);
            if weight < TELLING {
                continue;
            }
            let own = self.tally.count(number, article).saturating_sub(here) as f32;
            let there = other.map_or(0, |other| self.tally.count(number, other)) as f32;
            let named = || {
                let word = as_word(self.tally.term(number));
                word.is_some_and(|word| lexicon.kinds(word).any(NAMED))
            };
            let weight = weight / SCALE;
            if own > 0.0 {
                told.names_here += f32::from(u8::from(named()));
                told.words_here += weight * own.ln_1p();
            } else if there > 0.0 {
                told.words_there += weight * there.ln_1p();
                if named() {
                    told.names_there = told.names_there.max(there.ln_1p());
                }
            }
            let term = self.tally.term(number);
            if own == 0.0 && headline.contains(&term) {
                told.headline_there += weight;
            }
            if own_headline.contains(&term) {
                told.headline_here += weight;
            }
        }
        told
    }

    /// The log-odds that a run of sentences belongs to another article, given those of the trees
    /// that one of them is out of place: a sentence has few words, and one that tells the home
    /// weighs more than what the trees make of it among thirty other measures. Fitted on generated
    /// pages of news and clean ones beside them.
    pub(super) fn weigh_words(&self, unit: Unit, home: u32, log_odds: f32) -> f32 {
        let mut terms = Vec::new();
        self.tally.terms_of(unit.first, unit.last, &mut terms);
        let told = self.telling(&terms, self.article_of(unit.first), Some(home));
        let lead = if told.names_here > 0.0 {
            0.0
        } else {
            (told.words_there - 2.0 * told.words_here).clamp(0.0, 5.0)
        };
        let named = told.names_there > 0.6
            && told.names_here <= 1.0
            && told.headline_there > 0.0
            && told.headline_here == 0.0;
        let weighed = -1.15 + 0.84 * log_odds + 0.77 * lead;
        if named && log_odds > POSSIBLE {
            weighed.max(NAMED_IN_HEADLINE)
        } else {
            weighed
        }
    }

    /// The terms of an article's headline.
    fn headline(&self, article: u32) -> Vec<Term> {
        let articles = self.document.articles();
        let heading = articles.get(article as usize).and_then(|a| a.heading);
        let sentences = heading.map_or(0..0, |heading| {
            self.document.paragraphs()[heading as usize]
                .sentences
                .clone()
        });
        let sentences = sentences.start as usize..sentences.end as usize;
        self.content.terms_of(sentences).collect()
    }
}
