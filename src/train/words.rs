//! Chooses the words of the lexicon and counts them: the candidates of the word lists, cut out of
//! the training text by the best path, the counts of one round being the costs of the next.

use std::collections::HashMap;

use super::corpus::{Text, is_han};
use super::trie;
use super::word_lists::WordLists;
use crate::model::characters::{CharId, FIRST};
use crate::model::lexicon::{Kinds, Lexicon, WordId, encode};
use crate::model::ngram::quantise;
use crate::model::segment::{WINDOW, Window};

/// Rounds of cutting and counting, after the words have been chosen.
const ROUNDS: usize = 2;
/// The count of a word that is in a list and nowhere in the text.
const UNSEEN: f64 = 0.3;
/// A known wrong word is kept all the same where it is used this much against the right one: lists
/// hold variants too (标识 for 标志).
const USED: f64 = 0.05;
/// A reduplication stays if it is this much more common than chance, in nats (常常), or if it is
/// used this often in a million characters and not much less than chance (人人); 治治 is neither.
const REDUPLICATED: f64 = 1.0;
const OFTEN: f64 = 1.3;
const RARE: f64 = -2.0;

/// The words of a lexicon, the number of a word being its position.
#[derive(Debug)]
pub(crate) struct Words {
    spelling: Vec<Vec<CharId>>,
    kinds: Vec<Kinds>,
    /// How often each word was cut out of the text, and in how many paragraphs.
    counts: Vec<u64>,
    paragraphs: Vec<u64>,
    total_paragraphs: u64,
}

/// Chooses at most `most` words of two characters and more, and all single characters.
pub(crate) fn choose(
    text: &Text,
    lists: &WordLists,
    chars: &[char],
    most: usize,
    threads: usize,
) -> Words {
    let numbers: HashMap<char, CharId> = chars.iter().copied().zip(FIRST..).collect();
    let spell = |word: &str| {
        word.chars()
            .map(|character| numbers.get(&character).copied())
            .collect::<Option<Vec<_>>>()
    };
    let mut candidates: Vec<(Vec<CharId>, Kinds)> = lists
        .kinds
        .iter()
        .filter_map(|(word, &kinds)| Some((spell(word)?, kinds)))
        .collect();
    let single = |&(at, &character): &(usize, &char)| {
        is_han(character as u16) && !lists.kinds.contains_key(&chars[at].to_string())
    };
    candidates.extend(
        chars
            .iter()
            .enumerate()
            .filter(single)
            .map(|(at, _)| (vec![at as CharId + FIRST], Kinds::default())),
    );
    let mut words = Words::new(candidates);
    words.counts = words.occurrences(text, threads);
    words.recount(text, threads);
    let wrong: Vec<_> = lists
        .wrong
        .iter()
        .filter_map(|(wrong, right)| Some((spell(wrong)?, spell(right)?)))
        .collect();
    words.drop_wrong(&wrong, text);
    words.keep_most_usual(most);
    for _ in 0..ROUNDS {
        words.recount(text, threads);
    }
    words.sort();
    words
}

impl Words {
    fn new(mut candidates: Vec<(Vec<CharId>, Kinds)>) -> Self {
        candidates.sort_by(|one, other| one.0.cmp(&other.0));
        let (spelling, kinds): (Vec<_>, Vec<_>) = candidates.into_iter().unzip();
        let counts = vec![0; spelling.len()];
        Words {
            paragraphs: counts.clone(),
            counts,
            spelling,
            kinds,
            total_paragraphs: 1,
        }
    }

    fn len(&self) -> usize {
        self.spelling.len()
    }

    /// How many of the first words have two characters and more; see [`sort`](Self::sort).
    pub(crate) fn compounds(&self) -> usize {
        self.spelling
            .iter()
            .take_while(|word| word.len() > 1)
            .count()
    }

