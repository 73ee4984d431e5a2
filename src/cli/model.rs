//! `kanwu model`: what a language model holds and what it was made from; and the embedded one, made
//! anew.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::Written;
use super::silent::listed;
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use crate::model::Model;
use crate::reading::parts;
use crate::registry::{Registry, silent};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the parts of a model and what it was trained on
    Info {
        /// The model file; without one, the model that comes with kanwu
        file: Option<PathBuf>,
        /// How to write it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Make the model that comes with kanwu anew, in a checkout, from the data beside it
    #[cfg(feature = "train")]
    Make {
        /// The data that the recipe names
        #[arg(long, value_name = "DIR", default_value = "../shared/data")]
        data: PathBuf,
        /// The recipe
        #[arg(long, value_name = "FILE", default_value = "model/recipe.toml")]
        recipe: PathBuf,
        /// The model file to write; packed if its name ends in .xz
        #[arg(short, long, value_name = "FILE", default_value = "model/zh.model.xz")]
        output: PathBuf,
        /// Threads to use; the outcome is the same
        #[arg(long, value_name = "N", default_value_t = 2)]
        jobs: usize,
        /// Keep what each stage wrote, in a folder beside the file, so that the next make does only
        /// what has changed
        #[arg(long)]
        keep: bool,
    },
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// To read
    #[default]
    Text,
    /// An object
    Json,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    match &arguments.command {
        Command::Info { file, format } => info(file.as_deref(), *format),
        #[cfg(feature = "train")]
        Command::Make {
            data,
            recipe,
            output,
            jobs,
            keep,
        } => {
            let declared = crate::train::recipe::Recipe::open(recipe)?;
            let home = recipe.parent().and_then(Path::parent);
            let home = home.unwrap_or(Path::new("."));
            let progress = super::progress::Progress::new();
            let mut say = |what: &str| progress.say(what);
            let material = crate::train::material::Material::of_recipe(
                &declared, data, home, *jobs, &mut say,
            )?;
            super::train::cook(&declared, &material, output, *keep, &progress)
        }
    }
}

fn info(file: Option<&Path>, format: Format) -> miette::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let opened = file.map(parts::open).transpose()?;
    let model = opened.as_ref().unwrap_or_else(|| Model::embedded());
    match format {
        Format::Text => write_text(model, &mut out),
        Format::Json => write_json(model, &mut out),
    }
    .written()?;
    Ok(ExitCode::SUCCESS)
}

/// What is counted: names and numbers.
fn counts(model: &Model) -> [(&'static str, usize); 5] {
    let (ngram, topics) = (model.ngram(), model.topics());
    [
        ("characters", model.characters().len()),
        ("bigrams", ngram.bigrams()),
        ("trigrams", ngram.trigrams()),
        ("words", model.lexicon().len()),
        ("topic vectors", topics.len()),
    ]
}

fn write_text(model: &Model, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "parts:")?;
    for part in model.parts() {
        writeln!(
            out,
            "  {:16} version {}  {:>9} bytes  crc32 {:08x}",
            part.name(),
            part.version,
            part.length,
            part.checksum
        )?;
    }
    writeln!(out, "\ncounts:")?;
    for (name, count) in counts(model) {
        writeln!(out, "  {name:16} {count:>9}")?;
    }
    let silent = silent(Registry::builtin().cards(), model);
    if !silent.is_empty() {
        writeln!(
            out,
            "\nsilent rules, for parts are missing:\n  {}",
            listed(&silent)
        )?;
    }
    for step in model.provenance().steps {
        writeln!(
            out,
            "\n{} (kanwu {}) wrote {}",
            step.command,
            step.version,
            step.parts.join(", ")
        )?;
        for (name, value) in step.options {
            writeln!(out, "  --{name} {value}")?;
        }
        for source in step.sources {
            let characters = if source.characters > 0 {
                format!("  {} characters", source.characters)
            } else {
                String::new()
            };
            writeln!(
                out,
                "  {}  {} bytes  crc32 {}{characters}",
                source.name, source.bytes, source.crc32
            )?;
        }
        for (name, value) in step.measured {
            writeln!(out, "  {name} = {value:.4}")?;
        }
    }
    Ok(())
}

fn write_json(model: &Model, out: &mut impl Write) -> io::Result<()> {
    let parts: Vec<_> = model
        .parts()
        .iter()
        .map(|part| json!({"name": part.name(), "version": part.version, "bytes": part.length, "crc32": format!("{:08x}", part.checksum)}))
        .collect();
    let counts: serde_json::Map<_, _> = counts(model)
        .into_iter()
        .map(|(name, count)| (name.to_owned(), json!(count)))
        .collect();
    let silent = silent(Registry::builtin().cards(), model);
    let silent: serde_json::Map<_, _> = silent
        .into_iter()
        .map(|(rule, parts)| (rule.to_owned(), json!(parts)))
        .collect();
    serde_json::to_writer_pretty(
        &mut *out,
        &json!({"silent": silent, "parts": parts, "counts": counts, "steps": model.provenance().steps}),
    )?;
    writeln!(out)
}
