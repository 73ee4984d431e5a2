//! Where the outcomes of a run go: the reporter, the summary, the progress bar.

use std::io::{self, BufWriter, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::check::{Arguments, Format};
use super::input::Outcome;
use super::output;
use crate::finding::Severity;
use crate::report::{Concise, Json, JsonLines, Reporter, Summary, Terminal};

/// Where outcomes go: the reporter, the summary, the progress bar.
pub(super) struct Sink {
    reporter: Option<Box<dyn Reporter>>,
    out: BufWriter<io::StdoutLock<'static>>,
    pub(super) summary: Summary,
    left: usize,
    progress: ProgressBar,
}

impl Sink {
    pub(super) fn new(arguments: &Arguments) -> Self {
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
        }
    }

    pub(super) fn take(&mut self, outcome: Outcome) -> io::Result<()> {
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

    pub(super) fn finish(mut self) -> io::Result<Summary> {
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
pub(super) fn summarise(summary: &Summary) {
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
