//! `kanwu check`: the main job.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};
use std::time::Instant;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use miette::IntoDiagnostic;

use super::files;
use super::output::{self, Color};
use crate::document::Document;
use crate::engine::Linter;
use crate::finding::Severity;
use crate::registry::{Registry, Selection};
use crate::report::{Concise, FileReport, Json, JsonLines, Reporter, Skipped, Summary, Terminal};
use crate::text::{self, Encoding};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files and directories; `-` is standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Check only these rules or groups, or `all`
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    select: Vec<String>,
    /// Check these rules or groups on top of the others
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    extend_select: Vec<String>,
    /// Do not check these rules or groups
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    ignore: Vec<String>,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 1 only where a finding is at least this severe
    #[arg(long, value_enum, default_value_t)]
    fail_on: FailOn,
    /// What standard input is called in the findings
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
    /// The encoding of all files: utf-8, utf-16le, utf-16be, gb18030, big5 [default: by its looks, each file]
    #[arg(long)]
    encoding: Option<Encoding>,
    /// Number of files checked at the same time [default: one for each processor]
    #[arg(long, short)]
    jobs: Option<usize>,
    /// Show at most this many findings
    #[arg(long, value_name = "N")]
    max_findings: Option<usize>,
    /// No summary
    #[arg(long, short)]
    quiet: bool,
    /// Count the findings by rule instead of showing them
    #[arg(long)]
    statistics: bool,
    /// When to colour
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Diagnostics with the text they are about
    #[default]
    Full,
    /// One line a finding
    Concise,
    /// One object for the run
    Json,
    /// One object a finding
    Jsonl,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum FailOn {
    /// Any finding
    Info,
    /// Warnings and errors
    #[default]
    Warning,
    /// Errors only
    Error,
    /// Nothing: only a failed run
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

/// What came of one file.
type Outcome = Result<FileReport, Skipped>;

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let begun = Instant::now();
    let selection = Selection {
        select: arguments.select.clone(),
        extend_select: arguments.extend_select.clone(),
        ignore: arguments.ignore.clone(),
    };
    let linter = Linter::new(Registry::builtin(), &selection).map_err(miette::Report::msg)?;
    let (inputs, mut skipped) = inputs(arguments);
    for missing in &skipped {
        output::note(&format!("kanwu: {}: {}", missing.file, missing.reason));
    }
    let mut sink = Sink::new(arguments);
    let jobs = arguments
        .jobs
        .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
        .unwrap_or(1);
    let check = |input: &Input| check_one(&linter, input, arguments.encoding);
    in_order(
        &inputs,
        jobs.clamp(1, inputs.len().max(1)),
        check,
        |outcome| sink.take(outcome),
    )
    .into_diagnostic()?;
    sink.summary.skipped.append(&mut skipped);
    sink.summary.elapsed = begun.elapsed();
    let summary = sink.finish().into_diagnostic()?;
    if !arguments.quiet {
        summarise(&summary);
    }
    let failing = arguments
        .fail_on
        .severity()
        .is_some_and(|s| summary.at_least(s) > 0);
    Ok(match (summary.skipped.is_empty(), failing) {
        (false, _) => ExitCode::from(super::FAILED),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    })
}

/// Something to check.
enum Input {
    File(PathBuf),
    Stdin(String),
}

fn inputs(arguments: &Arguments) -> (Vec<Input>, Vec<Skipped>) {
    let (stdin, paths): (Vec<_>, Vec<_>) = arguments
        .paths
        .iter()
        .cloned()
        .partition(|p| p.as_os_str() == "-");
    let (files, skipped) = files::collect(&paths);
    let name = || {
        arguments
            .stdin_filename
            .clone()
            .unwrap_or_else(|| "<stdin>".to_owned())
    };
    let stdin = stdin.first().map(|_| Input::Stdin(name()));
    (
        stdin
            .into_iter()
            .chain(files.into_iter().map(Input::File))
            .collect(),
        skipped,
    )
}

/// Reads, decodes and checks one input.
fn check_one(linter: &Linter, input: &Input, encoding: Option<Encoding>) -> Outcome {
    let (name, bytes) = match input {
        Input::File(path) => (display(path), fs::read(path)),
        Input::Stdin(name) => {
            let mut bytes = Vec::new();
            (
                name.clone(),
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes),
            )
        }
    };
    let skip = |reason: String| Skipped {
        file: name.clone(),
        reason,
    };
    let bytes = bytes.map_err(|e| skip(e.to_string()))?;
    let decoded = text::decode(&bytes, encoding).map_err(|e| skip(e.to_string()))?;
    let findings = linter.check(&Document::of_decoded(&name, &decoded));
    Ok(FileReport::new(name, decoded, findings))
}

fn display(path: &Path) -> String {
    path.strip_prefix("./")
        .unwrap_or(path)
        .display()
        .to_string()
}

