//! What stands in the wrong place: sentences and paragraphs weighed one by one, and runs of
//! paragraphs that were torn in.

use crate::model::Model;
use crate::model::forest::Forest;
use crate::model::trees::probability;
use crate::text::Span;

use super::affinity::{Belonging, PARTS, PLAIN, Place, Unit};
use super::alone::{self, Alone};
use super::displaced_runs::{self, Torn};
use super::sentence_topics::Number;
use super::telling::weigh_torn;
use crate::document::Paragraph;
use crate::reading::Reading;
use crate::reading::evidence::Weighed;
use crate::text::item_marks::mark;

/// A sentence, a run of them, or a paragraph in the wrong place.
#[derive(Clone, Debug)]
pub struct Stray {
    /// What stands in the wrong place.
    pub span: Span,
    /// The index of its paragraph.
    pub paragraph: u32,
    /// Whether it is a whole paragraph, or several.
    pub whole: bool,
    /// The run of paragraphs that it is, where it was torn in.
    pub torn: Option<Torn>,
    /// The article of the document that it belongs to; none if it comes from elsewhere.
    pub home: Option<u32>,
    /// Log-odds that it is out of place.
    pub log_odds: f32,
    row: Evidence,
    /// The words that tell, with how often each stands in the home and in the article it stands in
    /// (without itself).
    pub words: Vec<(String, usize, usize)>,
}

/// The evidence on a stray.
#[derive(Clone, Copy, Debug)]
enum Evidence {
    /// Other articles were compared.
    Place(Place),
    /// It was compared with the range of its own article.
    Alone(Alone),
}

impl Stray {
    /// The probability that it is out of place.
    #[must_use]
    pub fn probability(&self) -> f32 {
        probability(self.log_odds)
    }

    /// What spoke loudest.
    pub(crate) fn loudest(&self, model: &Model) -> Vec<Weighed> {
        match self.row {
            Evidence::Place(row) => row.loudest(model, PARTS[usize::from(self.whole)]),
            Evidence::Alone(row) => row.loudest(model, alone::PARTS[usize::from(self.whole)]),
        }
    }
}

/// From these log-odds on a unit is worth telling.
const LEAST: f32 = -3.5;
/// Strays of one article beyond this share of its sentences are no strays: the article is a medley
/// (news in brief, a list of events).
const MEDLEY: usize = 5;

/// Sentences side by side that are out of place.
struct Run {
    unit: Unit,
    paragraph: u32,
    log_odds: f32,
    other: Option<u32>,
    row: Evidence,
}

impl Run {
    fn stray(self, belonging: &Belonging<'_, '_>) -> Stray {
        let home = match &self.row {
            Evidence::Place(row) => home(row, self.other),
            Evidence::Alone(_) => None,
        };
        let log_odds = match home {
            Some(home) => belonging.weigh_words(self.unit, home, self.log_odds),
            None => self.log_odds,
        };
        Stray {
            span: belonging.span_of(self.unit),
            paragraph: self.paragraph,
            whole: false,
            torn: None,
            home,
            log_odds,
            row: self.row,
            words: belonging.words(self.unit, home),
        }
    }
}

/// What stands in the wrong place, and the runs of paragraphs that begin inside a sentence.
#[derive(Debug, Default)]
pub(crate) struct Displaced {
    pub(crate) strays: Vec<Stray>,
    pub(crate) torn: Vec<Torn>,
}

/// From this probability on, with its beginning weighed, a run that was torn in is told instead of
/// its paragraphs one by one.
const TORN: f32 = 0.5;

/// Finds what stands in the wrong place.
#[inline(never)] // its instructions are counted
pub(crate) fn find(document: &Reading<'_>) -> Displaced {
    let model = document.model();
    let trees = PARTS.map(|name| model.forest(name));
    let [Some(sentence_trees), Some(paragraph_trees)] = trees else {
        return Displaced::default();
    };
    let (few, only) = (
        document.sentences().len() < 12,
        document.articles().len() == 1,
    );
    if few && !only {
        return Displaced::default();
    }
    let content = document.content();
    let belonging = Belonging::new(document, content);
    let mut terms = Vec::new();
    let mut strays: Vec<Stray> = Vec::new();
    let mut taken = vec![false; document.paragraphs().len()];
    let mut torn = Vec::new();
    let [strange_sentences, strangers] = alone::PARTS.map(|name| model.forest(name));
    // A few sentences are no article: there is nothing to compare paragraphs with.
    if !few {
        let mut article = Vec::new();
        let places = belonging.places(paragraph_trees, |unit, row, other, log_odds| {
            let same = |(first, ..): &(Unit, Place)| {
                belonging.article_of(first.first) == belonging.article_of(unit.first)
            };
            if !article.first().is_some_and(same) {
                strange_paragraphs(&belonging, strangers, &mut article, &mut strays, &mut taken);
            }
            // what is longer has no range
            if article.len() <= alone::MOST {
                article.push((unit, *row));
            }
            if let Some(log_odds) = log_odds.filter(|l| *l > LEAST && !only) {
                let paragraph = document.sentences()[unit.first].paragraph;
                taken[paragraph as usize] = log_odds > 0.0;
                strays.push(stray(&belonging, unit, paragraph, (row, other), log_odds));
            }
        });
        strange_paragraphs(&belonging, strangers, &mut article, &mut strays, &mut taken);
        torn = displaced_runs::find(document, &belonging, &places);
        for run in torn.iter().filter(|t| !t.matched) {
            tell_run(&belonging, run, &mut strays, &mut taken, &mut terms);
        }
    }
    let trees = Some(sentence_trees).filter(|_| !only);
    let runs = sentences(&belonging, (trees, strange_sentences), &taken, &mut terms);
    strays.extend(runs.into_iter().map(|run| run.stray(&belonging)));
    strays.retain(|s| !goes_on_counting(document, s));
    strays.sort_by_key(|s| (s.span, !s.whole));
    without_medleys(&belonging, &mut strays);
    Displaced { strays, torn }
}

