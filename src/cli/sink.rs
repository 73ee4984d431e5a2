//! Where the outcomes of a run go: the reports, the summary, the progress bar.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::check::Arguments;
use super::formats::Output;
use super::input::Outcome;
use super::output;
use crate::finding::Severity;
use crate::report::Summary;

/// Where outcomes go: the reports, the summary, the progress bar.
pub(super) struct Sink {
    /// `None` where findings are only counted.
    outputs: Option<Vec<Output>>,
    pub(super) summary: Summary,
    left: usize,
    progress: ProgressBar,
}

impl Sink {
    pub(super) fn new(arguments: &Arguments) -> miette::Result<Self> {
        let outputs = (!arguments.statistics)
            .then(|| arguments.output.open())
            .transpose()?;
        // A bar and findings on the same terminal would write over each other.
        let target = if io::stdout().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let progress = ProgressBar::with_draw_target(None, target);
        progress.set_style(ProgressStyle::default_spinner());
        Ok(Self {
            outputs,
            summary: Summary::default(),
            left: arguments.max_findings.unwrap_or(usize::MAX),
            progress,
        })
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
        self.outputs
            .iter_mut()
            .flatten()
            .try_for_each(|output| output.file(&report))
    }

    pub(super) fn finish(self) -> io::Result<Summary> {
        self.progress.finish_and_clear();
        match self.outputs {
            Some(outputs) => {
                for output in outputs {
                    output.finish(&self.summary)?;
                }
            }
            None => {
                let mut out = io::stdout().lock();
                for (name, count) in by_frequency(&self.summary) {
                    writeln!(out, "{count:8}  {name}")?;
                }
            }
        }
        Ok(self.summary)
    }
}

/// The rules that spoke, the most frequent first.
fn by_frequency(summary: &Summary) -> Vec<(&'static str, usize)> {
    let mut rules: Vec<_> = summary.by_rule.iter().map(|(n, c)| (*n, *c)).collect();
    rules.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    rules
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
        let rules: Vec<_> = by_frequency(summary)
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        output::note(&format!("by rule: {}", rules.join(", ")));
    }
}
