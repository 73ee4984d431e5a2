//! Measures how well kanwu finds damage: injects it into clean text, runs the command, and
//! compares.
//!
//! ```text
//! cargo run --release -p kanwu-lab --bin quality -- generate BASE… --out DIR
//! cargo run --release -p kanwu-lab --bin quality -- score DIR
//! cargo run --release -p kanwu-lab --bin quality -- clean PATH…
//! ```
//!
//! Pages with damage, gold rows, clean pages; a table by class and rule; findings on text without
//! damage.

#![allow(clippy::print_stdout, reason = "a command-line tool of its own")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};

use kanwu_lab::confusion::{Confusions, Origin};
use kanwu_lab::han::Words;
use kanwu_lab::page::Row;
use kanwu_lab::score::Score;
use kanwu_lab::{base, damage, run, score, table};

#[derive(Parser)]
#[command(about = "Measures kanwu on damage injected into clean text")]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write damaged pages, their gold rows and the same pages undamaged
    Generate(Generate),
    /// Run kanwu on generated pages and compare
    Score(ScoreOptions),
    /// Count warnings and errors on text without damage
    Clean(CleanOptions),
}

#[derive(Args)]
struct Generate {
    /// `.paras.txt` files (one paragraph a line, a blank line between articles) or directories of
    /// articles
    #[arg(required = true)]
    base: Vec<PathBuf>,
    #[arg(long)]
    out: PathBuf,
    #[arg(long, default_value_t = 600)]
    pages: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Word list, one word a line, beside the common words of the generator
    #[arg(long)]
    words: Option<PathBuf>,
    /// Confusions counted in recognised print: wrong TAB right TAB count
    #[arg(long)]
    counted: Option<PathBuf>,
    /// Characters that look alike, as a JSON object
    #[arg(long)]
    shapes: Option<PathBuf>,
    /// Corrections of sound-alike errors, as JSON lines with `src` and `tgt`
    #[arg(long)]
    sounds: Option<PathBuf>,
    /// Set phrases, one a line
    #[arg(long)]
    phrases: Option<PathBuf>,
}

#[derive(Args)]
struct Kanwu {
    /// The command to measure
    #[arg(long, default_value = "target/release/kanwu")]
    kanwu: PathBuf,
    /// Class or rule whose misses and false alarms are printed (`all` for every one)
    #[arg(long)]
    show: Vec<String>,
    /// How many of each to print
    #[arg(long, default_value_t = 20)]
    examples: usize,
    /// Arguments handed on to `kanwu check`
    #[arg(last = true)]
    more: Vec<String>,
}

#[derive(Args)]
struct ScoreOptions {
    /// What `generate` wrote, or any directory with `gold.jsonl` and documents; of several, recall
    /// stands side by side
    #[arg(required = true)]
    directories: Vec<PathBuf>,
    #[command(flatten)]
    kanwu: Kanwu,
    /// Leave the undamaged pages out
    #[arg(long)]
    no_clean: bool,
}

#[derive(Args)]
struct CleanOptions {
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    kanwu: Kanwu,
}

fn main() -> Result<(), Box<dyn Error>> {
    match Options::parse().command {
        Command::Generate(options) => generate(&options),
        Command::Score(options) => score(&options),
        Command::Clean(options) => clean(&options),
    }
}

fn generate(options: &Generate) -> Result<(), Box<dyn Error>> {
    let mut articles = Vec::new();
    for path in &options.base {
        articles.extend(base::read(path)?);
    }
    let read = articles.len();
    let articles = base::keep_clean(articles);
    let list = options.words.as_ref().map(fs::read_to_string).transpose()?;
    let words = Words::new(list.as_deref());
    let mut confusions = Confusions::own();
    for (origin, path) in [
        (Origin::Counted, &options.counted),
        (Origin::Shape, &options.shapes),
        (Origin::Sound, &options.sounds),
    ] {
        if let Some(path) = path {
            confusions.read(origin, path)?;
        }
    }
    if let Some(path) = &options.phrases {
        confusions.read_phrases(path)?;
    }
    let documents = damage::pages(&articles, &words, &confusions, options.pages, options.seed);
    let (docs, clean) = (options.out.join("docs"), options.out.join("clean"));
    fs::create_dir_all(&docs)?;
    fs::create_dir_all(&clean)?;
    let mut gold = String::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for document in &documents {
        fs::write(docs.join(&document.file), &document.damaged)?;
        fs::write(clean.join(&document.file), &document.clean)?;
        for row in &document.rows {
            gold.push_str(&serde_json::to_string(row)?);
            gold.push('\n');
            *counts.entry(&row.class).or_default() += 1;
        }
    }
    fs::write(options.out.join("gold.jsonl"), gold)?;
    println!(
        "{} pages of {} clean articles among {read}; rows by class:",
        documents.len(),
        articles.len()
    );
    for (class, count) in counts {
        println!("{count:7} {class}");
    }
    Ok(())
}

