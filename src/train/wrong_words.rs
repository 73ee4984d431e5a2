//! Fits the trees that say whether a form of a list of wrong words is a slip where it stands,
//! although it may be right there.
//!
//! Every such form of clean text is taken for right. For slips, right words of the same text are
//! exchanged for their wrong forms. Forms that nobody was seen to write were listed because that
//! text does not have them: what is right of these comes from the right side of pairs, which no
//! list was made from.

use std::collections::{BTreeMap, HashMap};

use super::boost::Options;
use super::figures::{self, Figures};
use super::gathered::Gathered;
use super::random::Random;
use crate::model::Model;
use crate::model::container::{ModelError, Writer};
use crate::model::trees::Trees;
use crate::pattern::declared::Script;
use crate::pattern::word_list::{Class, Entry};
use crate::pattern::word_lists;
use crate::pattern::wrong_words::{is_known_right, is_old, place, script_of};
use crate::reading::wrong_words::{PART, VERSION, Weigher, WrongWord};
use crate::said;
use crate::text::{Census, Span, around};

/// One right word in so many is written in a wrong form: the prior of the fit. Edited text has
/// fewer, what a machine read has more.
const WORDS_PER_SLIP: f32 = 2_000.0;
/// One right word in so many is exchanged, for a form that people are known to write and for one
/// that nobody was seen to write.
const SPACING: [usize; 2] = [40, 200];
/// Log-odds, by trees that did not see it, from which a form of the text is taken for a slip of its
/// own. They are this low since scraped text holds a few of these slips many times over: of forms
/// that gain so much nearly all are slips, read by eye.
const ASIDE: f32 = -2.0;
/// How often what is a slip of the text is set aside: each time the rest says more clearly what is
/// right.
const ROUNDS: usize = 6;

/// Words that are looked for together, by their first two characters, each with something that
/// belongs to it.
struct Finder<T>(HashMap<[char; 2], Vec<(&'static str, T)>>);

impl<T> Finder<T> {
    fn new(words: impl Iterator<Item = (&'static str, T)>) -> Self {
        let mut by_beginning: HashMap<_, Vec<_>> = HashMap::new();
        for (word, of) in words {
            let mut characters = word.chars();
            if let (Some(one), Some(two)) = (characters.next(), characters.next()) {
                by_beginning.entry([one, two]).or_default().push((word, of));
            }
        }
        Self(by_beginning)
    }

    /// Each place of a text where a word stands.
    fn each<'f>(&'f self, text: &str, mut found: impl FnMut(usize, &'static str, &'f T)) {
        let next = text.chars().skip(1);
        for ((at, one), two) in text.char_indices().zip(next) {
            for (word, of) in self.0.get(&[one, two]).into_iter().flatten() {
                if text[at..].starts_with(word) {
                    found(at, word, of);
                }
            }
        }
    }
}

/// A form of a list, with the script of the texts that it is looked for in.
type Form = (Entry, Script);

/// The forms that may be right, and the same the other way round.
pub(super) struct Lists {
    wrong: Finder<Form>,
    /// Right words with the forms that they are exchanged for: known ones, and those never seen.
    right: Finder<[Vec<Form>; 2]>,
}

/// Whether a form is looked for in texts of a script.
fn is_for(script: Script, wanted: Script) -> bool {
    wanted == Script::Any || wanted == script
}

impl Lists {
    pub(super) fn new() -> Self {
        let forms = word_lists().flat_map(|(list, script)| {
            let entries = list.entries().filter(Entry::may_be_right);
            entries.map(move |entry| (entry, script))
        });
        let forms: Vec<Form> = forms.collect();
        let mut right: BTreeMap<&'static str, [Vec<Form>; 2]> = BTreeMap::new();
        for (entry, script) in &forms {
            let kind = usize::from(entry.class == Class::Unseen);
            for word in entry.right.split('/') {
                right.entry(word).or_default()[kind].push((*entry, *script));
            }
        }
        Self {
            wrong: Finder::new(forms.into_iter().map(|form| (form.0.wrong, form))),
            right: Finder::new(right.into_iter()),
        }
    }

    /// The forms of a text that may be right there.
    fn each(&self, model: &Model, text: &str, mut found: impl FnMut(Span, Entry)) {
        let script = script_of(&Census::new(text), model);
        let is_old = is_old(text);
        self.wrong.each(text, |at, word, (entry, wanted)| {
            let span = Span::new(at, at + word.len());
            let passed_over = !is_for(script, *wanted)
                || entry.class == Class::Modern && is_old
                || is_known_right(text, span, *entry);
            if !passed_over {
                found(span, *entry);
            }
        });
    }

    /// Texts in which one right word is exchanged: the text around it, the wrong form, and how many
    /// such words it stands for.
    fn exchange(
        &self,
        model: &Model,
        text: &str,
        random: &mut Random,
        mut made: impl FnMut(&str, Span, Entry, &str, f32),
    ) {
        let script = script_of(&Census::new(text), model);
        let mut near = String::new();
        self.right.each(text, |at, word, forms| {
            for (forms, spacing) in forms.iter().zip(SPACING) {
                if forms.is_empty() || random.below(spacing) != 0 {
                    continue;
                }
                let (entry, wanted) = forms[random.below(forms.len())];
                if !is_for(script, wanted) {
                    continue;
                }
                let (from, to) = around(text, at..at + word.len(), NEAR);
                near.clear();
                near.push_str(&text[at - from..at]);
                near.push_str(entry.wrong);
                let end = near.len();
                near.push_str(&text[at + word.len()..][..to]);
                made(&near, Span::new(from, end), entry, word, spacing as f32);
            }
        });
    }
}

/// Characters on either side that are kept of a text in which a word is exchanged.
const NEAR: usize = 24;

/// The rows of the forms of a text as it stands.
pub(super) fn rows(
    lists: &Lists,
    model: &Model,
    text: &str,
    mut add: impl FnMut([f32; WrongWord::WIDTH]),
) {
    let weigher = Weigher::of(model);
    lists.each(model, text, |span, entry| {
        let place = place(text, span, entry);
        for right in entry.right.split('/') {
            add(weigher.row(place, right).columns());
        }
    });
}

/// What the trees are fitted on, or measured on.
pub(super) struct Texts<'t> {
    pub(super) clean: &'t [&'t str],
    /// The right side of pairs.
    pub(super) mended: &'t [String],
}

