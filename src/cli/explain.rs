//! `kanwu explain`: what a rule finds, how it decides, and what it leaves alone.

use std::io::{self, Write};
use std::process::ExitCode;

use miette::IntoDiagnostic;

use crate::explain;
use crate::registry::Registry;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Name of the rule, as findings show it
    rule: String,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let card = Registry::builtin()
        .card(&arguments.rule)
        .map_err(miette::Report::msg)?;
    io::stdout()
        .write_all(explain::markdown(card).as_bytes())
        .into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}
