//! `kanwu train`: a language model from text.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use crate::train::{self, Options};

use super::output;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Text to learn from: files and directories, plain (a paragraph a line, an empty line between documents) or JSON lines (.jsonl, with a
    /// "text" field), also as .xz, .gz or .zst
    #[arg(required = true, value_name = "CORPUS")]
    corpora: Vec<PathBuf>,
    /// The model file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// A word list, a word a line; may be given again
    #[arg(long, value_name = "FILE")]
    lexicon: Vec<PathBuf>,
    /// A list of wrong words with the right ones, kept out of the lexicon; may be given again
    #[arg(long, value_name = "FILE")]
    wrong_words: Vec<PathBuf>,
    /// Hold every Nth document out and measure the perplexity on them
    #[arg(long, value_name = "N", default_value_t = 0)]
    hold_out: usize,
    /// Trigrams to keep, the most telling ones
    #[arg(long, value_name = "N", default_value_t = Options::default().trigrams)]
    trigrams: usize,
    /// Bigrams to keep beside those that trigrams begin with
    #[arg(long, value_name = "N", default_value_t = Options::default().bigrams)]
    bigrams: usize,
    /// Drop trigrams seen less often
    #[arg(long, value_name = "N", default_value_t = Options::default().least)]
    least: u32,
    /// Words of two characters and more to keep, the most usual ones
    #[arg(long, value_name = "N", default_value_t = Options::default().words)]
    words: usize,
    /// Words that get a topic vector, the most usual ones
    #[arg(long, value_name = "N", default_value_t = Options::default().topics)]
    topics: usize,
    /// Threads to use; the outcome is the same
    #[arg(long, value_name = "N", default_value_t = Options::default().threads)]
    jobs: usize,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let options = Options {
        corpora: arguments.corpora.clone(),
        lexicons: arguments.lexicon.clone(),
        wrong_words: arguments.wrong_words.clone(),
        hold_out: arguments.hold_out,
        bigrams: arguments.bigrams,
        trigrams: arguments.trigrams,
        least: arguments.least,
        words: arguments.words,
        topics: arguments.topics,
        threads: arguments.jobs,
    };
    let mut progress = Progress::new();
    let writer = train::train(&options, &mut |stage, done, total| {
        progress.show(stage, done, total)
    })?;
    writer.save(&arguments.output)?;
    progress.end(&format!("{} written", arguments.output.display()));
    Ok(ExitCode::SUCCESS)
}

/// Says on standard error what is being done: one line that changes on a terminal, a line a stage elsewhere.
struct Progress {
    started: Instant,
    terminal: bool,
    stage: String,
}

impl Progress {
    fn new() -> Self {
        Progress {
            started: Instant::now(),
            terminal: io::stderr().is_terminal(),
            stage: String::new(),
        }
    }

    fn show(&mut self, stage: &str, done: u64, total: u64) {
        let seconds = self.started.elapsed().as_secs();
        let share = if total > 1 {
            format!(" {} %", done * 100 / total)
        } else {
            String::new()
        };
        if self.terminal {
            let _ = write!(io::stderr(), "\r\x1b[K{seconds:4} s  {stage}{share}");
        } else if self.stage != stage {
            output::note(&format!("{seconds:4} s  {stage}"));
        }
        stage.clone_into(&mut self.stage);
    }

    fn end(&self, line: &str) {
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        output::note(&format!(
            "{clear}{:4} s  {line}",
            self.started.elapsed().as_secs()
        ));
    }
}
