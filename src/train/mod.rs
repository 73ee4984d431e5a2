//! Training: from text to a model file.
//!
//! `corpus` reads the text into memory, two bytes a character; `vocabulary` numbers the characters; `counts` and `smoothing` make the
//! n-grams; `word_lists`, `words` and `trie` the lexicon; `topics` the topic vectors. The same text and options give the same bytes, with any number of threads.

pub mod boost;
mod corpus;
mod counts;
pub mod garble;
pub mod lapses;
pub mod order;
pub mod phrases;
pub mod rewordings;
pub mod slips;
mod smoothing;
pub mod spelling;
mod topics;
mod trie;
mod vocabulary;
mod word_lists;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::characters::{self, BOUNDARY, CharId};
use crate::model::container::Writer;
use crate::model::lexicon::{self, Lexicon};
use crate::model::ngram::{self, Ngram};
use crate::model::provenance::{Provenance, Step};
use crate::model::topics as vectors;

/// Characters beyond this many are left unknown: the count of pairs needs four bytes for each two of them.
const MOST_CHARACTERS: usize = 12_000;

/// What to train on, and how large the parts of the model may become.
#[derive(Clone, Debug)]
pub struct Options {
    /// Text: files and directories.
    pub corpora: Vec<PathBuf>,
    /// Word lists.
    pub lexicons: Vec<PathBuf>,
    /// Lists of wrong words with the right ones.
    pub wrong_words: Vec<PathBuf>,
    /// Every how manieth document is held out to measure on; 0 for none.
    pub hold_out: usize,
    /// How many bigrams to keep beside those that trigrams begin with.
    pub bigrams: usize,
    /// How many trigrams to keep.
    pub trigrams: usize,
    /// How often a trigram must be seen.
    pub least: u32,
    /// How many words of two characters and more to keep.
    pub words: usize,
    /// How many words get a topic vector: the most usual of two characters and more.
    pub topics: usize,
    /// How many threads to use. The outcome is the same.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            corpora: Vec::new(),
            lexicons: Vec::new(),
            wrong_words: Vec::new(),
            hold_out: 0,
            bigrams: 100_000,
            trigrams: 1_000_000,
            least: 3,
            words: 90_000,
            topics: 42_000,
            threads: 2,
        }
    }
}

/// Why a training came to nothing.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum TrainError {
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is nothing to learn from.
    #[error("the text holds no Chinese")]
    #[diagnostic(help(
        "plain text is one paragraph a line, UTF-8; JSON lines need a \"text\" field and a name ending in .jsonl"
    ))]
    Empty,
}

/// Trains a model. `progress` is told what is being done, how much of it is done and how much there is.
///
/// # Errors
/// If a file cannot be read, or no text is found.
pub fn train(
    options: &Options,
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Result<Writer, TrainError> {
    let lists = word_lists::WordLists::read(&options.lexicons, &options.wrong_words)?;
    let mut corpus = corpus::Corpus::read(&options.corpora, options.hold_out, progress)?;

    progress("numbering characters", 0, 1);
    let of_words = lists
        .kinds
        .keys()
        .filter(|word| word.chars().nth(1).is_some())
        .flat_map(|word| word.chars());
    let mut chars = vocabulary::choose(&corpus.text, of_words, u64::from(options.least));
    chars.truncate(MOST_CHARACTERS);
    vocabulary::number(&mut corpus.text, &chars);
    vocabulary::number(&mut corpus.held_out, &chars);
    let mut writer = Writer::new();
    let characters = characters::encode(&chars);

    progress("counting characters", 0, 1);
    let known = chars.len() + usize::from(characters::FIRST);
    let counts = counts::count(&corpus.text, known, options.least, options.threads);
    progress("smoothing", 0, 1);
    let size = smoothing::Size {
        bigrams: options.bigrams,
        trigrams: options.trigrams,
    };
    let ngram = smoothing::estimate(&counts, size).encode();
    drop(counts);

    progress("counting words", 0, 1);
    let words = words::choose(&corpus.text, &lists, &chars, options.words, options.threads);
    let lexicon = words.encode();
    let view = Lexicon::parse(&lexicon).expect("a lexicon that was just encoded can be read");
    let with_topic = words.compounds().min(options.topics);
    let topics = topics::vectors(&corpus.text, view, with_topic, options.threads, progress);
    let topics = vectors::encode(&topics);

    let mut measured = BTreeMap::new();
    if !corpus.held_out.codes.is_empty() {
        measured.insert(
            "perplexity.held_out".to_owned(),
            perplexity(&ngram, &corpus.held_out.codes),
        );
    }
    let mut sources = corpus.sources;
    sources.extend(lists.sources);
    let step = Step {
        command: "train".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        parts: [characters::PART, ngram::PART, lexicon::PART, vectors::PART]
            .map(str::to_owned)
            .to_vec(),
        options: recorded(options),
        sources,
        measured,
    };
    writer.put(characters::PART, characters::VERSION, characters);
    writer.put(ngram::PART, ngram::VERSION, ngram);
    writer.put(lexicon::PART, lexicon::VERSION, lexicon);
    writer.put(vectors::PART, vectors::VERSION, topics);
    writer.put_provenance(&Provenance { steps: vec![step] });
    progress("done", 1, 1);
    Ok(writer)
}

/// The options that the outcome depends on.
fn recorded(options: &Options) -> BTreeMap<String, String> {
    let numbers = [
        ("hold-out", options.hold_out),
        ("bigrams", options.bigrams),
        ("trigrams", options.trigrams),
        ("least", options.least as usize),
        ("words", options.words),
        ("topics", options.topics),
    ];
    numbers
        .into_iter()
        .map(|(name, number)| (name.to_owned(), number.to_string()))
        .collect()
}

/// The perplexity a character of a numbered text, the ends of paragraphs included.
fn perplexity(ngram: &[u8], codes: &[CharId]) -> f64 {
    let Some(ngram) = Ngram::parse(ngram) else {
        return f64::NAN;
    };
    let mut sum = 0.0;
    let mut context = ngram.start();
    for &code in codes {
        let (log_prob, next) = ngram.step(context, code);
        sum += f64::from(log_prob);
        context = if code == BOUNDARY {
            ngram.start()
        } else {
            next
        };
    }
    (-sum / codes.len() as f64).exp()
}
