//! What is seen only across documents: lines that a source sets under all its pages, copies,
//! passages that stand in two documents, a phrase planted in hundreds of them.
//!
//! A collection is read in a few passes ([`survey`]), a document at a time:
//!
//! 1. lines and sentence openings are counted in a sketch of constant size;
//! 2. with what recurs left out, each document gets a signature, and fingerprints that are spilled
//!    to disk;
//! 3. phrases that recur, and words that may be written wrong again and again, are looked for
//!    everywhere, and judged by what stands around them;
//! 4. documents that share fingerprints are laid side by side.
//!
//! Where the documents lie with an engine that reads and groups them itself, [`spread`] has the
//! same in parts.
//!
//! What is learned of the sources ([`Learned`]) is a small file that a check of single documents
//! reads.

mod boilerplate;
mod comparable;
mod confusions;
mod duplicates;
mod homes;
mod keys;
mod learned;
mod masked;
mod openings;
mod passages;
mod readings;
mod signature;
mod sketch;
mod spill;
pub mod spread;
mod watermark;

use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use boilerplate::Line;
pub use confusions::Confusion;
pub use duplicates::Duplicate;
pub(crate) use duplicates::first_difference;
pub use homes::{Ask, Home, Question, asks, find as find_homes};
pub use learned::{Known, Learned, LearnedError};
pub use passages::Passage;
pub use watermark::Watermark;

use crate::model::Model;
use boilerplate::Recurring;
pub(crate) use boilerplate::{Counting, Scratch};
use comparable::Body;
use masked::Masked;

/// Documents that can be read again and again.
pub trait Collection: Sync {
    /// How many documents there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of a document; nothing where it cannot be read.
    fn text(&self, document: usize) -> Option<Cow<'_, str>>;

    /// Calls `work` with the text of a document, which may be read into a buffer; not where it
    /// cannot be read.
    fn read(&self, document: usize, buffer: &mut Vec<u8>, work: &mut dyn FnMut(&str)) {
        let _ = buffer;
        if let Some(text) = self.text(document) {
            work(&text);
        }
    }

    /// The number of the source that a document comes from.
    fn source(&self, document: usize) -> usize;

    /// The names of the sources.
    fn sources(&self) -> &[String];

    /// About how many bytes the documents have together.
    fn bytes(&self) -> u64;

    /// The language model that a document is read with.
    fn model(&self, document: usize) -> &Model {
        let _ = document;
        Model::embedded()
    }
}

/// What a survey of a collection found.
#[derive(Debug, Default)]
pub struct Survey {
    /// Lines that recur in a source, the most frequent first.
    pub lines: Vec<Line>,
    /// Phrases planted in many documents.
    pub watermarks: Vec<Watermark>,
    /// Documents that are copies of others.
    pub duplicates: Vec<Duplicate>,
    /// Passages that two documents share.
    pub passages: Vec<Passage>,
    /// Wrong words that a source writes again and again.
    pub confusions: Vec<Confusion>,
    /// How many documents each source has.
    pub documents: Vec<usize>,
}

/// What a survey is doing, for whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Counts lines and openings.
    Counting,
    /// Makes signatures.
    Signing,
    /// Looks for planted phrases.
    Phrases,
    /// Compares documents that have something in common.
    Comparing,
}

/// Surveys a collection with so many threads. `progress` is told of each document that is read,
/// with its bytes. What is found does not depend on the threads.
///
/// # Errors
///
/// Those of the temporary files that fingerprints are spilled to.
pub fn survey(
    collection: &dyn Collection,
    threads: usize,
    progress: &(dyn Fn(Step, usize) + Sync),
) -> io::Result<Survey> {
    let counting = Counting::new(collection.bytes());
    let begin = || (Vec::new(), Scratch::default());
    each(collection.len(), threads, begin, |i, (buffer, scratch)| {
        let source = &collection.sources()[collection.source(i)];
        collection.read(i, buffer, &mut |text| {
            progress(Step::Counting, text.len());
            counting.take(text, source, scratch);
        });
    });
    survey_counted(collection, counting, threads, progress)
}

