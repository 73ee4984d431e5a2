//! Fits what belongs where: whether paragraphs are cut, what continues what, what stands in the wrong article.
//!
//! Pages of three articles are composed from the training text and damaged at random places; the evidence is read off them by the same code
//! that the rules use, and trees are fitted to it. The same text and options give the same bytes.

mod cuts;
mod openings;
mod pages;
mod places;
mod starts;
mod torn;

use std::path::PathBuf;

use super::TrainError;
use super::boost::{Rows, fit_calibrated};
use crate::model::Model;
use crate::model::container::Writer;
use crate::model::provenance::{Source, Step};

use pages::Page;

/// What to fit on.
#[derive(Clone, Debug)]
pub struct Options {
    /// Text files: a paragraph a line, a blank line between documents.
    pub corpora: Vec<PathBuf>,
    /// How many pages to compose.
    pub pages: usize,
    /// Where chance begins.
    pub seed: u64,
    /// Which of the parts to fit; the others stay as they are in the model.
    pub fitted: Fitted,
}

/// Which parts are fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fitted {
    /// All of them.
    #[default]
    All,
    /// What is cut, and what continues it.
    Cuts,
    /// What continues it alone.
    Joins,
    /// What stands in the wrong article.
    Places,
    /// What is torn in.
    Torn,
}

/// In how many parts the pages are divided, so that trees are calibrated on pages that they have not seen.
const FOLDS: usize = 4;

/// A fitted part: its name and content.
type Part = (&'static str, Vec<u8>);

/// Fits all parts of this room into a copy of `model`.
///
/// # Errors
/// If a file cannot be read, or the model that comes out cannot be used.
pub fn fit(
    model: &Model,
    options: &Options,
    progress: &mut dyn FnMut(&str),
) -> Result<Writer, TrainError> {
    progress("reading");
    let articles = pages::read(&options.corpora)?;
    if articles.is_empty() {
        return Err(TrainError::Empty);
    }
    let mut parts: Vec<&'static str> = Vec::new();
    let mut current = copy(model)?;
    let mut add = |current: Model, fitted: Vec<Part>| {
        let mut writer = Writer::copy_of(&current);
        for (name, content) in fitted {
            writer.put(name, crate::model::ORDER_VERSION, content);
            parts.push(name);
        }
        Model::from_bytes(writer.finish()).map_err(|_| TrainError::Empty)
    };
    let groups = openings::aside(&articles);
    let groups: Vec<&[_]> = groups.iter().map(Vec::as_slice).collect();
    if matches!(options.fitted, Fitted::All | Fitted::Cuts) {
        progress("words at the start of paragraphs");
        let table = starts::count(&current, &articles);
        current = add(current, vec![(crate::model::initial_words::PART, table)])?;
        progress("beginnings and rests of sentences");
        let (table, told_apart) = openings::fit(&current, &articles, options.seed);
        progress(&format!("told apart: {told_apart:.4}"));
        current = add(
            current,
            vec![(crate::model::sentence_openings::PART, table)],
        )?;
        progress("loose ends");
        let ends = cuts::ends(&current, &articles, options);
        current = add(current, ends)?;
        progress("loose beginnings");
        let starts = cuts::starts(&current, &groups, options);
        current = add(current, starts)?;
    }
    if matches!(options.fitted, Fitted::All | Fitted::Cuts | Fitted::Joins) {
        progress("what continues what");
        let joins = cuts::joins(&current, &groups, options);
        current = add(current, joins)?;
    }
    if matches!(options.fitted, Fitted::All | Fitted::Places) {
        progress("borders between articles");
        let borders = places::borders(&current, &articles, options);
        current = add(current, borders)?;
        progress("what stands in the wrong article");
        let places = places::places(&current, &articles, options);
        current = add(current, places)?;
    }

    if matches!(options.fitted, Fitted::All | Fitted::Torn) {
        progress("what is torn in");
        let torn = torn::fit(&current, &groups, options);
        current = add(current, torn)?;
    }

    let mut writer = Writer::copy_of(&current);
    let mut provenance = current.provenance();
    provenance.add(step(options, &parts)?);
    writer.put_provenance(&provenance);
    Ok(writer)
}

fn copy(model: &Model) -> Result<Model, TrainError> {
    Model::from_bytes(Writer::copy_of(model).finish()).map_err(|_| TrainError::Empty)
}

/// Fits trees on rows; `pages` tells which page each row is from.
fn trees(rows: &Rows, pages: &[usize], count: usize, leaves: usize) -> Vec<u8> {
    let folds: Vec<u8> = pages.iter().map(|page| (page % FOLDS) as u8).collect();
    let options = super::boost::Options {
        trees: count,
        leaves,
        rate: 0.12,
        min_rows: 30.0,
        lambda: 5.0,
    };
    fit_calibrated(rows, &folds, &options)
}

fn step(options: &Options, parts: &[&str]) -> Result<Step, TrainError> {
    let source = |path: &PathBuf| {
        Source::read(path).map_err(|source| TrainError::Io {
            path: path.clone(),
            source,
        })
    };
    let sources: Result<_, TrainError> = options.corpora.iter().map(source).collect();
    Ok(Step::new("train order", parts, sources?)
        .option("pages", options.pages)
        .option("seed", options.seed))
}