/// Checks inputs on `jobs` threads and hands over the outcomes in the order of the inputs. A thread that is far ahead waits, so that no
/// more than a few outcomes are held at a time.
fn in_order(
    inputs: &[Input],
    jobs: usize,
    check: impl Fn(&Input) -> Outcome + Sync,
    mut take: impl FnMut(Outcome) -> io::Result<()>,
) -> io::Result<()> {
    let window = jobs * 16;
    let next = AtomicUsize::new(0);
    let taken = (Mutex::new(0usize), Condvar::new());
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            let send = send.clone();
            let (next, taken, check) = (&next, &taken, &check);
            scope.spawn(move || {
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(input) = inputs.get(index)
                {
                    let guard = taken.0.lock().unwrap_or_else(PoisonError::into_inner);
                    drop(taken.1.wait_while(guard, |taken| index > *taken + window));
                    if send.send((index, check(input))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let mut expected = 0;
        let mut result = Ok(());
        for (index, outcome) in receive {
            waiting.insert(index, outcome);
            while let Some(outcome) = waiting.remove(&expected) {
                expected += 1;
                if result.is_ok() {
                    result = take(outcome);
                }
                if result.is_err() {
                    // Nobody reads any more: let the threads run out of inputs.
                    next.store(inputs.len(), Ordering::Relaxed);
                }
                *taken.0.lock().unwrap_or_else(PoisonError::into_inner) = expected;
                taken.1.notify_all();
            }
        }
        result
    })
}

/// Where outcomes go: the reporter, the summary, the progress bar.
struct Sink<'a> {
    reporter: Option<Box<dyn Reporter>>,
    out: BufWriter<io::StdoutLock<'static>>,
    summary: Summary,
    left: usize,
    progress: ProgressBar,
    arguments: &'a Arguments,
}

impl<'a> Sink<'a> {
    fn new(arguments: &'a Arguments) -> Self {
        let reporter: Box<dyn Reporter> = match arguments.format {
            Format::Full => {
                let width = if io::stdout().is_terminal() {
                    terminal_width()
                } else {
                    100
                };
                Box::new(Terminal::new(arguments.color.on_stdout(), width))
            }
            Format::Concise => Box::new(Concise),
            Format::Json => Box::new(Json::default()),
            Format::Jsonl => Box::new(JsonLines),
        };
        // A bar and findings on the same terminal would write over each other.
        let target = if io::stdout().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let progress = ProgressBar::with_draw_target(None, target);
        progress.set_style(ProgressStyle::default_spinner());
        Self {
            reporter: (!arguments.statistics).then_some(reporter),
            out: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
            summary: Summary::default(),
            left: arguments.max_findings.unwrap_or(usize::MAX),
            progress,
            arguments,
        }
    }

    fn take(&mut self, outcome: Outcome) -> io::Result<()> {
        let mut report = match outcome {
            Ok(report) => report,
            Err(skipped) => {
                output::note(&format!("kanwu: {}: {}", skipped.file, skipped.reason));
                self.summary.skipped.push(skipped);
                return Ok(());
            }
        };
        self.summary.add(&report);
        self.progress.set_message(report.name.clone());
        self.progress.inc(1);
        if report.findings.len() > self.left {
            self.summary.omitted += report.findings.len() - self.left;
            report.findings.truncate(self.left);
        }
        self.left -= report.findings.len();
        match &mut self.reporter {
            Some(reporter) => reporter.file(&report, &mut self.out),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> io::Result<Summary> {
        self.progress.finish_and_clear();
        match &mut self.reporter {
            Some(reporter) => reporter.finish(&self.summary, &mut self.out)?,
            None => {
                let mut rules: Vec<_> = self.summary.by_rule.iter().collect();
                rules.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), **name));
                for (name, count) in rules {
                    writeln!(self.out, "{count:8}  {name}")?;
                }
            }
        }
        self.out.flush()?;
        let _ = self.arguments;
        Ok(self.summary)
    }
}

fn terminal_width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|c| c.parse().ok())
        .unwrap_or(100)
}

/// The last words on standard error.
fn summarise(summary: &Summary) {
    let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let mut line = format!(
        "{}, {}: {}, {}, {} in {:.2} s",
        plural(summary.files, "file"),
        plural(summary.characters, "character"),
        plural(summary.count(Severity::Error), "error"),
        plural(summary.count(Severity::Warning), "warning"),
        plural(summary.count(Severity::Info), "info"),
        summary.elapsed.as_secs_f64(),
    );
    if summary.omitted > 0 {
        line.push_str(&format!(
            "; {} not shown (--max-findings)",
            plural(summary.omitted, "finding")
        ));
    }
    if !summary.skipped.is_empty() {
        line.push_str(&format!(
            "; {} not checked",
            plural(summary.skipped.len(), "file")
        ));
    }
    output::note(&line);
    if summary.findings() > 0 {
        let mut rules: Vec<_> = summary.by_rule.iter().collect();
        rules.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), **name));
        let rules: Vec<_> = rules
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        output::note(&format!("by rule: {}", rules.join(", ")));
    }
}
