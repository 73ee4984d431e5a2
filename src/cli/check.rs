//! `kanwu check`: the main job.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use miette::miette;

use super::check_arguments::Arguments;
use super::input::{self, Checked, Inputs, Job, Outcome};
use super::output::{self, Written};
use super::packed;
use super::schedule::in_order;
use super::silent;
use super::sink::Sink;
use super::speech;
use super::summary::summarise;
use crate::formats::Packing;
use crate::language::Lang;
use crate::said;
use crate::text;

pub(super) fn run(arguments: &Arguments, lang: Option<Lang>) -> miette::Result<ExitCode> {
    let begun = Instant::now();
    let judged = arguments.judgements.read()?;
    let mut configs = arguments.rules.configs(
        arguments.config.choice(),
        &arguments.profile,
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
    let done = summary.skipped.is_empty() && summary.unmended == 0;
    let read = done && (empty.is_empty() || !arguments.strict_inputs);
    Ok(match (read, failing) {
        (false, _) => ExitCode::from(super::FAILED),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    })
}

/// Reads, decodes and checks one input with so many threads, with its fixes applied if they are
/// asked for.
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
