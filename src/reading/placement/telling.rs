//! What a stretch of text names: the words that tell a reader at a glance that it belongs elsewhere.
//!
//! The trees of [`super::affinity`] weigh how much of the text is at home where it stands. What they cannot see is which words those are: a
//! town that six sentences of another article name and none of this one, a word of the other headline.

use crate::model::lexicon::Kinds;

use super::affinity::{Belonging, Unit};
use super::sentence_topics::as_word;

/// What a stretch names, against the article that it stands in, without it, and the one that it is nearest to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// How often the name that the other article has most, and this one not at all, stands there: ln(1 + times).
    pub names_there: f32,
    /// What the words tell that only the other article has, in tens of nats of idf, each times ln(1 + times).
    pub words_there: f32,
    /// Names that this article has elsewhere.
    pub names_here: f32,
    /// What the words tell that this article has elsewhere, as for `words_there`.
    pub words_here: f32,
    /// What the words tell that only the other article has, and in its headline, in tens of nats.
    pub headline_there: f32,
    /// What the words tell that stand in the headline of this article.
    pub headline_here: f32,
}

/// Log-odds of a name that the other headline has and this article never, measured on generated pages: 44 of 45 that the trees find possible.
const NAMED_IN_HEADLINE: f32 = 3.8;
/// The log-odds from which on the trees find it possible.
const POSSIBLE: f32 = -0.85;

impl Told {
    /// The log-odds that a sentence or a paragraph is out of place, given those of the trees, which were fitted to the share of moved ones among
    /// all and do not see what is named. Fitted with `quality generate` on pages of news (640 pages) and clean ones beside them.
    pub(super) fn weigh(&self, whole: bool, log_odds: f32) -> f32 {
        let lead = if self.names_here > 0.0 {
            0.0
        } else {
            (self.words_there - 2.0 * self.words_here).clamp(0.0, 5.0)
        };
        let weighed = if whole {
            -0.59 + 0.55 * log_odds + 0.11 * lead
        } else {
            -1.15 + 0.84 * log_odds + 0.77 * lead
        };
        let named = self.names_there > 0.6
            && self.names_here <= 1.0
            && self.headline_there > 0.0
            && self.headline_here == 0.0;
        if named && log_odds > POSSIBLE {
            weighed.max(NAMED_IN_HEADLINE)
        } else {
            weighed
        }
    }
}

/// The log-odds that a run was torn in, given those by the trees and those of its beginning to be cut; fitted on the same pages.
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
    /// What a stretch names, against its own article without it and the article that it is nearest to.
    pub(crate) fn telling(&self, unit: Unit, other: Option<u32>) -> Told {
        let lexicon = self.document.model().lexicon();
        let article = self.article_of(unit.first);
        let (own_headline, headline) = (self.headline(Some(article)), self.headline(other));
        let mut terms = Vec::new();
        self.tally.terms_of(unit.first, unit.last, &mut terms);
        let mut told = Told::default();
        for (number, here) in terms {
            let (term, weight) = (self.tally.term(number), self.tally.weight(number));
            if weight < TELLING {
                continue;
            }
            let own = self.tally.count(number, article).saturating_sub(here) as f32;
            let there = other.map_or(0, |other| self.tally.count(number, other)) as f32;
            let kinds = as_word(term).map_or(Kinds(0), |word| lexicon.kinds(word));
            let named = kinds.any(NAMED);
            let weight = weight / SCALE;
            if own > 0.0 {
                told.names_here += f32::from(u8::from(named));
                told.words_here += weight * own.ln_1p();
            } else if there > 0.0 {
                told.words_there += weight * there.ln_1p();
                if named {
                    told.names_there = told.names_there.max(there.ln_1p());
                }
            }
            if own == 0.0 && headline.contains(&term) {
                told.headline_there += weight;
            }
            if own_headline.contains(&term) {
                told.headline_here += weight;
            }
        }
        told
    }

    /// The terms of an article's headline.
    fn headline(&self, article: Option<u32>) -> Vec<u32> {
        let articles = self.document.articles();
        let heading = article.and_then(|a| articles.get(a as usize)?.heading);
        let Some(heading) = heading else {
            return Vec::new();
        };
        let sentences = &self.document.paragraphs()[heading as usize].sentences;
        (sentences.start as usize..sentences.end as usize)
            .flat_map(|sentence| self.content.terms(sentence).iter().copied())
            .collect()
    }
}