    /// The part of the model file.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut sorted: Vec<(&[CharId], WordId)> = self
            .spelling
            .iter()
            .zip(0..)
            .map(|(word, id)| (word.as_slice(), id))
            .collect();
        sorted.sort_unstable();
        let total = self.counts.iter().sum::<u64>().max(1) as f64;
        let frequency: Vec<u8> = self
            .counts
            .iter()
            .map(|&count| quantise(((count as f64).max(UNSEEN) / total).ln()))
            .collect();
        let paragraphs = self.total_paragraphs as f64;
        let idf: Vec<u8> = self
            .paragraphs
            .iter()
            .map(|&count| quantise(((count as f64).max(UNSEEN) / paragraphs).ln()))
            .collect();
        encode(&trie::build(&sorted), &frequency, &idf, &self.kinds)
    }

    /// How often each word stands in the text, overlapping ones included.
    fn occurrences(&self, text: &Text, threads: usize) -> Vec<u64> {
        let body = self.encode();
        let lexicon = view(&body);
        let paragraphs: Vec<&[CharId]> = text.paragraphs().collect();
        let counts = in_pieces(&paragraphs, threads, |paragraphs| {
            let mut counts = vec![0u64; self.len()];
            for paragraph in paragraphs {
                for start in 0..paragraph.len() {
                    for (_, word) in lexicon.prefixes(paragraph, start) {
                        counts[word as usize] += 1;
                    }
                }
            }
            counts
        });
        sum(counts)
    }

    /// Cuts the text into words by the present counts, and counts again.
    fn recount(&mut self, text: &Text, threads: usize) {
        let body = self.encode();
        let lexicon = view(&body);
        let paragraphs: Vec<&[CharId]> = text.paragraphs().collect();
        let counts = in_pieces(&paragraphs, threads, |paragraphs| {
            let mut counts = vec![0u64; self.len() * 2];
            let mut last_seen = vec![0u32; self.len()];
            for (paragraph, at) in paragraphs.iter().zip(1..) {
                cut(lexicon, paragraph, |word| {
                    counts[word as usize] += 1;
                    if last_seen[word as usize] != at {
                        last_seen[word as usize] = at;
                        counts[self.len() + word as usize] += 1;
                    }
                });
            }
            counts
        });
        let mut counts = sum(counts);
        self.paragraphs = counts.split_off(self.len());
        self.counts = counts;
        self.total_paragraphs = paragraphs.len() as u64;
    }

    fn position(&self) -> HashMap<&[CharId], usize> {
        self.spelling
            .iter()
            .enumerate()
            .map(|(at, word)| (word.as_slice(), at))
            .collect()
    }

    /// Drops known wrong words, reduplications that the text does not support, and misspellings.
    fn drop_wrong(&mut self, wrong: &[(Vec<CharId>, Vec<CharId>)], text: &Text) {
        let position = self.position();
        let count = |word: &[CharId]| position.get(word).map_or(0.0, |&at| self.counts[at] as f64);
        let mut dropped = vec![false; self.len()];
        for (wrong, right) in wrong {
            if let Some(&at) = position.get(wrong.as_slice()) {
                dropped[at] |= self.counts[at] as f64 <= USED * count(right).max(1.0 / USED);
            }
        }
        let mut singles: HashMap<CharId, f64> = HashMap::new();
        for &id in &text.codes {
            *singles.entry(id).or_default() += 1.0;
        }
        let total = text.codes.len() as f64;
        for (at, word) in self.spelling.iter().enumerate() {
            if let [one, other] = word[..]
                && one == other
            {
                let single = singles.get(&one).copied().unwrap_or(1.0);
                let count = (self.counts[at] as f64).max(UNSEEN);
                let over_chance = (count * total / (single * single)).ln();
                let often = count > OFTEN * total / 1e6 && over_chance > RARE;
                dropped[at] |= over_chance < REDUPLICATED && !often;
            }
        }
        self.retain(|at| !dropped[at]);
    }

    /// Keeps all single characters and the most usual of the other words; of those never seen,
    /// idioms come first.
    fn keep_most_usual(&mut self, most: usize) {
        let rank = |at: usize| {
            (
                self.counts[at],
                self.kinds[at].any(Kinds::IDIOM),
                self.kinds[at].any(Kinds::OFFICIAL),
            )
        };
        let mut compounds: Vec<usize> = (0..self.len())
            .filter(|&at| self.spelling[at].len() > 1)
            .collect();
        compounds.sort_by(|&one, &other| rank(other).cmp(&rank(one)).then_with(|| one.cmp(&other)));
        let mut kept: Vec<bool> = self.spelling.iter().map(|word| word.len() == 1).collect();
        for at in compounds.into_iter().take(most) {
            kept[at] = true;
        }
        self.retain(|at| kept[at]);
    }

    /// Numbers the words anew: those of two characters and more before single ones, each the most
    /// usual first, so that a table over the first numbers (topic vectors) covers the words that
    /// matter.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&one, &other| {
            let key = |at: usize| {
                (
                    self.spelling[at].len() == 1,
                    std::cmp::Reverse(self.paragraphs[at]),
                )
            };
            key(one)
                .cmp(&key(other))
                .then_with(|| self.spelling[one].cmp(&self.spelling[other]))
        });
        self.pick(&order);
    }

    fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let kept: Vec<usize> = (0..self.len()).filter(|&at| keep(at)).collect();
        self.pick(&kept);
    }

    fn pick(&mut self, positions: &[usize]) {
        self.spelling = positions
            .iter()
            .map(|&at| std::mem::take(&mut self.spelling[at]))
            .collect();
        self.kinds = positions.iter().map(|&at| self.kinds[at]).collect();
        self.counts = positions.iter().map(|&at| self.counts[at]).collect();
        self.paragraphs = positions.iter().map(|&at| self.paragraphs[at]).collect();
    }
}

/// # Panics
/// If the part was not laid out by [`encode`].
fn view(body: &[u8]) -> Lexicon<'_> {
    Lexicon::parse(body).expect("a lexicon that was just encoded can be read")
}

/// Cuts a numbered paragraph into words of the lexicon.
pub(crate) fn cut(lexicon: Lexicon<'_>, paragraph: &[CharId], mut visit: impl FnMut(WordId)) {
    let mut window = Window::new();
    let is_word = |id: CharId| lexicon.child(lexicon.root(), id).is_some();
    for stretch in paragraph.split(|&id| !is_word(id)) {
        for piece in stretch.chunks(WINDOW) {
            for &id in piece {
                window.push(id, 0);
            }
            window.flush(lexicon, 0, |word| {
                if let Some(word) = word.word {
                    visit(word);
                }
            });
        }
    }
}

/// Runs `work` on one piece of the paragraphs a thread; the results in the order of the pieces.
pub(crate) fn in_pieces<'t, T: Send>(
    paragraphs: &[&'t [CharId]],
    threads: usize,
    work: impl Fn(&[&'t [CharId]]) -> T + Sync,
) -> Vec<T> {
    let size = paragraphs.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> = paragraphs
            .chunks(size)
            .map(|piece| scope.spawn(|| work(piece)))
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().expect("counting does not panic"))
            .collect()
    })
}

fn sum(parts: Vec<Vec<u64>>) -> Vec<u64> {
    parts
        .into_iter()
        .reduce(|mut sum, part| {
            for (total, more) in sum.iter_mut().zip(part) {
                *total += more;
            }
            sum
        })
        .unwrap_or_default()
}