fn gather(lists: &Lists, model: &Model, texts: &Texts<'_>) -> Gathered<{ WrongWord::WIDTH }> {
    let weigher = Weigher::of(model);
    let mut random = Random::new(11);
    let mut gathered = Gathered::default();
    let characters = |texts: &mut dyn Iterator<Item = &str>| -> usize {
        texts.map(|text| text.chars().count()).sum()
    };
    let clean = characters(&mut texts.clean.iter().copied());
    let mended = characters(&mut texts.mended.iter().map(String::as_str));
    // as if there were as much of it as there is of clean text
    let weight = clean as f32 / mended.max(1) as f32;
    for (number, text) in texts.mended.iter().enumerate() {
        lists.each(model, text, |span, entry| {
            if entry.class == Class::Unseen {
                for right in entry.right.split('/') {
                    let row = weigher.row(place(text, span, entry), right).columns();
                    gathered.push(row, false, weight, number);
                }
            }
        });
    }
    for (number, text) in texts.clean.iter().enumerate() {
        rows(lists, model, text, |row| {
            gathered.push(row, false, 1.0, number)
        });
        lists.exchange(
            model,
            text,
            &mut random,
            |near, span, entry, right, words| {
                let row = weigher.row(place(near, span, entry), right).columns();
                gathered.push(row, true, words / WORDS_PER_SLIP, number);
            },
        );
    }
    gathered
}

/// Adds the trees to a copy of a model.
pub(super) fn fit(
    model: &Model,
    (texts, unseen): (&Texts<'_>, &Texts<'_>),
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, Figures), ModelError> {
    let lists = Lists::new();
    let gathered = gather(&lists, model, texts);
    let (before, slips) = (gathered.len(), gathered.slips());
    tell(&said!("{before} rows, {slips} of slips"; "{before}行，笔误{slips}行"));
    let options = Options {
        trees: 120,
        leaves: 12,
        min_rows: 20.0,
        ..Options::default()
    };
    let cleaned = (0..ROUNDS).fold(gathered, |left, _| {
        left.cleaned(WrongWord::NAMES, &options, ASIDE)
    });
    tell(&said!(
        "{} rows of the text set aside", before - cleaned.len();
        "搁置文本{}行", before - cleaned.len()
    ));
    let trees = cleaned.fit(WrongWord::NAMES, &options);
    let figures = measure(&lists, model, unseen, &trees);
    let mut writer = Writer::copy_of(model);
    writer.put(PART, VERSION, trees);
    Ok((writer, figures))
}

/// Probability from which a form counts as found when the trees are measured.
const FOUND: f32 = 0.5;

/// Notes how many exchanged words are found, and how many forms of text as it stands are called
/// slips; real slips of that text are among them.
fn measure(lists: &Lists, model: &Model, unseen: &Texts<'_>, trees: &[u8]) -> Figures {
    let mut figures = Figures::new();
    let Some(trees) = Trees::view(trees) else {
        return figures;
    };
    let gathered = gather(lists, model, unseen);
    let (found, alarms) = gathered.told(&trees, FOUND);
    let slips = gathered.weight_of_slips();
    if slips > 0.0 {
        figures.insert(format!("recall.{PART}"), found / slips);
    }
    let texts = unseen.clean.iter().copied();
    let characters = texts
        .chain(unseen.mended.iter().map(String::as_str))
        .map(|text| text.chars().count())
        .sum();
    figures::alarms(&mut figures, PART, alarms, characters);
    figures
}
