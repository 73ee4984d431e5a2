//! `kanwu train`: a language model from text.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::model::container::Writer;
use crate::train::make::{kept_beside, make};
use crate::train::material::{Given, Material};
use crate::train::recipe::{Fit, Recipe};

use super::progress::Progress;
use crate::said;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Text to learn from: files and directories, plain (a paragraph a line, an empty line between
    /// documents) or JSON lines (.jsonl, with a "text" field), also as .xz, .gz or .zst
    #[arg(required = true, value_name = "CORPUS")]
    corpora: Vec<PathBuf>,
    /// The model file to write; packed if its name ends in .xz
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// A word list, a word a line, beside the words of the embedded model; may be given again
    #[arg(long, value_name = "FILE")]
    lexicon: Vec<PathBuf>,
    /// A list of wrong words with the right ones, kept out of the lexicon; may be given again
    #[arg(long, value_name = "FILE")]
    wrong_words: Vec<PathBuf>,
    /// Lines with slips, each with what is right (JSON lines); without any, how slips are weighed
    /// is carried over from the embedded model; may be given again
    #[arg(long, value_name = "FILE")]
    pairs: Vec<PathBuf>,
    /// A recipe of your own; without one, that of the embedded model
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Threads to use; the outcome is the same
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let recipe = match &arguments.recipe {
        Some(file) => Recipe::open(file)?,
        None => Recipe::standard()?,
    };
    let given = Given {
        corpora: arguments.corpora.clone(),
        lexicons: arguments.lexicon.clone(),
        wrong_words: arguments.wrong_words.clone(),
        pairs: arguments.pairs.clone(),
        threads: arguments.jobs,
    };
    let progress = Progress::new();
    let material = Material::given(&given, &mut |what| progress.say(what))?;
    cook(&recipe, &[], &material, &arguments.output, false, &progress)
}

/// Makes a model and writes it; what the stages have kept goes when it is whole, unless it is to
/// stay.
pub(super) fn cook(
    recipe: &Recipe,
    only: &[Fit],
    material: &Material,
    output: &std::path::Path,
    keep: bool,
    progress: &Progress,
) -> miette::Result<ExitCode> {
    let kept = kept_beside(output);
    let writer: Writer = make(recipe, only, material, &kept, &mut |what| {
        progress.say(what);
    })?;
    writer.save(output)?;
    if !keep {
        let _ = std::fs::remove_dir_all(&kept);
    }
    let written = output.display();
    progress.say(&said!("{written} written"; "已写出 {written}"));
    Ok(ExitCode::SUCCESS)
}