/// Surveys a collection whose first pass is done.
pub(crate) fn survey_counted(
    collection: &dyn Collection,
    counting: Counting,
    threads: usize,
    progress: &(dyn Fn(Step, usize) + Sync),
) -> io::Result<Survey> {
    let recurring = Recurring::of(counting, collection);
    let pairs =
        confusions::Counted::new(Model::embedded(), collection.bytes(), recurring.documents());
    let signed = signature::sign(collection, &recurring, &pairs, threads, &|bytes| {
        progress(Step::Signing, bytes)
    })?;
    let documents = recurring.documents().to_vec();
    // the counts of the first pass are large, and no longer needed
    drop(recurring);
    let lines = boilerplate::settle(signed.lines, collection.sources(), &documents);
    let phrases = watermark::Search::new(signed.openings, collection.len());
    let words = pairs.search(signed.pairs);
    let masked = signed.masked;
    let (watermarks, confusions) = look(collection, &masked, (phrases, words), threads, &|bytes| {
        progress(Step::Phrases, bytes);
    });
    let duplicates = duplicates::find(collection, &masked, &signed.signatures, threads, &|| {
        progress(Step::Comparing, 0);
    });
    let passages = passages::find(
        collection,
        &masked,
        signed.prints,
        &signed.signatures,
        &duplicates,
        threads,
    )?;
    Ok(Survey {
        confusions,
        lines,
        watermarks,
        duplicates,
        passages,
        documents,
    })
}

/// Looks for phrases and words that recur in all documents, where there are any.
fn look(
    collection: &dyn Collection,
    masked: &Masked,
    (phrases, words): (Option<watermark::Search>, Option<confusions::Search<'_>>),
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> (Vec<Watermark>, Vec<Confusion>) {
    if phrases.is_none() && words.is_none() {
        return (Vec::new(), Vec::new());
    }
    let begin = || {
        let looked = phrases.as_ref().map(watermark::Search::begin);
        (
            Vec::new(),
            Body::default(),
            looked,
            confusions::Seen::default(),
        )
    };
    let locals = each(
        collection.len(),
        threads,
        begin,
        |document, (buffer, body, looked, seen)| {
            collection.read(document, buffer, &mut |text| {
                progress(text.len());
                if let (Some(phrases), Some(looked)) = (&phrases, &mut *looked) {
                    masked.body(text, document, body);
                    phrases.look(text, body, document, looked);
                }
                if let Some(words) = &words {
                    words.look(text, collection.source(document), document, seen);
                }
            });
        },
    );
    let (mut looked, mut seen) = (Vec::new(), Vec::new());
    for (_, _, phrases, words) in locals {
        looked.extend(phrases);
        seen.push(words);
    }
    let watermarks = phrases.map(|phrases| phrases.settle(collection, looked.into_iter()));
    let confusions = words.map(|words| confusions::settle(collection, &words, seen, threads));
    (
        watermarks.unwrap_or_default(),
        confusions.unwrap_or_default(),
    )
}

/// Documents that a thread takes at a time.
const BATCH: usize = 32;

/// Runs `work` over the numbers below `count` on so many threads, in ascending order within each;
/// gives what each thread gathered.
fn each<L: Send>(
    count: usize,
    threads: usize,
    begin: impl Fn() -> L + Sync,
    work: impl Fn(usize, &mut L) + Sync,
) -> Vec<L> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut local = begin();
        loop {
            let from = next.fetch_add(BATCH, Ordering::Relaxed);
            if from >= count {
                return local;
            }
            (from..count.min(from + BATCH)).for_each(|i| work(i, &mut local));
        }
    };
    let threads = threads.clamp(1, count.div_ceil(BATCH).max(1));
    if threads == 1 {
        return vec![run()];
    }
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        handles
            .into_iter()
            .map(|h| {
                h.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}
