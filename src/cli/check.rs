//! `kanwu check`: the main job.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::ValueEnum;
use miette::miette;

use super::formats::OutputOptions;
use super::input::{self, Checked, Inputs, Job, Outcome};
use super::mend::FixOptions;
use super::options::{ConfigOptions, JudgementOptions, RuleOptions};
use super::output::{self, Written};
use super::packed;
use super::schedule::in_order;
use super::silent;
use super::sink::Sink;
use super::speech;
use super::summary::summarise;
use crate::finding::Severity;
use crate::formats::Packing;
use crate::language::Lang;
use crate::rule::{Card, Group};
use crate::said;
use crate::text;
use crate::told;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files and directories; `-` is standard input
    #[arg(default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleOptions,
    #[command(flatten)]
    config: ConfigOptions,
    #[command(flatten)]
    pub(super) output: OutputOptions,
    #[command(flatten)]
    pub(super) fixes: FixOptions,
    /// What `kanwu audit --profile` learned of the sites: their lines are masked, their watermarks are found
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    #[command(flatten)]
    judgements: JudgementOptions,
    /// Pass over the findings that this file knows: only new ones count
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write all present findings to the baseline
    #[arg(long, conflicts_with_all = ["fix", "diff"])]
    pub(super) write_baseline: bool,
    /// Show findings at least this severe in the formats for a terminal; all other formats have all [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    level: Option<Severity>,
    /// Exit with 1 only where a finding is at least this severe
    #[arg(long, value_enum, default_value_t)]
    fail_on: FailOn,
    /// What standard input is called in the findings
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
    /// Fail where there is nothing to check in a folder that is named here
    #[arg(long)]
    strict_inputs: bool,
    /// Leave out what the configuration excludes even where it is named here
    #[arg(long)]
    force_exclude: bool,
    /// Number of files checked at the same time [default: one for each processor]
    #[arg(long, short)]
    jobs: Option<usize>,
    /// Show at most this many findings
    #[arg(long, value_name = "N")]
    pub(super) max_findings: Option<usize>,
    /// No summary
    #[arg(long, short)]
    quiet: bool,
    /// Say what kind of file each was read as
    #[arg(long, short)]
    pub(super) verbose: bool,
    /// Count the findings by rule instead of showing them
    #[arg(long)]
    pub(super) statistics: bool,
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

impl Arguments {
    /// A gate that checks nothing would always be open: an error where no rule is selected, a note about a group that has none.
    fn complain_of_selection(&self, inputs: &[Job], lang: Lang) -> miette::Result<()> {
        let Some(first) = inputs.first() else {
            return Ok(());
        };
        let cards: Vec<_> = first.profile.linter.cards().collect();
        for name in self.rules.select.iter().chain(&self.rules.extend_select) {
            let group = Group::ALL.into_iter().find(|g| g.name() == name);
            if group.is_some_and(|g| cards.iter().all(|c| c.group != g)) {
                let said = told!(
                    "kanwu: the group `{name}` has no rule that is on here";
                    "kanwu: 组 `{name}` 在此没有开启的规则"
                );
                output::note(said.read(lang));
            }
        }
        let across = |card: &Card| card.group == Group::Corpus;
        let learned = self.profile.is_some() || first.profile.learned.is_some();
        if !cards.is_empty() && cards.iter().all(|card| across(card)) && !learned {
            return Err(miette!(
                help = said!("`kanwu audit` looks across files; `--profile FILE` reads what it learned of the sites"; "`kanwu audit` 跨文件查看；`--profile 文件` 读取它学到的站点档案"),
                "{}",
                said!("only rules that look across files are selected: nothing would be checked"; "所选的都是跨文件规则：什么都不会检查")
            ));
        }
        if inputs
            .iter()
            .all(|job| job.profile.linter.cards().next().is_none())
        {
            return Err(miette!(
                help = said!("`kanwu rules` lists them"; "`kanwu rules` 列出规则"),
                "{}",
                said!("no rule is selected: nothing would be checked"; "没有选中规则：什么都不会检查")
            ));
        }
        Ok(())
    }

