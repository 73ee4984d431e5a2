//! Passages that stand in two documents: found by common fingerprints, grown on the text to their
//! ends.

use std::io;
use std::ops::Range;

use super::comparable::Body;
use super::duplicates::{Duplicate, heads};
use super::masked::Masked;
use super::signature::Signature;
use super::spill::{PARTS, Print, Spill};
use super::{Collection, each};
use crate::text::{Span, is_closing, is_sentence_end};

/// Comparable characters of the shortest passage.
const SHORTEST: usize = 40;
/// Documents with a fingerprint before they are no longer compared each with each.
const CROWD: usize = 8;
/// Characters that must agree after a wrong one for the passage to go on.
const AGAIN: usize = 8;

/// A passage that two documents share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passage {
    /// The two documents, in the order of the collection.
    pub documents: [usize; 2],
    /// Where it stands in each, in bytes.
    pub spans: [Span; 2],
    /// How many comparable characters it has.
    pub characters: usize,
}

/// One of two documents that are laid side by side.
#[derive(Default)]
struct Side {
    buffer: Vec<u8>,
    text: String,
    body: Body,
}

/// A fingerprint that two documents have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) documents: [u32; 2],
    pub(crate) at: [u32; 2],
}

impl Hit {
    /// Keeps the first of the hits that lie one behind the other in both documents: they are one
    /// passage.
    pub(crate) fn thin(hits: &mut Vec<Self>) {
        hits.sort_unstable_by_key(|h| (h.documents, h.at[1].wrapping_sub(h.at[0]), h.at));
        hits.dedup_by_key(|h| (h.documents, h.at[1].wrapping_sub(h.at[0])));
    }
}

/// Finds the passages of a collection that documents share which are no duplicates.
pub(crate) fn find(
    collection: &dyn Collection,
    masked: &Masked,
    prints: Spill,
    signatures: &[Signature],
    duplicates: &[Duplicate],
    threads: usize,
) -> io::Result<Vec<Passage>> {
    let heads = heads(signatures);
    let mut hits = Vec::new();
    for part in 0..PARTS {
        let mut prints = prints.part(part)?;
        prints.retain(|p| heads[p.document as usize] == p.document as usize);
        for same in prints.chunk_by(|a, b| a.hash == b.hash) {
            meet(same, duplicates, &mut hits);
        }
        Hit::thin(&mut hits);
    }
    drop(prints);
    hits.sort_unstable();
    let groups: Vec<&[Hit]> = hits
        .chunk_by(|a, b| a.documents[0] == b.documents[0])
        .collect();
    let begin = || (<[Side; 2]>::default(), Vec::new());
    let work = |i: usize, ([one, other], found): &mut ([Side; 2], Vec<Passage>)| {
        let load = |document: u32, side: &mut Side| {
            let Side { buffer, text, body } = side;
            body.clear();
            text.clear();
            collection.read(document as usize, buffer, &mut |read| {
                text.push_str(read);
                masked.body(read, document as usize, body);
            });
        };
        load(groups[i][0].documents[0], one);
        for pair in groups[i].chunk_by(|a, b| a.documents == b.documents) {
            load(pair[0].documents[1], other);
            grow(
                pair,
                [(&one.text, &one.body), (&other.text, &other.body)],
                found,
            );
        }
    };
    let found = each(groups.len(), threads, begin, work);
    let mut found: Vec<_> = found.into_iter().flat_map(|(_, found)| found).collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Takes the pairs of documents that have a fingerprint in common; the fingerprints come by
/// document.
fn meet(same: &[Print], duplicates: &[Duplicate], hits: &mut Vec<Hit>) {
    // of each document the first place
    let mut last = None;
    let mut places: Vec<&Print> = Vec::new();
    for print in same {
        if last != Some(print.document) {
            places.push(print);
            last = Some(print.document);
        }
    }
    for (n, a) in places.iter().enumerate() {
        let reach = if places.len() <= CROWD {
            places.len()
        } else {
            n + 2
        };
        for b in places.iter().take(reach).skip(n + 1) {
            let pair = (a.document as usize, b.document as usize);
            if duplicates
                .binary_search_by_key(&pair, |d| (d.first, d.second))
                .is_err()
            {
                hits.push(Hit {
                    documents: [a.document, b.document],
                    at: [a.at, b.at],
                });
            }
        }
    }
}

/// Grows the hits of a pair of documents to passages.
pub(crate) fn grow(hits: &[Hit], documents: [(&str, &Body); 2], found: &mut Vec<Passage>) {
    let begin = found.len();
    let [(_, one), (_, other)] = documents;
    for hit in hits {
        let (a, b) = (one.place(hit.at[0]), other.place(hit.at[1]));
        let (Some(from), Some(to)) = (one.at.get(a), other.at.get(b)) else {
            continue;
        };
        let inside = |p: &Passage| {
            p.spans[0].range().contains(&(*from as usize))
                && p.spans[1].range().contains(&(*to as usize))
        };
        if found[begin..].iter().any(inside) {
            continue;
        }
        let back = reach(|| {
            one.chars[..a]
                .iter()
                .rev()
                .zip(other.chars[..b].iter().rev())
        });
        let on = reach(|| one.chars[a..].iter().zip(&other.chars[b..]));
        if back + on < SHORTEST {
            continue;
        }
        let [(first, _), (second, _)] = documents;
        found.push(Passage {
            documents: hit.documents.map(|d| d as usize),
            spans: [
                span(first, one, a - back..a + on),
                span(second, other, b - back..b + on),
            ],
            characters: back + on,
        });
    }
}

/// Where some of the comparable characters stand, with the marks that end a sentence after them.
fn span(text: &str, body: &Body, places: Range<usize>) -> Span {
    let last = body.at[places.end - 1] as usize;
    let mut rest = text[last..].chars();
    let mut end = last + rest.next().map_or(0, char::len_utf8);
    end += rest
        .take_while(|c| is_sentence_end(*c) || is_closing(*c))
        .map(char::len_utf8)
        .sum::<usize>();
    Span::new(body.at[places.start] as usize, end)
}

/// How many characters agree in a row, single wrong ones among them.
fn reach<'c, I: Iterator<Item = (&'c u16, &'c u16)>>(pairs: impl Fn() -> I) -> usize {
    let mut all = pairs();
    let mut count = 0;
    loop {
        count += all.by_ref().take_while(|(a, b)| a == b).count();
        // the one that differs has been taken
        let again = pairs().skip(count + 1).take(AGAIN);
        let agree = again.filter(|(a, b)| a == b).count();
        if agree < AGAIN {
            return count;
        }
        count += 1;
    }
}
