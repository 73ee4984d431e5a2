//! Fits what belongs where: whether paragraphs are cut, what continues what, what stands in the
//! wrong article.
//!
//! Pages of three articles are composed from the training text and damaged at random places; the
//! evidence is read off them by the same code that the rules use, and trees are fitted to it. The
//! same text and options give the same bytes.

mod alone;
mod article;
mod cuts;
mod library;
mod openings;
mod pages;
pub(super) mod places;
mod starts;
mod torn;

use super::TrainError;
use super::boost::{Rows, fit_calibrated};
use super::figures::{self, Figures};
use super::recipe::Stage;
use super::texts::Texts;
use crate::model::Model;
use crate::model::container::Writer;
use crate::model::{ORDER_VERSION, initial_words, sentence_openings, word_partners};
use crate::reading::continuity::seam;
use crate::reading::placement::{self, affinity, articles, displaced_runs};
use crate::said;

use article::Article;
use library::Library;
use pages::Page;

/// How many pages to compose, and where chance begins.
#[derive(Clone, Copy, Debug)]
struct Options {
    pages: usize,
    seed: u64,
}

/// In how many parts the pages are divided, so that trees are calibrated on pages that they have
/// not seen.
const FOLDS: usize = 4;
/// To measure on, this many times fewer pages are composed than to fit on.
const FEWER: usize = 10;

/// Rows of evidence, each with the number of its page.
type Gathered = (Rows, Vec<usize>);

/// The articles of a register that may be fitted on.
pub(super) fn articles_of(texts: &Texts) -> impl Iterator<Item = Article> {
    article::articles(texts.counted.iter().chain(&texts.fitted)).into_iter()
}

/// A fit under way: the model as it grows, and what is measured.
pub(super) struct Order {
    model: Model,
    articles: Vec<Article>,
    /// Articles set aside from the table of openings, in groups.
    aside: [Library; FOLDS],
    unseen: Library,
    options: Options,
    figures: Figures,
}

