//! The evidence for a character that is missing or too much.

use std::ops::Range;

use memchr::memmem;

use super::super::context::{self, at};
use super::{Candidate, Kind, LapseFinder, Omission, REACH};
use crate::model::Reader;
use crate::model::characters::{CharId, FIRST};
use crate::model::lexicon::{Found, Kinds};
use crate::text::is_han;

/// Bytes on either side in which the wording is looked for again.
const NEARBY: usize = 1500;
/// The same for the two characters beside the seam alone.
const FAR: usize = 6000;

impl LapseFinder<'_> {
    /// The evidence, and the characters of the text that would be one word.
    #[allow(
        clippy::too_many_arguments,
        reason = "the state of one scan, taken apart once"
    )]
    pub(super) fn evidence(
        &self,
        text: &str,
        ids: &[CharId],
        log_probs: &[f32],
        i: usize,
        kind: Kind,
        candidate: Candidate,
        other: &mut Vec<CharId>,
        byte: &impl Fn(usize) -> usize,
    ) -> (Omission, (usize, usize)) {
        let Reader { ngram, lexicon, .. } = self.reader;
        let get = |j: usize| log_probs.get(j).copied().unwrap_or(0.0);
        let start = i.saturating_sub(REACH);
        let end = ids.len().min(i + REACH);
        other.clear();
        other.extend_from_slice(&ids[start..i]);
        // where the right side goes on, in the text and in the other wording
        let (rest, seam) = match kind {
            Kind::Missing(id) => {
                other.push(id);
                (i, i - start + 1)
            }
            Kind::Extra => (i + 1, i - start),
        };
        other.extend_from_slice(&ids[rest..end]);
        let after = match kind {
            Kind::Missing(_) => self.reader.word_cover(other, i - start),
            Kind::Extra => self.reader.word_across(other, seam),
        };
        // the word that the edit makes, as it stands in the text
        let wording = after.map_or((i - 1, (rest + 1).min(ids.len())), |w| {
            let right = w.end.saturating_sub(seam);
            (
                start + w.start.min(i - start),
                (rest + right).min(ids.len()),
            )
        });
        let left = self.reader.word_cover(ids, i - 1);
        let right = self.reader.word_cover(ids, rest.min(ids.len() - 1));
        let length = |w: Option<Found>| w.map_or(1.0, |w| (w.end - w.start) as f32);
        let usual = |w: Option<Found>| w.map_or(f32::NAN, |w| lexicon.log_frequency(w.word));
        let kinds = after.map_or(Kinds::default(), |w| lexicon.kinds(w.word));
        let kind_after = [
            Kinds::IDIOM,
            Kinds::FOUND,
            Kinds::PLACE | Kinds::PERSON | Kinds::ORGANISATION,
            Kinds::OFFICIAL,
        ];
        let kind_after = kind_after
            .iter()
            .enumerate()
            .map(|(bit, &k)| f32::from(u8::from(kinds.any(k)) << bit))
            .sum::<f32>();
        let as_cut = context::cut(lexicon, &ids[start..end]);
        let other_cut = context::cut(lexicon, other);
        let (surroundings, rare) = context::surroundings(log_probs, i);
        let bond = |a: CharId, b: CharId| ngram.bigram(a, b) - ngram.frequency(b);
        let surname = |id: CharId| {
            let word = lexicon.find(&[id]);
            f32::from(u8::from(
                word.is_some_and(|w| lexicon.kinds(w).any(Kinds::PERSON)),
            ))
        };
        let edit = match kind {
            Kind::Missing(id) => (0, self.character(id)),
            Kind::Extra => (byte(rest) - byte(i), None),
        };
        let nearby = |(from, to): (usize, usize), within| {
            let span = byte(from)..byte(to);
            nearby(text, span.clone(), byte(i) - span.start, edit, within)
        };
        let (wording_nearby, word_nearby) = nearby(wording, NEARBY);
        let (seam_nearby, mended_nearby) = nearby((i - 1, rest + 1), FAR);
        let free = |id: CharId| {
            let word = lexicon.find(&[id]);
            word.map_or(f32::NAN, |w| lexicon.log_frequency(w) - ngram.frequency(id))
        };
        let place = after.map_or(f32::NAN, |w| {
            let at = i - start;
            if w.start == at {
                0.0
            } else if w.end == at + 1 {
                2.0
            } else {
                1.0
            }
        });
        let mark = |at: usize| {
            ids.get(at)
                .is_none_or(|&id| id < FIRST || !self.character(id).is_some_and(is_han))
        };
        let row = Omission {
            gain: candidate.gain,
            before_first: get(i),
            before_second: get(i + 1),
            before_third: get(i + 2),
            after_first: candidate.first,
            after_rest: candidate.rest,
            word_after: length(after),
            word_after_frequency: usual(after),
            kind_after,
            place,
            word_left: length(left),
            word_right: length(right),
            word_left_frequency: usual(left),
            word_right_frequency: usual(right),
            segmentation_gain: as_cut.cost - other_cut.cost,
            words_nearby: other_cut.word_length(),
            margin: 0.0,
            rivals: 0.0,
            frequency: ngram.frequency(candidate.id),
            bond: bond(ids[i - 1], ids[i]),
            bond_left: bond(ids[i - 1], candidate.id),
            bond_right: bond(candidate.id, at(ids, rest, 0)),
            surroundings,
            rare_nearby: rare,
            quoted: quoted(text, byte(i)),
            surname: surname(at(ids, i, -1)) + 2.0 * surname(at(ids, i, -2)),
            recurrence: 1.0,
            wording_nearby,
            word_nearby,
            strangers: other_cut.singles,
            beside_mark: f32::from(u8::from(mark(i - 1))) + 2.0 * f32::from(u8::from(mark(rest))),
            function_character: f32::from(u8::from(self.function.contains(&candidate.id))),
            free_left: free(ids[i - 1]),
            free_right: free(at(ids, rest, 0)),
            total_gain: candidate.total,
            before_left: get(i - 1),
            bond_second_left: bond(at(ids, i, -2), ids[i - 1]),
            bond_second_right: bond(at(ids, rest, 0), at(ids, rest, 1)),
            frequency_second_left: ngram.frequency(at(ids, i, -2)),
            seam_nearby,
            mended_nearby,
        };
        (row, wording)
    }
}

