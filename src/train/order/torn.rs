//! Fits the trees of `reading::placement::displaced_runs`.

use super::library::Library;
use super::pages::Edge;
use super::{Gathered, Options, Page, Rows};
use crate::document::Document;
use crate::model::Model;
use crate::reading::Reading;
use crate::reading::placement::affinity::{self, Belonging};
use crate::reading::placement::displaced_runs::{TornRun, candidates, rows};
use crate::train::random::Chance;

/// Articles that are looked through for one on the same subject.
const LOOKED_THROUGH: usize = 200;

/// How much a paragraph counts that lacks its head and stands where it belongs: on pages put
/// together from columns and files what is cut was moved, far more often than its head alone was
/// lost.
const LOST_ALONE: f32 = 0.15;

/// The evidence on runs; `groups` are articles that the table of openings has not seen. `model` has
/// the trees of cuts and of places.
pub(super) fn rows_of_pages(model: &Model, groups: &[&Library], options: &Options) -> Gathered {
    let Some(places) = model.forest(affinity::PARTS[1]) else {
        return (Rows::new(TornRun::NAMES), Vec::new());
    };
    let mut evidence = Rows::new(TornRun::NAMES);
    let mut pages = Vec::new();
    for number in 0..options.pages {
        let mut chance = Chance::of(options.seed + 55, number);
        let library = groups[number % groups.len()];
        let (mut page, chosen) = Page::compose_of(library, &mut chance);
        page.cut(&mut chance);
        let kin = chosen.map(|of| library.kin(of, LOOKED_THROUGH, &mut chance));
        let kin = kin.map(|at| at.map(|at| &library.articles[at]));
        page.tear_in(&kin, &library.articles, &mut chance);
        let text = page.text();
        let laid_out = Document::new("page.txt", &text);
        let document = Reading::new(&laid_out, model);
        let blocks = &page.blocks;
        if document.paragraphs().len() != blocks.len() {
            continue;
        }
        let belonging = Belonging::new(&document, document.content());
        let judged = belonging.places(places, |_, _, _, _| ());
        for candidate in candidates(&document, &judged) {
            let first = candidate.first;
            let run = blocks[first].run;
            let begins = run.is_some() && (first == 0 || blocks[first - 1].run != run);
            for (last, row) in rows(&document, &belonging, &judged, candidate) {
                let ends = blocks[first..=last].iter().all(|b| b.run == run)
                    && blocks.get(last + 1).is_none_or(|b| b.run != run);
                let alone = run.is_none() && blocks[first].start == Edge::Lost;
                evidence.push(
                    &row.columns(),
                    begins && ends,
                    if alone { LOST_ALONE } else { 1.0 },
                );
                pages.push(number);
            }
        }
    }
    (evidence, pages)
}
