//! How often each term stands in each article.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::model::lexicon::Lexicon;

use super::sentence_topics::{Content, NumberHasher, Term, weight};

/// The number of a term in one document, from 0.
pub(crate) type Number = u32;

/// The terms of a document, numbered, and how often each stands in each article.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// The terms by their numbers, with their weights.
    terms: Vec<(Term, f32)>,
    /// The numbers of the terms of all sentences, as [`Content::terms`] has them but sorted by term
    /// within a sentence, and where each sentence ends.
    numbers: Vec<Number>,
    ends: Vec<u32>,
    /// Where the counts of each term begin; articles with their counts, in order.
    starts: Vec<u32>,
    counts: Vec<(u32, u32)>,
}

impl Tally {
    /// Counts the terms of sentences by the article that each stands in; those without one are not
    /// counted.
    pub(crate) fn new(content: &Content, articles: &[Option<u32>], lexicon: Lexicon<'_>) -> Self {
        let mut tally = Self::default();
        let mut known: HashMap<Term, Number, BuildHasherDefault<NumberHasher>> =
            HashMap::with_capacity_and_hasher(content.len() / 8, BuildHasherDefault::default());
        tally.numbers.reserve(content.len());
        let mut sorted: Vec<Term> = Vec::new();
        // For each term the article it was seen in last, and in how many it was seen.
        let mut seen: Vec<(Option<u32>, u32)> = Vec::new();
        for (sentence, article) in articles.iter().enumerate() {
            sorted.clear();
            sorted.extend_from_slice(content.terms(sentence));
            sorted.sort_unstable();
            for term in &sorted {
                let number = *known.entry(*term).or_insert_with(|| {
                    tally.terms.push((*term, weight(lexicon, *term)));
                    seen.push((None, 0));
                    tally.terms.len() as Number - 1
                });
                tally.numbers.push(number);
                let (last, count) = &mut seen[number as usize];
                if article.is_some() && last != article {
                    (*last, *count) = (*article, *count + 1);
                }
            }
            tally.ends.push(tally.numbers.len() as u32);
        }
        let mut next = 0;
        tally.starts.reserve(seen.len() + 1);
        for (_, count) in &seen {
            tally.starts.push(next);
            next += count;
        }
        tally.starts.push(next);
        tally.counts = vec![(0, 0); next as usize];
        // How many articles of each term are filled in.
        let mut filled = vec![0_u32; seen.len()];
        for (sentence, article) in articles.iter().enumerate() {
            let Some(article) = article else { continue };
            for place in tally.range(sentence) {
                let number = tally.numbers[place] as usize;
                let (start, filled) = (tally.starts[number], &mut filled[number]);
                let of_term = &mut tally.counts[start as usize..];
                match filled
                    .checked_sub(1)
                    .map(|last| &mut of_term[last as usize])
                {
                    Some((last, count)) if last == article => *count += 1,
                    _ => {
                        of_term[*filled as usize] = (*article, 1);
                        *filled += 1;
                    }
                }
            }
        }
        tally
    }

    fn range(&self, sentence: usize) -> std::ops::Range<usize> {
        let start = sentence.checked_sub(1).map_or(0, |i| self.ends[i]);
        start as usize..self.ends[sentence] as usize
    }

    /// The terms of a run of sentences, sorted by term, each once with how often it stands there;
    /// over what `terms` held.
    pub(crate) fn terms_of(&self, first: usize, last: usize, terms: &mut Vec<(Number, u32)>) {
        let numbers = &self.numbers[self.range(first).start..self.range(last).end];
        terms.clear();
        terms.extend(numbers.iter().map(|number| (*number, 1)));
        if first < last {
            terms.sort_by_key(|(number, _)| self.term(*number));
        }
        terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += u32::from(same);
            same
        });
    }

    /// The term of a number.
    pub(crate) fn term(&self, number: Number) -> Term {
        self.terms[number as usize].0
    }

    /// How much the term of a number says about the subject, in nats.
    pub(crate) fn weight(&self, number: Number) -> f32 {
        self.terms[number as usize].1
    }

    /// The articles that a term stands in, in order, with how often.
    #[inline]
    pub(super) fn counts(&self, number: Number) -> &[(u32, u32)] {
        let number = number as usize;
        &self.counts[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    /// How often a term stands in an article.
    #[inline]
    pub(crate) fn count(&self, number: Number, article: u32) -> u32 {
        const FEW: usize = 8;
        let counts = self.counts(number);
        if counts.len() <= FEW {
            let found = counts.iter().find(|(of, _)| *of == article);
            return found.map_or(0, |(_, count)| *count);
        }
        counts
            .binary_search_by_key(&article, |(of, _)| *of)
            .map_or(0, |at| counts[at].1)
    }
}
