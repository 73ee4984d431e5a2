//! Which other documents are weighed for a question, and the best answer to each.

use std::collections::HashMap;
use std::ops::Range;

use super::search::Postings;
use super::terms::{Term, Terms};
use super::{Ask, Collection, Home, Question};
use crate::model::Model;
use crate::model::segment::Word;
use crate::model::sides::Sides;
use crate::model::topics::Topic;
use crate::text::Span;

/// Terms of a question at most, the most telling first.
const TERMS: usize = 40;
/// Bytes before and after a cut whose terms are looked for.
const AROUND: usize = 1_200;
/// What the terms of another document must tell at least, in nats.
const LEAST: f32 = 5.0;
/// Documents of the language at large that a collection is taken for a part of, so that in a small
/// one a word tells about as much as everywhere.
const PRIOR: f32 = 1_000.0;

/// The collection, and what is needed to weigh its documents.
pub(super) struct Weighing<'c> {
    collection: &'c dyn Collection,
    pub(super) read: Read<'c>,
    words: Vec<Word>,
    /// The terms of the question, and those of a stretch that its document has elsewhere.
    pub(super) list: Vec<Term>,
    pub(super) own: Vec<Term>,
    buffer: Vec<u8>,
}

/// What reads with the model of the document that is asked about.
pub(super) struct Read<'m> {
    model: &'m Model,
    terms: Terms<'m>,
    pub(super) sides: Sides<'m>,
}

impl<'m> Read<'m> {
    fn with(model: &'m Model) -> Self {
        Self {
            model,
            terms: Terms::new(model),
            sides: Sides::new(model),
        }
    }
}

/// What another document has of a question's terms.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shared {
    /// How much they tell, in nats.
    pub(super) here: f32,
    /// The same of the best of the other documents.
    pub(super) second: f32,
    /// The same of all terms.
    pub(super) all: f32,
    /// How many there are.
    pub(super) terms: usize,
}

/// The other document and how it stands to the one that is asked about.
#[derive(Clone, Copy)]
pub(super) struct Other<'t> {
    pub(super) text: &'t str,
    pub(super) shared: Shared,
    /// Whether it is the next of its source, or the one before.
    pub(super) is_beside: bool,
}

/// Where in another document the answer stands.
pub(super) struct Answer {
    pub(super) span: Span,
    pub(super) probability: f32,
    pub(super) turns_page: bool,
    pub(super) words: Vec<String>,
}

impl<'c> Weighing<'c> {
    pub(super) fn new(collection: &'c dyn Collection) -> Self {
        Self {
            collection,
            read: Read::with(Model::embedded()),
            words: Vec::new(),
            list: Vec::new(),
            own: Vec::new(),
            buffer: Vec::new(),
        }
    }

    /// Reads with the model of a document from now on.
    pub(super) fn read_as(&mut self, document: usize) {
        let model = self.collection.model(document);
        if !std::ptr::eq(model, self.read.model) {
            self.read = Read::with(model);
        }
    }

    /// Adds the terms of a question.
    pub(super) fn terms(&mut self, text: &str, ask: &Ask, found: &mut Vec<u64>) {
        self.take(text, ask);
        found.extend(self.list.iter().map(|term| term.hash));
    }

    /// Takes the terms of a question: those of a stretch that its document has nowhere else; those
    /// before or after a cut.
    fn take(&mut self, text: &str, ask: &Ask) {
        let [start, end] = ask.span;
        let (list, own, read) = (&mut self.list, &mut self.own, &mut self.read);
        own.clear();
        match ask.question {
            Question::Home => {
                read.terms.of(text, start..end, list);
                let (before, after) = (&text[..start], &text[end..]);
                list.retain(|term| {
                    let word = &text[term.at.clone()];
                    let elsewhere = before.contains(word) || after.contains(word);
                    if elsewhere {
                        own.push(term.clone());
                    }
                    !elsewhere
                });
            }
            Question::Rest => {
                let near = near(text, end.saturating_sub(AROUND)..end);
                read.terms.of(text, near, list);
            }
            Question::Beginning => read.terms.of(text, near(text, start..start + AROUND), list),
        }
        list.sort_by(|a, b| b.idf.total_cmp(&a.idf).then(a.hash.cmp(&b.hash)));
        list.truncate(TERMS);
    }

    /// Weighs the other documents that may answer a question about one.
    pub(super) fn weigh(
        &mut self,
        text: &str,
        (document, number): (usize, usize),
        ask: &Ask,
        postings: &Postings,
        found: &mut Vec<Home>,
    ) {
        self.take(text, ask);
        let candidates = self.candidates(text, document, ask, postings);
        let mut buffer = std::mem::take(&mut self.buffer);
        for (other, shared, is_beside) in candidates {
            self.collection.read(other, &mut buffer, &mut |read| {
                let candidate = Other {
                    text: read,
                    shared,
                    is_beside,
                };
                let answer = match ask.question {
                    Question::Home => self.home(text, ask, candidate),
                    Question::Rest | Question::Beginning => self.other_half(text, ask, candidate),
                };
                let Some(answer) = answer else {
                    return;
                };
                let line = read[..answer.span.start()].matches('\n').count() + 1;
                found.push(Home {
                    document,
                    ask: number,
                    question: ask.question,
                    stretch: ask.span,
                    other,
                    span: answer.span,
                    line,
                    probability: answer.probability,
                    turns_page: answer.turns_page,
                    words: answer.words,
                });
            });
        }
        self.buffer = buffer;
    }

