//! The noisy channel: which characters of a text may be wrong, what may have stood there, and the evidence for it.
//!
//! Three steps, each on what the one before lets through: a gate on rare context; candidates (look-alikes, sound-alikes, counted pairs, whatever the
//! two characters before make likely) ranked by what they gain; the full evidence for the best ones. The evidence is weighed by
//! fitted trees, the sum by the error rate of the document ([`settle`]).

use super::context::{self, at};
use super::scored_paragraph::Passage;
use crate::model::Model;
use crate::model::characters::{BOUNDARY, CharId, FIRST as FIRST_CHARACTER};
use crate::model::common_pairs::{self, Usual};
use crate::model::confusables::{self, Confusables};
use crate::model::lexicon::{Found, Kinds, Lexicon};
use crate::model::reader::Reader;
use crate::model::trees::probability;
use crate::model::variants::{self, Script, Variants};

/// Pieces of evidence for a correction, in the order of a row.
pub const EVIDENCE: [&str; 33] = [
    "gain",
    "before-left",
    "before-right",
    "after-left",
    "after-right",
    "counted",
    "channel",
    "likeness",
    "sound",
    "wrong-frequency",
    "right-frequency",
    "word-before",
    "word-after",
    "word-frequency-before",
    "word-frequency-after",
    "margin",
    "rivals",
    "recurrence",
    "quoted",
    "surname",
    "name-before",
    "segmentation-gain",
    "surroundings",
    "rare-nearby",
    "left-pair",
    "right-pair",
    "posterior",
    "idiom-after",
    "found-word-after",
    "words-nearby",
    "right-elsewhere",
    "wrong-elsewhere",
    "pair-elsewhere",
];
/// Pieces of evidence of a row.
pub const WIDTH: usize = EVIDENCE.len();

/// A character that may be wrong, with what may be right there.
#[derive(Clone, Copy, Debug)]
pub struct Suspect {
    /// Its position, in characters of the paragraph.
    pub position: usize,
    /// Its place in [`Scratch::document`].
    pub place: usize,
    /// The character in the text.
    pub wrong: char,
    /// What may be right.
    pub right: CharId,
    /// The characters beside it: what recurs with the same ones is a name or a term.
    pub beside: (CharId, CharId),
    /// The evidence, in the order of [`EVIDENCE`]; what the rest of the document says is added by [`recurrence::count`](super::recurrence::count).
    pub row: [f32; WIDTH],
}

/// How many times a pair was counted: what the table says, or what the fit wants to be known.
pub trait Counts {
    /// The count of a pair, given the one of the table.
    fn count(&self, wrong: char, right: CharId, table: u8) -> f32;
}

/// The counts as they stand in the table.
#[derive(Clone, Copy, Debug)]
pub struct AsCounted;

impl Counts for AsCounted {
    fn count(&self, _: char, _: CharId, table: u8) -> f32 {
        f32::from(table)
    }
}

/// What is looked for, and how widely.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The three trigrams that hold the character must be less likely together than this, in nats.
    pub three: f32,
    /// The first two of them likewise.
    pub two: f32,
    /// How much likelier the trigrams of a character may be that is often taken for another, such as 已: what is often wrong stands in the
    /// training text as well, and is less rare for that.
    pub allowance: f32,
    /// A character that stands in a word of the lexicon is passed over unless its three trigrams are less likely than this.
    pub in_word: f32,
    /// The least that a correction must gain, in nats.
    pub gain: f32,
    /// The least sum of gain and prior.
    pub score: f32,
    /// Candidates kept of a position.
    pub keep: usize,
    /// The least likeness of a pair that was never counted.
    pub likeness: f32,
    /// The least ln P of any candidate after the two characters before it.
    pub left: f32,
    /// The least ln P of a candidate that only the two characters before suggest.
    pub suggested: f32,
}

impl Gate {
    /// For a document of which nothing is known: most are clean, so only what is rare and has a likely correction is looked at.
    pub const QUICK: Self = Self {
        three: -20.0,
        two: -13.0,
        allowance: 5.0,
        in_word: -26.0,
        gain: 6.0,
        score: -4.5,
        keep: 2,
        likeness: -3.0,
        left: -9.0,
        suggested: -5.0,
    };
    /// For a document that turned out to have errors.
    pub const CLOSE: Self = Self {
        three: -15.0,
        two: -9.5,
        allowance: 0.0,
        in_word: 0.0,
        gain: 0.5,
        score: -9.5,
        keep: 3,
        likeness: -6.0,
        left: -16.0,
        suggested: -8.0,
    };
}

