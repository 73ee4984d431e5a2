//! Fits the trees of `reading::continuity`.

use super::library::Library;
use super::pages::Edge;
use super::{Gathered, Options, Page, Rows};
use crate::document::Document;
use crate::model::Model;
use crate::reading::Reading;
use crate::reading::continuity::breaks::{PLAIN, each_join, loose_ends, loose_starts};
use crate::reading::continuity::habit::is_unmarked;
use crate::reading::continuity::seam::{Continuation, EndCut, Seams, StartCut};
use crate::train::random::Chance;

/// Composes and damages the pages, one after the other: each from the articles of one of the
/// groups, which take turns. Those are passed over that are not read with the paragraphs they were
/// made of. What is asked are the paragraphs as they are when cuts are looked for: before articles
/// are known.
fn each_page(
    model: &Model,
    groups: &[&Library],
    options: &Options,
    damage: impl Fn(&mut Page, &mut Chance),
    mut visit: impl FnMut(usize, &Page, &Reading<'_>),
) {
    for number in 0..options.pages {
        let mut chance = Chance::of(options.seed, number);
        let mut page = Page::compose(groups[number % groups.len()], &mut chance);
        damage(&mut page, &mut chance);
        let text = page.text();
        let laid_out = Document::new("page.txt", &text);
        let document = Reading::new(&laid_out, model);
        if document.draft().len() == page.blocks.len() {
            visit(number, &page, &document);
        }
    }
}

/// The evidence on loose ends.
pub(super) fn ends(model: &Model, groups: &[&Library], options: &Options) -> Gathered {
    let mut rows = Rows::new(EndCut::NAMES);
    let mut row_pages = Vec::new();
    each_page(
        model,
        groups,
        options,
        Page::cut,
        |number, page, document| {
            let paragraphs = document.draft();
            let mut seams = Seams::new(document, paragraphs);
            for end in loose_ends(document, paragraphs, &mut seams) {
                let row = seams.end_row(paragraphs, end.paragraph).columns();
                rows.push(&row, page.blocks[end.paragraph].end != Edge::Whole, 1.0);
                row_pages.push(number);
            }
        },
    );
    (rows, row_pages)
}

/// The evidence on loose beginnings; `groups` are articles that the table of openings has not seen.
pub(super) fn starts(model: &Model, groups: &[&Library], options: &Options) -> Gathered {
    let mut rows = Rows::new(StartCut::NAMES);
    let mut row_pages = Vec::new();
    each_page(
        model,
        groups,
        options,
        Page::cut,
        |number, page, document| {
            let paragraphs = document.draft();
            let mut seams = Seams::new(document, paragraphs);
            let ends = loose_ends(document, paragraphs, &mut seams);
            for start in loose_starts(document, paragraphs, &mut seams, &ends) {
                if start.log_odds == PLAIN {
                    continue;
                }
                let row = seams.start_row(paragraphs, start.paragraph).columns();
                rows.push(&row, page.blocks[start.paragraph].start != Edge::Whole, 1.0);
                row_pages.push(number);
            }
        },
    );
    (rows, row_pages)
}

/// The evidence on pairs; `model` has those of the edges.
pub(super) fn joins(model: &Model, groups: &[&Library], options: &Options) -> Gathered {
    let mut rows = Rows::new(Continuation::NAMES);
    let mut row_pages = Vec::new();
    each_page(
        model,
        groups,
        options,
        Page::cut,
        |number, page, document| {
            let paragraphs = document.draft();
            let mut seams = Seams::new(document, paragraphs);
            let ends = loose_ends(document, paragraphs, &mut seams);
            let starts = loose_starts(document, paragraphs, &mut seams, &ends);
            each_join(
                paragraphs,
                &mut seams,
                (&ends, &starts),
                false,
                |_, e, s, row| {
                    let (left, right) = (
                        page.blocks[ends[e].paragraph].end,
                        page.blocks[starts[s].paragraph].start,
                    );
                    rows.push(
                        &row.columns(),
                        left == right && matches!(left, Edge::Cut(_)),
                        1.0,
                    );
                    row_pages.push(number);
                },
            );
        },
    );
    (rows, row_pages)
}

/// The evidence on ends without a mark, on pages whose paragraphs all lack it: which ends are cut.
/// Cut ones and whole ones weigh the same in sum: what the trees say is a likelihood ratio.
pub(super) fn unmarked(model: &Model, groups: &[&Library], options: &Options) -> Gathered {
    let mut asked = Vec::new();
    let options = Options {
        seed: options.seed + 33,
        ..*options
    };
    let damage = |page: &mut Page, chance: &mut Chance| {
        page.cut(chance);
        page.leave_out_last_marks();
    };
    each_page(model, groups, &options, damage, |number, page, document| {
        let paragraphs = document.draft();
        let mut seams = Seams::new(document, paragraphs);
        for (index, (paragraph, block)) in paragraphs.iter().zip(&page.blocks).enumerate() {
            if !block.set && is_unmarked(document, paragraph) {
                let row = seams.end_row(paragraphs, index).of_language().columns();
                asked.push((row, block.end != Edge::Whole, number));
            }
        }
    });
    let cut = asked.iter().filter(|(_, cut, _)| *cut).count();
    let weight = |of: usize| asked.len() as f32 / (2 * of.max(1)) as f32;
    let (of_cut, of_whole) = (weight(cut), weight(asked.len() - cut));
    let mut rows = Rows::new(EndCut::NAMES);
    for (row, cut, _) in &asked {
        rows.push(row, *cut, if *cut { of_cut } else { of_whole });
    }
    (rows, asked.into_iter().map(|(_, _, page)| page).collect())
}
