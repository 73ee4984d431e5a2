//! kanwu as a Python module: what `python/kanwu/` wraps in names, types and documentation of Python.
//!
//! | room | what it is for |
//! |---|---|
//! | `engine` | the linter: one text, many, columns |
//! | `told` | a finding with its places in characters |
//! | `texts` | texts that come as Arrow columns or as Python lists |
//! | `columns` | findings as Arrow columns |
//! | `threads` | work on several threads, in order |

mod columns;
mod engine;
mod texts;
mod threads;
mod told;

use std::ffi::OsString;
use std::process::ExitCode;

use pyo3::prelude::*;

/// Runs the program on its arguments, the first of which is its name; gives the exit code.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    let code = py.detach(|| kanwu::cli::run(arguments));
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
    module.add_function(wrap_pyfunction!(main, module)?)
}
