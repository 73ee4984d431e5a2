//! kanwu as a Python module: what `python/kanwu/` wraps in names, types and documentation of
//! Python.
//!
//! | room | what it is for |
//! |---|---|
//! | `engine` | the linter: one text, many, columns |
//! | `told` | a finding with its places in characters |
//! | `texts` | texts that come as Arrow columns or as Python lists |
//! | `columns` | findings as Arrow columns |
//! | `repeats` | what is seen only across documents, in parts for an engine |
//! | `linked` | copies and shared passages of texts at hand, of their signatures |
//! | `learned` | what is learned of sources |
//! | `survey` | everything that repeats in texts at hand |
//! | `report` | an audit of findings that are there already |
//! | `plugin` | expressions of Polars |
//! | `threads` | work on several threads, in order |

mod columns;
mod engine;
mod learned;
mod linked;
mod plugin;
mod repeats;
mod report;
mod survey;
mod texts;
mod threads;
mod told;

use std::ffi::OsString;
use std::process::ExitCode;

use kanwu::cli::Given;
use pyo3::prelude::*;

/// Runs the program on its arguments, the first of which is its name, and on documents that are
/// given by name and text; gives the exit code.
#[pyfunction]
#[pyo3(signature = (arguments, given=None))]
fn main(py: Python<'_>, arguments: Vec<OsString>, given: Option<Vec<(String, String)>>) -> u8 {
    let given = given.map(|list| {
        let one = |(name, text)| Given { name, text };
        list.into_iter().map(one).collect()
    });
    let code = py.detach(|| kanwu::cli::run_on(arguments, given));
    // an exit code does not tell its number
    (0..=u8::MAX)
        .find(|number| ExitCode::from(*number) == code)
        .unwrap_or(u8::MAX)
}

#[pymodule(gil_used = false)]
fn _kanwu(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<engine::Engine>()?;
    module.add_class::<columns::Columns>()?;
    module.add_class::<repeats::Reader>()?;
    module.add_function(wrap_pyfunction!(repeats::needed, module)?)?;
    module.add_function(wrap_pyfunction!(linked::link, module)?)?;
    module.add_function(wrap_pyfunction!(linked::passages, module)?)?;
    module.add_function(wrap_pyfunction!(learned::learn, module)?)?;
    module.add_function(wrap_pyfunction!(learned::empty_profile, module)?)?;
    module.add_function(wrap_pyfunction!(learned::read_profile, module)?)?;
    module.add_function(wrap_pyfunction!(learned::write_profile, module)?)?;
    module.add_function(wrap_pyfunction!(learned::merge_profiles, module)?)?;
    module.add_function(wrap_pyfunction!(survey::survey, module)?)?;
    module.add_function(wrap_pyfunction!(report::report, module)?)?;
    module.add_function(wrap_pyfunction!(main, module)?)
}