fn score(options: &ScoreOptions) -> Result<(), Box<dyn Error>> {
    let mut sets = Vec::new();
    for directory in &options.directories {
        sets.push((name_of(directory), Measured::of(directory, &options.kanwu)?));
    }
    if let [(_, measured)] = &sets[..] {
        println!("{}", table::recall(&measured.score));
    } else {
        let (names, scores): (Vec<_>, Vec<_>) = sets
            .iter()
            .map(|(name, measured)| (name.clone(), &measured.score))
            .unzip();
        println!("{}", table::recall_side_by_side(&names, &scores));
    }
    for (name, measured) in &sets {
        if sets.len() > 1 {
            println!("Findings of {name}:\n");
        }
        println!("{}", table::precision(&measured.score));
        for (trap, finding) in score::traps_hit(&measured.traps, &measured.findings) {
            println!(
                "- on a trap: {}:{} {} {}: {}",
                trap.file, trap.start, finding.rule, trap.text, finding.message
            );
        }
    }
    for (_, measured) in &sets {
        for name in &options.kanwu.show {
            for (title, places) in [
                ("not found", &measured.score.misses),
                ("false alarms", &measured.score.alarms),
            ] {
                show(
                    title,
                    name,
                    places,
                    &measured.documents,
                    options.kanwu.examples,
                );
            }
        }
    }
    if !options.no_clean {
        print!("{}", table::CLEAN_HEAD);
        for directory in &options.directories {
            let clean = directory.join("clean");
            if clean.is_dir() {
                clean_of(
                    &format!("{}: the same pages undamaged", name_of(directory)),
                    &clean,
                    &options.kanwu,
                )?;
            }
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// A directory of documents with gold rows, checked and scored.
struct Measured {
    documents: BTreeMap<String, String>,
    findings: Vec<score::Finding>,
    traps: Vec<Row>,
    score: Score,
}

impl Measured {
    fn of(directory: &Path, kanwu: &Kanwu) -> Result<Self, Box<dyn Error>> {
        let gold = rows(&directory.join("gold.jsonl"))?;
        let traps = directory.join("traps.jsonl");
        let traps = if traps.is_file() {
            rows(&traps)?
        } else {
            Vec::new()
        };
        let own = directory.join("docs");
        let docs = if own.is_dir() {
            own
        } else {
            directory.to_owned()
        };
        let documents = run::documents(&docs)?;
        let findings = run::check(&kanwu.kanwu, &docs, &kanwu.more)?;
        let score = Score::of(&documents, &gold, &findings);
        Ok(Self {
            documents,
            findings,
            traps,
            score,
        })
    }
}

fn rows(path: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    Ok(text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?)
}

fn show(
    title: &str,
    name: &str,
    places: &[score::Place],
    documents: &BTreeMap<String, String>,
    limit: usize,
) {
    let mut by_name: BTreeMap<&str, Vec<&score::Place>> = BTreeMap::new();
    for place in places
        .iter()
        .filter(|place| name == "all" || place.about == name)
    {
        by_name.entry(&place.about).or_default().push(place);
    }
    for (about, places) in by_name {
        println!("### {title}: {about} ({})\n", places.len());
        for place in places.iter().take(limit) {
            println!(
                "{}",
                table::place(place, documents.get(&place.file).map_or("", String::as_str))
            );
        }
        println!();
    }
}

fn clean(options: &CleanOptions) -> Result<(), Box<dyn Error>> {
    print!("{}", table::CLEAN_HEAD);
    for path in &options.paths {
        clean_of(&name_of(path), path, &options.kanwu)?;
    }
    Ok(())
}

fn clean_of(name: &str, path: &Path, kanwu: &Kanwu) -> Result<(), Box<dyn Error>> {
    let findings = run::check(&kanwu.kanwu, path, &kanwu.more)?;
    let mut characters = 0;
    let mut documents = BTreeMap::new();
    for file in run::texts_below(path)? {
        let text = String::from_utf8_lossy(&fs::read(&file)?).into_owned();
        characters += text.chars().count();
        if !kanwu.show.is_empty() {
            documents.insert(file.display().to_string(), text);
        }
    }
    print!("{}", table::clean(name, characters, &findings));
    let places: Vec<score::Place> = findings
        .iter()
        .filter(|finding| finding.counts())
        .map(|finding| score::Place {
            about: finding.rule.clone(),
            file: finding.file.clone(),
            start: finding.span.start,
            end: finding.span.end,
            note: finding.message.clone(),
        })
        .collect();
    for name in &kanwu.show {
        show("clean", name, &places, &documents, kanwu.examples);
    }
    Ok(())
}
