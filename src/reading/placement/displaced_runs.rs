//! Runs of paragraphs torn in from elsewhere: where one begins inside a sentence in the middle of an article, how many go with it.
//!
//! A paragraph that begins inside a sentence, while the one before it is whole, may just lack its first words; or it is the first of a run that
//! belongs elsewhere, and further down the article goes on. What stands before the run, the run and what stands after it are compared in words
//! and in topic for each length that the run may have; the trees of the model weigh each.

use crate::model::topics::Topic;
use crate::text::Span;

use super::affinity::Belonging;
use super::sentence_topics::{Content, Term, weight};
use crate::document::{Paragraph, ParagraphKind};
use crate::reading::Cut;
use crate::reading::Reading;

/// Names of the evidence.
pub(crate) const NAMES: &[&str] = &[
    "paragraphs",
    "start-cut",
    "joined",
    "before-joined",
    "run-sentences",
    "before-sentences",
    "after-sentences",
    "before-after",
    "before-run",
    "run-after",
    "seam-before",
    "seam-after",
    "next-before",
    "next-run",
    "last-run",
    "last-before",
    "last-after",
    "share-before",
    "share-after",
    "after-in-before",
    "passed-over",
    "next-in-before",
    "next-in-run",
    "last-in-run",
    "last-in-around",
    "place-first",
    "place-last",
    "place-next",
    "run-vector",
    "lead",
    "next-opening",
    "most-like-around",
    "own-repeated",
    "around-repeated",
];
/// The part of the model that holds the trees.
pub(crate) const PART: &str = "torn";

/// The longest run, in paragraphs.
pub(crate) const LONGEST: usize = 8;
/// Sentences before and after a run that it is compared with.
const REACH: usize = 14;
/// Sentences before and after a run that are counted; more say nothing more.
const COUNTED: usize = 40;
/// A term that tells, in nats of idf.
const TELLING: f32 = 4.0;
/// From these log-odds of a cut beginning on, a run is thought of; where the paragraph may be out of place by itself, from the lower ones.
const LEAST: f32 = -2.0;
const LEAST_DISPLACED: f32 = -4.0;
/// From these log-odds on a paragraph may be out of place by itself.
const DISPLACED: f32 = -3.5;

/// A run less likely than this is none.
const UNLIKELY: f32 = 0.1;

/// Paragraphs side by side that were torn in.
#[derive(Clone, Copy, Debug)]
pub struct Torn {
    /// The first paragraph.
    pub first: u32,
    /// The last one.
    pub last: u32,
    /// Whether the sentence that the run begins inside of begins elsewhere in the document.
    pub matched: bool,
    /// Log-odds that the first paragraph begins inside a sentence; not a number where it is matched.
    pub start: f32,
    /// The probability that the first paragraph was torn in.
    pub probability: f32,
}

/// Where a run may begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) first: usize,
    /// Log-odds that the first paragraph begins inside a sentence.
    start: f32,
    /// Log-odds that it continues another than the one before.
    joined: f32,
}

/// A stretch of sentences.
struct Stretch {
    topic: Topic,
    /// The telling terms, in order and each once, with their weights and how often they stand there.
    terms: Vec<(Term, f32, u32)>,
    sentences: usize,
}

