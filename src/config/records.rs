//! The documents of a file, checked on several threads and handed out in the order of the file.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::profile::{Part, Profile};
use crate::corpus::{Ask, Known};
use crate::document::{Document, SiteMark};
use crate::finding::{Finding, carried};
use crate::formats::{Kind, Prose, WholeFile};
use crate::text::{Decoded, Span};

/// Records, and bytes of them, that are held for each thread: enough that a thread is worth its
/// start.
const HELD: usize = 64;
const HELD_BYTES: usize = 128 << 10;

/// What came of a record.
#[derive(Clone, Default)]
struct Found {
    /// Each finding with where it stands in what there is to read.
    placed: Vec<(Span, Finding)>,
    asks: Vec<Ask>,
}

/// The file that records come from.
pub(super) struct Source<'p, 's> {
    pub(super) profile: &'p Profile,
    pub(super) kind: Kind,
    pub(super) name: &'p str,
    pub(super) decoded: &'s Decoded<'s>,
    pub(super) lines: &'p WholeFile<'s>,
    pub(super) known: Option<&'p Known>,
    pub(super) asks: bool,
}

/// Records that wait to be checked.
pub(super) struct Records<'p, 's> {
    source: Source<'p, 's>,
    threads: usize,
    waiting: Vec<(Prose<'s>, Vec<SiteMark>)>,
    bytes: usize,
}

impl<'p, 's> Records<'p, 's> {
    pub(super) fn new(source: Source<'p, 's>, threads: usize) -> Self {
        Self {
            source,
            threads: threads.max(1),
            waiting: Vec::new(),
            bytes: 0,
        }
    }

    /// Takes a record, and what is told of it; checks those that wait if they are enough.
    pub(super) fn add(
        &mut self,
        prose: Prose<'s>,
        marks: Vec<SiteMark>,
        each: &mut dyn FnMut(Part<'_, 's>),
    ) {
        self.bytes += prose.text.len();
        self.waiting.push((prose, marks));
        let enough = self.threads == 1
            || self.waiting.len() >= HELD * self.threads
            || self.bytes >= HELD_BYTES * self.threads;
        if enough {
            self.check(each);
        }
    }

    /// Checks those that wait and hands them out.
    pub(super) fn check(&mut self, each: &mut dyn FnMut(Part<'_, 's>)) {
        self.bytes = 0;
        let waiting = std::mem::take(&mut self.waiting);
        let found = match waiting.len() {
            0 => return,
            // Within one record, the rules are spread over the threads.
            1 => vec![self.source.check(&waiting[0], self.threads)],
            _ => self.spread(&waiting),
        };
        for ((prose, _), Found { placed, asks }) in waiting.iter().zip(found) {
            let (spans, findings) = placed.into_iter().unzip();
            each(Part {
                prose,
                findings,
                spans,
                asks,
            });
        }
    }

    fn spread(&self, waiting: &[(Prose<'s>, Vec<SiteMark>)]) -> Vec<Found> {
        let next = AtomicUsize::new(0);
        let work = |send: mpsc::Sender<(usize, Found)>| {
            while let index = next.fetch_add(1, Ordering::Relaxed)
                && let Some(record) = waiting.get(index)
                && send.send((index, self.source.check(record, 1))).is_ok()
            {}
        };
        let (send, receive) = mpsc::channel();
        let mut found = vec![Found::default(); waiting.len()];
        thread::scope(|scope| {
            for _ in 1..self.threads.min(waiting.len()) {
                let (work, send) = (&work, send.clone());
                // Where no thread is to be had, this one does all.
                let _ = thread::Builder::new().spawn_scoped(scope, move || work(send));
            }
            work(send);
        });
        for (index, of_record) in receive {
            found[index] = of_record;
        }
        found
    }
}

impl<'s> Source<'_, 's> {
    fn check(&self, (prose, marks): &(Prose<'s>, Vec<SiteMark>), threads: usize) -> Found {
        let invalid = prose.invalid(self.decoded);
        let record = (prose, invalid.as_slice());
        let document = Document::of_record(self.kind, self.name, self.decoded, record, self.lines);
        let mut asks = Vec::new();
        let asked = self.asks.then_some(&mut asks);
        let found =
            self.profile
                .check_marked(document, marks.clone(), (self.known, asked), threads);
        let mut placed = carried(found, prose);
        let text = self.decoded.text.as_ref();
        placed.retain(|(_, finding)| !self.profile.judged.knows(text, finding));
        Found { placed, asks }
    }
}
