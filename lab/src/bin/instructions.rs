//! What the layers cost, in instructions for a fixed text: times vary by a third from one minute to
//! the next, these by a thousandth.
//!
//! ```text
//! cargo run --release -p kanwu-lab --bin instructions
//! cargo run --release -p kanwu-lab --bin instructions -- --write
//! ```
//!
//! The first compares with `lab/instructions.tsv`: a figure that is more than 3 % off, and off by
//! more than a thousandth of the whole, is a failure: a layer of a few thousand instructions
//! differs by more from one processor to the next, whose byte searches are not the same. The
//! second writes that file, and the tables of `docs/performance.md`.
//!
//! Needs valgrind; without it, it says so and measures nothing.

#![allow(clippy::print_stdout, reason = "a command-line tool of its own")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use kanwu_lab::callgrind::Profile;

#[derive(Parser)]
#[command(about = "Counts the instructions of kanwu for a fixed text, layer by layer")]
struct Options {
    /// Write the figures instead of comparing with them
    #[arg(long)]
    write: bool,
    /// The program that is measured
    #[arg(long, default_value = "target/release/kanwu")]
    kanwu: PathBuf,
}

const FIGURES: &str = "lab/instructions.tsv";
const PAGE: &str = "docs/performance.md";
/// How far a figure may be off, in hundredths.
const TOLERANCE: f64 = 3.0;
/// The share of the whole page that a figure may be off in any case: what byte searches of
/// another processor cost more or less.
const NEGLIGIBLE: f64 = 0.001;
/// The figure of the whole page.
const WHOLE: &str = "all";

/// What is measured: how it is called, and the function that it is; a layer inside another one is
/// set in.
const LAYERS: [(&str, &str); 16] = [
    ("spelling", "Proofreader::proof"),
    ("– ln P of every character", "Ngram::scan"),
    ("– wrong characters", "substitutions::Reading::paragraph"),
    (
        "– missing ones and ones too many",
        "omissions::Reading::paragraph",
    ),
    ("what stands in the wrong place", "displaced::find"),
    ("cut paragraphs and what continues them", "breaks::find"),
    ("words and topics of sentences", "SentenceTerms::new"),
    (
        "misquoted phrases",
        "MisquotedPhrase as kanwu::rule::Rule>::check",
    ),
    ("doublings", "DoubledCharacter as kanwu::rule::Rule>::check"),
    (
        "copies of paragraphs",
        "DuplicateParagraph as kanwu::rule::Rule>::check",
    ),
    (
        "planted phrases",
        "InjectedPhrase as kanwu::rule::Rule>::check",
    ),
    ("literals and lists of wrong words", "Sweep::run"),
    ("places of furniture", "Scan::zone"),
    ("tokens", "Tokens::new"),
    ("what each paragraph is", "layout::settle"),
    ("lines and paragraphs", "paragraphs::split"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("valgrind is not installed: no instructions were counted");
        return Ok(());
    }
    let folder = Folder::new()?;
    let (page, line) = (folder.0.join("page.txt"), folder.0.join("line.txt"));
    let text = fixed_text()?;
    fs::write(&page, &text)?;
    fs::write(&line, "今天天气很好。\n")?;
    let figures = measure(&options.kanwu, &page, &line, &folder.0)?;
    if options.write {
        let mut table = String::from(
            "# what\tinstructions for the texts of fixtures/clean, one behind the other\n",
        );
        for (what, count) in &figures {
            writeln!(table, "{what}\t{count}")?;
        }
        fs::write(FIGURES, table)?;
        return write_page(&options.kanwu, &figures, &text, &folder.0);
    }
    compare(&figures)
}

/// The clean texts of the fixtures, one behind the other.
fn fixed_text() -> std::io::Result<String> {
    let entries = fs::read_dir("fixtures/clean")?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<std::io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    let texts = paths.iter().map(fs::read_to_string);
    Ok(texts.collect::<std::io::Result<Vec<_>>>()?.join("\n"))
}

/// What is measured, and how many instructions it is.
fn measure(
    kanwu: &Path,
    page: &Path,
    line: &Path,
    folder: &Path,
) -> Result<Vec<(String, u64)>, String> {
    let check = |file: &Path, more: &[&str]| {
        let file = file.to_string_lossy();
        let mut arguments = vec!["check", "--quiet", "--jobs", "1"];
        arguments.extend_from_slice(more);
        arguments.push(&file);
        Profile::of(kanwu, &arguments, folder)
    };
    let all = check(page, &[])?;
    let mut figures = vec![
        (
            "a line, start to finish".to_owned(),
            check(line, &[])?.total,
        ),
        (WHOLE.to_owned(), all.total),
        (
            "without a model".to_owned(),
            check(page, &["--no-model"])?.total,
        ),
    ];
    for (what, function) in LAYERS {
        let count = all.inclusive(function);
        let count = count
            .ok_or_else(|| format!("`{function}` is no function of its own any more: {what}"))?;
        figures.push((what.to_owned(), count));
    }
    Ok(figures)
}

