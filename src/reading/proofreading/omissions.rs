//! Lapses: a character left out, or one too many.
//!
//! A gate on rare context passes a few places in a hundred. There the model is asked what one more character, or one fewer, would gain: characters that
//! the n-grams expect, and those that make a word with what stands on either side (`halves`). For the best answer the evidence is gathered (the words that the edit makes, what stands beside, whether the wording recurs nearby) and weighed by
//! fitted trees (`train::lapses`), a set for either kind.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

use super::context::{self, at};
use super::garble::{self, Stretch};
use super::portions::{Portioned, Portions};
use super::scored_paragraph::Passage;
use super::substitution_candidates::{KINDS, Prior, settle};
use crate::model::characters::{BOUNDARY, CharId, FIRST};
use crate::model::common_pairs::{self, Usual};
use crate::model::forest::Forest;
use crate::model::lexicon::{Found, Kinds};
use crate::model::trees::probability;
use crate::model::word_partners::{self, Halves};
use crate::model::{Model, Reader};
use crate::text::{is_han, is_numeral};

/// The parts that hold the trees: for what is missing, for what is too much.
pub(crate) const PARTS: [&str; 2] = ["missing", "extra"];
pub(crate) const VERSION: u32 = 1;

/// Pieces of evidence, in the order of a row.
pub const EVIDENCE: [&str; 41] = [
    "gain",
    "before-first",
    "before-second",
    "before-third",
    "after-first",
    "after-rest",
    "word-after",
    "word-after-frequency",
    "kind-after",
    "place",
    "word-left",
    "word-right",
    "word-left-frequency",
    "word-right-frequency",
    "segmentation-gain",
    "words-nearby",
    "margin",
    "rivals",
    "frequency",
    "bond",
    "bond-left",
    "bond-right",
    "surroundings",
    "rare-nearby",
    "quoted",
    "surname",
    "recurrence",
    "wording-nearby",
    "word-nearby",
    "strangers",
    "beside-mark",
    "function-character",
    "free-left",
    "free-right",
    "total-gain",
    "before-left",
    "bond-second-left",
    "bond-second-right",
    "frequency-second-left",
    "seam-nearby",
    "mended-nearby",
];
/// Pieces of evidence of a row.
pub const WIDTH: usize = EVIDENCE.len();
const MARGIN: usize = 16;
const RIVALS: usize = 17;
const RECURRENCE: usize = 26;

/// Bytes on either side in which the wording is looked for again.
const NEARBY: usize = 1500;
/// The same for the two characters beside the seam alone.
const FAR: usize = 6000;
/// The two characters from a character on must be less likely together than this for it to be too much, in nats.
const EXTRA_GATE: f32 = -15.0;
/// The least gain of one character fewer, in nats.
const LEAST_EXTRA: f32 = 13.0;
/// ln of the frequency from which a character is a usual word by itself.
const USUAL: f32 = -6.0;
/// What each further character of the word that a missing character makes is worth, in nats.
const LONGER: f32 = 2.0;

/// How widely a missing character is looked for. In nats.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The two characters after a seam must be less likely together than this.
    two: f32,
    /// Where whole words stand on both sides of the seam, it must be rarer.
    between_words: f32,
    /// The least gain.
    gain: f32,
    /// The least gain together with what the word that the character makes is worth.
    score: f32,
    /// The least ln P of a character after those before it.
    suggested: f32,
    /// The least ln P of what follows it.
    followed: f32,
    /// The least ln P of one half of a word behind the other, where nothing else suggests the half that is missing.
    asked: f32,
}

impl Gate {
    /// For a document of which nothing is known: most are clean.
    pub const QUICK: Self = Self {
        two: -13.5,
        between_words: -16.0,
        gain: 4.5,
        score: 6.5,
        suggested: -8.5,
        followed: -7.5,
        asked: -3.0,
    };
    /// For a document in which something was found.
    pub const CLOSE: Self = Self {
        two: -11.5,
        between_words: -15.0,
        gain: 2.5,
        score: 5.0,
        suggested: -9.0,
        followed: -9.0,
        asked: -5.0,
    };
}

