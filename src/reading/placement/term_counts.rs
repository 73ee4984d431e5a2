//! How often each term stands in each article.

use crate::model::lexicon::Lexicon;

use super::sentence_topics::{Content, Number, Term, weight};

/// How often each of the terms of a document stands in each article.
#[derive(Debug)]
pub(crate) struct Tally<'d> {
    content: &'d Content,
    /// The weights of the terms by their numbers.
    weights: Vec<f32>,
    /// Where the counts of each term begin; articles with their counts, in order.
    starts: Vec<u32>,
    counts: Vec<(u32, u32)>,
}

impl<'d> Tally<'d> {
    /// Counts the terms of sentences by the article that each stands in; those without one are not
    /// counted.
    pub(crate) fn new(
        content: &'d Content,
        articles: &[Option<u32>],
        lexicon: Lexicon<'_>,
    ) -> Self {
        let terms = content.numbered();
        let mut tally = Self {
            content,
            weights: terms.iter().map(|term| weight(lexicon, *term)).collect(),
            starts: Vec::with_capacity(terms.len() + 1),
            counts: Vec::new(),
        };
        // For each term the article it was seen in last, and in how many it was seen.
        let mut seen: Vec<(Option<u32>, u32)> = vec![(None, 0); terms.len()];
        for (sentence, article) in articles.iter().enumerate() {
            for number in content.numbers_of(sentence..sentence + 1) {
                let (last, count) = &mut seen[*number as usize];
                if article.is_some() && last != article {
                    (*last, *count) = (*article, *count + 1);
                }
            }
        }
        let mut next = 0;
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
            for number in content.numbers_of(sentence..sentence + 1) {
                let number = *number as usize;
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

    /// The terms of a run of sentences, sorted by term, each once with how often it stands there;
    /// over what `terms` held.
    pub(crate) fn terms_of(&self, first: usize, last: usize, terms: &mut Vec<(Number, u32)>) {
        let numbers = self.content.numbers_of(first..last + 1);
        terms.clear();
        terms.extend(numbers.iter().map(|number| (*number, 1)));
        terms.sort_unstable_by_key(|(number, _)| self.term(*number));
        terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += u32::from(same);
            same
        });
    }

    /// The term of a number.
    pub(crate) fn term(&self, number: Number) -> Term {
        self.content.numbered()[number as usize]
    }

    /// How much the term of a number says about the subject, in nats.
    pub(crate) fn weight(&self, number: Number) -> f32 {
        self.weights[number as usize]
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
