//! `kanwu explain`: what a rule finds, how it decides, and what it leaves alone.

use std::io::{self, Write};
use std::process::ExitCode;

use miette::IntoDiagnostic;

use super::packs::Packs;
use crate::explain;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Name of the rule, as findings show it
    rule: String,
    #[command(flatten)]
    packs: Packs,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let card = arguments
        .packs
        .registry()?
        .card(&arguments.rule)
        .map_err(miette::Report::msg)?;
    io::stdout()
        .write_all(explain::markdown(card).as_bytes())
        .into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}
