//! `kanwu explain`: what a rule finds, how it decides, and what it leaves alone; or what is found
//! at a place, and why.

use std::io::{self, Write};
use std::process::ExitCode;

use super::explain_place::{self, Format, Place, WIDTH};
use super::output::{Color, Written};
use super::packs::Packs;
use crate::document::Document;
use crate::engine::Linter;
use crate::explain;
use crate::finding::Severity;
use crate::language::Lang;
use crate::report::{FileReport, Reporter, Terminal};
use crate::rule::Card;
use crate::selection::Selection;
use crate::text;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Name of the rule, as findings show it; or a place in a file: FILE:LINE or FILE:LINE:COLUMN
    #[arg(value_name = "RULE|PLACE")]
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

pub(super) fn run(arguments: &Arguments, lang: Lang) -> miette::Result<ExitCode> {
    let registry = arguments.packs.registry()?;
    if let Some(place) = Place::parse(&arguments.rule) {
        return explain_place::run(&place, arguments.format, arguments.color.on_stdout(), lang);
    }
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
            let shown = demonstration(card, &linter, arguments.color.on_stdout(), lang);
            explain::with_demonstration(card, &shown, lang)
        }
        Format::Markdown => explain::markdown(card, lang),
        Format::Json => format!("{:#}\n", explain::json(card)),
    };
    io::stdout().write_all(page.as_bytes()).written()?;
    Ok(ExitCode::SUCCESS)
}

/// What the rule says of its damaged examples. `linter` has the rule, and only it, selected.
fn demonstration(card: &Card, linter: &Linter, color: bool, lang: Lang) -> String {
    let mut shown = Vec::new();
    for (number, example) in card.bad.iter().enumerate() {
        let name = format!("{}-{}.txt", card.name, number + 1);
        let bytes = explain::example_bytes(example);
        let Ok(decoded) = text::decode(&bytes, None) else {
            continue;
        };
        let findings = linter.check(&Document::of_decoded(&name, &decoded));
        let mut report = FileReport::new(name, decoded, findings);
        report.level = Severity::Info;
        report.lang = lang;
        let before = shown.len();
        // Writing to memory does not fail.
        if Terminal::new(color, WIDTH)
            .file(&report, &mut shown)
            .is_err()
        {
            shown.truncate(before);
        }
    }
    String::from_utf8_lossy(&shown).into_owned()
}
