//! What stands in the wrong place: sentences and paragraphs weighed one by one, and runs of
//! paragraphs that were torn in.

use crate::model::Model;
use crate::model::forest::Forest;
use crate::model::trees::probability;
use crate::text::Span;

use super::affinity::{Belonging, PARTS, PLAIN, Place, Unit};
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
    /// The evidence.
    row: Place,
    /// The words that tell, with how often each stands in the home and in the article it stands in
    /// (without itself).
    pub words: Vec<(String, usize, usize)>,
}

impl Stray {
    /// The probability that it is out of place.
    #[must_use]
    pub fn probability(&self) -> f32 {
        probability(self.log_odds)
    }

    /// What spoke loudest.
    pub(crate) fn loudest(&self, model: &Model) -> Vec<Weighed> {
        self.row.loudest(model, PARTS[usize::from(self.whole)])
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
    row: Place,
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
    // A few sentences are no article: nothing can be out of place there.
    if document.sentences().len() < 12 {
        return Displaced::default();
    }
    let content = document.content();
    let belonging = Belonging::new(document, content);
    let mut terms = Vec::new();
    let mut strays: Vec<Stray> = Vec::new();
    let mut taken = vec![false; document.paragraphs().len()];
    let places = belonging.places(paragraph_trees, |unit, row, other, log_odds| {
        if log_odds > LEAST {
            let paragraph = document.sentences()[unit.first].paragraph;
            taken[paragraph as usize] = log_odds > 0.0;
            strays.push(stray(
                &belonging,
                unit,
                paragraph,
                true,
                (row, other),
                log_odds,
            ));
        }
    });
    let torn = displaced_runs::find(document, &belonging, &places);
    for run in torn.iter().filter(|t| !t.matched) {
        tell_run(&belonging, run, &mut strays, &mut taken, &mut terms);
    }
    for run in sentences(&belonging, sentence_trees, &taken, &mut terms) {
        let evidence = (&run.row, run.other);
        let (unit, paragraph) = (run.unit, run.paragraph);
        strays.push(stray(
            &belonging,
            unit,
            paragraph,
            false,
            evidence,
            run.log_odds,
        ));
    }
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
    let mut stray = stray(belonging, unit, run.first, true, (&row, other), log_odds);
    stray.torn = Some(*run);
    strays.push(stray);
}

/// Sentences of paragraphs that are not taken, those side by side as one.
fn sentences(
    belonging: &Belonging<'_, '_>,
    trees: Forest<'_>,
    taken: &[bool],
    terms: &mut Vec<(Number, u32)>,
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for unit in belonging.sentence_units() {
        let paragraph = belonging.document.sentences()[unit.first].paragraph;
        if taken[paragraph as usize] {
            continue;
        }
        let (row, other) = belonging.row(unit, terms);
        let weighed = trees.log_odds_unless_low(&row.columns(), PLAIN);
        let Some(log_odds) = weighed.filter(|l| *l > LEAST) else {
            continue;
        };
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
    runs
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

fn stray(
    belonging: &Belonging<'_, '_>,
    unit: Unit,
    paragraph: u32,
    whole: bool,
    evidence: (&Place, Option<u32>),
    log_odds: f32,
) -> Stray {
    let (row, other) = evidence;
    // The nearest article is the home where it is nearer than the own one in words or in topic.
    let (words, topic) = (row.lead_rare, row.lead_topic);
    let home = other.filter(|_| words > 0.05 && topic > 0.0 || topic > 0.15 || words > 0.25);
    let log_odds = match home {
        Some(home) if !whole => belonging.weigh_words(unit, home, log_odds),
        _ => log_odds,
    };
    Stray {
        span: belonging.span_of(unit),
        paragraph,
        whole,
        torn: None,
        home,
        log_odds,
        row: *row,
        words: belonging.words(unit, home),
    }
}
