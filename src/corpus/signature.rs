//! The signature of a document: what tells without its text whether it may be like another.
//!
//! One-permutation hashing over runs of five characters (Li, Owen, Zhang 2012), the empty bins
//! filled by optimal densification (Shrivastava 2017), and winnowed fingerprints of runs of sixteen
//! (Schleimer, Wilkerson, Aiken 2003), which two documents share wherever they have 31 characters
//! in common.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::boilerplate::{Counts, Recurring, Scratch};
use super::comparable::{Body, Fold, Rolling, join, mix};
use super::confusions;
use super::masked::Masked;
use super::spill::{Print, Spill, Writer};
use super::watermark::Openings;
use super::{Collection, each};

/// Characters of a shingle.
pub(crate) const SHINGLE: usize = 5;
/// Bins of a signature.
pub(crate) const BINS: usize = 128;
/// Characters that a fingerprint is of, and of how many in a row one is kept.
pub(crate) const RUN: usize = 16;
const WINDOW: usize = 16;
/// Comparable characters of the shortest document that has a signature.
const SHORTEST: usize = 40;

/// The signature of a document.
pub(crate) struct Signature {
    /// A hash of all its comparable characters; 0 where it is too short.
    pub(crate) whole: u64,
    /// How many comparable characters it has.
    pub(crate) characters: u32,
    /// Sixteen bits of the least hash of each bin.
    pub(crate) bins: [u16; BINS],
}

impl Signature {
    pub(crate) const NONE: Self = Self {
        whole: 0,
        characters: 0,
        bins: [0; BINS],
    };

    pub(crate) fn of(body: &Body, shingles: &Rolling<SHINGLE>) -> Self {
        let chars = &body.chars;
        let characters = chars.len() as u32;
        if chars.len() < SHORTEST {
            return Self {
                characters,
                ..Self::NONE
            };
        }
        let mut bins = [u32::MAX; BINS];
        shingles.over(chars, |_, hash| {
            let bin = (hash >> 57) as usize;
            bins[bin] = bins[bin].min(hash as u32);
        });
        let filled = bins.map(|b| b != u32::MAX);
        for bin in 0..BINS {
            let mut attempt = 0_u64;
            while bins[bin] == u32::MAX {
                attempt += 1;
                let from = mix((bin as u64 + 1) << 32 | attempt) as usize % BINS;
                if filled[from] {
                    bins[bin] = bins[from];
                }
            }
        }
        // the least ones are small numbers: their bits are spread
        let bins = bins.map(|least| (least.wrapping_mul(0x9e37_79b1) >> 16) as u16);
        let whole = chars.iter().fold(1, |hash, c| join(hash, u64::from(*c)));
        Self {
            whole: mix(whole).max(1),
            characters,
            bins,
        }
    }

    /// The estimated share of common shingles, from 0 to 1.
    pub(crate) fn alike(&self, other: &Self) -> f32 {
        let same = self.bins.iter().zip(&other.bins).filter(|(a, b)| a == b);
        same.count() as f32 / BINS as f32
    }
}

/// Calls `each` with the place and hash of every fingerprint.
pub(crate) fn prints(body: &Body, runs: &Rolling<RUN>, mut each: impl FnMut(usize, u64)) {
    let mut recent = [(0_u64, 0_usize); WINDOW];
    let (mut least, mut seen) = ((u64::MAX, usize::MAX), 0);
    runs.over(&body.chars, |at, hash| {
        recent[at % WINDOW] = (hash, at);
        seen += 1;
        if hash <= least.0 {
            least = (hash, at);
        } else if seen < WINDOW || least.1 + WINDOW > at {
            if seen == WINDOW {
                each(least.1, least.0);
            }
            return;
        } else {
            // the rightmost of the least ones
            least = recent
                .iter()
                .copied()
                .min_by_key(|(hash, at)| (*hash, usize::MAX - at))
                .unwrap_or(least);
        }
        if seen >= WINDOW {
            each(least.1, least.0);
        }
    });
    if (1..WINDOW).contains(&seen) {
        each(least.1, least.0);
    }
}

/// What the second pass gathers.
pub(crate) struct Signed {
    pub(crate) signatures: Vec<Signature>,
    pub(crate) prints: Spill,
    pub(crate) lines: Vec<Counts>,
    pub(crate) openings: Vec<Openings>,
    pub(crate) pairs: Vec<confusions::Local>,
    pub(crate) masked: Masked,
}