impl Stretch {
    fn of(
        document: &Reading<'_>,
        content: &Content,
        sentences: impl Iterator<Item = usize>,
    ) -> Self {
        let lexicon = document.model().lexicon();
        let (mut topic, mut count) = (Topic::default(), 0);
        let mut terms: Vec<(Term, f32, u32)> = Vec::new();
        for sentence in sentences {
            topic.add(&content.topic(sentence));
            let weighed = content
                .terms(sentence)
                .iter()
                .map(|t| (*t, weight(lexicon, *t), 1));
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
    fn topic_of(content: &Content, sentences: impl Iterator<Item = usize>) -> Self {
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
    fn with(
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

    fn near(&self, other: &Self) -> f32 {
        if self.sentences == 0 || other.sentences == 0 {
            return f32::NAN;
        }
        self.topic.cosine(&other.topic)
    }

    /// Share of the weight of these terms that fits.
    fn share(&self, fits: impl Fn(Term) -> bool) -> f32 {
        if self.terms.is_empty() {
            return f32::NAN;
        }
        self.repeated(1, fits)
    }

    /// The same of the terms that stand here so many times.
    fn repeated(&self, least: u32, fits: impl Fn(Term) -> bool) -> f32 {
        let often = self.terms.iter().filter(|(.., count)| *count >= least);
        share(often.map(|(term, w, _)| (*term, *w)), fits)
    }

    /// The same of the terms that stand here and there, three times or more in all.
    fn repeated_with(&self, other: &Self, fits: impl Fn(Term) -> bool) -> f32 {
        let often = |(term, _, count): &&(Term, f32, u32)| {
            other.count(*term).is_some_and(|more| count + more > 2)
        };
        let common = self.terms.iter().filter(often);
        share(common.map(|(term, w, _)| (*term, *w)), fits)
    }

    fn count(&self, term: Term) -> Option<u32> {
        let at = self.terms.binary_search_by_key(&term, |(t, ..)| *t);
        at.ok().map(|at| self.terms[at].2)
    }

    fn has(&self, term: Term) -> bool {
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

/// Where a run may begin: inside an article, below a paragraph that does not lead to it.
pub(crate) fn candidates(document: &Reading<'_>, places: &[f32]) -> Vec<Candidate> {
    let paragraphs = document.paragraphs();
    // Documentation and collections of links open paragraphs as newspapers never do, and change the subject as they like.
    let least = |first: usize| match places[first] {
        _ if document.is_markdown() => 0.0,
        place if place > DISPLACED => LEAST_DISPLACED,
        _ => LEAST,
    };
    let inside = |cut: &Cut| {
        let first = cut.start? as usize;
        let beside = cut.end.is_some_and(|end| end as usize + 1 == first);
        let joined = if cut.end.is_some() {
            cut.log_odds
        } else {
            f32::NAN
        };
        let article = &document.articles()[paragraphs[first].article as usize];
        let texts_before = article.paragraphs.start as usize..first;
        let below_text = paragraphs[texts_before]
            .iter()
            .any(|p| is_text(p) && !p.sentences.is_empty());
        let start = if cut.end.is_some() {
            f32::NAN
        } else {
            cut.log_odds
        };
        (!beside && cut.log_odds > least(first) && is_text(&paragraphs[first]) && below_text)
            .then_some(Candidate {
                first,
                start,
                joined,
            })
    };
    document.cuts().iter().filter_map(inside).collect()
}

fn is_text(paragraph: &Paragraph) -> bool {
    matches!(
        paragraph.kind,
        ParagraphKind::Body | ParagraphKind::ListItem
    )
}

/// The last paragraphs of the runs that may begin at a candidate, and the evidence for each: for one paragraph, for two and so on. `places` are the log-odds of each paragraph
/// of the document to stand in the wrong place.
pub(crate) fn rows(
    document: &Reading<'_>,
    belonging: &Belonging<'_, '_>,
    places: &[f32],
    candidate: Candidate,
) -> Vec<(usize, [f32; NAMES.len()])> {
    let (paragraphs, content) = (document.paragraphs(), document.content());
    let first = candidate.first;
    let article = &document.articles()[paragraphs[first].article as usize];
    let (start, end) = (
        article.paragraphs.start as usize,
        article.paragraphs.end as usize,
    );
    let sentences =
        |i: usize| paragraphs[i].sentences.start as usize..paragraphs[i].sentences.end as usize;
    // The paragraphs that a run may have, and after the longest run as many as are looked at.
    let mut behind = 0;
    let texts: Vec<usize> = (first..end)
        .filter(|i| is_text(&paragraphs[*i]))
        .enumerate()
        .take_while(|(nth, i)| {
            let looked_at = behind < COUNTED;
            behind += if *nth < LONGEST {
                0
            } else {
                sentences(*i).len()
            };
            looked_at
        })
        .map(|(_, i)| i)
        .collect();
    let stretch = |of: &mut dyn Iterator<Item = usize>| Stretch::of(document, content, of);
    // The last sentence first.
    let sentences_before: Vec<usize> = (start..first)
        .rev()
        .filter(|i| is_text(&paragraphs[*i]))
        .flat_map(|i| sentences(i).rev())
        .take(COUNTED)
        .collect();
    let before = stretch(&mut sentences_before.iter().take(REACH).copied());
    let topic_of = |of: &mut dyn Iterator<Item = usize>| Stretch::topic_of(content, of);
    let seam = topic_of(&mut sentences_before.iter().take(2).copied());
    let first_of = topic_of(&mut sentences(first));
    // Each paragraph by itself, and one more than a run can have: what comes next.
    let singles: Vec<Stretch> = texts
        .iter()
        .take(LONGEST + 1)
        .map(|i| stretch(&mut sentences(*i)))
        .collect();
    let nothing = topic_of(&mut std::iter::empty());
    let cuts = document.cuts();
    // In the order of their ends, or of their beginnings where there is no end.
    let at = |paragraph: u32| cuts.partition_point(|c| c.end.or(c.start) < Some(paragraph));
    let joined_before = first
        .checked_sub(1)
        .and_then(|before| {
            cuts.get(at(before as u32))
                .filter(|c| c.end == Some(before as u32))
        })
        .map_or(f32::NAN, |c| c.log_odds);
    let mut rows = Vec::new();
    let mut run_of = topic_of(&mut std::iter::empty());
    for count in 1..=LONGEST.min(texts.len()) {
        let run = &texts[..count];
        let rest = &texts[count..];
        let last = run[count - 1];
        let last_of = &singles[count - 1];
        let longer = run_of.with(content, sentences(last), last_of);
        let others = std::mem::replace(&mut run_of, longer);
        let after = stretch(&mut rest.iter().flat_map(|i| sentences(*i)).take(REACH));
        let seam_after = topic_of(&mut rest.iter().flat_map(|i| sentences(*i)).take(2));
        let next = singles.get(count).unwrap_or(&nothing);
        let last_two = topic_of(&mut sentences(last).rev().take(2));
        let mut around = before.topic;
        around.add(&after.topic);
        let most_like = singles[..count]
            .iter()
            .map(|single| single.topic.cosine(&around))
            .fold(f32::NEG_INFINITY, f32::max);
        let place = |i: Option<usize>| i.map_or(f32::NAN, |i| places[i]);
        let opening = rest.first().map_or(f32::NAN, |i| {
            let paragraph = *i as u32;
            let cut = cuts[at(paragraph)..]
                .iter()
                .take_while(|c| c.end.or(c.start) == Some(paragraph))
                .find(|c| c.start == Some(paragraph) && c.end.is_none());
            cut.map_or(-9.0, |c| c.log_odds)
        });
        let row = [
            count as f32,
            candidate.start,
            candidate.joined,
            joined_before,
            run_of.sentences as f32,
            sentences_before.len() as f32,
            rest.iter()
                .map(|i| sentences(*i).len())
                .sum::<usize>()
                .min(COUNTED) as f32,
            before.near(&after),
            before.near(&run_of),
            run_of.near(&after),
            seam.near(&first_of),
            last_two.near(&seam_after),
            next.near(&before),
            next.near(&run_of),
            last_of.near(&others),
            last_of.near(&before),
            last_of.near(&after),
            run_of.share(|t| before.has(t)),
            run_of.share(|t| after.has(t)),
            after.share(|t| before.has(t)),
            after.share(|t| before.has(t) && !run_of.has(t)),
            next.share(|t| before.has(t)),
            next.share(|t| run_of.has(t)),
            last_of.share(|t| others.has(t)),
            last_of.share(|t| before.has(t) || after.has(t)),
            place(Some(first)),
            place(Some(last)),
            place(rest.first().copied()),
            run_of.topic.length(),
            belonging.lead(&run_of.topic, paragraphs[first].article),
            opening,
            most_like,
            run_of.repeated(2, |t| !before.has(t) && !after.has(t)),
            before.repeated_with(&after, |t| !run_of.has(t)),
        ];
        rows.push((last, row));
    }
    rows
}

/// Finds the runs; `places` are the log-odds of each paragraph of the document to stand in the wrong place.
pub(crate) fn find(
    document: &Reading<'_>,
    belonging: &Belonging<'_, '_>,
    places: &[f32],
) -> Vec<Torn> {
    let Some(trees) = document.model().forest(PART) else {
        return Vec::new();
    };
    let best = |candidate: Candidate| {
        let rows = rows(document, belonging, places, candidate);
        let odds = |(_, row): &(usize, [f32; NAMES.len()])| {
            crate::model::trees::probability(trees.log_odds(row))
        };
        let mut shares: Vec<f32> = rows.iter().map(odds).collect();
        // The lengths exclude each other.
        let sum: f32 = shares.iter().sum();
        if sum > 1.0 {
            shares.iter_mut().for_each(|p| *p /= sum);
        }
        // The length that as much speaks for going beyond as for stopping short of.
        let mut so_far = 0.0;
        let at = shares.iter().position(|p| {
            so_far += p;
            so_far >= sum / 2.0
        })?;
        Some(Torn {
            first: candidate.first as u32,
            last: rows[at].0 as u32,
            matched: !candidate.joined.is_nan(),
            start: candidate.start,
            probability: sum.min(1.0),
        })
    };
    let mut found: Vec<Torn> = candidates(document, places)
        .into_iter()
        .filter_map(best)
        .collect();
    // Where two overlap, the likelier one is right.
    found.sort_by(|a, b| {
        b.probability
            .total_cmp(&a.probability)
            .then(a.first.cmp(&b.first))
    });
    let mut kept: Vec<Torn> = Vec::new();
    for run in found {
        if run.probability > UNLIKELY
            && kept
                .iter()
                .all(|k| run.last < k.first || k.last < run.first)
        {
            kept.push(run);
        }
    }
    kept.sort_by_key(|run| run.first);
    kept
}

impl Torn {
    /// From the first paragraph to the last.
    #[must_use]
    pub fn span(&self, document: &Reading<'_>) -> Span {
        let paragraphs = document.paragraphs();
        Span::new(
            paragraphs[self.first as usize].content.start(),
            paragraphs[self.last as usize].content.end(),
        )
    }

    /// The paragraph of the same article that goes on after the run.
    #[must_use]
    pub fn resumes(&self, document: &Reading<'_>) -> Option<u32> {
        let paragraphs = document.paragraphs();
        let article = paragraphs[self.first as usize].article;
        (self.last + 1..paragraphs.len() as u32)
            .take_while(|i| paragraphs[*i as usize].article == article)
            .find(|i| is_text(&paragraphs[*i as usize]))
    }
}
