//! How likely it is that a document has what another one lacks.

use std::collections::HashMap;
use std::ops::Range;

use super::search::Postings;
use super::seam::{Seam, Seams};
use super::terms::{Term, Terms};
use super::{Ask, Collection, Home, Question};
use crate::model::Model;
use crate::model::segment::Word;
use crate::model::topics::Topic;
use crate::model::trees::probability;
use crate::text::{Span, first_chars, is_closing, is_sentence_end};

/// Terms of a question at most, the most telling first.
const TERMS: usize = 40;
/// Bytes before and after a cut whose terms are looked for.
const AROUND: usize = 1_200;
/// Documents that are weighed for a question, and what their terms must tell at least, in nats.
const CANDIDATES: usize = 3;
const LEAST: f32 = 5.0;
/// Documents of the language at large that a collection is taken for a part of, so that in a small
/// one a word tells about as much as everywhere.
const PRIOR: f32 = 1_000.0;
/// Characters of the shortest paragraph that anything goes on in.
const SHORTEST: usize = 8;
/// Characters that a copy of a stretch has in common with it.
const SAME: usize = 10;

/// The collection, and what is needed to weigh its documents.
pub(super) struct Weighing<'c> {
    collection: &'c dyn Collection,
    model: &'static Model,
    terms: Terms<'static>,
    seams: Seams<'static>,
    words: Vec<Word>,
    /// The terms of the question, and the weight of those of a stretch that its document has
    /// elsewhere.
    list: Vec<Term>,
    own: f32,
    buffer: Vec<u8>,
}

/// What another document has of a question's terms.
#[derive(Clone, Copy, Debug)]
struct Shared {
    /// In nats: in the document, in the best of the others, and of all terms.
    here: f32,
    second: f32,
    all: f32,
    terms: f32,
}

impl<'c> Weighing<'c> {
    pub(super) fn new(collection: &'c dyn Collection) -> Self {
        let model = Model::embedded();
        Self {
            collection,
            model,
            terms: Terms::new(model),
            seams: Seams::new(model),
            words: Vec::new(),
            list: Vec::new(),
            own: 0.0,
            buffer: Vec::new(),
        }
    }

    /// Adds the terms of a question.
    pub(super) fn terms(&mut self, text: &str, ask: &Ask, found: &mut Vec<u64>) {
        self.take(text, ask);
        found.extend(self.list.iter().map(|term| term.hash));
    }

    fn take(&mut self, text: &str, ask: &Ask) {
        let [start, end] = ask.span;
        let (terms, list) = (&mut self.terms, &mut self.list);
        self.own = 0.0;
        match ask.question {
            Question::Home => {
                terms.of(text, start..end, list);
                let (before, after) = (&text[..start], &text[end..]);
                let own = &mut self.own;
                list.retain(|term| {
                    let word = &text[term.at.clone()];
                    let elsewhere = before.contains(word) || after.contains(word);
                    *own += if elsewhere { term.idf } else { 0.0 };
                    !elsewhere
                });
            }
            Question::Rest => terms.of(text, near(text, end.saturating_sub(AROUND)..end), list),
            Question::Beginning => terms.of(text, near(text, start..start + AROUND), list),
        }
        list.sort_by(|a, b| b.idf.total_cmp(&a.idf).then(a.hash.cmp(&b.hash)));
        list.truncate(TERMS);
    }