impl Order {
    /// `documents` are fitted on, `unseen` ones measured on.
    pub(super) fn new<'d>(
        model: &Model,
        documents: impl Iterator<Item = &'d String>,
        unseen: impl Iterator<Item = &'d String>,
        stage: &Stage,
    ) -> Result<Self, TrainError> {
        let articles = article::articles(documents);
        let library = |articles| Library::new(model, articles);
        let mut aside = openings::aside(&articles).map(library);
        if aside.iter().all(Library::is_empty) {
            aside[0] = library(articles.clone());
        }
        Ok(Self {
            model: Model::from_bytes(Writer::copy_of(model).finish())?,
            aside,
            articles,
            unseen: library(article::articles(unseen)),
            options: Options {
                pages: stage.option("pages"),
                seed: stage.seed,
            },
            figures: Figures::new(),
        })
    }

    /// What is cut, and what continues it.
    pub(super) fn breaks(mut self, tell: &mut dyn FnMut(&str)) -> Result<Self, TrainError> {
        tell(&said!("words at the start of paragraphs"; "段首的词"));
        let table = starts::count(&self.model, &self.articles);
        self.put(initial_words::PART, table)?;
        let table = word_partners::encode(
            self.model.lexicon(),
            self.model.ngram(),
            self.model.characters(),
        );
        self.put(word_partners::PART, table)?;
        tell(&said!("beginnings and rests of sentences"; "句子的开头与后半"));
        let (table, told_apart) = openings::fit(&self.model, &self.articles, self.options.seed);
        self.figures
            .insert("told_apart.openings".to_owned(), told_apart);
        self.put(sentence_openings::PART, table)?;
        tell(&said!("loose ends"; "残缺的段尾"));
        let [end, start, join] = seam::PARTS;
        self.trees(end, (160, 10), cuts::ends)?;
        tell(&said!("loose beginnings"; "残缺的段首"));
        self.trees(start, (280, 14), cuts::starts)?;
        tell(&said!("what continues what"; "何处接何处"));
        self.trees(join, (280, 14), cuts::joins)?;
        Ok(self)
    }

    /// What ends are cut, and what never had a mark.
    pub(super) fn unmarked(mut self, tell: &mut dyn FnMut(&str)) -> Result<Self, TrainError> {
        tell(&said!("ends without a mark"; "没有标点的段尾"));
        self.trees(seam::UNMARKED, (80, 8), cuts::unmarked)?;
        Ok(self)
    }

    /// Where articles end, and what stands in the wrong one.
    pub(super) fn places(mut self, tell: &mut dyn FnMut(&str)) -> Result<Self, TrainError> {
        tell(&said!("borders between articles"; "文章的分界"));
        self.trees(articles::PART, (160, 10), |model, groups, options| {
            places::borders(model, &Library::joined(groups), options)
        })?;
        tell(&said!("what stands in the wrong article"; "放错文章的句段"));
        for (whole, part) in [false, true].into_iter().zip(affinity::PARTS) {
            self.trees(part, (300, 16), |model, groups, options| {
                places::places(model, &Library::joined(groups), options, whole)
            })?;
        }
        Ok(self)
    }

    /// What is torn in.
    pub(super) fn torn(mut self, tell: &mut dyn FnMut(&str)) -> Result<Self, TrainError> {
        tell(&said!("what is torn in"; "混入的段落"));
        self.trees(displaced_runs::PART, (300, 12), torn::rows_of_pages)?;
        Ok(self)
    }

    /// What has nothing to do with the only article of its document.
    pub(super) fn alone(mut self, tell: &mut dyn FnMut(&str)) -> Result<Self, TrainError> {
        tell(&said!("what has nothing to do with its article"; "与本篇无关的句子"));
        for (whole, part) in [false, true].into_iter().zip(placement::alone::PARTS) {
            self.trees(part, (300, 16), |model, groups, options| {
                alone::rows_of_articles(model, &Library::joined(groups), options, whole)
            })?;
        }
        Ok(self)
    }

    /// The model with what was fitted, and what was measured.
    pub(super) fn finish(self) -> (Writer, Figures) {
        (Writer::copy_of(&self.model), self.figures)
    }

    fn put(&mut self, part: &str, content: Vec<u8>) -> Result<(), TrainError> {
        let mut writer = Writer::copy_of(&self.model);
        writer.put(part, ORDER_VERSION, content);
        self.model = Model::from_bytes(writer.finish())?;
        Ok(())
    }

    /// Fits trees of so many trees and leaves, and measures them on pages of articles that nothing
    /// has seen.
    fn trees(
        &mut self,
        part: &str,
        (count, leaves): (usize, usize),
        gather: impl Fn(&Model, &[&Library], &Options) -> Gathered,
    ) -> Result<(), TrainError> {
        let groups: Vec<&Library> = self.aside.iter().filter(|g| !g.is_empty()).collect();
        let (rows, pages) = gather(&self.model, &groups, &self.options);
        let content = trees(&rows, &pages, count, leaves);
        if !self.unseen.is_empty() {
            let fewer = Options {
                pages: self.options.pages.div_ceil(FEWER),
                seed: self.options.seed + 900,
            };
            let (rows, _) = gather(&self.model, &[&self.unseen], &fewer);
            figures::weighed(&mut self.figures, part, &rows, &content, 0);
        }
        self.put(part, content)
    }
}

/// Fits trees on rows; `pages` tells which page each row is from. Each tree sees half of the rows
/// and of the evidence: grown on all of both, trees of one recipe differed among themselves as much
/// as those of two.
fn trees(rows: &Rows, pages: &[usize], count: usize, leaves: usize) -> Vec<u8> {
    let folds: Vec<u8> = pages.iter().map(|page| (page % FOLDS) as u8).collect();
    let options = super::boost::Options {
        trees: count,
        leaves,
        rate: 0.06,
        min_rows: 30.0,
        lambda: 5.0,
        sample: (0.5, 0.5),
    };
    fit_calibrated(rows, &folds, &options)
}
