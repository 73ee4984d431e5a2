//! Runs of paragraphs torn in from elsewhere: where one begins inside a sentence in the middle of
//! an article, how many go with it.
//!
//! A paragraph that begins inside a sentence, while the one before it is whole, may just lack its
//! first words; or it is the first of a run that belongs elsewhere, and further down the article
//! goes on. What stands before the run, the run and what stands after it are compared in words and
//! in topic for each length that the run may have; the trees of the model weigh each.

use std::ops::Range;

use crate::reading::evidence::evidence;
use crate::text::Span;

use super::affinity::Belonging;
use super::stretch::Stretch;
use crate::document::{Paragraph, ParagraphKind};
use crate::reading::Cut;
use crate::reading::Reading;

evidence! {
    /// Why a run of paragraphs may be torn in from elsewhere.
    pub(crate) struct TornRun {
        paragraphs = "paragraphs": "paragraphs of the run", "这一段落组的段数";
        start_cut = "start-cut": "log-odds that its beginning is cut", "其开头残缺的对数几率";
        joined = "joined": "log-odds that its beginning goes on elsewhere", "其开头接在别处的对数几率";
        before_joined = "before-joined": "log-odds that the paragraph before it goes on elsewhere", "前一段在别处接上的对数几率";
        run_sentences = "run-sentences": "sentences of the run", "这一组的句数";
        before_sentences = "before-sentences": "sentences of the article before it, 40 at most", "本篇中其前的句数（至多 40）";
        after_sentences = "after-sentences": "sentences of the article after it, 40 at most", "本篇中其后的句数（至多 40）";
        before_after = "before-after": "how near what stands before it is to what stands after it", "前文与后文的接近程度";
        before_run = "before-run": "how near what stands before it is to the run", "前文与这一组的接近程度";
        run_after = "run-after": "how near the run is to what stands after it", "这一组与后文的接近程度";
        seam_before = "seam-before": "how near the two sentences before it are to its first paragraph", "其前两句与其首段的接近程度";
        seam_after = "seam-after": "how near its last two sentences are to the two after it", "其末两句与其后两句的接近程度";
        next_before = "next-before": "how near the paragraph after it is to what stands before it", "其后一段与前文的接近程度";
        next_run = "next-run": "how near the paragraph after it is to the run", "其后一段与这一组的接近程度";
        last_run = "last-run": "how near its last paragraph is to the others of the run", "其末段与组内其他段的接近程度";
        last_before = "last-before": "how near its last paragraph is to what stands before it", "其末段与前文的接近程度";
        last_after = "last-after": "how near its last paragraph is to what stands after it", "其末段与后文的接近程度";
        share_before = "share-before": "the share of its words that stand before it", "其中见于前文的词的比例";
        share_after = "share-after": "the share of its words that stand after it", "其中见于后文的词的比例";
        after_in_before = "after-in-before": "the share of the words after it that stand before it", "后文中见于前文的词的比例";
        passed_over = "passed-over": "the share of the words after it that stand before it and not in it", "后文中见于前文而不见于这一组的词的比例";
        next_in_before = "next-in-before": "the share of the words of the paragraph after it that stand before it", "其后一段中见于前文的词的比例";
        next_in_run = "next-in-run": "the share of the words of the paragraph after it that stand in it", "其后一段中见于这一组的词的比例";
        last_in_run = "last-in-run": "the share of the words of its last paragraph that stand in the others", "其末段中见于组内其他段的词的比例";
        last_in_around = "last-in-around": "the share of the words of its last paragraph that stand before or after it", "其末段中见于前后文的词的比例";
        place_first = "place-first": "log-odds that its first paragraph stands in the wrong place", "其首段放错地方的对数几率";
        place_last = "place-last": "log-odds that its last paragraph stands in the wrong place", "其末段放错地方的对数几率";
        place_next = "place-next": "log-odds that the paragraph after it stands in the wrong place", "其后一段放错地方的对数几率";
        run_vector = "run-vector": "how much it says of its topic", "其主题的分量";
        lead = "lead": "how much nearer it is to another article than to its own", "比起本篇，它离另一篇近多少";
        next_opening = "next-opening": "log-odds that the beginning of the paragraph after it is cut", "其后一段开头残缺的对数几率";
        most_like_around = "most-like-around": "how near the most alike of its paragraphs is to what stands around it", "组内与前后文最接近的一段的接近程度";
        own_repeated = "own-repeated": "of what recurs in it, the share that does not stand around it", "其中反复出现的词里不见于前后文的比例";
        around_repeated = "around-repeated": "of what recurs before and after it, the share that does not stand in it", "前后文反复出现的词里不见于其中的比例";
    }
}
/// The part of the model that holds the trees.
pub(crate) const PART: &str = "torn";