    /// The document that has most of the terms of a question; and the one beside its own, where the
    /// cut is at the edge of that.
    fn candidates(
        &self,
        text: &str,
        document: usize,
        ask: &Ask,
        postings: &Postings,
    ) -> Vec<(usize, Shared, bool)> {
        let count = self.collection.len() as f32;
        let tells = |term: &Term| {
            let documents = postings.of(term.hash).len();
            let share = (documents as f32 + PRIOR * (-term.idf).exp()) / (count + PRIOR);
            if documents == 0 { 0.0 } else { -share.ln() }
        };
        let mut sums: HashMap<u32, (f32, usize)> = HashMap::new();
        let mut all = 0.0;
        for term in &self.list {
            let weight = tells(term);
            all += weight;
            for other in postings.of(term.hash) {
                if *other as usize != document {
                    let sum = sums.entry(*other).or_default();
                    sum.0 += weight;
                    sum.1 += 1;
                }
            }
        }
        let mut best: Vec<(u32, (f32, usize))> = sums.into_iter().collect();
        best.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
        let shared = |at: usize| {
            let (here, terms) = best.get(at).map_or((0.0, 0), |b| b.1);
            let second = best.get(usize::from(at == 0)).map_or(0.0, |b| b.1.0);
            Shared {
                here,
                second,
                all,
                terms,
            }
        };
        let beside = self.beside(text, document, ask);
        let first = best.first().filter(|b| b.1.0 >= LEAST);
        let first = first.map(|b| (b.0 as usize, shared(0), Some(b.0 as usize) == beside));
        let mut candidates: Vec<_> = first.into_iter().collect();
        if let Some(beside) = beside.filter(|b| candidates.iter().all(|c| c.0 != *b)) {
            let at = best.iter().position(|b| b.0 as usize == beside);
            candidates.push((beside, shared(at.unwrap_or(best.len())), true));
        }
        candidates
    }

    /// The document in which a text goes on that is cut at its edge, where the documents of its
    /// source are the pages of one.
    fn beside(&self, text: &str, document: usize, ask: &Ask) -> Option<usize> {
        let [start, end] = ask.span;
        let beside = match ask.question {
            Question::Rest if text[end..].trim().is_empty() => document + 1,
            Question::Beginning if text[..start].trim().is_empty() => document.checked_sub(1)?,
            _ => return None,
        };
        let source = |document| self.collection.source(document);
        (beside < self.collection.len() && source(beside) == source(document)).then_some(beside)
    }

    /// What a text is about.
    pub(super) fn topic(&mut self, text: &str) -> Topic {
        let model = self.read.model;
        model.segment(text, &mut self.words);
        model.topics().text(&self.words)
    }
}

/// A range of a text, moved to the borders of characters.
pub(super) fn near(text: &str, range: Range<usize>) -> Range<usize> {
    let border = |at: usize| {
        (at.min(text.len())..=text.len())
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(text.len())
    };
    border(range.start)..border(range.end)
}

/// Keeps the best answer to each question: of answers that claim the same half of a sentence the
/// likelier one.
pub(super) fn settle(mut homes: Vec<Home>) -> Vec<Home> {
    homes.sort_by(|a, b| {
        let place = |h: &Home| (h.document, h.ask, h.other, h.span);
        let order = b.probability.total_cmp(&a.probability);
        order.then_with(|| place(a).cmp(&place(b)))
    });
    let (mut ends, mut starts) = (HashMap::new(), HashMap::new());
    let mut halves: Vec<(usize, usize)> = Vec::new();
    let mut answered = std::collections::HashSet::new();
    homes.retain(|home| {
        let [start, end] = home.stretch;
        let fits = match home.question {
            // it is kept below, where nothing surer is known of the stretch
            Question::Home => true,
            Question::Rest => {
                let pair = ((home.document, end), (home.other, home.span.start()));
                claims(&mut ends, &mut starts, pair)
            }
            Question::Beginning => {
                let pair = ((home.other, home.span.end()), (home.document, start));
                claims(&mut ends, &mut starts, pair)
            }
        };
        let fits = fits && answered.insert((home.document, home.ask));
        if fits && home.question == Question::Beginning {
            halves.push((home.document, start));
        }
        fits
    });
    homes.retain(|home| {
        let is_torn = |half: &(usize, usize)| {
            half.0 == home.document && (home.stretch[0]..home.stretch[1]).contains(&half.1)
        };
        home.question != Question::Home || !halves.iter().any(is_torn)
    });
    homes.sort_by_key(|home| (home.document, home.ask));
    homes
}

/// A document, and a byte of it.
type Place = (usize, usize);

/// Whether neither half of a sentence belongs to another one already.
fn claims(
    ends: &mut HashMap<Place, Place>,
    starts: &mut HashMap<Place, Place>,
    (end, start): (Place, Place),
) -> bool {
    let free = |known: Option<&Place>, other| known.is_none_or(|known| *known == other);
    if !free(ends.get(&end), start) || !free(starts.get(&start), end) {
        return false;
    }
    ends.insert(end, start);
    starts.insert(start, end);
    true
}

#[cfg(test)]
mod tests {
    use super::{Home, Question, settle};
    use crate::text::Span;

    fn rest(document: usize, other: usize, probability: f32) -> Home {
        Home {
            document,
            ask: 0,
            question: Question::Rest,
            stretch: [0, 9],
            other,
            span: Span::new(30, 60),
            line: 2,
            probability,
            turns_page: false,
            words: Vec::new(),
        }
    }

    #[test]
    fn half_a_sentence_goes_on_in_one_place() {
        let of = |homes| {
            settle(homes)
                .iter()
                .map(|h| (h.document, h.other))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(vec![rest(1, 5, 0.8), rest(2, 5, 0.9)]), [(2, 5)]);
        assert_eq!(
            of(vec![rest(1, 5, 0.8), rest(1, 6, 0.7), rest(2, 6, 0.6)]),
            [(1, 5), (2, 6)]
        );
    }
}