/// Tells of a run that was torn in, if it is likely enough, in the place of its paragraphs one by
/// one.
fn tell_run(
    belonging: &Belonging<'_, '_>,
    run: &Torn,
    strays: &mut Vec<Stray>,
    taken: &mut [bool],
    terms: &mut Vec<(Number, u32)>,
) {
    let log_odds = (run.probability / (1.001 - run.probability)).ln();
    if probability(weigh_torn(log_odds, run.start)) < TORN {
        return;
    }
    let of_run = |s: &Stray| (run.first..=run.last).contains(&s.paragraph);
    // A beginning that is hardly cut adds nothing to what is plain without it.
    if run.start < 0.0 && strays.iter().any(|s| of_run(s) && s.log_odds > 0.0) {
        return;
    }
    taken[run.first as usize..=run.last as usize].fill(true);
    let single = strays.iter().filter(|s| of_run(s)).map(|s| s.log_odds);
    let log_odds = single.fold(log_odds, f32::max);
    strays.retain(|s| !of_run(s));
    let paragraphs = belonging.document.paragraphs();
    let unit = Unit {
        first: paragraphs[run.first as usize].sentences.start as usize,
        last: paragraphs[run.last as usize].sentences.end as usize - 1,
    };
    let (row, other) = belonging.row(unit, terms);
    let log_odds = weigh_torn(log_odds, run.start);
    let mut stray = stray(belonging, unit, run.first, (&row, other), log_odds);
    stray.torn = Some(*run);
    strays.push(stray);
}

/// How much rarer strangers are in documents than in the articles that the trees were fitted on, of
/// which every second one holds one, in nats.
const RARER: f32 = 0.7;

/// The log-odds that something has nothing to do with its article; nothing where it plainly does.
fn stranger(trees: Forest<'_>, row: &Alone) -> Option<f32> {
    let strange = alone::may_be_strange(row);
    strange
        .then(|| trees.log_odds_unless_low(&row.columns(), PLAIN))
        .flatten()
}

/// Paragraphs of an article that have nothing to do with it, in the place of those that were found
/// less likely to stand in the wrong one. Empties the list of the article's.
fn strange_paragraphs(
    belonging: &Belonging<'_, '_>,
    trees: Option<Forest<'_>>,
    article: &mut Vec<(Unit, Place)>,
    strays: &mut Vec<Stray>,
    taken: &mut [bool],
) {
    let article = std::mem::take(article);
    let Some(trees) = trees.filter(|_| alone::has_range(article.len())) else {
        return;
    };
    let places: Vec<Place> = article.iter().map(|(_, place)| *place).collect();
    let number = |unit: &Unit| belonging.document.sentences()[unit.first].paragraph;
    let first = article.first().map_or(0, |(unit, _)| number(unit));
    // those of the articles above stand before it
    let from = strays.partition_point(|s| s.paragraph < first);
    for (row, (unit, place)) in alone::rows(&places).iter().zip(&article) {
        let Some(log_odds) = stranger(trees, row)
            .map(|l| l - RARER)
            .filter(|l| *l > LEAST)
        else {
            continue;
        };
        let paragraph = number(unit);
        let mut stray = stray(belonging, *unit, paragraph, (place, None), log_odds);
        stray.row = Evidence::Alone(*row);
        taken[paragraph as usize] |= log_odds > 0.0;
        match strays[from..].iter_mut().find(|s| s.paragraph == paragraph) {
            Some(known) if known.log_odds >= log_odds => {}
            Some(known) => *known = stray,
            None => strays.push(stray),
        }
    }
}