/// The longest run, in paragraphs.
pub(crate) const LONGEST: usize = 8;
/// Sentences before and after a run that it is compared with.
const REACH: usize = 14;
/// Sentences before and after a run that are counted; more say nothing more.
const COUNTED: usize = 40;
/// From these log-odds of a cut beginning on, a run is thought of; where the paragraph may be out
/// of place by itself, from the lower ones.
const LEAST: f32 = -2.0;
const LEAST_DISPLACED: f32 = -4.0;
/// From these log-odds on a paragraph may be out of place by itself.
const DISPLACED: f32 = -3.5;

/// A run less likely than this is none.
const UNLIKELY: f32 = 0.1;

/// Paragraphs side by side that were torn in.
#[derive(Clone, Copy, Debug)]
pub struct Torn {
    /// The first paragraph.
    pub first: u32,
    /// The last one.
    pub last: u32,
    /// Whether the sentence that the run begins inside of begins elsewhere in the document.
    pub matched: bool,
    /// Log-odds that the first paragraph begins inside a sentence; not a number where it is
    /// matched.
    pub start: f32,
    /// The probability that the first paragraph was torn in.
    pub probability: f32,
}

/// Where a run may begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) first: usize,
    /// Log-odds that the first paragraph begins inside a sentence.
    start: f32,
    /// Log-odds that it continues another than the one before.
    joined: f32,
}

/// Where a run may begin: inside an article, below a paragraph that does not lead to it.
pub(crate) fn candidates(document: &Reading<'_>, places: &[f32]) -> Vec<Candidate> {
    let paragraphs = document.paragraphs();
    // Documentation and collections of links open paragraphs as newspapers never do, and change the
    // subject as they like.
    let least = |first: usize| match places[first] {
        _ if document.is_markdown() => 0.0,
        place if place > DISPLACED => LEAST_DISPLACED,
        _ => LEAST,
    };
    let inside = |cut: &Cut| {
        let first = cut.start? as usize;
        let beside = cut.end.is_some_and(|end| end as usize + 1 == first);
        let joined = if cut.end.is_some() {
            cut.log_odds
        } else {
            f32::NAN
        };
        let article = &document.articles()[paragraphs[first].article as usize];
        let texts_before = article.paragraphs.start as usize..first;
        let below_text = paragraphs[texts_before]
            .iter()
            .any(|p| is_text(p) && !p.sentences.is_empty());
        let start = if cut.end.is_some() {
            f32::NAN
        } else {
            cut.log_odds
        };
        (!beside && cut.log_odds > least(first) && is_text(&paragraphs[first]) && below_text)
            .then_some(Candidate {
                first,
                start,
                joined,
            })
    };
    document.cuts().iter().filter_map(inside).collect()
}

fn is_text(paragraph: &Paragraph) -> bool {
    matches!(
        paragraph.kind,
        ParagraphKind::Body | ParagraphKind::ListItem
    )
}