/// Lapses a character, at the fit; what is expected of a document of which nothing is known, and how many characters that is worth.
pub(crate) const FITTED: f32 = 1e-4;
const PRIOR: Prior = Prior {
    // ln 1e-4
    fitted: [-9.210_34; KINDS],
    start: 5e-5,
    weight: 20_000.0,
};
/// A portion is read closely if it seems to have so many lapses a character.
const DIRTY: f32 = 5.3e-5;

/// ln P of two characters side by side that are no usual pair: at most that, by and large.
const UNUSUAL: f32 = -6.0;
/// ln P of a character that is missed at a seam even if it makes no word with either side alone.
const EXPECTED: f32 = -1.0;
/// What is noted of a character at a seam: it makes a word before what follows, behind what precedes; it was weighed.
const BEFORE: u8 = 1;
const BEHIND: u8 = 2;
const WEIGHED: u8 = 4;

/// A character that is missing, or one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// This character is missing before the position.
    Missing(CharId),
    /// The character at the position is too much.
    Extra,
}

/// A place where a character may be missing or too much.
#[derive(Clone, Copy, Debug)]
pub struct Lapse {
    /// What may have happened.
    pub kind: Kind,
    /// Where, in bytes of the text: the seam, or the character.
    pub at: usize,
    /// The wording around it, as it stands in the text: the word that would be whole, in bytes.
    pub wording: (usize, usize),
    /// The evidence, in the order of [`EVIDENCE`].
    pub row: [f32; WIDTH],
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    id: CharId,
    gain: f32,
    first: f32,
    rest: f32,
    score: f32,
    /// ln of the sum of what all candidates of the seam gain.
    total: f32,
}

/// What one reading of a document found.
#[derive(Debug)]
pub(crate) struct Read {
    /// Characters missing or too much, with their probabilities.
    pub(crate) lapses: Portioned<(Lapse, f32)>,
    /// Stretches that are no language, with their probabilities.
    pub(crate) garbled: Vec<(Stretch, f32)>,
}

/// Finds lapses, and what is no language.
#[derive(Clone, Copy, Debug)]
pub struct LapseFinder<'m> {
    reader: Reader<'m>,
    trees: [Option<&'m Forest>; 2],
    garbled: Option<&'m Forest>,
    usual: Option<Usual<'m>>,
    halves: Option<Halves<'m>>,
    function: [CharId; FUNCTION_CHARACTERS],
}

const FUNCTION_CHARACTERS: usize = 24;
/// Characters that may stand or be left out almost anywhere: style, no error.
const FUNCTION: &str = "的了地得着过和与及在是也都就又还而以之其所";

/// Memory that is used again from paragraph to paragraph.
#[derive(Debug, Default)]
struct Scratch {
    candidates: Vec<Candidate>,
    other: Vec<CharId>,
    /// For each character of the model, what is noted of it at the seam.
    marks: Vec<u8>,
}

/// A reading of a document under way, paragraph by paragraph.
#[derive(Debug)]
pub(crate) struct Reading<'m> {
    finder: LapseFinder<'m>,
    gate: &'static Gate,
    scratch: Scratch,
    portions: Portions,
    found: Vec<Lapse>,
    /// The characters beside each lapse, and whether it is one too many.
    seams: Vec<(CharId, CharId, bool)>,
    stretches: Vec<Stretch>,
}

