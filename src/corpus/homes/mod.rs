//! Where in a collection that belongs what stands in the wrong document, and which document has the
//! rest of a sentence that is cut.
//!
//! What is [asked](asks) comes out of the check of each document. A question is known again by its
//! rare words: those of a stretch that its own document has nowhere else, or those around a cut.
//! One pass over the collection looks for these alone; of the documents that have most of them the
//! best are weighed on the text.

mod ask;
mod search;
mod seam;
mod terms;
mod weigh;

use std::ops::Range;

pub use ask::{Ask, Question, asks};

use super::{Collection, each};
use crate::text::Span;
use search::{Postings, search};
use weigh::Weighing;

/// Terms that are looked for at a time.
const BLOCK: usize = 300_000;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// The document that was asked about.
    pub document: usize,
    /// Which of the questions about it.
    pub ask: usize,
    /// What was asked, and about which stretch.
    pub question: Question,
    /// The stretch that was asked about, in bytes of what there is to read.
    pub stretch: [usize; 2],
    /// The other document.
    pub other: usize,
    /// Where in the other: the paragraph that is nearest in its words; the beginning or the end
    /// that the cut one goes on at.
    pub span: Span,
    /// The line of that, from 1.
    pub line: usize,
    /// The probability that this is so.
    pub probability: f32,
    /// Whether a paragraph at the end of a document goes on at the top of the next one of its source.
    pub turns_page: bool,
    /// The words by which it is known.
    pub words: Vec<String>,
}

/// Answers questions about documents, which come in the order of the documents.
pub fn find(
    collection: &dyn Collection,
    asks: &[(usize, Vec<Ask>)],
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Vec<Home> {
    let mut homes = Vec::new();
    let mut from = 0;
    while from < asks.len() {
        let (to, terms) = terms_of(collection, asks, from, threads);
        let postings = search(collection, &terms, threads, progress);
        homes.extend(answer(collection, &asks[from..to], &postings, threads));
        from = to;
    }
    weigh::settle(homes)
}

/// The terms of as many questions as are looked for at a time, from one document on, and the
/// document after the last.
fn terms_of(
    collection: &dyn Collection,
    asks: &[(usize, Vec<Ask>)],
    from: usize,
    threads: usize,
) -> (usize, Vec<u64>) {
    const STEP: usize = 4_096;
    let mut all: Vec<u64> = Vec::new();
    let mut to = from;
    while to < asks.len() && all.len() < BLOCK {
        let step: Range<usize> = to..asks.len().min(to + STEP);
        let begin = || (Vec::new(), Weighing::new(collection), Vec::new());
        let work = |i: usize, (buffer, weighing, found): &mut (Vec<u8>, Weighing<'_>, Vec<u64>)| {
            let (document, asks) = &asks[step.start + i];
            collection.read(*document, buffer, &mut |text| {
                for ask in asks {
                    weighing.terms(text, ask, found);
                }
            });
        };
        for (_, _, found) in each(step.len(), threads, begin, work) {
            all.extend(found);
        }
        all.sort_unstable();
        all.dedup();
        to = step.end;
    }
    (to, all)
}

fn answer(
    collection: &dyn Collection,
    asks: &[(usize, Vec<Ask>)],
    postings: &Postings,
    threads: usize,
) -> Vec<Home> {
    let begin = || (Vec::new(), Weighing::new(collection), Vec::new());
    let work = |i: usize, (buffer, weighing, found): &mut (Vec<u8>, Weighing<'_>, Vec<Home>)| {
        let (document, asks) = &asks[i];
        collection.read(*document, buffer, &mut |text| {
            for (number, ask) in asks.iter().enumerate() {
                weighing.weigh(text, (*document, number), ask, postings, found);
            }
        });
    };
    let found = each(asks.len(), threads, begin, work);
    found.into_iter().flat_map(|(_, _, found)| found).collect()
}
