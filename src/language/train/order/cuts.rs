//! Fits the trees of `document::continuation`.

use super::pages::{Article, Chance, Edge};
use super::{Options, Page, Part, Rows, trees};
use crate::document::Document;
use crate::document::continuation::{END_NAMES, JOIN_NAMES, PARTS, START_NAMES, Seams};
use crate::document::cuts::{PLAIN, best_others, loose_ends, loose_starts, pairs, rivals};
use crate::language::Model;

/// Composes and cuts the pages, one after the other: each from the articles of one of the groups, which take turns.
fn each_page(groups: &[&[Article]], options: &Options, mut visit: impl FnMut(usize, &Page, &str)) {
    for number in 0..options.pages {
        let mut chance = Chance::of(options.seed, number);
        let mut page = Page::compose(groups[number % groups.len()], &mut chance);
        page.cut(&mut chance);
        let text = page.text();
        visit(number, &page, &text);
    }
}

/// The trees of loose ends.
pub(super) fn ends(model: &Model, articles: &[Article], options: &Options) -> Vec<Part> {
    let mut rows = Rows::new(END_NAMES);
    let mut row_pages = Vec::new();
    each_page(&[articles], options, |number, page, text| {
        let document = Document::new("page.txt", text).with_model(model);
        let paragraphs = document.paragraphs();
        if paragraphs.len() != page.blocks.len() {
            return;
        }
        let mut seams = Seams::new(&document, paragraphs);
        for end in loose_ends(&document, paragraphs, &mut seams) {
            let row = seams.end_row(paragraphs, end.paragraph);
            rows.push(&row, page.blocks[end.paragraph].end != Edge::Whole, 1.0);
            row_pages.push(number);
        }
    });
    vec![(PARTS[0], trees(&rows, &row_pages, 80, 10))]
}

/// The trees of loose beginnings; `groups` are articles that the table of openings has not seen.
pub(super) fn starts(model: &Model, groups: &[&[Article]], options: &Options) -> Vec<Part> {
    let mut rows = Rows::new(START_NAMES);
    let mut row_pages = Vec::new();
    each_page(groups, options, |number, page, text| {
        let document = Document::new("page.txt", text).with_model(model);
        let paragraphs = document.paragraphs();
        if paragraphs.len() != page.blocks.len() {
            return;
        }
        let mut seams = Seams::new(&document, paragraphs);
        let ends = loose_ends(&document, paragraphs, &mut seams);
        for start in loose_starts(&document, paragraphs, &mut seams, &ends) {
            if start.log_odds == PLAIN {
                continue;
            }
            let row = seams.start_row(paragraphs, start.paragraph);
            rows.push(&row, page.blocks[start.paragraph].start != Edge::Whole, 1.0);
            row_pages.push(number);
        }
    });
    vec![(PARTS[1], trees(&rows, &row_pages, 140, 14))]
}

/// The trees of pairs; `model` has those of the edges.
pub(super) fn joins(model: &Model, groups: &[&[Article]], options: &Options) -> Vec<Part> {
    let mut rows = Rows::new(JOIN_NAMES);
    let mut row_pages = Vec::new();
    each_page(groups, options, |number, page, text| {
        let document = Document::new("page.txt", text).with_model(model);
        let paragraphs = document.paragraphs();
        if paragraphs.len() != page.blocks.len() {
            return;
        }
        let mut seams = Seams::new(&document, paragraphs);
        let ends = loose_ends(&document, paragraphs, &mut seams);
        let starts = loose_starts(&document, paragraphs, &mut seams, &ends);
        let (after, before) = rivals(&ends, &starts);
        let pairs = pairs(paragraphs, &mut seams, &ends, &starts);
        let others = best_others(paragraphs, &mut seams, (&ends, &starts), &pairs);
        for ((e, s), other) in pairs.into_iter().zip(others) {
            let (end, start) = (ends[e], starts[s]);
            let cut = (end.log_odds, start.log_odds);
            let row = seams.join_row(
                paragraphs,
                end.paragraph,
                start.paragraph,
                cut,
                (after[e], before[s], other.0, other.1),
            );
            let (left, right) = (
                page.blocks[end.paragraph].end,
                page.blocks[start.paragraph].start,
            );
            rows.push(&row, left == right && matches!(left, Edge::Cut(_)), 1.0);
            row_pages.push(number);
        }
    });
    vec![(PARTS[2], trees(&rows, &row_pages, 140, 14))]
}