impl Reading<'_> {
    /// Reads a paragraph of the text; `apart` if it is another kind of text than the one before.
    pub(crate) fn paragraph(
        &mut self,
        text: &str,
        paragraph: Range<usize>,
        passage: &Passage,
        apart: bool,
    ) {
        self.portions
            .add(self.found.len(), passage.characters(), apart);
        let Reading {
            finder,
            gate,
            scratch,
            found,
            seams,
            stretches,
            ..
        } = self;
        let Scratch {
            candidates,
            other,
            marks,
        } = scratch;
        let Reader { ngram, .. } = finder.reader;
        let (ids, log_probs) = (passage.ids(), passage.log_probs());
        let byte = |at: usize| paragraph.start + passage.offset(at);
        garble::stretches(finder.reader, text, ids, log_probs, &byte, &mut |stretch| {
            stretches.push(stretch);
        });
        for i in 1..ids.len() {
            let two = log_probs[i] + log_probs.get(i + 1).copied().unwrap_or(0.0);
            if two > gate.two || ids[i] < FIRST || ids[i - 1] < FIRST {
                continue;
            }
            let at_han = |at: usize| text[byte(at)..].chars().next().is_some_and(is_han);
            let (left_han, right_han) = (at_han(i - 1), at_han(i));
            if !left_han && !right_han {
                continue;
            }
            let mut push = |kind, candidate: Candidate, rivals: &[Candidate]| {
                let (mut row, word) =
                    finder.evidence(text, ids, log_probs, i, kind, candidate, other, &byte);
                row[MARGIN] = rivals.first().map_or(20.0, |r| candidate.score - r.score);
                let close = |r: &&Candidate| r.score > candidate.score - 3.0;
                row[RIVALS] = 1.0 + rivals.iter().filter(close).count() as f32;
                found.push(Lapse {
                    kind,
                    at: byte(i),
                    wording: (byte(word.0), byte(word.1)),
                    row,
                });
                seams.push((ids[i - 1], ids[i], kind == Kind::Extra));
            };
            if two < EXTRA_GATE
                && left_han
                && right_han
                && ids.get(i + 1).is_some_and(|&next| next != ids[i])
                && ids[i - 1] != ids[i]
            {
                let (a, b) = (at(ids, i, -2), ids[i - 1]);
                let (first, state) = ngram.step(ngram.context(a, b), at(ids, i, 1));
                let rest = ids.get(i + 2).map_or(0.0, |&id| ngram.step(state, id).0);
                let before = two + log_probs.get(i + 2).copied().unwrap_or(0.0);
                let gain = first + rest - before;
                if gain > LEAST_EXTRA {
                    let candidate = Candidate {
                        id: ids[i],
                        gain,
                        first,
                        rest,
                        score: gain,
                        total: gain,
                    };
                    push(Kind::Extra, candidate, &[]);
                }
            }
            if !finder.is_open(ids, i, two, gate) {
                continue;
            }
            finder.candidates(ids, i, two, gate, candidates, marks);
            if let [best, rivals @ ..] = &candidates[..] {
                push(Kind::Missing(best.id), *best, rivals);
            }
        }
    }

    /// The lapses, with what the document says of each: in how many places its seam stands.
    fn with_recurrence(mut self) -> Vec<Lapse> {
        let mut times: HashMap<(CharId, CharId, bool), u32> = HashMap::new();
        let mut last = None;
        for (lapse, seam) in self.found.iter().zip(&self.seams) {
            // the candidates of one seam count once
            if last.replace((lapse.at, seam)) != Some((lapse.at, seam)) {
                *times.entry(*seam).or_default() += 1;
            }
        }
        for (lapse, seam) in self.found.iter_mut().zip(&self.seams) {
            lapse.row[RECURRENCE] = times.get(seam).copied().unwrap_or(1).min(6) as f32;
        }
        self.found
    }

    /// What was found whose probability is at least `least`, now that the rates of lapses are known.
    pub(crate) fn finish(mut self, least: f32) -> Read {
        let finder = self.finder;
        let stretches = std::mem::take(&mut self.stretches).into_iter();
        let garbled = stretches.filter_map(|stretch| {
            let probability = finder.garbled?.probability(&stretch.row);
            (probability >= least).then_some((stretch, probability))
        });
        let garbled = garbled.collect();
        let portions = std::mem::take(&mut self.portions);
        let found = self.with_recurrence();
        let mut lapses = Portioned::default();
        for (held, characters) in portions.each(found.len()) {
            let weigh = |lapse: &Lapse| Some((*lapse, finder.log_odds(lapse)?));
            let weighed: Vec<(Lapse, f32)> = found[held].iter().filter_map(weigh).collect();
            // all lapses are of one kind
            let rates = settle(weighed.iter().map(|l| (l.1, 0, 1.0)), characters, &PRIOR);
            let probable = weighed.into_iter().filter_map(|(lapse, log_odds)| {
                let probability = probability(log_odds + PRIOR.shift(&rates, 0));
                (probability >= least).then_some((lapse, probability))
            });
            lapses.push(probable, rates[0] > DIRTY);
        }
        Read { lapses, garbled }
    }
}

