//! What is learned of sources: lines that they set on their pages.

use std::path::PathBuf;

use kanwu::corpus::spread::{self, CountedLine, RecurringLine};
use kanwu::corpus::{Learned, LearnedError, Line, Survey};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;

/// A line that was counted: source, key, whether that is a label's, the key of its label,
/// documents, those at the edge, whether it varies, the line.
type CountedRow = (String, i64, bool, Option<i64>, usize, usize, bool, String);
/// A line that recurs: source, line, documents, those at the edge, documents of the source, whether
/// it is a part of the page.
type LineRow = (String, String, usize, usize, usize, bool);

/// The lines that recur, of what an engine counted.
#[pyfunction]
pub(crate) fn learn(counted: Vec<CountedRow>, sources: Vec<(String, usize)>) -> Vec<LineRow> {
    let counted = counted.into_iter().map(
        |(source, key, is_label, label, documents, at_edge, varies, text)| CountedLine {
            source,
            line: RecurringLine {
                key: key.cast_unsigned(),
                is_label,
                label: label.map(i64::cast_unsigned),
                at_edge: at_edge > 0,
                text,
            },
            documents,
            at_edge,
            varies,
        },
    );
    let lines = spread::settle(counted.collect(), &sources);
    let row = |line: &Line| {
        let (source, documents) = sources[line.source].clone();
        let furniture = line.is_furniture();
        let text = line.text.clone();
        (
            source,
            text,
            line.documents,
            line.at_edge,
            documents,
            furniture,
        )
    };
    lines.iter().map(row).collect()
}

fn told(error: impl ToString) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A profile as Python holds it: JSON.
fn json(learned: &Learned) -> PyResult<String> {
    serde_json::to_string(learned).map_err(told)
}

pub(crate) fn of_json(json: &str) -> PyResult<Learned> {
    serde_json::from_str(json).map_err(told)
}

/// A profile of no source.
#[pyfunction]
pub(crate) fn empty_profile() -> PyResult<String> {
    json(&Learned::of_survey(&Survey::default(), &[]))
}

/// Reads a profile from its file.
#[pyfunction]
pub(crate) fn read_profile(path: PathBuf) -> PyResult<String> {
    let learned = Learned::read(&path).map_err(failed)?;
    json(&learned)
}

/// Writes a profile to a file.
#[pyfunction]
pub(crate) fn write_profile(profile: &str, path: PathBuf) -> PyResult<()> {
    of_json(profile)?.write(&path).map_err(failed)
}

/// Two profiles as one.
#[pyfunction]
pub(crate) fn merge_profiles(one: &str, other: &str) -> PyResult<String> {
    json(&of_json(one)?.merge(of_json(other)?))
}

fn failed(error: LearnedError) -> PyErr {
    match error {
        LearnedError::Io { .. } => PyOSError::new_err(error.to_string()),
        LearnedError::Damaged { .. } | LearnedError::Version { .. } => told(error),
    }
}
