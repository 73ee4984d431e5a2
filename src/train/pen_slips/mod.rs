//! Fits what tells slips of the pen: what stands around the characters of a pair, by logistic
//! regression on clean text; and the trees that weigh it, on the same text with characters
//! exchanged as writers exchange them, here and there or always.

mod contexts;

use std::collections::{BTreeMap, HashMap};

use super::boost::Options;
use super::figures::{self, Figures};
use super::gathered::Gathered;
use super::lapses::lines;
use super::random::Random;
use crate::model::Model;
use crate::model::container::{ModelError, Writer};
use crate::model::lexicon::Kinds;
use crate::model::trees::Trees;
use crate::reading::proofreading::pen_slips::{
    CONTEXTS, PART, PenSlip, PenSlips, Place, VERSION, encode,
};
use crate::reading::proofreading::scored_paragraph::Passage;
use crate::said;
use crate::text::is_han;
use contexts::{gather_contexts, pairs, regress};

/// One slip of the pen in so many characters: the prior of the fit.
const CHARACTERS_PER_SLIP: f32 = 8_000.0;
/// Log-odds, by trees that did not see it, from which a place of clean text is taken for a slip of
/// its own.
const ASIDE: f32 = 1.0;

/// All places of a text that speak for a slip.
pub(super) fn places(slips: &PenSlips<'_>, model: &Model, text: &str) -> Vec<Place> {
    let mut reading = slips.reading();
    let mut passage = Passage::default();
    for paragraph in lines(text) {
        passage.read(model.reader(), &text[paragraph.clone()]);
        reading.paragraph(paragraph.start, &text[paragraph], &passage);
    }
    reading.places()
}

/// One character that can be exchanged of so many is, by chance.
const SPACING: usize = 300;
/// Three characters of so many are exchanged by habit: always, every second or every third time.
const HABITS: usize = 200;

/// A text in which characters are exchanged, by chance and by the habits of a writer: where.
fn damage(
    text: &str,
    others: &HashMap<char, Vec<char>>,
    random: &mut Random,
) -> (String, Vec<usize>) {
    let mut habits: HashMap<char, (char, usize)> = HashMap::new();
    let (mut damaged, mut made) = (String::with_capacity(text.len()), Vec::new());
    for c in text.chars() {
        let Some(alike) = others.get(&c) else {
            damaged.push(c);
            continue;
        };
        let draw = random.below(HABITS);
        let pick = alike[random.below(alike.len())];
        let habit = habits
            .entry(c)
            .or_insert((pick, if draw < 3 { draw + 1 } else { 0 }));
        let by_habit = habit.1 > 0 && random.below(habit.1) == 0;
        let by_chance = random.below(SPACING) == 0;
        if by_habit || by_chance {
            made.push(damaged.len());
            damaged.push(if by_habit { habit.0 } else { pick });
        } else {
            damaged.push(c);
        }
    }
    (damaged, made)
}

/// One text of so many has a term of its own that begins with a character that can be exchanged …
const TERMS: usize = 40;
/// … and that stands so many times in it at least.
const OFTEN: usize = 5;

/// A text in which a noun is another one throughout, as a term is that few texts know (结点 where
/// most write 节点), and where it stands; nothing where none recurs.
fn with_term(
    model: &Model,
    text: &str,
    others: &HashMap<char, Vec<char>>,
    random: &mut Random,
) -> Option<(String, Vec<usize>)> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, c) in text.char_indices().filter(|(_, c)| others.contains_key(c)) {
        let end = at + c.len_utf8();
        if let Some(next) = text[end..].chars().next().filter(|next| is_han(*next)) {
            *times.entry(&text[at..end + next.len_utf8()]).or_default() += 1;
        }
    }
    times.retain(|word, times| *times >= OFTEN && is_noun(model, word));
    let choice = random.below(times.len().max(1));
    let (word, _) = times.into_iter().nth(choice)?;
    let first = word.chars().next()?;
    let alike = others.get(&first)?;
    let other = alike[random.below(alike.len())];
    let term = format!("{other}{}", &word[first.len_utf8()..]);
    let places = text.match_indices(word).enumerate();
    let places = places.map(|(before, (at, _))| at + before * term.len() - before * word.len());
    let places = places.collect();
    Some((text.replace(word, &term), places))
}

/// Whether a word is a noun and nothing else.
fn is_noun(model: &Model, word: &str) -> bool {
    let reader = model.reader();
    let ids: Vec<_> = word.chars().map(|c| reader.characters.id(c)).collect();
    let others = Kinds(Kinds::VERB.0 | Kinds::ADJECTIVE.0 | Kinds::ADVERB.0 | Kinds::FUNCTION.0);
    let kinds = reader
        .lexicon
        .find(&ids)
        .map(|word| reader.lexicon.kinds(word));
    kinds.is_some_and(|kinds| kinds.any(Kinds::NOUN) && !kinds.any(others))
}

