//! What `kanwu check` is asked for.

use std::path::PathBuf;

use clap::ValueEnum;
use miette::miette;

use super::formats::OutputOptions;
use super::input::Job;
use super::mend::FixOptions;
use super::options::{ConfigOptions, JudgementOptions, RuleOptions};
use super::output;
use crate::finding::Severity;
use crate::language::Lang;
use crate::rule::{Card, Group};
use crate::said;
use crate::told;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files and directories; `-` is standard input
    #[arg(default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) rules: RuleOptions,
    #[command(flatten)]
    pub(super) config: ConfigOptions,
    #[command(flatten)]
    pub(super) output: OutputOptions,
    #[command(flatten)]
    pub(super) fixes: FixOptions,
    /// What `kanwu audit --profile` learned of the sites: their lines are masked, their watermarks
    /// are found. Several are merged
    #[arg(long, value_name = "FILE")]
    pub(super) profile: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) judgements: JudgementOptions,
    /// Pass over the findings that this file knows: only new ones count
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write all present findings to the baseline
    #[arg(long, conflicts_with_all = ["fix", "diff"])]
    pub(super) write_baseline: bool,
    /// Show findings at least this severe in the formats for a terminal; all other formats have all
    /// [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) level: Option<Severity>,
    /// Exit with 1 only where a finding is at least this severe
    #[arg(long, value_enum, default_value_t)]
    pub(super) fail_on: FailOn,
    /// What standard input is called in the findings
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<String>,
    /// Fail where there is nothing to check in a folder that is named here
    #[arg(long)]
    pub(super) strict_inputs: bool,
    /// Leave out what the configuration excludes even where it is named here
    #[arg(long)]
    pub(super) force_exclude: bool,
    /// Number of files checked at the same time [default: one for each processor]
    #[arg(long, short)]
    pub(super) jobs: Option<usize>,
    /// Show at most this many findings
    #[arg(long, value_name = "N")]
    pub(super) max_findings: Option<usize>,
    /// No summary
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Say what kind of file each was read as
    #[arg(long, short)]
    pub(super) verbose: bool,
    /// Count the findings by rule instead of showing them
    #[arg(long)]
    pub(super) statistics: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum FailOn {
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
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

impl Arguments {
    /// A gate that checks nothing would always be open: an error where no rule is selected, a note
    /// about a group that has none.
    pub(super) fn complain_of_selection(&self, inputs: &[Job], lang: Lang) -> miette::Result<()> {
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
        let learned = !self.profile.is_empty() || first.profile.learned.is_some();
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

    /// What the formats for a terminal show of a file whose configuration says so much. Whoever
    /// fails on notes wants to see them.
    pub(super) fn level(&self, configured: Option<Severity>) -> Severity {
        let failing = (matches!(self.fail_on, FailOn::Info)).then_some(Severity::Info);
        self.level
            .or(failing)
            .or(configured)
            .unwrap_or(Severity::Warning)
    }
}
