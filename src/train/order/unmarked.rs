//! Fits the trees of `reading::continuity::habit`: on pages whose paragraphs end without a mark,
//! which ends are cut.

use super::library::Library;
use super::pages::Edge;
use super::{Gathered, Options, Page, Rows};
use crate::document::Document;
use crate::model::Model;
use crate::reading::Reading;
use crate::reading::continuity::habit::is_unmarked;
use crate::reading::continuity::seam::{EndCut, Seams};
use crate::train::random::Chance;

/// The evidence on ends without a mark. Cut ones and whole ones weigh the same in sum: what the
/// trees say is a likelihood ratio.
pub(super) fn rows_of_pages(model: &Model, groups: &[&Library], options: &Options) -> Gathered {
    let mut asked = Vec::new();
    for number in 0..options.pages {
        let mut chance = Chance::of(options.seed + 33, number);
        let mut page = Page::compose(groups[number % groups.len()], &mut chance);
        page.cut(&mut chance);
        page.leave_out_last_marks();
        let text = page.text();
        let laid_out = Document::new("page.txt", &text);
        let document = Reading::new(&laid_out, model);
        let paragraphs = document.draft();
        if paragraphs.len() != page.blocks.len() {
            continue;
        }
        let mut seams = Seams::new(&document, paragraphs);
        for (index, (paragraph, block)) in paragraphs.iter().zip(&page.blocks).enumerate() {
            if !block.set && is_unmarked(&document, paragraph) {
                let row = seams.end_row(paragraphs, index).of_language().columns();
                asked.push((row, block.end != Edge::Whole, number));
            }
        }
    }
    let cut = asked.iter().filter(|(_, cut, _)| *cut).count();
    let weight = |of: usize| asked.len() as f32 / (2 * of.max(1)) as f32;
    let (of_cut, of_whole) = (weight(cut), weight(asked.len() - cut));
    let mut rows = Rows::new(EndCut::NAMES);
    for (row, cut, _) in &asked {
        rows.push(row, *cut, if *cut { of_cut } else { of_whole });
    }
    (rows, asked.into_iter().map(|(_, _, page)| page).collect())
}
