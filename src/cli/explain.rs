//! `kanwu explain`: what a rule finds, how it decides, and what it leaves alone.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::ValueEnum;

use super::output::{Color, Written};
use super::packs::Packs;
use crate::engine::Linter;
use crate::explain;
use crate::registry::Selection;

/// Cells of a line of the diagnostics shown.
const WIDTH: usize = 100;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Name of the rule, as findings show it
    rule: String,
    #[command(flatten)]
    packs: Packs,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// When to colour
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Words, and what the rule says of the damaged examples
    #[default]
    Text,
    /// The page of the rule reference
    Markdown,
    /// One object
    Json,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let registry = arguments.packs.registry()?;
    let card = registry
        .card(&arguments.rule)
        .map_err(miette::Report::msg)?;
    let page = match arguments.format {
        Format::Text => {
            let selection = Selection {
                select: vec![card.name.to_owned()],
                ..Selection::default()
            };
            let linter = Linter::new(registry, &selection).map_err(miette::Report::msg)?;
            explain::terminal(card, &linter, arguments.color.on_stdout(), WIDTH)
        }
        Format::Markdown => explain::markdown(card),
        Format::Json => format!("{:#}\n", explain::json(card)),
    };
    io::stdout().write_all(page.as_bytes()).written()?;
    Ok(ExitCode::SUCCESS)
}