/// Memory that is used again from paragraph to paragraph.
#[derive(Debug, Default)]
pub struct Scratch {
    candidates: Vec<Candidate>,
    other: Vec<CharId>,
    document: Vec<CharId>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Candidate {
    right: CharId,
    likeness: Option<f32>,
    count: f32,
    sound: bool,
    /// Where it stands among the bigrams with the character before it, and with the one after.
    pairs: [usize; 2],
    left: f32,
    after: f32,
    gain: f32,
    channel: f32,
    score: f32,
}

/// Finds suspects with a model.
#[derive(Clone, Copy, Debug)]
pub struct Channel<'m> {
    reader: Reader<'m>,
    confusables: Confusables<'m>,
    variants: Variants<'m>,
    usual: Usual<'m>,
}

/// Pairs in which either may be meant: usage changed or is a matter of grammar, no recogniser is at fault.
const USAGE: [&str; 28] = [
    "象像", "份分", "那哪", "做作", "的地", "的得", "地得", "他她", "他它", "她它", "账帐", "大太",
    "吧罢", "么吗", "着著", "只支", "只隻", "座坐", "须需", "尔而", "很狠", "玩顽", "唯惟", "么嘛",
    "您你", "您妳", "你妳", "像相",
];

fn is_usage(a: char, b: char) -> bool {
    USAGE
        .iter()
        .any(|pair| pair.contains(a) && pair.contains(b))
}

/// Numbers are never corrected to other numbers: no text tells which is right.
fn is_numeral(c: char) -> bool {
    "一二三四五六七八九十百千万亿零〇两廿卅壹贰叁肆伍陆柒捌玖拾佰仟年月日".contains(c)
}

