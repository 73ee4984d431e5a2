//! What comes of the documents of an audit: they are checked, the collection is asked where that
//! belongs which is out of place, and all is added up.

use std::path::Path;

use super::checker::Checker;
use super::destinations::create;
use super::output::{self, Written};
use super::portions::Portion;
use super::schedule::in_order;
use super::waiting::Waiting;
use crate::audit::{
    FileRecord, FindingsTable, FoundHome, Gathering, Page, Rows, SkippedFile, Spool,
};
use crate::corpus::{Ask, Collection, Home, find_homes};
use crate::report::Skipped;

/// What is written of all findings while they are added up.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    pub(super) csv: Option<&'a Path>,
    pub(super) html: bool,
}

/// What comes of all documents.
pub(super) struct Added<'j> {
    pub(super) gathering: Gathering<'j>,
    pub(super) skipped: Vec<SkippedFile>,
    pub(super) page: Option<Page>,
    pub(super) homes: Rows<FoundHome>,
}

/// Checks every document, and adds it all up: to what there is already, and to what was not
/// checked.
pub(super) fn check<'j>(
    checker: &Checker<'_>,
    tables: Tables<'_>,
    threads: usize,
    waiting: &Waiting,
    (mut gathering, skipped): (Gathering<'j>, Vec<Skipped>),
) -> miette::Result<Added<'j>> {
    let files = checker.files;
    let mut not_checked: Vec<SkippedFile> = skipped.iter().map(Into::into).collect();
    let mut spool = Spool::new().written()?;
    // the documents that were checked, and what there is to ask about some of them
    let mut documents: Vec<usize> = Vec::new();
    let mut asks: Vec<(usize, Vec<Ask>)> = Vec::new();
    let of_portions = threads.clamp(1, files.portions.len().max(1));
    let work = |portion: &Portion| (portion.clone(), checker.check(portion));
    in_order(&files.portions, of_portions, work, |(portion, outcome)| {
        let bytes = portion.size(&files.jobs[portion.job]);
        waiting.checked(portion.documents.len(), bytes);
        let checked = match outcome {
            Ok(checked) => checked,
            Err(skipped) => {
                output::skipped(&skipped);
                not_checked.push((&skipped).into());
                return Ok(());
            }
        };
        gathering.open(bytes, portion.start() == 0);
        for (document, file) in portion.documents.zip(checked.documents) {
            if !file.asks.is_empty() {
                let of_file = file.asks.iter().map(|asked| asked.ask.clone());
                asks.push((document, of_file.collect()));
            }
            documents.push(document);
            spool.put(&file)?;
        }
        for skipped in &checked.unread {
            output::skipped(skipped);
            not_checked.push(skipped.into());
        }
        Ok(())
    })
    .written()?;
    let asked = |bytes| waiting.asked(bytes);
    let homes = find_homes(files, &asks, threads, &asked);
    drop(asks);
    waiting.finish();
    let page = add_up(checker, tables, &mut gathering, (spool, &documents), &homes)?;
    let name = |document| files.name(document);
    Ok(Added {
        gathering,
        skipped: not_checked,
        page,
        homes: Rows::of(homes.iter().map(|home| FoundHome::of(home, &name))).written()?,
    })
}

/// Adds up the documents that were checked, with what the collection answers about them.
fn add_up(
    checker: &Checker<'_>,
    tables: Tables<'_>,
    gathering: &mut Gathering<'_>,
    (spool, documents): (Spool, &[usize]),
    homes: &[Home],
) -> miette::Result<Option<Page>> {
    let files = checker.files;
    let mut table = match tables.csv {
        Some(path) => Some(FindingsTable::new(create(path)?).written()?),
        None => None,
    };
    let page = tables.html.then(Page::new);
    let mut page = page.transpose().written()?;
    let mut documents = documents.iter().copied();
    let add = |mut file: FileRecord| {
        let Some(document) = documents.next() else {
            return Ok(());
        };
        let first = homes.partition_point(|home| home.document < document);
        let of_file = &homes[first..];
        let end = of_file.partition_point(|home| home.document == document);
        file.answer(&of_file[..end], checker.way.lang, &|other| {
            files.name(other)
        });
        let (name, source) = (files.name(document), files.source(document));
        gathering.take(&name, &files.sources[source], &mut file)?;
        if let Some(page) = &mut page {
            page.take(source, &file)?;
        }
        if let Some(table) = &mut table {
            table.file(&name, &file)?;
        }
        Ok(())
    };
    spool.read(add).written()?;
    if let Some(table) = table {
        table.finish().written()?;
    }
    Ok(page)
}
