//! Phrases planted in many documents, between sentences or inside them: a site's mark against
//! copying, a line of a book's pirate.
//!
//! Whoever plants a phrase sets it between sentences now and then, so it is found as an opening
//! that recurs, and then looked for everywhere. A set phrase of the language recurs as well; what
//! tells the two apart is the text around: after a planted phrase a sentence begins, after a set
//! phrase one goes on; and the text closes over a planted phrase that is taken out.

use std::collections::HashMap;

use super::Collection;
use super::boilerplate::Recurring;
use super::comparable::{Body, Fold, Folded, Rolling};
use super::openings::{self, OPENING, is_comma, needed};
use crate::model::Model;
use crate::model::characters::{BOUNDARY, CharId};
use crate::text::{is_closing, is_sentence_end};

/// Characters of the longest phrase.
const LONGEST: usize = 40;
/// Occurrences from which a phrase is grown, and how many of ten must agree.
const SAMPLES: usize = 40;
const AGREE: usize = 9;
/// What the four tests ask: nats by which what follows is likelier as the beginning of a sentence;
/// shares of occurrences, in percent, of which so many may be followed by a comma, so many must be
/// closed over by the text, so many must stand at a paragraph's end or inside a sentence.
const OPENS: i64 = 1_000;
const COMMAS: usize = 20;
const CLOSES: usize = 60;
const AT_END: usize = 5;
const INSIDE: usize = 20;

/// A phrase that was planted in many documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Watermark {
    /// The phrase as it stands in the first of them.
    pub text: String,
    /// How many documents have it.
    pub documents: usize,
    /// How often it stands in them together.
    pub times: usize,
    /// The first document that has it.
    pub first: usize,
}