/// What is gathered of texts.
#[derive(Default)]
struct Found {
    rows: Gathered<{ PenSlip::WIDTH }>,
    characters: usize,
    /// Characters that were exchanged.
    made: usize,
}

impl Found {
    fn of(model: &Model, texts: &[&str]) -> Self {
        let mut found = Self::default();
        let Some(slips) = PenSlips::of(model) else {
            return found;
        };
        let mut others: HashMap<char, Vec<char>> = HashMap::new();
        for [one, other] in pairs() {
            others.entry(one).or_default().push(other);
            others.entry(other).or_default().push(one);
        }
        let mut random = Random::new(13);
        for (number, text) in texts.iter().enumerate() {
            for place in places(&slips, model, text) {
                found.rows.push(place.row.columns(), false, 1.0, number);
            }
            let (damaged, made) = damage(text, &others, &mut random);
            for place in places(&slips, model, &damaged) {
                let right = || text[place.start..].starts_with(place.meant);
                if made.binary_search(&place.start).is_ok() && right() {
                    found.rows.push(place.row.columns(), true, 1.0, number);
                }
            }
            if number % TERMS == 0
                && let Some((text, terms)) = with_term(model, text, &others, &mut random)
            {
                for place in places(&slips, model, &text) {
                    if terms.binary_search(&place.start).is_ok() {
                        found.rows.push(place.row.columns(), false, 1.0, number);
                    }
                }
            }
            found.made += made.len();
            found.characters += text.chars().count();
        }
        found
    }
}

/// Adds the contexts and the trees to a copy of a model.
pub(super) fn fit(
    model: &Model,
    counted: &[&str],
    (texts, unseen): (&[&str], &[&str]),
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, Figures), ModelError> {
    let pairs = pairs();
    let around = gather_contexts(model, &pairs, counted);
    let mut weights = BTreeMap::new();
    // a pair that the text is too poor in is never asked: nothing speaks for its second character
    let biases = around.iter().map(|a| regress(a, &mut weights));
    let known: Vec<_> = pairs.iter().copied().zip(biases).collect();
    let asked = known.iter().filter(|(_, bias)| bias.is_some()).count();
    let table: Vec<_> = known
        .iter()
        .map(|(pair, bias)| match bias {
            Some(bias) => (*pair, *bias),
            None => (['\0', '\0'], 0.0),
        })
        .collect();
    tell(&said!(
        "{asked} pairs, {} pieces of context", weights.len();
        "{asked}对，{}项上下文", weights.len()
    ));
    let mut writer = Writer::copy_of(model);
    writer.put(CONTEXTS, VERSION, encode(&table, &weights));
    let model = Model::from_bytes(writer.finish())?;
    let found = Found::of(&model, texts);
    let (rows, slips) = (found.rows.len(), found.rows.slips());
    let made = found.made;
    tell(&said!(
        "{rows} rows, {slips} of {made} slips";
        "{rows}行，笔误{slips}处（共{made}处）"
    ));
    let weight = found.characters as f32 / CHARACTERS_PER_SLIP / found.made.max(1) as f32;
    let gathered = found.rows.with_slips_weighing(weight);
    let options = Options {
        trees: 120,
        leaves: 12,
        min_rows: 20.0,
        ..Options::default()
    };
    let cleaned = gathered.cleaned(PenSlip::NAMES, &options, ASIDE);
    tell(&said!(
        "{} rows of the text set aside", rows - cleaned.len();
        "搁置文本{}行", rows - cleaned.len()
    ));
    let trees = cleaned.fit(PenSlip::NAMES, &options);
    let figures = measure(&model, unseen, &trees);
    writer.put(PART, VERSION, trees);
    Ok((writer, figures))
}

/// Probability from which a slip counts as found when the trees are measured.
const FOUND: f32 = 0.7;

/// Notes how many of exchanged characters are found, and how much of text as it stands is called a
/// slip; real slips are among that.
fn measure(model: &Model, unseen: &[&str], trees: &[u8]) -> Figures {
    let mut figures = Figures::new();
    let Some(trees) = Trees::view(trees) else {
        return figures;
    };
    let gathered = Found::of(model, unseen);
    let (found, alarms) = gathered.rows.told(&trees, FOUND);
    if gathered.made > 0 {
        figures.insert(format!("recall.{PART}"), found / gathered.made as f64);
    }
    figures::alarms(&mut figures, PART, alarms, gathered.characters);
    figures
}