    /// What the formats for a terminal show of a file whose configuration says so much. Whoever fails on notes wants to see them.
    fn level(&self, configured: Option<Severity>) -> Severity {
        let failing = (matches!(self.fail_on, FailOn::Info)).then_some(Severity::Info);
        self.level
            .or(failing)
            .or(configured)
            .unwrap_or(Severity::Warning)
    }
}

pub(super) fn run(arguments: &Arguments, lang: Option<Lang>) -> miette::Result<ExitCode> {
    let begun = Instant::now();
    let judged = arguments.judgements.read()?;
    let mut configs = arguments.rules.configs(
        arguments.config.choice(),
        arguments.profile.as_deref(),
        judged.map(|judged| Arc::new(judged.wrong())),
    )?;
    let Inputs {
        jobs: inputs,
        mut skipped,
        empty,
    } = input::collect(
        &arguments.paths,
        arguments.stdin_filename.as_deref(),
        &mut configs,
        arguments.force_exclude,
    )?;
    for missing in &skipped {
        output::skipped(missing);
    }
    let config = inputs.first().and_then(|job| job.profile.config.as_ref());
    let lang = speech::with(lang, config.map(|c| &**c));
    output::nothing_in(&empty, lang);
    arguments.complain_of_selection(&inputs, lang)?;
    silent::tell(&inputs)?;
    let configured = config.map(|c| c.baseline_file()).transpose()?.flatten();
    let baseline = arguments.baseline.clone().or(configured);
    if arguments.write_baseline && baseline.is_none() {
        return Err(miette!(
            help = said!("--baseline FILE, or `baseline = \"FILE\"` in kanwu.toml"; "--baseline 文件，或在 kanwu.toml 中写 `baseline = \"文件\"`"),
            "{}",
            said!("there is no baseline to write"; "没有可写的基线")
        ));
    }
    let mut sink = Sink::new(arguments, &inputs, baseline.as_deref(), lang)?;
    let jobs = arguments
        .jobs
        .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
        .unwrap_or(1);
    // threads that have no input of their own help with those of the others
    let beside = jobs / inputs.len().max(1);
    in_order(
        &inputs,
        jobs.clamp(1, inputs.len().max(1)),
        |job| input::guarded(&job.input, || check_or_mend(job, arguments, beside)),
        |outcome| sink.take(outcome),
    )
    .written()?;
    sink.summary.skipped.append(&mut skipped);
    sink.summary.elapsed = begun.elapsed();
    let summary = sink.finish()?;
    if !arguments.quiet {
        summarise(&summary);
    }
    if arguments.write_baseline && summary.skipped.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let mending = arguments.fixes.only_diff() && summary.fixed > 0;
    let failing = !arguments.fixes.only_fix()
        && arguments
            .fail_on
            .severity()
            .is_some_and(|s| summary.at_least(s) > 0 || mending);
    let read = summary.skipped.is_empty() && (empty.is_empty() || !arguments.strict_inputs);
    Ok(match (read, failing) {
        (false, _) => ExitCode::from(super::FAILED),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    })
}

/// Reads, decodes and checks one input with so many threads, with its fixes applied if they are asked for.
fn check_or_mend(job: &Job, arguments: &Arguments, threads: usize) -> Outcome {
    let Job { input, profile } = job;
    let level = arguments.level(profile.level);
    let bytes = input.read().map_err(|e| input.skipped(e))?;
    let fixes = &arguments.fixes;
    let mut checked = if let Some(packing) = Packing::of(&bytes) {
        packed::check(job, packing, &bytes, fixes, threads)?
    } else if fixes.any() {
        fixes.mend(job, &bytes, threads)?
    } else {
        let decoded = text::decode(&bytes, profile.encoding).map_err(|e| input.skipped(e))?;
        let name = input.name();
        let outcome = profile.check(&name, &decoded, threads);
        let mut checked = Checked::default();
        checked.take(name.into_owned(), decoded, outcome);
        checked
    };
    checked.set_level(level);
    Ok(checked)
}
