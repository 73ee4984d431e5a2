//! Fits what `misquoted-phrase` needs: the set phrases with their counts, the near misses that many
//! documents hold, and the trees.
//!
//! The trees are fitted on running text: every near miss in it is taken for right, and into a part
//! of the lines a phrase is set as a recogniser or a typist would damage it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::boost::{Options, Rows, fit_without_own};
use super::figures::{self, Figures};
use super::slips::Slips;
use crate::model::Model;
use crate::model::confusables;
use crate::model::container::{ModelError, Writer};
use crate::model::phrases::{self, LENGTH, Phrases, Seen, Sources};
use crate::model::trees::Trees;
use crate::reading::quoting::is_alike;
use crate::reading::quoting::set_phrases::{self, Misquotation, NearMiss, Quoter, Run};
use crate::said;
use crate::text::is_han;

/// A near miss that fewer documents hold is no usage.
const USAGE: u32 = 2;
/// One damaged phrase in so many characters: the prior of the fit.
const CHARACTERS_PER_SLIP: f32 = 20_000.0;
/// Probability from which a near miss of the training text by a look-alike or sound-alike is taken
/// for a slip of its own.
const ASIDE: f32 = 0.5;
/// How often what is a slip of the text is set aside.
const ROUNDS: usize = 3;

/// The code points of a phrase of four Chinese characters.
fn code_points(text: &str) -> Option<[u16; LENGTH]> {
    let code: Vec<u16> = text.encode_utf16().collect();
    let code: [u16; LENGTH] = code.try_into().ok()?;
    text.chars().all(is_han).then_some(code)
}

/// The runs of Chinese characters of a text.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = Run> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_han)?;
        let end = text[start..]
            .find(|c| !is_han(c))
            .map_or(text.len(), |n| start + n);
        at = end;
        Some(Run { start, end })
    })
}

/// Adds the phrases, and the trees that weigh near misses, to a copy of a model. `listed` are
/// phrases of four characters, each with whether it is kept even if the texts never have it;
/// `wrong` known misspellings. Of the texts the first are counted, the second fitted on, the third
/// measured on.
///
/// # Errors
/// If the model cannot be read back.
pub fn fit(
    model: &Model,
    listed: &[(String, bool)],
    wrong: &HashSet<String>,
    [texts, fitted, unseen]: [&[&str]; 3],
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, Figures), ModelError> {
    let usual: HashSet<[u16; LENGTH]> = listed
        .iter()
        .filter(|p| p.1 && !wrong.contains(&p.0))
        .filter_map(|p| code_points(&p.0))
        .collect();
    let listed: Vec<[u16; LENGTH]> = listed
        .iter()
        .filter(|p| !wrong.contains(&p.0))
        .filter_map(|p| code_points(&p.0))
        .collect();
    let first = Sources {
        phrases: listed.iter().map(|p| (*p, 0)).collect(),
        usage: Vec::new(),
    }
    .encode();
    let Some(table) = Phrases::parse(&first) else {
        return Err(ModelError::Damaged {
            part: phrases::PART,
            what: "it cannot be read back",
        });
    };
    let (counts, documents) = count(table, texts);
    let kept: Vec<_> = (0..table.len())
        .map(|number| {
            let count = counts.get(&number).copied().unwrap_or(0);
            (table.phrase(number), count)
        })
        .filter(|&(phrase, count)| count > 0 || usual.contains(&phrase))
        .collect();
    let known: HashSet<[u16; LENGTH]> = kept.iter().map(|p| p.0).collect();
    tell(&said!(
        "{} phrases of {} listed ones stand in the text", kept.len(), listed.len();
        "{}条短语见于文本，列出的有{}条", kept.len(), listed.len()
    ));
    // what only comes near a phrase that never occurs need not be known
    let usage: Vec<_> = documents
        .iter()
        .filter(|(_, (phrases, n))| {
            *n >= USAGE && phrases.iter().any(|&p| known.contains(&table.phrase(p)))
        })
        .map(|(text, (_, n))| (text.clone(), *n))
        .collect();
    tell(&said!("{} near misses are usage", usage.len(); "{}种相近的写法是惯用", usage.len()));
    let part = Sources {
        phrases: kept,
        usage,
    }
    .encode();
    tell(&said!("{} bytes of phrases", part.len(); "短语表{}字节", part.len()));
    let mut writer = Writer::copy_of(model);
    writer.put(phrases::PART, phrases::VERSION, part);
    let with_phrases = Model::from_bytes(writer.finish())?;
    let unreadable = ModelError::Damaged {
        part: confusables::PART,
        what: "it is missing",
    };
    let Some(quoter) = Quoter::of(&with_phrases) else {
        return Err(unreadable);
    };
    let Some(slips) = Slips::of(&with_phrases) else {
        return Err(unreadable);
    };
    let gathered = gather(&quoter, &slips, fitted);
    tell(&said!(
        "{} rows of text, {} of slips", gathered.right.len(), gathered.wrong.len();
        "文本{}行，笔误{}行", gathered.right.len(), gathered.wrong.len()
    ));
    let trees = gathered.fit(tell)?;
    let mut figures = Figures::new();
    let measured = gather(&quoter, &slips, unseen).rows(|_| true).0;
    figures::weighed(&mut figures, set_phrases::PART, &measured, &trees, 0);
    writer.put(set_phrases::PART, set_phrases::VERSION, trees);
    Ok((writer, figures))
}

/// Near misses with the phrases they come near to and the number of documents.
type NearMisses = HashMap<Vec<u16>, (Vec<usize>, u32)>;

