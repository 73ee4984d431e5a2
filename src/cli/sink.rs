//! Where the outcomes of a run go: the reports, the summary, the progress bar.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use miette::Report;

use super::check::Arguments;
use super::formats::Output;
use super::input::Outcome;
use super::output::{self, Written};
use crate::baseline::Baseline;
use crate::finding::Severity;
use crate::report::{Summary, Tally};
use crate::text::{visible, visible_name};

/// What of a run goes to standard output.
enum Show {
    Findings(Vec<Output>),
    /// Only how many findings there are of each rule.
    Counts,
    /// What fixes made: a diff, or the mended text of standard input.
    Raw,
}

/// Where outcomes go: the reports, the summary, the progress bar.
pub(super) struct Sink {
    show: Show,
    baseline: Option<Baseline>,
    write_baseline: bool,
    verbose: bool,
    pub(super) summary: Summary,
    left: usize,
    progress: ProgressBar,
}

impl Sink {
    pub(super) fn new(arguments: &Arguments, baseline: Option<&Path>) -> miette::Result<Self> {
        let fixes = &arguments.fixes;
        let stdin = arguments.paths.iter().any(|p| p.as_os_str() == "-");
        let silent = arguments.write_baseline || fixes.only_diff() || fixes.only_fix();
        let show = if silent || fixes.any() && stdin {
            Show::Raw
        } else if arguments.statistics {
            Show::Counts
        } else {
            Show::Findings(arguments.output.open(&arguments.paths)?)
        };
        let baseline = match baseline {
            // What the run does not look at stays known.
            Some(path) if arguments.write_baseline && !path.exists() => Some(Baseline::new(path)),
            Some(path) => Some(Baseline::read(path).map_err(Report::msg)?),
            None => None,
        };
        // A bar and findings on the same terminal would write over each other.
        let target = if io::stdout().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let progress = ProgressBar::with_draw_target(None, target);
        progress.set_style(ProgressStyle::default_spinner());
        Ok(Self {
            show,
            baseline,
            write_baseline: arguments.write_baseline,
            verbose: arguments.verbose,
            summary: Summary::default(),
            left: arguments.max_findings.unwrap_or(usize::MAX),
            progress,
        })
    }

    pub(super) fn take(&mut self, outcome: Outcome) -> io::Result<()> {
        let checked = match outcome {
            Ok(checked) => checked,
            Err(skipped) => {
                output::skipped(&skipped);
                self.summary.skipped.push(skipped);
                return Ok(());
            }
        };
        checked.notes.iter().for_each(|note| output::note(note));
        if let Some(report) = checked.report.as_ref().filter(|_| self.verbose) {
            let name = visible_name(&report.name);
            output::note(&format!("kanwu: {name}: read as {}", checked.kind));
        }
        if let Some(skipped) = checked.unread {
            output::skipped(&skipped);
            self.summary.skipped.push(skipped);
        }
        self.summary.fixed += checked.fixed;
        if !checked.raw.is_empty() {
            io::stdout().lock().write_all(&checked.raw)?;
        }
        for member in checked.members {
            self.take(Ok(member))?;
        }
        let Some(mut report) = checked.report else {
            return Ok(());
        };
        if let Some(baseline) = &mut self.baseline {
            if self.write_baseline {
                baseline.record(&report);
            } else {
                self.summary.known += baseline.filter(&mut report);
            }
        }
        self.summary.add(&report);
        self.progress
            .set_message(visible(&report.name).into_owned());
        self.progress.inc(1);
        if report.findings.len() > self.left {
            self.summary.omitted += report.findings.len() - self.left;
            report.findings.truncate(self.left);
        }
        self.left -= report.findings.len();
        match &mut self.show {
            Show::Findings(outputs) => outputs
                .iter_mut()
                .try_for_each(|output| output.file(&report)),
            Show::Counts | Show::Raw => Ok(()),
        }
    }

    pub(super) fn finish(mut self) -> miette::Result<Summary> {
        self.progress.finish_and_clear();
        if let Some(baseline) = &mut self.baseline {
            if self.write_baseline {
                let count = baseline.write().map_err(Report::msg)?;
                let findings = if count == 1 { "finding" } else { "findings" };
                output::note(&format!("the baseline holds {count} {findings}"));
            } else {
                report_stale(&baseline.stale());
            }
        }
        match self.show {
            Show::Findings(outputs) => {
                for output in outputs {
                    output.finish(&self.summary).written()?;
                }
            }
            Show::Counts => {
                let mut out = io::stdout().lock();
                writeln!(out, "findings    places  rule").written()?;
                for (name, tally) in by_frequency(&self.summary) {
                    writeln!(out, "{:8}  {:8}  {name}", tally.findings, tally.places).written()?;
                }
            }
            Show::Raw => io::stdout().lock().flush().written()?,
        }
        Ok(self.summary)
    }
}

/// Files shown that have stale entries.
const STALE_FILES: usize = 5;

/// Says which known findings are there no more.
fn report_stale(stale: &BTreeMap<String, usize>) {
    let count: usize = stale.values().sum();
    if count == 0 {
        return;
    }
    let mut files: Vec<_> = stale
        .iter()
        .take(STALE_FILES)
        .map(|(name, count)| format!("{} ({count})", visible(name)))
        .collect();
    if stale.len() > STALE_FILES {
        files.push(format!("{} more files", stale.len() - STALE_FILES));
    }
    output::note(&format!(
        "the baseline has {count} stale {}, for findings that are there no more: {}; --write-baseline takes them out",
        if count == 1 { "entry" } else { "entries" },
        files.join(", ")
    ));
}

/// The rules that spoke, the most frequent first.
fn by_frequency(summary: &Summary) -> Vec<(&'static str, Tally)> {
    let mut rules: Vec<_> = summary.by_rule.iter().map(|(n, c)| (*n, *c)).collect();
    rules.sort_by_key(|(name, tally)| (std::cmp::Reverse(*tally), *name));
    rules
}

/// The last words on standard error.
pub(super) fn summarise(summary: &Summary) {
    let plural = |n: usize, what: &str| {
        format!(
            "{n} {what}{}",
            if n == 1 {
                ""
            } else if what.ends_with('x') {
                "es"
            } else {
                "s"
            }
        )
    };
    let mut line = format!(
        "{}, {}: {}, {}, {} in {:.2} s",
        plural(summary.files, "file"),
        plural(summary.characters, "character"),
        plural(summary.count(Severity::Error), "error"),
        plural(summary.count(Severity::Warning), "warning"),
        plural(summary.count(Severity::Info), "info"),
        summary.elapsed.as_secs_f64(),
    );
    if summary.known > 0 {
        line.push_str(&format!("; {} known", plural(summary.known, "finding")));
    }
    if summary.fixed > 0 {
        line.push_str(&format!("; {} applied", plural(summary.fixed, "fix")));
    }
    match (summary.fixable, summary.fixable_unsafely) {
        (0, 0) => {}
        (safe, 0) => line.push_str(&format!("; {safe} fixable with --fix")),
        (0, more) => line.push_str(&format!("; {more} fixable with --fix --unsafe-fixes")),
        (safe, more) => line.push_str(&format!(
            "; {safe} fixable with --fix, {more} more with --fix --unsafe-fixes"
        )),
    }
    if summary.hidden > 0 {
        line.push_str(&format!(
            "; {} not shown (--level info)",
            plural(summary.hidden, "note")
        ));
    }
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
            .map(|(name, tally)| format!("{name} {}", tally.findings))
            .collect();
        output::note(&format!("by rule: {}", rules.join(", ")));
    }
}