/// How often a wording stands nearby as it is, and how often it stands there with the character set
/// in or taken out: 9 at most.
fn nearby(
    text: &str,
    span: Range<usize>,
    offset: usize,
    (removed, inserted): (usize, Option<char>),
    within: usize,
) -> (f32, f32) {
    let (bytes, wording, start) = (text.as_bytes(), &text[span.clone()], span.start);
    let window = &bytes[start.saturating_sub(within)..bytes.len().min(start + within)];
    let mut right = [0_u8; 64];
    let mut length = 0;
    let mut push = |part: &[u8]| {
        if let Some(room) = right.get_mut(length..length + part.len()) {
            room.copy_from_slice(part);
            length += part.len();
        }
    };
    push(&wording.as_bytes()[..offset.min(wording.len())]);
    if let Some(c) = inserted {
        push(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    push(
        wording
            .as_bytes()
            .get(offset + removed..)
            .unwrap_or_default(),
    );
    let times = |needle: &[u8]| memmem::find_iter(window, needle).take(9).count() as f32;
    (times(wording.as_bytes()), times(&right[..length]))
}

/// Whether a place stands in a short quotation: coinages do.
fn quoted(text: &str, at: usize) -> f32 {
    let mark = |c: &char| matches!(c, '“' | '”' | '《' | '》' | '「' | '」' | '‘' | '’');
    let before = text[..at].chars().rev().take(8).find(mark);
    let after = text[at..].chars().take(8).find(mark);
    let inside =
        before.is_some_and(|c| "“《「‘".contains(c)) && after.is_some_and(|c| "”》」’".contains(c));
    f32::from(u8::from(inside))
}
