//! Fits what belongs where, and writes it into a model.
//!
//! ```text
//! cargo run --release --example order_fit -- MODEL OUT TEXT…        text: a paragraph a line, a blank line between documents
//! ```

#![allow(clippy::print_stderr, reason = "a command-line tool of its own")]

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use kanwu::model::Model;
use kanwu::train::order;

#[derive(Parser)]
struct Arguments {
    /// The model to start from
    model: PathBuf,
    /// Where the new model goes
    out: PathBuf,
    /// The text
    #[arg(required = true)]
    corpora: Vec<PathBuf>,
    /// Number of pages composed
    #[arg(long, default_value_t = 6000)]
    pages: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Fit only this
    #[arg(long)]
    only: Option<Only>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Only {
    /// What is cut, and what continues it
    Cuts,
    /// What continues it alone
    Joins,
    /// What stands in the wrong article
    Places,
    /// What is torn in
    Torn,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let model = Model::open(&arguments.model)?;
    let options = order::Options {
        corpora: arguments.corpora,
        pages: arguments.pages,
        seed: arguments.seed,
        fitted: match arguments.only {
            None => order::Fitted::All,
            Some(Only::Cuts) => order::Fitted::Cuts,
            Some(Only::Joins) => order::Fitted::Joins,
            Some(Only::Places) => order::Fitted::Places,
            Some(Only::Torn) => order::Fitted::Torn,
        },
    };
    let writer = order::fit(&model, &options, &mut |what| eprintln!("{what}"))?;
    writer.save(&arguments.out)?;
    Ok(())
}
