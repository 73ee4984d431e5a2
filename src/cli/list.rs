//! `kanwu rules`: the rules there are.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::output::Written;
use clap::ValueEnum;

use super::packs::Packs;
use super::silent::listed;
use crate::explain;
use crate::language::Lang;
use crate::model::Model;
use crate::reading::parts;
use crate::registry::silent;
use crate::rule::Card;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    packs: Packs,
    /// Mark the rules that find nothing with this language model
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A table to read
    #[default]
    Text,
    /// An array of objects
    Json,
    /// The rule reference
    Markdown,
}

pub(super) fn run(arguments: &Arguments, lang: Lang) -> miette::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let cards = arguments.packs.registry()?.cards();
    let model = arguments.model.as_deref().map(parts::open).transpose()?;
    let model = model.as_ref().unwrap_or_else(|| Model::embedded());
    let silent = silent(cards.iter().copied(), model);
    let is_silent = |card: &Card| silent.iter().any(|(rule, _)| *rule == card.name);
    match arguments.format {
        Format::Text => {
            let width = cards.iter().map(|c| c.name.len()).max().unwrap_or(0);
            let mut group = None;
            for card in cards {
                if group != Some(card.group) {
                    writeln!(
                        out,
                        "{}{}:",
                        if group.is_some() { "\n" } else { "" },
                        card.group
                    )
                    .written()?;
                    group = Some(card.group);
                }
                let state = match card.default {
                    true if is_silent(card) => "---",
                    true => lang.pick("on ", "开 "),
                    false => lang.pick("off", "关 "),
                };
                let (name, severity) = (card.name, card.severity.called(lang));
                match lang {
                    Lang::En => writeln!(
                        out,
                        "  {name:width$}  {state}  {severity:7}  {}",
                        card.summary
                    ),
                    Lang::Zh => writeln!(
                        out,
                        "  {name:width$}  {state}  {severity}  {}：{}",
                        card.chinese.name, card.chinese.summary
                    ),
                }
                .written()?;
            }
            if !silent.is_empty() {
                let list = listed(&silent);
                let said = lang.pick(
                    "silent, for the model lacks parts",
                    "不发声，因模型缺少部分",
                );
                writeln!(out, "\n---  {said}: {list}").written()?;
            }
        }
        Format::Markdown => {
            let page = explain::reference(&cards, lang);
            out.write_all(page.as_bytes()).written()?;
        }
        Format::Json => {
            let list: Vec<_> = cards.iter().map(|c| explain::json(c)).collect();
            serde_json::to_writer_pretty(&mut out, &list).written()?;
            writeln!(out).written()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
