//! What is seen only across documents: lines that a source sets under all its pages, copies, passages that stand in two documents, a
//! phrase planted in hundreds of them.
//!
//! A collection is read in a few passes ([`survey`]), a document at a time:
//!
//! 1. lines and sentence openings are counted in a sketch of constant size;
//! 2. with what recurs left out, each document gets a signature, and fingerprints that are spilled to disk;
//! 3. phrases that recur are looked for everywhere, and judged by what stands around them;
//! 4. documents that share fingerprints are laid side by side;
//! 5. words that a source writes wrong again and again are read in their places.
//!
//! Where the documents lie with an engine that reads and groups them itself, [`spread`] has the same in parts.
//!
//! What is learned of the sources ([`Learned`]) is a small file that a check of single documents reads.

mod boilerplate;
mod comparable;
mod confusions;
mod duplicates;
mod learned;
mod passages;
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
pub use learned::{Known, Learned, LearnedError};
pub use passages::Passage;
pub use watermark::Watermark;

use crate::model::Model;
use boilerplate::Recurring;

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

    /// The number of the source that a document comes from.
    fn source(&self, document: usize) -> usize;

    /// The names of the sources.
    fn sources(&self) -> &[String];

    /// About how many bytes the documents have together.
    fn bytes(&self) -> u64;
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

/// Surveys a collection with so many threads. `progress` is told of each document that is read, with its bytes. What is found does not depend on the threads.
///
/// # Errors
///
/// Those of the temporary files that fingerprints are spilled to.
pub fn survey(
    collection: &dyn Collection,
    threads: usize,
    progress: &(dyn Fn(Step, usize) + Sync),
) -> io::Result<Survey> {
    let recurring = Recurring::count(collection, threads, &|bytes| {
        progress(Step::Counting, bytes)
    });
    let pairs =
        confusions::Counted::new(Model::embedded(), collection.bytes(), recurring.documents());
    let signed = signature::sign(collection, &recurring, &pairs, threads, &|bytes| {
        progress(Step::Signing, bytes)
    })?;
    let documents = recurring.documents().to_vec();
    let lines = boilerplate::settle(signed.lines, collection.sources(), &documents);
    let watermarks = watermark::judge(collection, &recurring, signed.openings, threads, &|bytes| {
        progress(Step::Phrases, bytes);
    });
    let duplicates = duplicates::find(collection, &recurring, &signed.signatures, threads, &|| {
        progress(Step::Comparing, 0);
    });
    let passages = passages::find(
        collection,
        &recurring,
        signed.prints,
        &signed.signatures,
        &duplicates,
        threads,
    )?;
    let confusions = pairs.judge(collection, signed.pairs, threads);
    Ok(Survey {
        confusions,
        lines,
        watermarks,
        duplicates,
        passages,
        documents,
    })
}

/// Documents that a thread takes at a time.
const BATCH: usize = 32;

/// Runs `work` over the numbers below `count` on so many threads, in ascending order within each; gives what each thread gathered.
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