/// How often each phrase stands in the texts, and in how many of them each near miss.
fn count(
    table: Phrases<'_>,
    texts: &[&str],
) -> (std::collections::BTreeMap<usize, u32>, NearMisses) {
    let mut counts = std::collections::BTreeMap::new();
    let mut documents: NearMisses = HashMap::new();
    let mut run = Vec::new();
    for text in texts {
        let mut in_text: HashMap<Vec<u16>, Vec<usize>> = HashMap::new();
        for Run { start, end } in runs(text) {
            run.clear();
            run.extend(
                text[start..end]
                    .chars()
                    .map(|c| u16::try_from(c as u32).unwrap_or(0)),
            );
            table.scan(&run, &mut |seen| match seen {
                Seen::Whole(_, phrase) => *counts.entry(phrase).or_default() += 1,
                Seen::Near(near) => {
                    let phrases = in_text
                        .entry(run[near.start..near.end].to_vec())
                        .or_default();
                    if !phrases.contains(&near.phrase) {
                        phrases.push(near.phrase);
                    }
                }
            });
        }
        for (near, phrases) in in_text {
            documents.entry(near).or_insert((phrases, 0)).1 += 1;
        }
    }
    (counts, documents)
}

/// Rows to fit on.
struct Gathered {
    right: Vec<([f32; NearMiss::WIDTH], u8)>,
    wrong: Vec<([f32; NearMiss::WIDTH], bool, u8)>,
    characters: usize,
}

fn gather(quoter: &Quoter<'_>, slips: &Slips<'_>, texts: &[&str]) -> Gathered {
    let mut gathered = Gathered {
        right: Vec::new(),
        wrong: Vec::new(),
        characters: 0,
    };
    let mut random = super::random::Random::new(5);
    for (number, text) in texts.iter().enumerate() {
        let fold = (number % 4) as u8;
        gathered.characters += text.chars().count();
        for found in quoter.misquotations(text, runs(text)) {
            gathered.right.push((found.row.columns(), fold));
        }
        let (damaged, made) = damage(quoter, slips, text, &mut random);
        for found in quoter.misquotations(&damaged, runs(&damaged)) {
            let Misquotation {
                start,
                end,
                near,
                row,
            } = found;
            let next = made.partition_point(|(range, _)| range.end <= start);
            if let Some((range, phrase)) = made.get(next)
                && range.start < end
            {
                let meant = near.phrase == *phrase && start <= range.start && end >= range.end;
                gathered.wrong.push((row.columns(), meant, fold));
            }
        }
    }
    gathered
}

/// Phrases of a text that are damaged at most: there are few in the others.
const DAMAGED: usize = 8;

/// A text with some of its phrases damaged: where each stands, in their order, and which it is.
fn damage(
    quoter: &Quoter<'_>,
    slips: &Slips<'_>,
    text: &str,
    random: &mut super::random::Random,
) -> (String, Vec<(Range<usize>, usize)>) {
    let mut whole = Vec::new();
    for run in runs(text) {
        let characters: Vec<u16> = text[run.start..run.end]
            .chars()
            .map(|c| u16::try_from(c as u32).unwrap_or(0))
            .collect();
        quoter.phrases().scan(&characters, &mut |seen| {
            if let Seen::Whole(at, phrase) = seen {
                let before: usize = text[run.start..].chars().take(at).map(char::len_utf8).sum();
                whole.push((run.start + before, phrase));
            }
        });
    }
    while whole.len() > DAMAGED {
        whole.remove(random.below(whole.len()));
    }
    let (mut damaged, mut made, mut done) = (String::with_capacity(text.len()), Vec::new(), 0);
    for (start, phrase) in whole {
        let right = quoter.phrases().text(phrase);
        let Some(wrong) = slips.phrase(&right, random).filter(|_| start >= done) else {
            continue;
        };
        damaged.push_str(&text[done..start]);
        made.push((damaged.len()..damaged.len() + wrong.len(), phrase));
        damaged.push_str(&wrong);
        done = start + right.len();
    }
    damaged.push_str(&text[done..]);
    (damaged, made)
}

impl Gathered {
    fn rows(&self, keep: impl Fn(&[f32; NearMiss::WIDTH]) -> bool) -> (Rows, Vec<u8>) {
        let (mut rows, mut folds) = (Rows::new(NearMiss::NAMES), Vec::new());
        for (row, fold) in self.right.iter().filter(|r| keep(&r.0)) {
            rows.push(row, false, 1.0);
            folds.push(*fold);
        }
        let slips = self.wrong.iter().filter(|w| w.1).count();
        let weight = self.characters as f32 / CHARACTERS_PER_SLIP / slips.max(1) as f32;
        for (row, meant, fold) in &self.wrong {
            rows.push(row, *meant, weight);
            folds.push(*fold);
        }
        (rows, folds)
    }

    /// Scraped text holds slips itself.
    fn fit(&self, tell: &mut dyn FnMut(&str)) -> Result<Vec<u8>, ModelError> {
        let options = Options {
            trees: 120,
            leaves: 12,
            min_rows: 20.0,
            ..Options::default()
        };
        let is_slip = |judge: &Trees<'_>, row: &[f32; NearMiss::WIDTH]| {
            let near = NearMiss::of(row);
            is_alike([near.counted, near.likeness, near.sound]) && judge.probability(row) > ASIDE
        };
        let rows = |keep: &dyn Fn(&[f32; NearMiss::WIDTH]) -> bool| self.rows(keep);
        fit_without_own((set_phrases::PART, ROUNDS), &options, rows, is_slip, tell)
    }
}