/// Openings that recur, with a few of the places where each stands.
#[derive(Default)]
pub(crate) struct Openings(HashMap<u64, Vec<Sample>>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Sample {
    document: u32,
    at: u32,
    /// Its comparable characters up to the end of the line, 0 behind them.
    chars: [Folded; LONGEST],
}

impl Openings {
    /// Takes the openings of a document that recur.
    pub(crate) fn take(&mut self, fold: Fold, text: &str, document: usize, recurring: &Recurring) {
        openings::each(fold, text, |key, at| {
            if !recurring.opens_many(key) {
                return;
            }
            let samples = self.0.entry(key).or_default();
            // a thread reads in ascending order, so it keeps its first ones
            let document = document as u32;
            if samples.len() < SAMPLES && samples.last().is_none_or(|s| s.document != document) {
                let line = text[at..].chars().take_while(|c| !matches!(c, '\n' | '\r'));
                let line = line.take(LONGEST * 2).map(|c| fold.of(c));
                let mut chars = [0; LONGEST];
                for (to, c) in chars.iter_mut().zip(line.filter(|c| *c != 0)) {
                    *to = c;
                }
                let at = at as u32;
                samples.push(Sample {
                    document,
                    at,
                    chars,
                });
            }
        });
    }
}

/// A phrase and what was seen around it.
struct Phrase {
    chars: Vec<Folded>,
    /// Where it stands: a document, and the byte.
    place: (usize, usize),
}

impl Phrase {
    /// As it stands there.
    fn text(&self, collection: &dyn Collection) -> String {
        let fold = Fold::new();
        let (document, at) = self.place;
        let mut found = String::new();
        collection.read(document, &mut Vec::new(), &mut |text| {
            let mut left = self.chars.len();
            let rest = text.get(at..).unwrap_or_default().chars();
            found = rest
                .take_while(|c| {
                    let before = left;
                    left = left.saturating_sub(usize::from(fold.of(*c) != 0));
                    before > 0
                })
                .collect();
        });
        found
    }
}

#[derive(Clone, Copy, Default)]
struct Seen {
    documents: usize,
    times: usize,
    first: usize,
    commas: usize,
    at_end: usize,
    inside: usize,
    /// Occurrences that could be tested for what follows, and thousandths of a nat in favour of a
    /// beginning.
    followed: usize,
    opens: i64,
    tested: usize,
    closes: usize,
}

impl Seen {
    fn add(&mut self, other: &Self) {
        self.first = match (self.documents, other.documents) {
            (0, _) => other.first,
            (_, 0) => self.first,
            _ => self.first.min(other.first),
        };
        self.documents += other.documents;
        self.times += other.times;
        self.commas += other.commas;
        self.at_end += other.at_end;
        self.inside += other.inside;
        self.followed += other.followed;
        self.opens += other.opens;
        self.tested += other.tested;
        self.closes += other.closes;
    }

    fn is_planted(&self, needed: usize) -> bool {
        let share = |part: usize, least: usize, of: usize| part * 100 >= of * least;
        self.documents >= needed
            && self.followed * 4 >= self.times
            && self.opens >= OPENS * self.followed as i64
            && self.commas * 100 <= self.times * COMMAS
            && (self.tested < 3 || share(self.closes, CLOSES, self.tested))
            && (share(self.at_end, AT_END, self.times) || share(self.inside, INSIDE, self.times))
    }
}

/// Phrases that may be planted, looked for in the whole collection.
pub(crate) struct Search {
    phrases: Vec<Phrase>,
    needed: usize,
    rolling: Rolling<OPENING>,
    by_hash: HashMap<u64, Vec<usize>>,
    filter: Filter,
    around: Around,
}

/// What one thread sees of them.
pub(crate) struct Looked {
    seen: Vec<Seen>,
    found: Vec<(usize, usize)>,
}

impl Search {
    /// Grows the openings of so many documents to phrases; nothing where there is none.
    pub(crate) fn new(openings: Vec<Openings>, documents: usize) -> Option<Self> {
        let needed = needed(documents);
        let mut samples: HashMap<u64, Vec<Sample>> = HashMap::new();
        for (key, list) in openings.into_iter().flat_map(|o| o.0) {
            samples.entry(key).or_default().extend(list);
        }
        let mut phrases: Vec<_> = samples
            .into_values()
            .filter_map(|mut list| {
                list.sort_unstable();
                list.truncate(SAMPLES);
                (list.len() >= needed.min(SAMPLES))
                    .then(|| grow(&list))
                    .flatten()
            })
            .collect();
        phrases.sort_by(|a, b| a.chars.cmp(&b.chars));
        let rolling = Rolling::<OPENING>::new();
        let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
        for (i, phrase) in phrases.iter().enumerate() {
            rolling.over(&phrase.chars[..OPENING], |_, hash| {
                by_hash.entry(hash).or_default().push(i)
            });
        }
        (!phrases.is_empty()).then(|| Self {
            filter: Filter::new(by_hash.keys().copied()),
            around: Around::new(),
            phrases,
            needed,
            rolling,
            by_hash,
        })
    }

    pub(crate) fn begin(&self) -> Looked {
        Looked {
            seen: vec![Seen::default(); self.phrases.len()],
            found: Vec::new(),
        }
    }

    /// Looks for the phrases in a document.
    pub(crate) fn look(&self, text: &str, body: &Body, document: usize, looked: &mut Looked) {
        let Looked { seen, found } = looked;
        found.clear();
        self.rolling.over(&body.chars, |at, hash| {
            if self.filter.may_have(hash)
                && let Some(list) = self.by_hash.get(&hash)
            {
                found.extend(list.iter().map(|i| (*i, at)));
            }
        });
        found.sort_unstable();
        let mut last = None;
        for (i, at) in found.iter().copied() {
            let chars = &self.phrases[i].chars;
            if body.chars[at..].starts_with(chars) {
                let places = at..at + chars.len();
                self.around.look(text, body, places, &mut seen[i]);
                if last != Some(i) {
                    seen[i].add(&Seen {
                        documents: 1,
                        first: document,
                        ..Seen::default()
                    });
                }
                last = Some(i);
            }
        }
    }

    /// Those that were planted, of what all threads saw.
    pub(crate) fn settle(
        self,
        collection: &dyn Collection,
        looked: impl Iterator<Item = Looked>,
    ) -> Vec<Watermark> {
        let mut all = vec![Seen::default(); self.phrases.len()];
        for looked in looked {
            all.iter_mut()
                .zip(&looked.seen)
                .for_each(|(all, seen)| all.add(seen));
        }
        settle(collection, self.phrases, &all, self.needed)
    }
}

fn settle(
    collection: &dyn Collection,
    phrases: Vec<Phrase>,
    seen: &[Seen],
    needed: usize,
) -> Vec<Watermark> {
    let mut planted: Vec<_> = phrases
        .into_iter()
        .zip(seen)
        .filter(|(_, seen)| seen.is_planted(needed))
        .collect();
    planted.sort_by(|(a, x), (b, y)| {
        y.documents
            .cmp(&x.documents)
            .then_with(|| a.chars.cmp(&b.chars))
    });
    // a part of a phrase that is known already says nothing new
    let mut known: Vec<Vec<Folded>> = Vec::new();
    planted
        .into_iter()
        .filter(|(phrase, _)| {
            let part =
                |other: &Vec<Folded>| other.windows(phrase.chars.len()).any(|w| w == phrase.chars);
            let new = !known.iter().any(part);
            known.push(phrase.chars.clone());
            new
        })
        .map(|(phrase, seen)| Watermark {
            text: phrase.text(collection),
            documents: seen.documents,
            times: seen.times,
            first: seen.first,
        })
        .collect()
}

/// The longest phrase on which nearly all samples agree.
fn grow(samples: &[Sample]) -> Option<Phrase> {
    let mut agreeing: Vec<&Sample> = samples.iter().collect();
    let mut chars: Vec<Folded> = Vec::new();
    while chars.len() < LONGEST {
        let at = chars.len();
        let mut counts: HashMap<Folded, usize> = HashMap::new();
        for sample in &agreeing {
            *counts.entry(sample.chars[at]).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(c, n)| (*n, *c));
        let Some((c, _)) = most.filter(|(c, n)| *c != 0 && n * 10 >= samples.len() * AGREE) else {
            break;
        };
        agreeing.retain(|sample| sample.chars[at] == c);
        chars.push(c);
    }
    if chars.len() < OPENING || chars.len() >= LONGEST {
        return None;
    }
    let first = agreeing.first()?;
    let place = (first.document as usize, first.at as usize);
    Some(Phrase { chars, place })
}

/// A small table that says of most hashes that they are not among some.
struct Filter(Vec<u64>);

impl Filter {
    fn new(hashes: impl Iterator<Item = u64>) -> Self {
        let mut bits = vec![0; 1024];
        for hash in hashes {
            bits[(hash >> 6) as usize % 1024] |= 1 << (hash & 63);
        }
        Self(bits)
    }

    fn may_have(&self, hash: u64) -> bool {
        self.0[(hash >> 6) as usize % 1024] >> (hash & 63) & 1 == 1
    }
}

/// Judges what stands around a phrase by the language model.
struct Around {
    model: &'static Model,
}

impl Around {
    fn new() -> Self {
        Self {
            model: Model::embedded(),
        }
    }

    fn look(&self, text: &str, body: &Body, places: std::ops::Range<usize>, seen: &mut Seen) {
        let from = body.at[places.start] as usize;
        let last = body.at[places.end - 1] as usize;
        let to = last + text[last..].chars().next().map_or(0, char::len_utf8);
        seen.times += 1;
        let next = text[to..].chars().next();
        let before = text[..from].chars().next_back();
        seen.commas += usize::from(next.is_some_and(is_comma) || text[from..to].contains(is_comma));
        seen.at_end += usize::from(next.is_none_or(|c| matches!(c, '\n' | '\r')));
        let fold = Fold::new();
        let counts = |c: Option<char>| c.is_some_and(|c| fold.of(c) != 0);
        let inside = counts(before);
        seen.inside += usize::from(inside);
        let opening = |c: char| !is_sentence_end(c) && !is_closing(c) && !is_comma(c);
        if !next.is_some_and(|c| opening(c) && c != '\n' && c != '\r') {
            return;
        }
        let ids = |text: &str| -> Vec<CharId> {
            text.chars()
                .take(3)
                .map(|c| self.model.characters().id(c))
                .collect()
        };
        let after = ids(&text[to..]);
        let tail = |text: &str| -> Vec<CharId> {
            let mut ids: Vec<_> = text
                .chars()
                .rev()
                .take(2)
                .map(|c| {
                    if is_sentence_end(c) || c == '\n' {
                        BOUNDARY
                    } else {
                        self.model.characters().id(c)
                    }
                })
                .collect();
            ids.reverse();
            ids
        };
        let end = tail(&text[from..to]);
        seen.followed += 1;
        let gain = self.follows(&[BOUNDARY, BOUNDARY], &after) - self.follows(&end, &after);
        if inside {
            // the text before it goes on, instead of a sentence that begins
            let before = tail(&text[..from]);
            let start = ids(&text[from..to]);
            let closed = self.follows(&before, &after) - self.follows(&end, &after);
            seen.tested += 1;
            let planted = self.follows(&before, &start);
            seen.closes += usize::from(self.follows(&before, &after) > planted);
            seen.opens += thousandths(gain.max(closed));
        } else {
            seen.opens += thousandths(gain);
        }
    }

    /// How likely some characters are after two others, in nats.
    fn follows(&self, before: &[CharId], after: &[CharId]) -> f32 {
        let ngram = self.model.ngram();
        let [.., a, b] = before else { return 0.0 };
        let (mut a, mut b, mut sum) = (*a, *b, 0.0);
        for c in after.iter().take(2) {
            sum += ngram.log_prob(a, b, *c);
            (a, b) = (b, *c);
        }
        sum
    }
}

/// Whole thousandths, so that the sum does not depend on the order; a single occurrence weighs no
/// more than eight nats.
fn thousandths(nats: f32) -> i64 {
    (nats.clamp(-8.0, 8.0) * 1000.0) as i64
}
