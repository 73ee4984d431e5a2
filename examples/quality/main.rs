//! Measures how well kanwu finds damage: injects it into clean text, runs the command, and compares.
//!
//! ```text
//! cargo run --release --example quality -- generate BASE… --out DIR      pages with damage, gold rows, clean pages
//! cargo run --release --example quality -- score DIR                     table by class and rule
//! cargo run --release --example quality -- clean PATH…                   findings on text without damage
//! ```

#![allow(clippy::print_stdout, reason = "a command-line tool of its own")]

mod base;
mod confusion;
mod damage;
mod floors;
mod han;
mod page;
mod random;
mod run;
mod score;
mod table;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use confusion::{Confusions, Origin};
use han::Words;
use page::Row;
use score::Score;

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
    /// `.paras.txt` files (one paragraph a line, a blank line between articles) or directories of articles
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
    /// What `generate` wrote, or any directory with `gold.jsonl` and documents
    directory: PathBuf,
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
    let gold = fs::read_to_string(options.directory.join("gold.jsonl"))?;
    let rows = gold
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<Vec<Row>, _>>()?;
    let own = options.directory.join("docs");
    let docs = if own.is_dir() {
        own
    } else {
        options.directory.clone()
    };
    let documents = run::documents(&docs)?;
    let findings = run::check(&options.kanwu.kanwu, &docs, &options.kanwu.more)?;
    let score = Score::of(&documents, &rows, &findings);
    println!("{}\n{}", table::recall(&score), table::precision(&score));
    if let Ok(traps) = fs::read_to_string(options.directory.join("traps.jsonl")) {
        let traps = traps
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<Vec<Row>, _>>()?;
        let hit = score::traps_hit(&traps, &findings);
        println!(
            "traps hit by their own class: {} of {}",
            hit.len(),
            traps.len()
        );
        for (trap, finding) in hit {
            println!(
                "- {}:{} {} {}: {}",
                trap.file, trap.start, finding.rule, trap.text, finding.message
            );
        }
    }
    for name in &options.kanwu.show {
        for (title, places) in [
            ("not found", &score.misses),
            ("false alarms", &score.alarms),
        ] {
            show(title, name, places, &documents, options.kanwu.examples);
        }
    }
    let clean = options.directory.join("clean");
    if !options.no_clean && clean.is_dir() {
        print!("{}", table::CLEAN_HEAD);
        clean_of("the same pages undamaged", &[clean], &options.kanwu)?;
    }
    Ok(())
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
        let name = path.file_name().map_or_else(
            || path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        clean_of(&name, std::slice::from_ref(path), &options.kanwu)?;
    }
    Ok(())
}

fn clean_of(name: &str, paths: &[PathBuf], kanwu: &Kanwu) -> Result<(), Box<dyn Error>> {
    let mut characters = 0;
    let mut findings = Vec::new();
    let mut documents = BTreeMap::new();
    for path in paths {
        findings.extend(run::check(&kanwu.kanwu, path, &kanwu.more)?);
        for file in run::texts_below(path)? {
            let text = String::from_utf8_lossy(&fs::read(&file)?).into_owned();
            characters += text.chars().count();
            if !kanwu.show.is_empty() {
                documents.insert(file.display().to_string(), text);
            }
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