/// Whether a pair can be called an error at all: two Chinese characters, not two numerals, not two usages.
pub(crate) fn is_correctable(wrong: char, right: char) -> bool {
    is_han(wrong)
        && is_han(right)
        && !is_usage(wrong, right)
        && !(is_numeral(wrong) && is_numeral(right))
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

impl<'m> Channel<'m> {
    /// The channel of a model; `None` if the model has none.
    pub fn of(model: &'m Model) -> Option<Self> {
        Some(Self {
            reader: model.reader(),
            confusables: model.part(confusables::PART).and_then(Confusables::parse)?,
            variants: model.part(variants::PART).and_then(Variants::parse)?,
            usual: model.part(common_pairs::PART).and_then(Usual::parse)?,
        })
    }

    /// Whether a text is written in traditional characters.
    pub(crate) fn is_traditional(&self, text: &str) -> bool {
        let scripts = text.chars().map(|c| self.variants.script(c));
        let balance = scripts.map(|script| match script {
            Script::Foreign => 1,
            Script::Simplified => -1,
            Script::Any => 0,
        });
        balance.sum::<i32>() > 0
    }

    /// The character of a number, as a text of one script or the other writes it.
    pub(crate) fn written(&self, id: CharId, traditional: bool) -> Option<char> {
        let character = self.character(id)?;
        let form = self.variants.traditional(character).filter(|_| traditional);
        Some(form.unwrap_or(character))
    }

    /// The character of a number.
    pub fn character(&self, id: CharId) -> Option<char> {
        self.reader.characters.character(id)
    }

    /// The views that paragraphs are read with.
    pub fn reader(&self) -> Reader<'m> {
        self.reader
    }

    /// Adds what may be wrong in a paragraph to `out`.
    #[allow(
        clippy::too_many_arguments,
        reason = "the state of one scan, taken apart once"
    )]
    pub fn suspects(
        &self,
        text: &str,
        passage: &Passage,
        gate: &Gate,
        counts: &impl Counts,
        scratch: &mut Scratch,
        out: &mut Vec<Suspect>,
    ) {
        let Scratch {
            candidates,
            other,
            document,
        } = scratch;
        let (ids, log_probs) = (passage.ids(), passage.log_probs());
        let first = document.len();
        document.extend_from_slice(ids);
        document.push(BOUNDARY);
        for i in 0..ids.len() {
            let two = log_probs[i] + log_probs.get(i + 1).copied().unwrap_or(0.0);
            let three = two + log_probs.get(i + 2).copied().unwrap_or(0.0);
            if three > gate.three + gate.allowance || two > gate.two + gate.allowance {
                continue;
            }
            if self.is_usual(ids, i) {
                continue;
            }
            let Some(wrong) = character_at(text, passage, i).filter(|&c| is_han(c)) else {
                continue;
            };
            if self.variants.simplified(wrong).is_some() {
                continue;
            }
            if (three > gate.three || two > gate.two) && !self.is_often_taken(wrong) {
                continue;
            }
            if three > gate.in_word && self.stands_in_word(ids, i) {
                continue;
            }
            self.candidates(ids, i, wrong, three, gate, counts, candidates);
            for k in 0..candidates.len().min(gate.keep) {
                let row = self.row(ids, log_probs, i, wrong, k, candidates, other);
                let beside = (at(ids, i, -1), at(ids, i, 1));
                out.push(Suspect {
                    position: i,
                    place: first + i,
                    wrong,
                    right: candidates[k].right,
                    beside,
                    row,
                });
            }
        }
    }

    /// Whether a character makes a usual pair with each of its neighbours. With one of them a wrong character often does by chance.
    #[inline]
    fn is_usual(&self, ids: &[CharId], i: usize) -> bool {
        let usual = |a: usize, b: usize| {
            let pair = ids.get(a).zip(ids.get(b));
            pair.is_some_and(|(&a, &b)| self.usual.contains(a, b))
        };
        usual(i.wrapping_sub(1), i) && usual(i, i + 1)
    }

    /// Whether a character was often counted as taken for one other.
    fn is_often_taken(&self, wrong: char) -> bool {
        const OFTEN: u8 = 100;
        self.confusables
            .alternatives(wrong)
            .any(|alt| alt.count >= OFTEN)
    }

    /// Whether a short word of the lexicon covers a position: rare as its neighbours may be, the character is most likely right.
    fn stands_in_word(&self, ids: &[CharId], i: usize) -> bool {
        let lexicon = self.reader.lexicon;
        (i.saturating_sub(2)..=i).any(|start| {
            lexicon
                .prefixes(ids, start)
                .any(|(length, _)| length > 1 && start + length > i)
        })
    }

    /// Fills `found` with the candidates for a position, the best first.
    #[allow(
        clippy::too_many_arguments,
        reason = "the state of one scan, taken apart once"
    )]
    fn candidates(
        &self,
        ids: &[CharId],
        i: usize,
        wrong: char,
        three: f32,
        gate: &Gate,
        counts: &impl Counts,
        found: &mut Vec<Candidate>,
    ) {
        let ngram = self.reader.ngram;
        let (a, b, d) = (at(ids, i, -2), at(ids, i, -1), at(ids, i, 1));
        let own = ids[i];
        found.clear();
        // what makes no usual pair on either side cannot gain much: the model need not be asked
        let usual = |right: CharId| {
            right != own && (self.usual.contains(b, right) || self.usual.contains(right, d))
        };
        let shaped = self.confusables.alternatives(wrong).filter_map(|alt| {
            let count = counts.count(wrong, alt.right, alt.count);
            let stands = if count > 0.0 {
                alt.right != own
            } else {
                (alt.count > 0 || alt.likeness >= Some(gate.likeness)) && usual(alt.right)
            };
            stands.then(|| Candidate {
                right: alt.right,
                likeness: alt.likeness,
                count,
                ..Candidate::default()
            })
        });
        found.extend(shaped);
        let alike = self.confusables.homophones(wrong);
        found.extend(alike.filter(|&right| usual(right)).map(|right| Candidate {
            right,
            sound: true,
            ..Candidate::default()
        }));
        let likely = ngram.likely_after(a, b, gate.suggested);
        let likely = likely.filter(|&(right, _)| right >= FIRST_CHARACTER && usual(right));
        found.extend(likely.map(|(right, _)| Candidate {
            right,
            ..Candidate::default()
        }));
        // one entry a character, with the evidence of all
        found.sort_unstable_by_key(|c| c.right);
        found.dedup_by(|other, kept| {
            let same = other.right == kept.right;
            if same {
                kept.likeness = kept.likeness.or(other.likeness);
                kept.count = kept.count.max(other.count);
                kept.sound |= other.sound;
            }
            same
        });
        // each further character only makes the text less likely: most candidates fall at the first
        let least = |c: &Candidate| three + gate.gain.max(gate.score - c.channel);
        for c in found.iter_mut() {
            c.channel = if c.count > 0.0 {
                (c.count.ln() - ngram.frequency(c.right) - 14.0).min(-1.0)
            } else {
                c.likeness
                    .map_or(-13.0, |l| 0.5 * l - 10.5)
                    .max(if c.sound { -11.5 } else { -13.0 })
            };
            c.pairs[0] = ngram.find_bigram(b, c.right);
        }
        let before = ngram.find_bigram(a, b);
        found.retain_mut(|c| {
            c.left = ngram.after(before, b, c.right, c.pairs[0]);
            c.left >= least(c).max(gate.left)
        });
        for c in found.iter_mut() {
            c.pairs[1] = ngram.find_bigram(c.right, d);
        }
        let next = (i + 1 < ids.len()).then_some(d);
        let last = ids.get(i + 2).map(|&e| (e, ngram.find_bigram(d, e)));
        found.retain_mut(|c| {
            c.after = next.map_or(0.0, |d| ngram.after(c.pairs[0], c.right, d, c.pairs[1]));
            if c.left + c.after < least(c) {
                return false;
            }
            c.after += last.map_or(0.0, |(e, pair)| ngram.after(c.pairs[1], d, e, pair));
            c.gain = c.left + c.after - three;
            c.score = c.gain + c.channel;
            c.gain >= gate.gain
                && c.score > gate.score
                && self
                    .character(c.right)
                    .is_some_and(|right| is_correctable(wrong, right))
        });
        found.sort_unstable_by(|x, y| y.score.total_cmp(&x.score).then(x.right.cmp(&y.right)));
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the state of one scan, taken apart once"
    )]
    fn row(
        &self,
        ids: &[CharId],
        log_probs: &[f32],
        i: usize,
        wrong: char,
        k: usize,
        candidates: &[Candidate],
        window: &mut Vec<CharId>,
    ) -> [f32; WIDTH] {
        let Reader { ngram, lexicon, .. } = self.reader;
        let c = candidates[k];
        let get = |j: usize| log_probs.get(j).copied().unwrap_or(0.0);
        let before = self.reader.word_cover(ids, i);
        let after = self.reader.word_cover_with(ids, i, c.right);
        let length = |w: Option<Found>| w.map_or(1.0, |w| (w.end - w.start) as f32);
        let usual = |w: Option<Found>| w.map_or(f32::NAN, |w| lexicon.log_frequency(w.word));
        let kinds = |w: Option<Found>| w.map_or(Kinds::default(), |w| lexicon.kinds(w.word));
        let rival = candidates
            .iter()
            .enumerate()
            .find(|&(j, _)| j != k)
            .map(|(_, r)| r.score);
        let total: f32 = 1.0
            + candidates
                .iter()
                .map(|r| (r.score + 8.0).min(60.0).exp())
                .sum::<f32>();
        let right = self.character(c.right).unwrap_or(wrong);
        let surname = |id: CharId| {
            lexicon
                .find(&[id])
                .is_some_and(|w| lexicon.kinds(w).any(Kinds::PERSON))
        };
        let (surroundings, rare) = context::surroundings(log_probs, i);
        let (segmentation, words) = segmentation(lexicon, ids, i, c.right, window);
        [
            c.gain,
            get(i),
            get(i + 1) + get(i + 2),
            c.left,
            c.after,
            (1.0 + c.count).ln(),
            if c.count > 0.0 { c.channel } else { f32::NAN },
            c.likeness.unwrap_or(-8.0),
            if c.sound || self.confusables.sound_alike(wrong, right) {
                1.0
            } else {
                0.0
            },
            ngram.frequency(ids[i]),
            ngram.frequency(c.right),
            length(before),
            length(after),
            usual(before),
            usual(after),
            rival.map_or(20.0, |r| c.score - r),
            candidates
                .iter()
                .filter(|r| r.score > candidates[0].score - 3.0)
                .count() as f32,
            0.0,
            quoted(
                ids,
                i,
                self.reader.characters.id('“'),
                self.reader.characters.id('”'),
            ),
            f32::from(u8::from(surname(at(ids, i, -1))))
                + 2.0 * f32::from(u8::from(surname(at(ids, i, -2)))),
            f32::from(u8::from(
                kinds(before).any(Kinds::PERSON) || kinds(before).any(Kinds::PLACE),
            )),
            segmentation,
            surroundings,
            rare,
            ngram.bigram(at(ids, i, -1), ids[i]),
            ngram.bigram(ids[i], at(ids, i, 1)),
            (c.score + 8.0).min(60.0) - total.ln(),
            f32::from(u8::from(kinds(after).any(Kinds::IDIOM))),
            f32::from(u8::from(kinds(after).any(Kinds::FOUND))),
            words,
            0.0,
            0.0,
            0.0,
        ]
    }
}