/// Sentences of paragraphs that are not taken, those side by side as one: by the trees that compare
/// with other articles, and by those that know only the own one.
fn sentences(
    belonging: &Belonging<'_, '_>,
    (trees, strangers): (Option<Forest<'_>>, Option<Forest<'_>>),
    taken: &[bool],
    terms: &mut Vec<(Number, u32)>,
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let sentences = belonging.document.sentences();
    let is_taken = |unit: &Unit| taken[sentences[unit.first].paragraph as usize];
    let placed = |(row, other): (Place, Option<u32>)| {
        let log_odds = trees.and_then(|t| t.log_odds_unless_low(&row.columns(), PLAIN));
        let log_odds = log_odds.unwrap_or(f32::NEG_INFINITY);
        (log_odds, Evidence::Place(row), other)
    };
    let units = belonging.sentence_units();
    let article = |unit: &Unit| belonging.article_of(unit.first);
    for units in units.chunk_by(|a, b| article(a) == article(b)) {
        let Some(strangers) = strangers.filter(|_| alone::has_range(units.len())) else {
            let judged = units.iter().filter(|u| trees.is_some() && !is_taken(u));
            for unit in judged {
                add(
                    &mut runs,
                    belonging,
                    *unit,
                    placed(belonging.row(*unit, terms)),
                );
            }
            continue;
        };
        let rows = units.iter().map(|unit| belonging.row(*unit, terms));
        let (places, others): (Vec<Place>, Vec<Option<u32>>) = rows.unzip();
        let ranged = alone::rows(&places);
        for (i, unit) in units.iter().enumerate().filter(|(_, u)| !is_taken(u)) {
            let place = placed((places[i], others[i]));
            let alone = stranger(strangers, &ranged[i]);
            let alone = alone.map_or(f32::NEG_INFINITY, |log_odds| log_odds - RARER);
            let likelier = match alone > place.0 {
                true => (alone, Evidence::Alone(ranged[i]), None),
                false => place,
            };
            add(&mut runs, belonging, *unit, likelier);
        }
    }
    runs
}

/// Adds a sentence that may be out of place, to the one before it where that is one too.
fn add(
    runs: &mut Vec<Run>,
    belonging: &Belonging<'_, '_>,
    unit: Unit,
    (log_odds, row, other): (f32, Evidence, Option<u32>),
) {
    let paragraph = belonging.document.sentences()[unit.first].paragraph;
    if log_odds <= LEAST {
        return;
    }
    match runs.last_mut() {
        Some(run) if run.paragraph == paragraph && run.unit.last + 1 == unit.first => {
            run.unit.last = unit.last;
            run.log_odds = run.log_odds.max(log_odds);
        }
        _ => runs.push(Run {
            unit,
            paragraph,
            log_odds,
            other,
            row,
        }),
    }
}

/// Whether it begins with the number that follows on one near by, or that one near by follows on:
/// the items of a list need have no subject in common.
fn goes_on_counting(document: &Reading<'_>, stray: &Stray) -> bool {
    const NEAR: usize = 12;
    let paragraphs = document.paragraphs();
    let number = |p: &Paragraph| mark(document.slice(p.content), true);
    let at = stray.paragraph as usize;
    if stray.torn.is_some() || stray.span.start() != paragraphs[at].content.start() {
        return false;
    }
    let Some((style, own, _)) = number(&paragraphs[at]) else {
        return false;
    };
    let alike = |p: &Paragraph| number(p).filter(|(other, ..)| *other == style).map(|n| n.1);
    let before = paragraphs[..at].iter().rev().take(NEAR).find_map(alike);
    let after = paragraphs[at + 1..].iter().take(NEAR).find_map(alike);
    before.is_some_and(|n| n + 1 == own) || after.is_some_and(|n| n == own + 1)
}

/// Takes out those of articles that have too many.
fn without_medleys(belonging: &Belonging<'_, '_>, strays: &mut Vec<Stray>) {
    let document = belonging.document;
    let mut by_article = vec![0; document.articles().len()];
    let article = |s: &Stray| document.paragraphs()[s.paragraph as usize].article as usize;
    for stray in strays.iter().filter(|s| s.log_odds > 0.0) {
        by_article[article(stray)] += 1;
    }
    strays.retain(|s| {
        by_article[article(s)] * MEDLEY <= belonging.lengths[article(s)].max(2 * MEDLEY)
    });
}

/// The article that a unit belongs to: the nearest, where it is nearer than the own one in words or
/// in topic.
fn home(row: &Place, other: Option<u32>) -> Option<u32> {
    let (words, topic) = (row.lead_rare, row.lead_topic);
    other.filter(|_| words > 0.05 && topic > 0.0 || topic > 0.15 || words > 0.25)
}

/// A whole paragraph, or several.
fn stray(
    belonging: &Belonging<'_, '_>,
    unit: Unit,
    paragraph: u32,
    (row, other): (&Place, Option<u32>),
    log_odds: f32,
) -> Stray {
    let home = home(row, other);
    Stray {
        span: belonging.span_of(unit),
        paragraph,
        whole: true,
        torn: None,
        home,
        log_odds,
        row: Evidence::Place(*row),
        words: belonging.words(unit, home),
    }
}
