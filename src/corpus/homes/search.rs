//! In which documents the terms of questions stand: one pass over the collection, in which only
//! these are looked for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use super::terms::each_run;
use crate::corpus::comparable::{Body, Fold};
use crate::corpus::{Collection, each};

/// A term in more documents than this tells too little.
const MOST: u32 = 64;
/// Bits of the filter, a power of two: small enough to stay near the processor.
const BITS: u64 = 1 << 23;

/// In which documents each term stands.
pub(super) struct Postings {
    numbers: HashMap<u64, u32>,
    /// Documents of each term, and where those of the next begin.
    starts: Vec<u32>,
    documents: Vec<u32>,
}

impl Postings {
    /// The documents that have a term, in order: none of one that stands in too many.
    pub(super) fn of(&self, term: u64) -> &[u32] {
        let Some(number) = self.numbers.get(&term) else {
            return &[];
        };
        let at = *number as usize;
        &self.documents[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// What one thread has seen.
struct Seen {
    buffer: Vec<u8>,
    body: Body,
    /// The document after the last one in which each term was seen.
    last: Vec<u32>,
    postings: Vec<(u32, u32)>,
}

/// Looks for terms in all documents.
pub(super) fn search(
    collection: &dyn Collection,
    terms: &[u64],
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Postings {
    let numbers: HashMap<u64, u32> = terms.iter().copied().zip(0..).collect();
    let mut filter = vec![0_u64; (BITS / 64) as usize];
    for term in terms {
        filter[(term % BITS / 64) as usize] |= 1 << (term % 64);
    }
    let counts: Vec<AtomicU32> = terms.iter().map(|_| AtomicU32::new(0)).collect();
    let fold = Fold::new();
    let begin = || Seen {
        buffer: Vec::new(),
        body: Body::default(),
        last: vec![0; terms.len()],
        postings: Vec::new(),
    };
    let work = |document: usize, seen: &mut Seen| {
        let Seen {
            buffer,
            body,
            last,
            postings,
        } = seen;
        collection.read(document, buffer, &mut |text| {
            progress(text.len());
            body.clear();
            body.push(fold, text, 0);
            let mark = document as u32 + 1;
            each_run(body, |_, hash| {
                if filter[(hash % BITS / 64) as usize] & 1 << (hash % 64) == 0 {
                    return;
                }
                let Some(number) = numbers.get(&hash) else {
                    return;
                };
                let number = *number;
                let last = &mut last[number as usize];
                if *last == mark {
                    return;
                }
                *last = mark;
                if counts[number as usize].fetch_add(1, Ordering::Relaxed) < MOST {
                    postings.push((number, document as u32));
                }
            });
        });
    };
    let locals = each(collection.len(), threads, begin, work);
    let mut all: Vec<(u32, u32)> = Vec::new();
    for local in locals {
        all.extend(local.postings);
    }
    // which documents of a term in too many were kept depends on the threads: none is
    all.retain(|(number, _)| counts[*number as usize].load(Ordering::Relaxed) <= MOST);
    all.sort_unstable();
    let mut starts = Vec::with_capacity(terms.len() + 1);
    let mut at = 0;
    for number in 0..terms.len() as u32 {
        starts.push(at as u32);
        at += all[at..].iter().take_while(|p| p.0 == number).count();
    }
    starts.push(at as u32);
    Postings {
        numbers,
        starts,
        documents: all.into_iter().map(|p| p.1).collect(),
    }
}