struct Local<'s> {
    buffer: Vec<u8>,
    scratch: Scratch,
    body: Body,
    cuts: Vec<(u32, [u32; 2])>,
    writer: Writer<'s>,
    lines: Counts,
    openings: Openings,
    pairs: confusions::Local,
}

/// Reads a collection a second time: signatures, fingerprints, exact counts of what recurs.
pub(crate) fn sign(
    collection: &dyn Collection,
    recurring: &Recurring,
    pairs: &confusions::Counted<'_>,
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> io::Result<Signed> {
    let fold = Fold::new();
    let (shingles, runs) = (Rolling::new(), Rolling::new());
    let spill = Spill::new()?;
    let begin = || Local {
        buffer: Vec::new(),
        scratch: Scratch::default(),
        body: Body::default(),
        cuts: Vec::new(),
        writer: Writer::new(&spill),
        lines: Counts::default(),
        openings: Openings::default(),
        pairs: confusions::Local::default(),
    };
    let none = (0..collection.len()).map(|_| Signature::NONE);
    let signatures = Mutex::new(none.collect::<Vec<_>>());
    let locals = each(collection.len(), threads, begin, |i, local| {
        let mut buffer = std::mem::take(&mut local.buffer);
        collection.read(i, &mut buffer, &mut |text| {
            progress(text.len());
            let source = collection.source(i);
            recurring.body(fold, text, source, &mut local.scratch, &mut local.body);
            let cuts = local.scratch.recurring_spans();
            local.cuts.extend(cuts.map(|span| (i as u32, span)));
            local.lines.take(text, source, i, &mut local.scratch);
            local.openings.take(fold, text, i, recurring);
            pairs.take(text, source, &mut local.pairs);
            let signature = Signature::of(&local.body, &shingles);
            signatures.lock().unwrap_or_else(PoisonError::into_inner)[i] = signature;
            let (body, writer) = (&local.body, &mut local.writer);
            prints(body, &runs, |at, hash| {
                writer.push(Print {
                    hash,
                    document: i as u32,
                    at: body.at[at],
                });
            });
        });
        local.buffer = buffer;
    });
    let signatures = signatures
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let (mut lines, mut openings, mut unusual) = (Vec::new(), Vec::new(), Vec::new());
    let mut cuts = Vec::new();
    for local in locals {
        local.writer.finish()?;
        lines.push(local.lines);
        openings.push(local.openings);
        unusual.push(local.pairs);
        cuts.extend(local.cuts);
    }
    Ok(Signed {
        signatures,
        prints: spill,
        lines,
        openings,
        pairs: unusual,
        masked: Masked::new(cuts),
    })
}

#[cfg(test)]
mod tests {
    use super::{Signature, prints};
    use crate::corpus::comparable::{Body, Fold, Rolling};

    fn body(text: &str) -> Body {
        let mut body = Body::default();
        body.push(Fold::new(), text, 0);
        body
    }

    fn text(from: u32, count: u32) -> String {
        let chars = (from..from + count).filter_map(|i| char::from_u32(0x4e00 + i * 7919 % 20000));
        chars.collect()
    }

    #[test]
    fn thirty_one_common_characters_share_a_fingerprint() {
        let runs = Rolling::new();
        let hashes = |text: &str| {
            let mut list = Vec::new();
            prints(&body(text), &runs, |_, hash| list.push(hash));
            list
        };
        for shift in 0..40 {
            let common = text(500, 31);
            let a = hashes(&format!(
                "{}{common}{}",
                text(1000, 50 + shift),
                text(2000, 40)
            ));
            let b = hashes(&format!("{}{common}{}", text(3000, 20), text(4000, 70)));
            assert!(a.iter().any(|hash| b.contains(hash)), "{shift}");
        }
    }

    #[test]
    fn likeness_is_estimated() {
        let shingles = Rolling::new();
        let a = Signature::of(&body(&text(0, 1000)), &shingles);
        let b = Signature::of(&body(&text(250, 1000)), &shingles);
        // 750 of 1,250 are common
        assert!((a.alike(&b) - 0.6).abs() < 0.15, "{}", a.alike(&b));
        assert!(a.alike(&Signature::of(&body(&text(5000, 1000)), &shingles)) < 0.05);
    }
}