impl Scratch {
    /// The characters of all paragraphs read so far, with a boundary after each.
    pub fn document(&self) -> &[CharId] {
        &self.document
    }
}

#[inline]
fn character_at(text: &str, passage: &Passage, i: usize) -> Option<char> {
    text.get(passage.offset(i)..)?.chars().next()
}

/// Length of the short quotation that holds a position, or 0: coinages stand in quotation marks.
fn quoted(ids: &[CharId], i: usize, open: CharId, close: CharId) -> f32 {
    let start = (i.saturating_sub(8)..i)
        .rev()
        .find(|&j| ids[j] == open || ids[j] == close);
    let end = (i + 1..(i + 9).min(ids.len())).find(|&j| ids[j] == open || ids[j] == close);
    match (start, end) {
        (Some(s), Some(e)) if ids[s] == open && ids[e] == close => (e - s - 1) as f32,
        _ => 0.0,
    }
}

/// How much cheaper the words around a position become with another character there, in nats, and how many characters a word has there
/// on average.
fn segmentation(
    lexicon: Lexicon<'_>,
    ids: &[CharId],
    i: usize,
    right: CharId,
    window: &mut Vec<CharId>,
) -> (f32, f32) {
    let start = i.saturating_sub(6);
    window.clear();
    window.extend_from_slice(&ids[start..(i + 7).min(ids.len())]);
    let before = context::cut(lexicon, window);
    window[i - start] = right;
    let after = context::cut(lexicon, window);
    (before.cost - after.cost, after.word_length())
}

