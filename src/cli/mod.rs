//! The command line: arguments in, exit code out. Everything that is printed is printed here and in
//! the modules below.

mod audit;
mod check;
mod check_arguments;
mod checker;
mod collection;
mod complaint;
mod completions;
mod config;
mod destinations;
mod explain;
mod explain_place;
mod files;
mod formats;
mod gathered;
mod help;
mod init;
mod input;
mod judge;
mod learn;
mod list;
mod mend;
mod model;
mod options;
mod outline;
mod output;
mod packed;
mod packs;
mod portions;
mod progress;
mod schedule;
mod silent;
mod sink;
mod speech;
mod summary;
#[cfg(feature = "train")]
mod train;
mod version;
mod waiting;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use input::Given;

use crate::language::{self, Lang};
use crate::lsp;

/// The run itself failed: bad arguments, a file that cannot be read.
const FAILED: u8 = 2;

#[derive(Debug, Parser)]
#[command(
    name = "kanwu",
    disable_version_flag = true,
    arg_required_else_help = true,
    about = "Finds what OCR and scrapers did to Chinese text",
    max_term_width = 110
)]
struct Arguments {
    /// Print the version
    #[arg(long, short = 'V')]
    version: bool,
    /// With --version: how it was built, the number of rules, where the language model comes from
    #[arg(long, short, requires = "version")]
    verbose: bool,
    /// The language of what is said to people [default: that of kanwu.toml, else of the locale]
    #[arg(long, value_enum, value_name = "LANG", global = true)]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check files, directories or standard input
    Check(Box<check_arguments::Arguments>),
    /// Look at a whole collection: how damaged it is, by what, where, and what repeats across files
    Audit(Box<audit::Arguments>),
    /// Say of findings whether they are right, one key each: what is judged wrong is passed over
    Judge(Box<judge::Arguments>),
    /// List the rules
    Rules(list::Arguments),
    /// Show articles, paragraphs and sentences as the rules see them
    Outline(outline::Arguments),
    /// Explain a rule, or what is found at a place
    Explain(explain::Arguments),
    /// Write a commented kanwu.toml
    Init(init::Arguments),
    /// Add a wrong word to the project's own rule pack
    Learn(learn::Arguments),
    /// Show the configuration that applies to a file
    Config(config::Arguments),
    /// Serve an editor over standard input and output, in the language server protocol
    Lsp,
    /// Train a language model on text of your own
    #[cfg(feature = "train")]
    Train(Box<train::Arguments>),
    /// Show what a language model holds
    Model(model::Arguments),
    /// Print shell completions
    Completions(completions::Arguments),
    /// Print the manual page, or write one for each command
    Man(completions::ManArguments),
}

/// Runs the program on arguments, the first of which is its own name. Ends the process where they
/// cannot be understood or ask for help.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    run_on(arguments, None)
}

/// Runs the program on arguments of `kanwu audit`, and on the documents that are given instead of
/// files. Other commands leave them out.
#[must_use]
pub fn run_on(
    arguments: impl IntoIterator<Item = OsString>,
    given: Option<Vec<Given>>,
) -> ExitCode {
    output::tame_panics();
    let words: Vec<OsString> = arguments.into_iter().collect();
    let arguments: Arguments = help::parse(&words);
    let lang = arguments.lang;
    language::speak(lang.unwrap_or_else(Lang::of_environment));
    let outcome = match arguments.command {
        Some(Command::Check(arguments)) => check::run(&arguments, lang),
        Some(Command::Audit(arguments)) => audit::run(&arguments, lang, given),
        Some(Command::Judge(arguments)) => judge::run(&arguments, speech::here(lang)),
        Some(Command::Rules(arguments)) => list::run(&arguments, speech::here(lang)),
        Some(Command::Outline(arguments)) => outline::run(&arguments),
        Some(Command::Explain(arguments)) => explain::run(&arguments, speech::here(lang)),
        Some(Command::Init(arguments)) => init::run(&arguments),
        Some(Command::Learn(arguments)) => learn::run(&arguments),
        Some(Command::Config(arguments)) => config::run(&arguments),
        Some(Command::Lsp) => lsp::run().map_err(miette::Report::msg),
        #[cfg(feature = "train")]
        Some(Command::Train(arguments)) => train::run(&arguments),
        Some(Command::Model(arguments)) => model::run(&arguments),
        Some(Command::Completions(arguments)) => completions::run(&arguments),
        Some(Command::Man(arguments)) => completions::man(&arguments),
        None => version::run(arguments.verbose),
    };
    match outcome {
        Ok(code) => code,
        // The reader of our output has seen enough.
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(FAILED)
        }
    }
}