/// The last paragraphs of the runs that may begin at a candidate, and the evidence for each: for
/// one paragraph, for two and so on. `places` are the log-odds of each paragraph of the document to
/// stand in the wrong place.
pub(crate) fn rows(
    document: &Reading<'_>,
    belonging: &Belonging<'_, '_>,
    places: &[f32],
    candidate: Candidate,
) -> Vec<(usize, TornRun)> {
    let paragraphs = document.paragraphs();
    let first = candidate.first;
    let article = &document.articles()[paragraphs[first].article as usize];
    let (start, end) = (
        article.paragraphs.start as usize,
        article.paragraphs.end as usize,
    );
    let sentences =
        |i: usize| paragraphs[i].sentences.start as usize..paragraphs[i].sentences.end as usize;
    let texts = texts(paragraphs, first..end);
    let stretch = |of: &mut dyn Iterator<Item = usize>| Stretch::of(belonging, of);
    // The last sentence first.
    let sentences_before: Vec<usize> = (start..first)
        .rev()
        .filter(|i| is_text(&paragraphs[*i]))
        .flat_map(|i| sentences(i).rev())
        .take(COUNTED)
        .collect();
    let before = stretch(&mut sentences_before.iter().take(REACH).copied());
    let topic_of = |of: &mut dyn Iterator<Item = usize>| Stretch::topic_of(belonging, of);
    let seam = topic_of(&mut sentences_before.iter().take(2).copied());
    let first_of = topic_of(&mut sentences(first));
    // Each paragraph by itself, and one more than a run can have: what comes next.
    let singles: Vec<Stretch> = texts
        .iter()
        .take(LONGEST + 1)
        .map(|i| stretch(&mut sentences(*i)))
        .collect();
    let nothing = topic_of(&mut std::iter::empty());
    let joined_before = log_odds_of_end(document.cuts(), first.checked_sub(1));
    let mut rows = Vec::new();
    let mut run_of = topic_of(&mut std::iter::empty());
    for count in 1..=LONGEST.min(texts.len()) {
        let run = &texts[..count];
        let rest = &texts[count..];
        let last = run[count - 1];
        let last_of = &singles[count - 1];
        let longer = run_of.with(belonging, sentences(last), last_of);
        let others = std::mem::replace(&mut run_of, longer);
        let after = stretch(&mut rest.iter().flat_map(|i| sentences(*i)).take(REACH));
        let seam_after = topic_of(&mut rest.iter().flat_map(|i| sentences(*i)).take(2));
        let next = singles.get(count).unwrap_or(&nothing);
        let last_two = topic_of(&mut sentences(last).rev().take(2));
        let mut around = before.topic;
        around.add(&after.topic);
        let most_like = singles[..count]
            .iter()
            .map(|single| single.topic.cosine(&around))
            .fold(f32::NEG_INFINITY, f32::max);
        let place = |i: Option<usize>| i.map_or(f32::NAN, |i| places[i]);
        let opening = rest
            .first()
            .map_or(f32::NAN, |i| log_odds_of_start(document.cuts(), *i));
        let row = TornRun {
            paragraphs: count as f32,
            start_cut: candidate.start,
            joined: candidate.joined,
            before_joined: joined_before,
            run_sentences: run_of.sentences as f32,
            before_sentences: sentences_before.len() as f32,
            after_sentences: rest
                .iter()
                .map(|i| sentences(*i).len())
                .sum::<usize>()
                .min(COUNTED) as f32,
            before_after: before.near(&after),
            before_run: before.near(&run_of),
            run_after: run_of.near(&after),
            seam_before: seam.near(&first_of),
            seam_after: last_two.near(&seam_after),
            next_before: next.near(&before),
            next_run: next.near(&run_of),
            last_run: last_of.near(&others),
            last_before: last_of.near(&before),
            last_after: last_of.near(&after),
            share_before: run_of.share(|t| before.has(t)),
            share_after: run_of.share(|t| after.has(t)),
            after_in_before: after.share(|t| before.has(t)),
            passed_over: after.share(|t| before.has(t) && !run_of.has(t)),
            next_in_before: next.share(|t| before.has(t)),
            next_in_run: next.share(|t| run_of.has(t)),
            last_in_run: last_of.share(|t| others.has(t)),
            last_in_around: last_of.share(|t| before.has(t) || after.has(t)),
            place_first: place(Some(first)),
            place_last: place(Some(last)),
            place_next: place(rest.first().copied()),
            run_vector: run_of.topic.length(),
            lead: belonging.lead(&run_of.topic, paragraphs[first].article),
            next_opening: opening,
            most_like_around: most_like,
            own_repeated: run_of.repeated(2, |t| !before.has(t) && !after.has(t)),
            around_repeated: before.repeated_with(&after, |t| !run_of.has(t)),
        };
        rows.push((last, row));
    }
    rows
}

