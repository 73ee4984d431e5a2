//! `kanwu model`: what a language model holds and what it was made from; and the embedded one, made
//! anew.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::Written;
use super::silent::listed;
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use crate::language::spoken;
use crate::model::Model;
use crate::reading::parts;
use crate::registry::{Registry, silent};
use crate::said;
#[cfg(feature = "train")]
use crate::train::recipe::Fit;

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
        /// Do these stages alone, on what the model that comes with kanwu has of the others
        #[arg(long, value_name = "STAGE", value_parser = Fit::of_name)]
        only: Vec<Fit>,
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
            only,
        } => {
            let declared = crate::train::recipe::Recipe::open(recipe)?;
            let home = recipe.parent().and_then(Path::parent);
            let home = home.unwrap_or(Path::new("."));
            let progress = super::progress::Progress::new();
            let mut say = |what: &str| progress.say(what);
            let material = crate::train::material::Material::of_recipe(
                &declared, data, home, *jobs, &mut say,
            )?;
            super::train::cook(&declared, only, &material, output, *keep, &progress)
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

/// What is counted: names, English and Chinese, and numbers.
fn counts(model: &Model) -> [(&'static str, &'static str, usize); 5] {
    let (ngram, topics) = (model.ngram(), model.topics());
    [
        ("characters", "字", model.characters().len()),
        ("bigrams", "二元组", ngram.bigrams()),
        ("trigrams", "三元组", ngram.trigrams()),
        ("words", "词", model.lexicon().len()),
        ("topic vectors", "主题向量", topics.len()),
    ]
}

fn write_text(model: &Model, out: &mut impl Write) -> io::Result<()> {
    let lang = spoken();
    writeln!(out, "{}", lang.pick("parts:", "组成："))?;
    for part in model.parts() {
        let (name, version) = (part.name(), part.version);
        let (bytes, crc32) = (part.length, part.checksum);
        let line = said!(
            "  {name:16} version {version}  {bytes:>9} bytes  crc32 {crc32:08x}";
            "  {name:16} 版本 {version}  {bytes:>9} 字节  crc32 {crc32:08x}"
        );
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\n{}", lang.pick("counts:", "计数："))?;
    for (name, chinese, count) in counts(model) {
        writeln!(out, "  {:16} {count:>9}", lang.pick(name, chinese))?;
    }
    let silent = silent(Registry::builtin().cards(), model);
    if !silent.is_empty() {
        let silent = listed(&silent);
        let line = said!(
            "silent rules, for parts are missing:\n  {silent}";
            "因缺少组成部分而不出声的规则：\n  {silent}"
        );
        writeln!(out, "\n{line}")?;
    }
    for step in model.provenance().steps {
        let (command, version) = (&step.command, &step.version);
        let line = said!(
            "{command} (kanwu {version}) wrote {}", step.parts.join(", ");
            "{command}（kanwu {version}）写出 {}", step.parts.join("、")
        );
        writeln!(out, "\n{line}")?;
        for (name, value) in step.options {
            writeln!(out, "  --{name} {value}")?;
        }
        for source in step.sources {
            let (name, bytes, crc32) = (&source.name, source.bytes, &source.crc32);
            write!(out, "  {name}  {}", said!("{bytes} bytes"; "{bytes} 字节"))?;
            write!(out, "  crc32 {crc32}")?;
            if source.characters > 0 {
                let characters = source.characters;
                write!(
                    out,
                    "  {}",
                    said!("{characters} characters"; "{characters} 字")
                )?;
            }
            writeln!(out)?;
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
        .map(|(name, _, count)| (name.to_owned(), json!(count)))
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
