//! Where paragraphs are cut, and where the other half stands.
//!
//! Every paragraph that may end or begin inside a sentence is a loose edge. All loose ends are
//! matched with all loose beginnings at once: the assignment with the greatest sum of log-odds, so
//! that a doubtful pair gives way where a better one needs one of its halves.

use super::cut::{Cut, FAINT, Loose};
use super::habit::{Habit, is_unmarked};
use super::matching::{Join, assign, go_on_right_below};
use super::seam::{Continuation, Pair, Question, Seams};
use crate::document::edges::{End, end_of};
use crate::document::{Paragraph, ParagraphKind};
use crate::reading::Reading;
use crate::text::CharClass;
use crate::text::numerals::is_to_ten;

/// A pair is considered at all from these log-odds on.
const LEAST: f32 = -3.0;
/// How many paragraphs away the other half is looked for, and among how many loose edges.
const FAR: usize = 400;
const RIVALS: usize = 48;
/// A beginning this much likelier as the start of a paragraph than elsewhere is not looked at any
/// further, in nats.
const PLAINLY_OPENS: f32 = 2.5;
/// The log-odds of a beginning that is not looked at any further.
pub(crate) const PLAIN: f32 = -10.0;
/// An end as likely cut as this is tried with all beginnings that follow on it this well, in nats,
/// whatever they look like by themselves.
const LIKELY_CUT: f32 = -1.5;
const FOLLOWS: f32 = 3.0;
/// How many paragraphs away those are looked for.
const FAR_PLAIN: usize = 60;
/// What a beginning loses below a line without an end that it does not continue.
const UNJOINED: f32 = 2.5;

/// Whether a paragraph can be cut at all: not in lists, and not where several short lines follow
/// each other as in verse and tables.
fn is_text(paragraphs: &[Paragraph], index: usize) -> bool {
    const SHORT: usize = 75;
    let short = |i: usize| {
        paragraphs
            .get(i)
            .is_some_and(|p| p.kind == ParagraphKind::Body && p.content.len() <= SHORT)
    };
    let headline = paragraphs[index].is_heading()
        && paragraphs
            .get(index + 1)
            .is_some_and(|p| p.kind == ParagraphKind::Byline);
    let text = !headline
        && matches!(
            paragraphs[index].kind,
            ParagraphKind::Body | ParagraphKind::Heading(0)
        );
    let around = [
        index.wrapping_sub(2),
        index.wrapping_sub(1),
        index + 1,
        index + 2,
    ];
    let verse = short(index) && around.into_iter().filter(|i| short(*i)).count() >= 2;
    text && !verse
}

/// Whether a paragraph edge touches what is no prose: code, a formula, a table, an address. The
/// sentence goes on there or came from there.
fn touches_code(document: &Reading<'_>, paragraphs: &[Paragraph], index: usize, end: bool) -> bool {
    let masked = |at: usize| document.mask().at(at).is_some();
    let own = paragraphs[index].content;
    let (edge, other) = if end {
        (
            own.end() - 1,
            paragraphs.get(index + 1).map(|p| (p, p.content.start())),
        )
    } else {
        let before = index.checked_sub(1).and_then(|i| paragraphs.get(i));
        (
            own.start(),
            before.map(|p| (p, p.content.end().saturating_sub(1))),
        )
    };
    !own.is_empty() && masked(edge)
        || other.is_some_and(|(p, at)| p.kind == ParagraphKind::Code || masked(at))
}

/// Whether a paragraph without an end is whole all the same: it names whom it quotes (——鲁迅), or
/// its sentence goes on in a list, or stands above a Markdown heading, where a full stop is often
/// left out.
fn needs_no_end(document: &Reading<'_>, paragraphs: &[Paragraph], index: usize) -> bool {
    let text = document.slice(paragraphs[index].content);
    let below = paragraphs.get(index + 1).map(|p| p.kind);
    let led_on = matches!(
        below,
        Some(ParagraphKind::ListItem | ParagraphKind::Heading(1..))
    );
    let listed = paragraphs
        .get(index + 1)
        .is_some_and(|p| opens_list(document.slice(p.span)));
    text.starts_with("--") || text.starts_with("——") || document.is_markdown() && led_on || listed
}