impl<'m> LapseFinder<'m> {
    /// By a model.
    #[must_use]
    pub fn of(model: &'m Model) -> Self {
        let reader = model.reader();
        let mut function = [0; FUNCTION_CHARACTERS];
        for (slot, c) in function.iter_mut().zip(FUNCTION.chars()) {
            *slot = reader.characters.id(c);
        }
        Self {
            reader,
            trees: PARTS.map(|part| model.forest(part)),
            garbled: model.forest(garble::PART),
            usual: model.part(common_pairs::PART).and_then(Usual::parse),
            halves: model.part(word_partners::PART).and_then(Halves::parse),
            function,
        }
    }

    /// The character of a number.
    #[must_use]
    pub fn character(&self, id: CharId) -> Option<char> {
        self.reader.characters.character(id)
    }

    /// The log-odds of a lapse at the rate of the fit; nothing by a model without the trees for it.
    fn log_odds(&self, lapse: &Lapse) -> Option<f32> {
        let trees = match lapse.kind {
            Kind::Missing(_) => self.trees[0],
            Kind::Extra => self.trees[1],
        };
        Some(trees?.log_odds(&lapse.row))
    }

    /// The places of a text where a character may be missing or too much, paragraph by paragraph, with the evidence.
    pub fn lapses(
        &self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>>,
        gate: &'static Gate,
    ) -> Vec<Lapse> {
        self.read(text, paragraphs, gate).with_recurrence()
    }

    /// The stretches of a text that may be no language, with the evidence.
    pub fn stretches(
        &self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>>,
    ) -> Vec<Stretch> {
        self.read(text, paragraphs, &Gate::QUICK).stretches
    }