fn compare(figures: &[(String, u64)]) -> Result<(), Box<dyn Error>> {
    let table = fs::read_to_string(FIGURES)?;
    let rows = table.lines().filter_map(|line| line.split_once('\t'));
    let committed = |what: &str| -> Option<u64> {
        let row = rows.clone().find(|(name, _)| *name == what)?;
        row.1.parse().ok()
    };
    let negligible = committed(WHOLE).unwrap_or(0) as f64 * NEGLIGIBLE;
    let mut off = 0;
    for (what, count) in figures {
        let Some(before) = committed(what) else {
            println!("{count:>12}           {what}: no figure is committed");
            off += 1;
            continue;
        };
        let change = (*count as f64 / before as f64 - 1.0) * 100.0;
        let difference = count.abs_diff(before) as f64;
        let is_off = change.abs() > TOLERANCE && difference > negligible;
        off += usize::from(is_off);
        let mark = if is_off { "  <" } else { "" };
        println!("{count:>12} {change:>+8.1} %  {what}{mark}");
    }
    if off > 0 {
        return Err(format!(
            "{off} figures are more than {TOLERANCE} % off {FIGURES}; where that is meant, run it again with --write"
        )
        .into());
    }
    Ok(())
}

/// Writes the tables between their marks.
fn write_page(
    kanwu: &Path,
    figures: &[(String, u64)],
    text: &str,
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let characters = text.chars().count() as f64;
    let mut layers = String::from("| layer | instructions a character |\n|---|---:|\n");
    for (what, count) in &figures[1..] {
        writeln!(layers, "| {what} | {:.0} |", *count as f64 / characters)?;
    }
    let start = figures[0].1 as f64 / 1e6;
    writeln!(
        layers,
        "\nOf these, start to finish on one line of text: {start:.1} million."
    )?;
    let page = fs::read_to_string(PAGE)?;
    let page = put(&page, "layers", &layers)?;
    let page = put(&page, "times", &times(kanwu, text, folder)?)?;
    fs::write(PAGE, page)?;
    Ok(())
}

/// A page with other text between `<!-- name -->` and `<!-- /name -->`.
fn put(page: &str, name: &str, text: &str) -> Result<String, String> {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let parts = page
        .split_once(&start)
        .and_then(|(head, rest)| Some((head, rest.split_once(&end)?.1)));
    let (head, tail) = parts.ok_or_else(|| format!("{PAGE}: no `{}`", start.trim()))?;
    Ok(format!("{head}{start}{text}{end}{tail}"))
}

/// Times of a page, of many files and of a large one; the best of a few runs, on one thread.
fn times(kanwu: &Path, text: &str, folder: &Path) -> Result<String, Box<dyn Error>> {
    let page = folder.join("page16.txt");
    let end = (0..=16384.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    fs::write(&page, &text[..end.unwrap_or(0)])?;
    let many = folder.join("many");
    fs::create_dir(&many)?;
    for i in 0..200 {
        fs::write(many.join(format!("{i}.txt")), format!("{text}\n{text}"))?;
    }
    let large = folder.join("large.txt");
    fs::write(&large, format!("{text}\n").repeat(10_000_000 / text.len()))?;
    let mut table = String::from("| what | all default rules | `--no-model` |\n|---|---:|---:|\n");
    let inputs = [
        ("one file of 16 KB, start to finish", page),
        ("200 files, 7 MB", many),
        ("one file of 10 MB", large),
    ];
    for (what, path) in inputs {
        let time = |more: &[&str]| best(kanwu, more, &path);
        let (all, skimmed) = (time(&[])?, time(&["--no-model"])?);
        let shown = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
        writeln!(table, "| {what} | {} | {} |", shown(all), shown(skimmed))?;
    }
    Ok(table)
}

fn best(kanwu: &Path, more: &[&str], path: &Path) -> std::io::Result<Duration> {
    const ROUNDS: usize = 5;
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        Command::new(kanwu)
            .args(["check", "--quiet", "--jobs", "1"])
            .args(more)
            .arg(path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        best = best.min(begun.elapsed());
    }
    Ok(best)
}

/// A folder that is gone in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("kanwu-instructions-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