/// The kinds of errors whose rates differ from document to document: pairs that were counted, which recognisers make, and all others.
pub const KINDS: usize = 2;

impl Suspect {
    /// Its kind: 0 if the pair was counted, else 1.
    pub fn kind(&self) -> usize {
        usize::from(self.row[COUNTED] <= 0.0)
    }
}

/// The place of `counted` in a row.
const COUNTED: usize = 5;

/// How the error rates of a document are estimated.
#[derive(Clone, Copy, Debug)]
pub struct Prior {
    /// ln of the error rates at which the trees were fitted, by kind.
    pub fitted: [f32; KINDS],
    /// The error rate of each kind expected of a document of which nothing is known.
    pub start: f32,
    /// How many characters that expectation is worth.
    pub weight: f32,
}

/// Probability from which a suspect speaks for the error rate.
const SURE: f32 = 0.35;
/// Errors for each one that is sure: the others are less plain.
const FOR_EACH_SURE: f32 = 1.5;
/// No text that is worth reading has more errors a character.
const MOST: f32 = 0.03;

/// Estimates the error rates of a portion of a document, by kind, from the log-odds of its suspects, each with its kind and weight: r = Σp / characters,
/// iterated until it settles (Saerens et al. 2002, "Adjusting the outputs of a classifier to new a priori probabilities"), but over the sure
/// suspects alone. Were the doubtful ones counted, a text of another register, in which everything is a little suspect, would raise the rate that raises
/// its suspects. Clean text stays silent, a bad scan is read closely, and one whose errors are of the counted kind is not suspected of others.
pub fn settle(
    suspects: impl Iterator<Item = (f32, usize, f32)> + Clone,
    characters: usize,
    prior: &Prior,
) -> [f32; KINDS] {
    let mut rates = [prior.start; KINDS];
    for _ in 0..4 {
        let mut sums = [0.0; KINDS];
        for (log_odds, kind, weight) in suspects.clone() {
            let p = probability(log_odds + prior.shift(&rates, kind));
            if p >= SURE {
                sums[kind] += weight * FOR_EACH_SURE * p;
            }
        }
        let rate =
            |sum: f32| (sum + prior.start * prior.weight) / (characters as f32 + prior.weight);
        rates = sums.map(|sum| rate(sum).min(MOST));
    }
    rates
}

impl Prior {
    /// What rates other than those of the fit add to the log-odds of a suspect.
    pub fn shift(&self, rates: &[f32; KINDS], kind: usize) -> f32 {
        rates[kind].ln() - self.fitted[kind]
    }
}
