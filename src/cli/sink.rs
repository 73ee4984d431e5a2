//! Where the outcomes of a run go: the reports, the summary, the progress bar.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use miette::Report;

use super::check_arguments::Arguments;
use super::formats::Output;
use super::input::{Job, Outcome};
use super::output::{self, Written};
use super::summary::by_frequency;
use crate::baseline::Baseline;
use crate::language::Lang;
use crate::report::Summary;
use crate::said;
use crate::text::{visible, visible_name};
use crate::told;

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
    pub(super) fn new(
        arguments: &Arguments,
        inputs: &[Job],
        baseline: Option<&Path>,
        lang: Lang,
    ) -> miette::Result<Self> {
        let fixes = &arguments.fixes;
        let stdin = arguments.paths.iter().any(|p| p.as_os_str() == "-");
        let silent = arguments.write_baseline || fixes.only_diff() || fixes.only_fix();
        let show = if silent || fixes.any() && stdin {
            Show::Raw
        } else if arguments.statistics {
            Show::Counts
        } else {
            Show::Findings(arguments.output.open(inputs)?)
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
            summary: Summary {
                lang,
                ..Summary::default()
            },
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
            output::note(
                &said!("kanwu: {name}: read as {}", checked.kind; "kanwu: {name}：按 {} 读取", checked.kind),
            );
        }
        if let Some(skipped) = checked.unread {
            output::skipped(&skipped);
            self.summary.skipped.push(skipped);
        }
        if let Some(skipped) = checked.unmended {
            output::skipped(&skipped);
            self.summary.unmended += 1;
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
        report.lang = self.summary.lang;
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
                let said = told!("the baseline holds {count} {findings}"; "基线收录了{count}处");
                output::note(said.read(self.summary.lang));
            } else {
                report_stale(&baseline.stale(), self.summary.lang);
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
                let lang = self.summary.lang;
                let head = lang.pick("findings    places  rule", "  问题数      处数  规则");
                writeln!(out, "{head}").written()?;
                for (card, tally) in by_frequency(&self.summary) {
                    let rule = card.title(lang);
                    writeln!(out, "{:8}  {:8}  {rule}", tally.findings, tally.places).written()?;
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
fn report_stale(stale: &BTreeMap<String, usize>, lang: Lang) {
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
        let more = stale.len() - STALE_FILES;
        let said = told!("{more} more files"; "另有{more}个文件");
        files.push(said.read(lang).to_owned());
    }
    let (entries, files) = (
        if count == 1 { "entry" } else { "entries" },
        files.join(lang.pick(", ", "、")),
    );
    let said = told!(
        "the baseline has {count} stale {entries}, for findings that are there no more: {files}; --write-baseline takes them out";
        "基线中有{count}条已过时，所指的问题已不存在：{files}；--write-baseline 可将其去掉"
    );
    output::note(said.read(lang));
}