/// Whether a paragraph is the first item of a list: (1) … （一）… ① … 1. … A. …
fn opens_list(text: &str) -> bool {
    const FIRST: [&str; 14] = [
        "(1)",
        "（1）",
        "(一)",
        "（一）",
        "①",
        "⑴",
        "1. ",
        "1．",
        "1、",
        "一、",
        "(a)",
        "(A)",
        "A. ",
        "A．",
    ];
    FIRST.iter().any(|mark| text.starts_with(mark))
}

/// Whether a paragraph is the number of an item and nothing else (3、 （一）), or the number and a
/// title without a mark (三、种树).
fn is_label(text: &str) -> bool {
    const TITLE: usize = 16;
    let numbered = text.trim_start_matches(|c: char| is_number(c) || "（(第".contains(c));
    let titled = numbered.trim_start_matches(['、', '.', '．', '）', ')', ' ']);
    let marked = titled.len() < numbered.len() && text.contains(is_number);
    marked && titled.chars().count() <= TITLE && !titled.contains(is_mark)
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || is_to_ten(c)
}

fn is_mark(c: char) -> bool {
    matches!(CharClass::of(c), CharClass::Mark | CharClass::AsciiMark)
}

/// A paragraph shorter than this, in bytes, says too little for its beginning to be judged alone.
const TOO_SHORT: usize = 36;

/// The paragraphs whose ends may be cut.
pub(crate) fn loose_ends(
    document: &Reading<'_>,
    paragraphs: &[Paragraph],
    seams: &mut Seams<'_, '_>,
) -> Vec<Loose> {
    let loose = |i: &usize| {
        let text = document.slice(paragraphs[*i].content);
        !matches!(end_of(text), End::Full)
            && is_text(paragraphs, *i)
            && !is_label(text)
            && !touches_code(document, paragraphs, *i, true)
            && !needs_no_end(document, paragraphs, *i)
    };
    let indices: Vec<usize> = (0..paragraphs.len()).filter(loose).collect();
    indices
        .into_iter()
        .map(|paragraph| {
            let row = seams.end_row(paragraphs, paragraph);
            let unmarked = is_unmarked(document, &paragraphs[paragraph]);
            Loose {
                paragraph,
                log_odds: seams.weigh(Question::End, &row.columns()),
                unmarked: unmarked.then(|| seams.weigh_unmarked(row)).flatten(),
            }
        })
        .collect()
}

/// The paragraphs whose beginnings may be cut; `ends` in order.
pub(crate) fn loose_starts(
    document: &Reading<'_>,
    paragraphs: &[Paragraph],
    seams: &mut Seams<'_, '_>,
    ends: &[Loose],
) -> Vec<Loose> {
    let mut ends = ends.iter().peekable();
    let mut starts = Vec::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        while ends.next_if(|e| e.paragraph + 1 < index).is_some() {}
        let after_loose = ends.peek().is_some_and(|e| e.paragraph + 1 == index);
        if !is_text(paragraphs, index) || touches_code(document, paragraphs, index, false) {
            continue;
        }
        let text = document.slice(paragraph.content);
        let opens = !after_loose
            && (seams.opening(text) > PLAINLY_OPENS
                || text.starts_with(YET)
                || seams.opens_with_shared_word(text));
        starts.push(Loose {
            paragraph: index,
            log_odds: if opens {
                PLAIN
            } else if after_loose {
                let row = seams.start_row(paragraphs, index);
                seams.weigh(Question::Start, &row.columns())
            } else {
                // Below an end that is whole it matters only whether the beginning is surely cut.
                seams.start_high(paragraphs, index)
            },
            unmarked: None,
        });
    }
    starts
}