    fn read(
        &self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>>,
        gate: &'static Gate,
    ) -> Reading<'m> {
        let (mut reading, mut passage) = (self.reading(gate), Passage::default());
        for paragraph in paragraphs {
            passage.read(self.reader, &text[paragraph.clone()]);
            reading.paragraph(text, paragraph, &passage, false);
        }
        reading
    }

    /// Begins to read a document.
    pub(crate) fn reading(&self, gate: &'static Gate) -> Reading<'m> {
        Reading {
            finder: *self,
            gate,
            scratch: Scratch {
                marks: vec![0; self.reader.characters.len()],
                ..Scratch::default()
            },
            portions: Portions::default(),
            found: Vec::new(),
            seams: Vec::new(),
            stretches: Vec::new(),
        }
    }

    /// Whether a character may be missing at a seam: no word of the lexicon reaches over it, and on one side stands what is no word of two
    /// characters or more and no usual one of one, as a rest of a word does.
    fn is_open(&self, ids: &[CharId], seam: usize, two: f32, gate: &Gate) -> bool {
        let lexicon = self.reader.lexicon;
        let usual = |id: CharId| {
            let word = lexicon.find(&[id]);
            word.is_some_and(|word| lexicon.log_frequency(word) > USUAL)
        };
        let mut left = usual(ids[seam - 1]);
        for start in seam.saturating_sub(3)..seam {
            for (length, _) in lexicon.prefixes(ids, start) {
                if start + length > seam {
                    return false;
                }
                left |= length > 1 && start + length == seam;
            }
        }
        !left
            || two < gate.between_words
            || !usual(ids[seam]) && lexicon.prefixes(ids, seam).all(|(length, _)| length < 2)
    }

    /// Fills `found` with what may be missing at a seam, the best first.
    fn candidates(
        &self,
        ids: &[CharId],
        i: usize,
        two: f32,
        gate: &Gate,
        found: &mut Vec<Candidate>,
        marks: &mut [u8],
    ) {
        let ngram = self.reader.ngram;
        let (a, b, d) = (at(ids, i, -2), ids[i - 1], ids[i]);
        let next = ids.get(i + 1).copied();
        found.clear();
        let least = two + gate.gain;
        let last = next.map(|next| (next, ngram.find_bigram(d, next)));
        let before = ngram.find_bigram(a, b);
        // the filter of usual pairs is near, the bigrams are far
        let usual = |a: CharId, b: CharId| self.usual.is_none_or(|usual| usual.contains(a, b));
        // each further character only makes the text less likely: most candidates fall at the first
        let mut weigh = |id: CharId, first: Option<f32>| {
            if id < FIRST {
                return;
            }
            let pair = ngram.find_bigram(id, d);
            if ngram.bigram_at(id, d, pair) < gate.followed {
                return;
            }
            let left = ngram.find_bigram(b, id);
            let first = first.unwrap_or_else(|| ngram.after(before, b, id, left));
            let second = ngram.after(left, id, d, pair);
            if second < gate.followed || first + second < least {
                return;
            }
            let third = last.map_or(0.0, |(next, found)| ngram.after(pair, d, next, found));
            let gain = first + second + third - two;
            // numbers are never corrected: no text tells whether a digit is missing
            let meaningful = |c: char| is_han(c) && !is_numeral(c);
            if gain > gate.gain
                && found.iter().all(|candidate| candidate.id != id)
                && self.character(id).is_some_and(meaningful)
            {
                found.push(Candidate {
                    id,
                    gain,
                    first,
                    rest: second + third,
                    score: gain,
                    total: 0.0,
                });
            }
        };
        // what makes no word with the character on either side is hardly ever missing
        let before_d = || self.halves.into_iter().flat_map(|halves| halves.before(d));
        let behind_b = || self.halves.into_iter().flat_map(|halves| halves.behind(b));
        // what was noted of a character before
        let mut note = |id: CharId, bits: u8| {
            let slot = marks.get_mut(usize::from(id));
            slot.map_or(0, |slot| std::mem::replace(slot, *slot | bits))
        };
        for (id, _) in before_d() {
            note(id, BEFORE);
        }
        for (id, _) in behind_b() {
            note(id, BEHIND);
        }
        for (id, first) in ngram.likely_after(a, b, gate.suggested.max(least)) {
            let halves = note(id, 0);
            if halves != 0 {
                note(id, WEIGHED);
            }
            let possible = halves & BEFORE != 0
                || halves != 0 && (first + UNUSUAL >= least || usual(id, d))
                || first > EXPECTED;
            if possible {
                weigh(id, Some(first));
            }
        }
        // what the n-grams do not expect here, but one of the characters asks for
        for (id, pair) in before_d().take_while(|half| half.1 >= gate.asked) {
            if note(id, WEIGHED) & WEIGHED == 0 && (pair + UNUSUAL >= least || usual(b, id)) {
                weigh(id, None);
            }
        }
        for (id, pair) in behind_b().take_while(|half| half.1 >= gate.asked) {
            if note(id, WEIGHED) & WEIGHED == 0 && (pair + UNUSUAL >= least || usual(id, d)) {
                weigh(id, None);
            }
        }
        for (id, _) in before_d().chain(behind_b()) {
            if let Some(slot) = marks.get_mut(usize::from(id)) {
                *slot = 0;
            }
        }
        let most = found.iter().map(|c| c.gain).fold(0.0, f32::max);
        let total = most
            + found
                .iter()
                .map(|c| (c.gain - most).exp())
                .sum::<f32>()
                .ln();
        found.sort_unstable_by(|x, y| y.gain.total_cmp(&x.gain).then(x.id.cmp(&y.id)));
        found.truncate(4);
        for c in found.iter_mut() {
            let cover = self.cover_with(ids, i, c.id);
            let longest = cover.map_or(1, |w| w.end - w.start);
            c.total = total;
            c.score = c.gain + LONGER * (longest as f32 - 1.0);
        }
        found.retain(|c| c.score > gate.score);
        found.sort_unstable_by(|x, y| y.score.total_cmp(&x.score).then(x.id.cmp(&y.id)));
    }

    /// The longest word that would hold a character set in at a seam. Its positions are those of the longer text.
    fn cover_with(&self, ids: &[CharId], seam: usize, id: CharId) -> Option<Found> {
        let mut window = [BOUNDARY; 2 * REACH + 1];
        let start = seam.saturating_sub(REACH);
        let end = ids.len().min(seam + REACH);
        let before = seam - start;
        window[..before].copy_from_slice(&ids[start..seam]);
        window[before] = id;
        window[before + 1..before + 1 + end - seam].copy_from_slice(&ids[seam..end]);
        let found = self.reader.word_cover(&window[..end - start + 1], before)?;
        Some(Found {
            start: found.start + start,
            end: found.end + start,
            word: found.word,
        })
    }

    /// The evidence, and the characters of the text that would be one word.
    #[allow(
        clippy::too_many_arguments,
        reason = "the state of one scan, taken apart once"
    )]
    fn evidence(
        &self,
        text: &str,
        ids: &[CharId],
        log_probs: &[f32],
        i: usize,
        kind: Kind,
        candidate: Candidate,
        other: &mut Vec<CharId>,
        byte: &impl Fn(usize) -> usize,
    ) -> ([f32; WIDTH], (usize, usize)) {
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
        let row = [
            candidate.gain,
            get(i),
            get(i + 1),
            get(i + 2),
            candidate.first,
            candidate.rest,
            length(after),
            usual(after),
            kind_after,
            place,
            length(left),
            length(right),
            usual(left),
            usual(right),
            as_cut.cost - other_cut.cost,
            other_cut.word_length(),
            0.0,
            0.0,
            ngram.frequency(candidate.id),
            bond(ids[i - 1], ids[i]),
            bond(ids[i - 1], candidate.id),
            bond(candidate.id, at(ids, rest, 0)),
            surroundings,
            rare,
            quoted(text, byte(i)),
            surname(at(ids, i, -1)) + 2.0 * surname(at(ids, i, -2)),
            1.0,
            wording_nearby,
            word_nearby,
            other_cut.singles,
            f32::from(u8::from(mark(i - 1))) + 2.0 * f32::from(u8::from(mark(rest))),
            f32::from(u8::from(self.function.contains(&candidate.id))),
            free(ids[i - 1]),
            free(at(ids, rest, 0)),
            candidate.total,
            get(i - 1),
            bond(at(ids, i, -2), ids[i - 1]),
            bond(at(ids, rest, 0), at(ids, rest, 1)),
            ngram.frequency(at(ids, i, -2)),
            seam_nearby,
            mended_nearby,
        ];
        (row, wording)
    }
}

/// Characters on either side that the evidence looks at.
const REACH: usize = 8;

/// How often a wording stands nearby as it is, and how often it stands there with the character set in or taken out: 9 at most.
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
