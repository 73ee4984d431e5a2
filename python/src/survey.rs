//! Everything that repeats in texts at hand, as `kanwu audit` finds it in files.

use std::borrow::Cow;

use kanwu::audit::{Repeats, Rows};
use kanwu::corpus::{self, Collection};
use kanwu::text::CharCounts;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::texts::Texts;

/// Texts at hand as a collection.
struct Documents {
    texts: Texts,
    source_of: Vec<usize>,
    sources: Vec<String>,
}

impl Collection for Documents {
    fn len(&self) -> usize {
        self.texts.len()
    }

    fn text(&self, document: usize) -> Option<Cow<'_, str>> {
        self.texts.get(document).map(Cow::Borrowed)
    }

    fn source(&self, document: usize) -> usize {
        self.source_of[document]
    }

    fn sources(&self) -> &[String] {
        &self.sources
    }

    fn bytes(&self) -> u64 {
        let bytes = |i| self.texts.get(i).map_or(0, str::len) as u64;
        (0..self.texts.len()).map(bytes).sum()
    }
}

/// What repeats in texts at hand, as the JSON of `kanwu audit` has it, spans in characters.
#[pyfunction]
pub(crate) fn survey(
    py: Python<'_>,
    texts: Texts,
    ids: Vec<String>,
    sources: Vec<String>,
    threads: usize,
) -> PyResult<String> {
    if ids.len() != texts.len() || sources.len() != texts.len() {
        return Err(PyValueError::new_err("the columns differ in length"));
    }
    py.detach(|| {
        let mut names = sources.clone();
        names.sort();
        names.dedup();
        let number = |source: &String| names.partition_point(|name| name < source);
        let documents = Documents {
            texts,
            source_of: sources.iter().map(number).collect(),
            sources: names,
        };
        let survey = corpus::survey(&documents, threads, &|_, _| ())?;
        let mut repeats = Repeats::of_survey(&survey, &documents, |i| ids[i].clone())?;
        let mut passages = Rows::default();
        for (told, passage) in repeats.passages.iter().zip(&survey.passages) {
            let mut told = told?;
            for side in 0..2 {
                let text = documents.texts.get(passage.documents[side]);
                let text = text.unwrap_or_default();
                let counts = CharCounts::new(text);
                told.spans[side] = told.spans[side].map(|byte| counts.chars(text, byte));
            }
            passages.push(&told)?;
        }
        repeats.passages = passages;
        serde_json::to_string(&repeats).map_err(|e| PyValueError::new_err(e.to_string()))
    })
}