/// The pairs of a loose end and a loose beginning that are worth weighing, as indices into the two
/// lists.
fn pairs(
    paragraphs: &[Paragraph],
    seams: &mut Seams<'_, '_>,
    ends: &[Loose],
    starts: &[Loose],
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (e, end) in ends.iter().enumerate() {
        let here = starts.partition_point(|s| s.paragraph <= end.paragraph);
        let near = |s: &usize| starts[*s].paragraph.abs_diff(end.paragraph) <= FAR;
        let before = (0..here).rev().take_while(near);
        let after = (here..starts.len()).take_while(near);
        let mut loose = [0; 2];
        for (side, s) in before.map(|s| (0, s)).chain(after.map(|s| (1, s))) {
            let start = &starts[s];
            let adjacent = start.paragraph == end.paragraph + 1;
            let worth = start.log_odds > LEAST;
            loose[side] += usize::from(start.log_odds > PLAIN);
            if start.paragraph == end.paragraph || loose[side] > RIVALS {
                continue;
            }
            let mut follows = || {
                end.log_odds > LIKELY_CUT
                    && start.paragraph.abs_diff(end.paragraph) <= FAR_PLAIN
                    && seams.follows(paragraphs, end.paragraph, start.paragraph) > FOLLOWS
            };
            if adjacent || worth && end.log_odds > LEAST || !worth && follows() {
                pairs.push((e, s));
            }
        }
    }
    pairs
}

/// For each end the log-odds that the paragraph after it begins cut; for each beginning those that
/// the one before it ends cut.
fn rivals(ends: &[Loose], starts: &[Loose]) -> (Vec<f32>, Vec<f32>) {
    const NONE: f32 = -9.0;
    let at = |list: &[Loose], paragraph: usize| {
        list.binary_search_by_key(&paragraph, |l| l.paragraph)
            .map_or(NONE, |i| list[i].log_odds)
    };
    let after = ends.iter().map(|e| at(starts, e.paragraph + 1)).collect();
    let before = starts
        .iter()
        .map(|s| s.paragraph.checked_sub(1).map_or(NONE, |p| at(ends, p)))
        .collect();
    (after, before)
}

/// For each pair how well the best other beginning follows on its end, and its beginning on the
/// best other end.
fn best_others(
    paragraphs: &[Paragraph],
    seams: &mut Seams<'_, '_>,
    (ends, starts): (&[Loose], &[Loose]),
    pairs: &[(usize, usize)],
) -> Vec<(f32, f32)> {
    // The best and the second best of each.
    const NONE: f32 = -9.0;
    let mut of_end = vec![(NONE, NONE); ends.len()];
    let mut of_start = vec![(NONE, NONE); starts.len()];
    let mut follow = Vec::with_capacity(pairs.len());
    for (e, s) in pairs {
        let nats = seams.follows(paragraphs, ends[*e].paragraph, starts[*s].paragraph);
        follow.push(nats);
        for best in [&mut of_end[*e], &mut of_start[*s]] {
            if nats > best.0 {
                *best = (nats, best.0);
            } else if nats > best.1 {
                best.1 = nats;
            }
        }
    }
    let other = |best: (f32, f32), own: f32| if own < best.0 { best.0 } else { best.1 };
    pairs
        .iter()
        .zip(follow)
        .map(|((e, s), nats)| (other(of_end[*e], nats), other(of_start[*s], nats)))
        .collect()
}

/// Visits the evidence for each pair of an end and a beginning that is worth weighing, as indices
/// into the two lists; where only `high` log-odds count, without those of which the cheap evidence
/// tells that they are not.
pub(crate) fn each_join(
    paragraphs: &[Paragraph],
    seams: &mut Seams<'_, '_>,
    (ends, starts): (&[Loose], &[Loose]),
    high: bool,
    mut visit: impl FnMut(&Seams<'_, '_>, usize, usize, &Continuation),
) {
    let (after, before) = rivals(ends, starts);
    let pairs = pairs(paragraphs, seams, ends, starts);
    let others = best_others(paragraphs, seams, (ends, starts), &pairs);
    for ((e, s), other) in pairs.into_iter().zip(others) {
        let (end, start) = (&ends[e], &starts[s]);
        let pair = Pair {
            end: end.paragraph,
            start: start.paragraph,
            end_cut: end.log_odds,
            start_cut: start.log_odds,
            rival_end: after[e],
            rival_start: before[s],
            other_start: other.0,
            other_end: other.1,
        };
        if let Some(row) = seams.join_row(paragraphs, &pair, high) {
            visit(seams, e, s, &row);
        }
    }
}

