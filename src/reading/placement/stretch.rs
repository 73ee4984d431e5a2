//! Stretches of sentences, by their topics and the terms that tell.

use super::sentence_topics::{Content, Term, weight};
use crate::model::topics::Topic;
use crate::reading::Reading;

/// A term that tells, in nats of idf.
const TELLING: f32 = 4.0;

/// A stretch of sentences.
pub(super) struct Stretch {
    pub(super) topic: Topic,
    /// The telling terms, in order and each once, with their weights and how often they stand
    /// there.
    pub(super) terms: Vec<(Term, f32, u32)>,
    pub(super) sentences: usize,
}

impl Stretch {
    pub(super) fn of(
        document: &Reading<'_>,
        content: &Content,
        sentences: impl Iterator<Item = usize>,
    ) -> Self {
        let lexicon = document.model().lexicon();
        let (mut topic, mut count) = (Topic::default(), 0);
        let mut terms: Vec<(Term, f32, u32)> = Vec::new();
        for sentence in sentences {
            topic.add(&content.topic(sentence));
            let weighed = content.terms(sentence).map(|t| (t, weight(lexicon, t), 1));
            terms.extend(weighed.filter(|(_, w, _)| *w > TELLING));
            count += 1;
        }
        terms.sort_unstable_by_key(|(t, ..)| *t);
        terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.2 += u32::from(same);
            same
        });
        Self {
            topic,
            terms,
            sentences: count,
        }
    }

    /// The same with no terms: for what is only asked how near it is.
    pub(super) fn topic_of(content: &Content, sentences: impl Iterator<Item = usize>) -> Self {
        let (mut topic, mut count) = (Topic::default(), 0);
        for sentence in sentences {
            topic.add(&content.topic(sentence));
            count += 1;
        }
        Self {
            topic,
            terms: Vec::new(),
            sentences: count,
        }
    }

    /// This one with the sentences behind it, of which the stretch is given as well.
    pub(super) fn with(
        &self,
        content: &Content,
        sentences: impl Iterator<Item = usize>,
        behind: &Self,
    ) -> Self {
        let mut topic = self.topic;
        sentences.for_each(|sentence| topic.add(&content.topic(sentence)));
        Self {
            topic,
            terms: merged(&self.terms, &behind.terms),
            sentences: self.sentences + behind.sentences,
        }
    }

    pub(super) fn near(&self, other: &Self) -> f32 {
        if self.sentences == 0 || other.sentences == 0 {
            return f32::NAN;
        }
        self.topic.cosine(&other.topic)
    }

    /// Share of the weight of these terms that fits.
    pub(super) fn share(&self, fits: impl Fn(Term) -> bool) -> f32 {
        if self.terms.is_empty() {
            return f32::NAN;
        }
        self.repeated(1, fits)
    }

    /// The same of the terms that stand here so many times.
    pub(super) fn repeated(&self, least: u32, fits: impl Fn(Term) -> bool) -> f32 {
        let often = self.terms.iter().filter(|(.., count)| *count >= least);
        share(often.map(|(term, w, _)| (*term, *w)), fits)
    }

    /// The same of the terms that stand here and there, three times or more in all.
    pub(super) fn repeated_with(&self, other: &Self, fits: impl Fn(Term) -> bool) -> f32 {
        let often = |(term, _, count): &&(Term, f32, u32)| {
            other.count(*term).is_some_and(|more| count + more > 2)
        };
        let common = self.terms.iter().filter(often);
        share(common.map(|(term, w, _)| (*term, *w)), fits)
    }

    pub(super) fn count(&self, term: Term) -> Option<u32> {
        let at = self.terms.binary_search_by_key(&term, |(t, ..)| *t);
        at.ok().map(|at| self.terms[at].2)
    }

    pub(super) fn has(&self, term: Term) -> bool {
        self.count(term).is_some()
    }
}

/// The terms of two lists in order, each once.
fn merged(one: &[(Term, f32, u32)], other: &[(Term, f32, u32)]) -> Vec<(Term, f32, u32)> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let mut rest = other;
    for &(term, weight, count) in one {
        let less = rest.iter().take_while(|(t, ..)| *t < term).count();
        all.extend_from_slice(&rest[..less]);
        rest = &rest[less..];
        let mut count = count;
        if let Some((same, behind)) = rest.split_first()
            && same.0 == term
        {
            count += same.2;
            rest = behind;
        }
        all.push((term, weight, count));
    }
    all.extend_from_slice(rest);
    all
}

/// Share of the weight of some terms that fits.
fn share(terms: impl Iterator<Item = (Term, f32)>, fits: impl Fn(Term) -> bool) -> f32 {
    let (mut all, mut fitting) = (4.0, 0.0);
    for (term, w) in terms {
        all += w;
        if fits(term) {
            fitting += w;
        }
    }
    fitting / all
}