    /// Weighs the best other documents for a question about one.
    pub(super) fn weigh(
        &mut self,
        text: &str,
        (document, number): (usize, usize),
        ask: &Ask,
        postings: &Postings,
        found: &mut Vec<Home>,
    ) {
        self.take(text, ask);
        let count = self.collection.len() as f32;
        let tells = |term: &Term| {
            let documents = postings.of(term.hash).len();
            let share = (documents as f32 + PRIOR * (-term.idf).exp()) / (count + PRIOR);
            if documents == 0 { 0.0 } else { -share.ln() }
        };
        let mut sums: HashMap<u32, (f32, f32)> = HashMap::new();
        let mut all = 0.0;
        for term in &self.list {
            let weight = tells(term);
            all += weight;
            for other in postings.of(term.hash) {
                if *other as usize != document {
                    let sum = sums.entry(*other).or_default();
                    sum.0 += weight;
                    sum.1 += 1.0;
                }
            }
        }
        let mut best: Vec<(u32, (f32, f32))> = sums.into_iter().collect();
        best.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
        let shared_of = |at: usize| {
            let (here, terms) = best.get(at).map_or((0.0, 0.0), |b| b.1);
            let second = best.get(usize::from(at == 0)).map_or(0.0, |b| b.1.0);
            Shared {
                here,
                second,
                all,
                terms,
            }
        };
        let mut candidates: Vec<(usize, Shared)> = (0..best.len().min(CANDIDATES))
            .filter(|at| best[*at].1.0 >= LEAST)
            .map(|at| (best[at].0 as usize, shared_of(at)))
            .collect();
        let beside = match ask.question {
            Question::Home => None,
            Question::Rest => Some(document + 1),
            Question::Beginning => document.checked_sub(1),
        };
        let source = self.collection.source(document);
        let beside = beside.filter(|b| {
            *b < self.collection.len()
                && self.collection.source(*b) == source
                && !candidates.iter().any(|c| c.0 == *b)
        });
        if let Some(beside) = beside {
            let at = best.iter().position(|b| b.0 as usize == beside);
            candidates.push((beside, shared_of(at.unwrap_or(best.len()))));
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        for (other, shared) in candidates {
            self.collection.read(other, &mut buffer, &mut |read| {
                let home = match ask.question {
                    Question::Home => self.home(text, ask, read, shared),
                    Question::Rest | Question::Beginning => {
                        let is_beside = other.abs_diff(document) == 1;
                        self.rest(text, ask, read, shared, is_beside)
                    }
                };
                if let Some((span, log_odds, words)) = home {
                    let line = read[..span.start()].matches('\n').count() + 1;
                    if std::env::var_os("KANWU_HOMES").is_some() {
                        eprintln!("ROW\t{document}\t{other}\t{number}");
                    }
                    found.push(Home {
                        document,
                        ask: number,
                        question: ask.question,
                        stretch: ask.span,
                        turns_page: false,
                        other,
                        span,
                        line,
                        probability: probability(log_odds),
                        words,
                    });
                }
            });
        }
        self.buffer = buffer;
    }

    /// What a text is about.
    fn topic(&mut self, text: &str) -> Topic {
        self.model.segment(text, &mut self.words);
        self.model.topics().text(&self.words)
    }

    /// Where in another document a stretch belongs.
    fn home(
        &mut self,
        text: &str,
        ask: &Ask,
        other: &str,
        shared: Shared,
    ) -> Option<(Span, f32, Vec<String>)> {
        let [start, end] = ask.span;
        let stretch = &text[start..end];
        // what stands there too is a copy, not torn out
        if other.contains(first_chars(stretch, SAME)) {
            return None;
        }
        let topic = self.topic(stretch);
        let mut rest = self.topic(&text[..start]);
        rest.add(&self.topic(&text[end..]));
        let there = self.topic(other);
        let mut times = 0.0;
        let mut words = Vec::new();
        let mut nearest: HashMap<usize, f32> = HashMap::new();
        for term in &self.list {
            let word = &text[term.at.clone()];
            let mut count = 0.0_f32;
            for (at, _) in other.match_indices(word) {
                count += 1.0;
                let line = other[..at].rfind('\n').map_or(0, |i| i + 1);
                *nearest.entry(line).or_default() += term.idf;
            }
            if count > 0.0 {
                times += count.ln_1p();
                words.push(word.to_owned());
            }
        }
        let mut nearest: Vec<_> = nearest.into_iter().collect();
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let line = nearest.first()?.0;
        let line_end = other[line..].find('\n').map_or(other.len(), |i| line + i);
        let row = [
            ask.log_odds,
            shared.here,
            shared.second,
            shared.all,
            shared.terms,
            self.own,
            topic.cosine(&there),
            topic.cosine(&rest),
            times,
            f32::from(u8::from(ask.whole)),
            (end - start) as f32,
        ];
        if std::env::var_os("KANWU_HOMES").is_some() {
            eprint!("H\t{row:?}\t");
        }
        Some((Span::new(line, line_end), 0.0, words))
    }

    /// Where another document has the other half of a paragraph that is cut.
    fn rest(
        &mut self,
        text: &str,
        ask: &Ask,
        other: &str,
        shared: Shared,
        is_beside: bool,
    ) -> Option<(Span, f32, Vec<String>)> {
        let [start, end] = ask.span;
        let own = &text[start..end];
        let is_rest = ask.question == Question::Rest;
        let mut best: Option<(Seam, Range<usize>, f32)> = None;
        let mut second = f32::NEG_INFINITY;
        let mut at = 0;
        for line in other.split('\n') {
            let from = at + (line.len() - line.trim_start().len());
            at += line.len() + 1;
            let line = line.trim();
            if line.chars().count() < SHORTEST {
                continue;
            }
            let ended = |c: char| is_sentence_end(c) || is_closing(c);
            let seam = if is_rest {
                self.seams.look(own, line)
            } else if line.ends_with(ended) {
                continue;
            } else {
                self.seams.look(line, own)
            };
            let fits = seam.fits();
            if best.as_ref().is_none_or(|b| fits > b.2) {
                second = best.as_ref().map_or(second, |b| b.2);
                best = Some((seam, from..from + line.len(), fits));
            } else {
                second = second.max(fits);
            }
        }
        let (seam, line, fits) = best?;
        let is_edge = if is_rest {
            other[..line.start].trim().is_empty()
        } else {
            other[line.end..].trim().is_empty()
        };
        let own_edge = if is_rest {
            text[end..].trim().is_empty()
        } else {
            text[..start].trim().is_empty()
        };
        let (here, there) = if is_rest {
            (
                near(text, end.saturating_sub(AROUND / 2)..end),
                near(other, line.start..line.start + AROUND / 2),
            )
        } else {
            (
                near(text, start..start + AROUND / 2),
                near(other, line.end.saturating_sub(AROUND / 2)..line.end),
            )
        };
        let topic = self.topic(&text[here]).cosine(&self.topic(&other[there.clone()]));
        let mut words = Vec::new();
        for term in &self.list {
            let word = &text[term.at.clone()];
            if other[there.clone()].contains(word) {
                words.push(word.to_owned());
            }
        }
        let row = [
            ask.log_odds,
            shared.here,
            shared.second,
            shared.all,
            shared.terms,
            seam.continuation,
            seam.gain,
            seam.across,
            seam.opening,
            fits - second.max(-20.0),
            topic,
            words.len() as f32,
            f32::from(u8::from(is_beside)),
            f32::from(u8::from(is_edge)),
            f32::from(u8::from(own_edge)),
            f32::from(u8::from(is_rest)),
        ];
        if std::env::var_os("KANWU_HOMES").is_some() {
            eprint!("R\t{row:?}\t");
        }
        Some((Span::new(line.start, line.end), 0.0, words))
    }
}

/// A range of a text, moved inward to the borders of characters.
fn near(text: &str, range: Range<usize>) -> Range<usize> {
    let border = |at: usize| {
        (at.min(text.len())..=text.len())
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(text.len())
    };
    border(range.start)..border(range.end)
}

/// The best answer to each question.
pub(super) fn settle(mut homes: Vec<Home>) -> Vec<Home> {
    homes.retain(|home| home.probability > 0.6);
    homes.sort_by_key(|home| (home.document, home.ask));
    homes
}