/// 然而 in short, which begins sentences; elsewhere the character ends words.
const YET: &str = "然，";

/// Finds the cuts of a document.
#[inline(never)] // its instructions are counted
pub(crate) fn find(document: &Reading<'_>, paragraphs: &mut [Paragraph]) -> (Vec<Cut>, Habit) {
    let mut seams = Seams::new(document, paragraphs);
    if !seams.can_answer() {
        return (Vec::new(), Habit::default());
    }
    let ends = loose_ends(document, paragraphs, &mut seams);
    let (habit, loses) = Habit::of(document, paragraphs, &ends);
    let starts = loose_starts(document, paragraphs, &mut seams, &ends);
    let mut joins = Vec::new();
    each_join(
        paragraphs,
        &mut seams,
        (&ends, &starts),
        true,
        |seams, end, start, row| {
            let log_odds = seams.weigh_high(Question::Join, &row.columns());
            if log_odds > LEAST {
                joins.push(Join {
                    end,
                    start,
                    log_odds,
                });
            }
        },
    );
    let mut chosen = assign(&joins, ends.len(), starts.len());
    go_on_right_below(&joins, &mut chosen, (&ends, &starts));
    let mut cuts = Vec::new();
    let mut matched = vec![false; starts.len()];
    let mut ended = vec![false; ends.len()];
    for join in chosen {
        matched[join.start] = true;
        ended[join.end] = true;
        cuts.push(Cut {
            end: Some(ends[join.end].paragraph as u32),
            start: Some(starts[join.start].paragraph as u32),
            log_odds: join.log_odds + loses[join.end],
            damage: ends[join.end].log_odds + loses[join.end],
        });
    }
    let alone = |l: &Loose, done: bool| !done && l.log_odds > FAINT;
    cuts.extend(
        ends.iter()
            .zip(&loses)
            .zip(ended)
            .filter(|((l, _), done)| alone(l, *done))
            .map(|((l, loss), _)| Cut {
                end: Some(l.paragraph as u32),
                start: None,
                log_odds: l.log_odds + loss,
                damage: l.log_odds + loss,
            }),
    );
    cuts.extend(
        starts
            .iter()
            .zip(matched)
            .filter(|(l, done)| {
                alone(l, *done) && paragraphs[l.paragraph].content.len() >= TOO_SHORT
            })
            .map(|(l, _)| {
                // That the line before has no end spoke for a cut that goes over both; there is
                // none.
                let before = l.paragraph.checked_sub(1).map(|i| &paragraphs[i]);
                let open = before.is_some_and(|p| end_of(document.slice(p.content)) != End::Full);
                let log_odds = l.log_odds - if open { UNJOINED } else { 0.0 };
                Cut {
                    end: None,
                    start: Some(l.paragraph as u32),
                    log_odds,
                    damage: log_odds,
                }
            }),
    );
    // Where a line of verse ends, the metre has it end.
    let registers = document.registers();
    let metrical = |at: u32| registers.is_metrical(paragraphs[at as usize].content.start());
    cuts.retain(|cut| ![cut.end, cut.start].into_iter().flatten().any(metrical));
    cuts.sort_by_key(|c| (c.end.or(c.start), c.start));
    // A short line that goes on elsewhere is no heading, whatever it looks like.
    for cut in cuts.iter().filter(|c| c.log_odds > 0.0) {
        for index in [cut.end, cut.start].into_iter().flatten() {
            let paragraph = &mut paragraphs[index as usize];
            if paragraph.kind == ParagraphKind::Heading(0) {
                paragraph.kind = ParagraphKind::Body;
            }
        }
    }
    (cuts, habit)
}
