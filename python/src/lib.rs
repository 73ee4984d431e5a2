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
//! | `threads` | work on several threads, in order |

mod columns;
mod engine;
mod repeats;
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
    module.add_function(wrap_pyfunction!(repeats::line_keys, module)?)?;
    module.add_function(wrap_pyfunction!(repeats::needed, module)?)?;
    module.add_function(wrap_pyfunction!(repeats::settle, module)?)?;
    module.add_function(wrap_pyfunction!(repeats::survey, module)?)?;
    module.add_function(wrap_pyfunction!(main, module)?)
}