/// The paragraphs that a run may have, and after the longest run as many as are looked at.
fn texts(paragraphs: &[Paragraph], range: Range<usize>) -> Vec<usize> {
    let mut behind = 0;
    let texts = range.filter(|i| is_text(&paragraphs[*i])).enumerate();
    let looked_at = |(nth, i): &(usize, usize)| {
        let looked_at = behind < COUNTED;
        let sentences = &paragraphs[*i].sentences;
        behind += match *nth < LONGEST {
            true => 0,
            false => (sentences.end - sentences.start) as usize,
        };
        looked_at
    };
    texts.take_while(looked_at).map(|(_, i)| i).collect()
}

/// Where the cuts of a paragraph stand: in the order of their ends, or of their beginnings where
/// there is no end.
fn cuts_of(cuts: &[Cut], paragraph: usize) -> &[Cut] {
    let paragraph = Some(paragraph as u32);
    let from = cuts.partition_point(|c| c.end.or(c.start) < paragraph);
    &cuts[from..]
}

/// Log-odds that the end of a paragraph goes on elsewhere; not a number where it does not.
fn log_odds_of_end(cuts: &[Cut], paragraph: Option<usize>) -> f32 {
    let cut = paragraph.and_then(|paragraph| {
        let cut = cuts_of(cuts, paragraph).first()?;
        (cut.end == Some(paragraph as u32)).then_some(cut)
    });
    cut.map_or(f32::NAN, |c| c.log_odds)
}

/// Log-odds that the beginning of a paragraph is cut, where nothing leads to it.
fn log_odds_of_start(cuts: &[Cut], paragraph: usize) -> f32 {
    let own = Some(paragraph as u32);
    let mut cuts = cuts_of(cuts, paragraph)
        .iter()
        .take_while(|c| c.end.or(c.start) == own);
    let cut = cuts.find(|c| c.start == own && c.end.is_none());
    cut.map_or(-9.0, |c| c.log_odds)
}

/// Finds the runs; `places` are the log-odds of each paragraph of the document to stand in the
/// wrong place.
pub(crate) fn find(
    document: &Reading<'_>,
    belonging: &Belonging<'_, '_>,
    places: &[f32],
) -> Vec<Torn> {
    let Some(trees) = document.model().forest(PART) else {
        return Vec::new();
    };
    let best = |candidate: Candidate| {
        let rows = rows(document, belonging, places, candidate);
        let odds = |(_, row): &(usize, TornRun)| trees.probability(&row.columns());
        let mut shares: Vec<f32> = rows.iter().map(odds).collect();
        // The lengths exclude each other.
        let sum: f32 = shares.iter().sum();
        if sum > 1.0 {
            shares.iter_mut().for_each(|p| *p /= sum);
        }
        // The length that as much speaks for going beyond as for stopping short of.
        let mut so_far = 0.0;
        let at = shares.iter().position(|p| {
            so_far += p;
            so_far >= sum / 2.0
        })?;
        Some(Torn {
            first: candidate.first as u32,
            last: rows[at].0 as u32,
            matched: !candidate.joined.is_nan(),
            start: candidate.start,
            probability: sum.min(1.0),
        })
    };
    let mut found: Vec<Torn> = candidates(document, places)
        .into_iter()
        .filter_map(best)
        .collect();
    // Where two overlap, the likelier one is right.
    found.sort_by(|a, b| {
        b.probability
            .total_cmp(&a.probability)
            .then(a.first.cmp(&b.first))
    });
    let mut kept: Vec<Torn> = Vec::new();
    for run in found {
        if run.probability > UNLIKELY
            && kept
                .iter()
                .all(|k| run.last < k.first || k.last < run.first)
        {
            kept.push(run);
        }
    }
    kept.sort_by_key(|run| run.first);
    kept
}

impl Torn {
    /// From the first paragraph to the last.
    #[must_use]
    pub fn span(&self, document: &Reading<'_>) -> Span {
        let paragraphs = document.paragraphs();
        Span::new(
            paragraphs[self.first as usize].content.start(),
            paragraphs[self.last as usize].content.end(),
        )
    }

    /// The paragraph of the same article that goes on after the run.
    #[must_use]
    pub fn resumes(&self, document: &Reading<'_>) -> Option<u32> {
        let paragraphs = document.paragraphs();
        let article = paragraphs[self.first as usize].article;
        (self.last + 1..paragraphs.len() as u32)
            .take_while(|i| paragraphs[*i as usize].article == article)
            .find(|i| is_text(&paragraphs[*i as usize]))
    }
}
