//! `kanwu audit`: a whole collection.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

use miette::{Report, miette};

use super::checker::{Checker, Way};
use super::collection::{Files, Marks};
use super::destinations::{self, create};
use super::gathered::{self, Added, Tables};
use super::input::{self, Given, Inputs, Job};
use super::options::{JudgementOptions, Looked};
use super::output::{self, Written};
use super::speech;
use super::waiting::Waiting;
use crate::audit::{
    Asked, Audit, Cache, FilesTable, Gathering, Page, Provenance, Repeats, Urn, compare, screen,
};
use crate::corpus::{self, Collection, Learned};
use crate::finding::Severity;
use crate::judgements::Judgements;
use crate::language::Lang;
use crate::report::{Skipped, plain_json};
use crate::said;
use crate::text::visible_name;
use crate::told;

/// So many paragraphs without findings of each document are drawn at least, where a sample is
/// wanted.
const LEAST: usize = 3;

/// Findings of each rule that a page asks people about.
const SAMPLE: usize = 50;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    looked: Looked,
    /// Write a page that opens in any browser: all that was counted, the findings, what there is to
    /// judge
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write everything that was counted, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write all findings as a table; beside it `files.csv`, a line for each file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write what was learned of the sources, for `kanwu check --profile`
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    #[command(flatten)]
    judgements: JudgementOptions,
    /// Draw so many findings of each rule, and as many paragraphs without findings, for people to
    /// judge [default: 50 for a page, else none]
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// By which chance draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Say what has changed since the audit that was written to this file by --json
    #[arg(long, value_name = "OLD.json")]
    compare: Option<PathBuf>,
    /// Exit with 1 where more than this share of the characters stands in paragraphs with an error,
    /// or with a warning or an error: error=1%
    #[arg(long, value_name = "SEVERITY=PERCENT")]
    fail_on_share: Vec<Limit>,
    /// A folder in which outcomes are kept: files that have not changed are not checked again
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Only what repeats across files; no file is checked by itself
    #[arg(long)]
    only_repeats: bool,
    /// Number of threads [default: one for each processor]
    #[arg(long, short)]
    jobs: Option<usize>,
    /// Nothing on the screen
    #[arg(long, short)]
    quiet: bool,
}

/// How much damage is too much.
#[derive(Clone, Copy, Debug)]
struct Limit {
    severity: Severity,
    share: f64,
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = || said!("write error=1% or warning=2.5%"; "请写 error=1% 或 warning=2.5%");
        let (severity, percent) = text.split_once('=').ok_or_else(wanted)?;
        let severity = match severity {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => return Err(wanted()),
        };
        let percent = percent.strip_suffix('%').ok_or_else(wanted)?;
        let percent: f64 = percent.trim().parse().map_err(|_| wanted())?;
        if !(0.0..=100.0).contains(&percent) {
            return Err(said!("a share lies between 0% and 100%"; "比例在 0% 与 100% 之间"));
        }
        let share = percent / 100.0;
        Ok(Self { severity, share })
    }
}

/// Audits the files that the arguments name, or the documents that were given instead.
pub(super) fn run(
    arguments: &Arguments,
    lang: Option<Lang>,
    given: Option<Vec<Given>>,
) -> miette::Result<ExitCode> {
    look_at_destinations(arguments)?;
    let old = arguments.compare.as_deref().map(compare::read);
    let old = old.transpose().map_err(Report::msg)?;
    let named = arguments.judgements.read()?;
    let mut configs = arguments.looked.configs(&[])?;
    let mut inputs = match given {
        Some(given) => input::take(given, &mut configs)?,
        None => input::collect(&arguments.looked.paths, None, &mut configs, false)?,
    };
    look_beside(arguments, &inputs)?;
    let skipped = keep(&mut inputs)?;
    skipped.iter().for_each(output::skipped);
    let judgements = match named {
        Some(judgements) => judgements,
        None => configured(&inputs.jobs)?,
    };
    let threads = arguments
        .jobs
        .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
        .unwrap_or(1);
    let config = inputs.jobs.first();
    let config = config.and_then(|job| job.profile.config.as_deref());
    let lang = speech::with(lang, config);
    output::nothing_in(&inputs.empty, lang);
    let waiting = Waiting::new(lang, &inputs.jobs);
    let read = |documents, bytes| waiting.counted(documents, bytes);
    let (files, counting) = Files::new(inputs.jobs, threads, &read).written()?;
    waiting.of(files.len(), files.bytes());
    let tell = |step, bytes| waiting.surveyed(step, bytes);
    let survey = corpus::survey_counted(&files, counting, threads, &tell).written()?;
    let learned = Learned::of_survey(&survey, &files.sources);
    if let Some(path) = &arguments.profile {
        learned.write(path).map_err(Report::msg)?;
    }
    let name = |document| files.name(document);
    let mut repeats = Repeats::of_survey(&survey, &files, name).written()?;
    let settings = settings(arguments, &files, &learned);
    let sample = match arguments.sample {
        // what was not checked has no findings, and nothing is known of paragraphs without any
        _ if arguments.only_repeats => 0,
        Some(sample) => sample,
        None if arguments.html.is_some() => SAMPLE,
        None => 0,
    };
    let cache = arguments
        .cache
        .as_ref()
        .map(|folder| Cache::open(folder, settings));
    let checker = Checker {
        files: &files,
        known: learned.known(),
        told: Marks::new(&survey),
        cache: cache.transpose().written()?,
        only_repeats: arguments.only_repeats,
        way: Way {
            lang,
            // the sample is drawn out of these: four times as many as each document gives on
            // average
            drawn: match sample {
                0 => (0, 0),
                n => (
                    (4 * n).div_ceil(files.len().max(1)).max(LEAST).min(n),
                    arguments.seed,
                ),
            },
        },
    };
    let gathering = Gathering::new(&judgements, Urn::new(sample, arguments.seed));
    let tables = Tables {
        csv: arguments.csv.as_deref(),
        html: arguments.html.is_some(),
    };
    let Added {
        gathering,
        skipped,
        page,
        homes,
    } = gathered::check(&checker, tables, threads, &waiting, (gathering, skipped))?;
    repeats.homes = homes;
    let mut audit = gathering.finish(repeats, skipped);
    let compared = old.map(|old| compare::compare(&old, &audit));
    audit.comparison = compared.transpose().written()?;
    if let Some(cache) = checker.cache {
        cache.finish().written()?;
    }
    let provenance = provenance(arguments, settings, lang);
    write(arguments, &audit, page, &files.sources, &provenance, lang)?;
    let too_much = is_too_much(arguments, &audit, lang);
    Ok(match (audit.skipped.is_empty(), too_much) {
        (false, _) => ExitCode::from(super::FAILED),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    })
}

/// Whether what is to be written can be, before anything is read.
fn look_at_destinations(arguments: &Arguments) -> miette::Result<()> {
    for path in written(arguments) {
        destinations::look_at(path)?;
    }
    if let Some(path) = &arguments.csv {
        destinations::look_at_table(path)?;
    }
    Ok(())
}

/// The files that are written, but for the tables.
fn written(arguments: &Arguments) -> impl Iterator<Item = &PathBuf> {
    let files = [&arguments.html, &arguments.json, &arguments.profile];
    files.into_iter().flatten()
}

/// Looks whether what is written takes the place of what is read.
fn look_beside(arguments: &Arguments, inputs: &Inputs) -> miette::Result<()> {
    let table = arguments.csv.as_ref();
    let table = table.map(|path| path.with_file_name("files.csv"));
    for path in written(arguments).chain(&arguments.csv).chain(&table) {
        destinations::look_beside(path, input::files(&inputs.jobs))?;
    }
    Ok(())
}

/// Keeps what can be read only once, as standard input, so that it can be read again and again;
/// what could not be read is given back.
fn keep(inputs: &mut Inputs) -> miette::Result<Vec<Skipped>> {
    if let Some(missing) = inputs.skipped.iter().find(|_| inputs.jobs.is_empty()) {
        return Err(miette!(
            "{}: {}",
            visible_name(&missing.file),
            missing.reason
        ));
    }
    let mut skipped = std::mem::take(&mut inputs.skipped);
    // it is read again and again, which standard input cannot be
    inputs.jobs.retain_mut(|job| match job.input.keep() {
        Ok(()) => true,
        Err(e) => {
            skipped.push(job.input.skipped(e));
            false
        }
    });
    Ok(skipped)
}

/// Writes what was asked for, and shows the rest.
fn write(
    arguments: &Arguments,
    audit: &Audit,
    page: Option<Page>,
    sources: &[String],
    provenance: &Provenance,
    lang: Lang,
) -> miette::Result<()> {
    if let Some(path) = &arguments.csv {
        FilesTable::write(&audit.files, create(&path.with_file_name("files.csv"))?).written()?;
    }
    if let (Some(page), Some(path)) = (page, &arguments.html) {
        let mut out = create(path)?;
        page.finish(audit, sources, provenance, &mut out)
            .written()?;
        out.flush().written()?;
    }
    if let Some(path) = &arguments.json {
        let mut out = create(path)?;
        plain_json::write(&mut out, audit).written()?;
        out.write_all(b"\n").written()?;
        out.flush().written()?;
    }
    if !arguments.quiet {
        let asked = Asked {
            paths: arguments.looked.named(),
            page: arguments.html.is_some(),
            profile: arguments.profile.is_some(),
            counts: arguments.json.is_some(),
        };
        let screen = screen(audit, lang, &asked).written()?;
        io::stdout().lock().write_all(screen.as_bytes()).written()?;
    }
    Ok(())
}

/// Whether more of the text is damaged than may be; says what is.
fn is_too_much(arguments: &Arguments, audit: &Audit, lang: Lang) -> bool {
    let mut too_much = false;
    for limit in &arguments.fail_on_share {
        let share = audit.collection.share(limit.severity);
        if share > limit.share {
            too_much = true;
            let (percent, most) = (share * 100.0, limit.share * 100.0);
            let kind = limit.severity;
            let chinese = kind.called(Lang::Zh);
            let said = told!(
                "kanwu: {percent:.2} % of the characters stand in paragraphs with {kind}s, more than {most} %";
                "kanwu: {percent:.2}%的字在有{chinese}的段落中，超过{most}%"
            );
            output::note(said.read(lang));
        }
    }
    too_much
}

/// The judgements that the configurations of the files name, each file of them once.
fn configured(jobs: &[Job]) -> miette::Result<Judgements> {
    let mut judgements = Judgements::default();
    let mut seen: Vec<&PathBuf> = Vec::new();
    for config in jobs.iter().filter_map(|job| job.profile.config.as_ref()) {
        if !seen.contains(&&config.path) {
            seen.push(&config.path);
            judgements.extend(config.judgements()?);
        }
    }
    Ok(judgements)
}

/// Where a page comes from, as it says itself.
fn provenance(arguments: &Arguments, settings: u64, lang: Lang) -> Provenance {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    Provenance {
        paths: arguments.looked.named(),
        lang,
        command: format!("kanwu {}", words.join(" ")),
        date: jiff::Timestamp::now()
            .strftime("%Y-%m-%d %H:%M UTC")
            .to_string(),
        settings,
    }
}

/// A hash of all that a check depends on besides the file.
fn settings(arguments: &Arguments, files: &Files, learned: &Learned) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{learned:?}").hash(&mut hasher);
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    format!("{:?}", arguments.looked.rules).hash(&mut hasher);
    let mut named: Vec<PathBuf> = std::env::current_exe().into_iter().collect();
    named.extend(arguments.looked.rules.files().cloned());
    let mut last = None;
    for job in &files.jobs {
        if last.is_some_and(|l| Arc::ptr_eq(l, &job.profile)) {
            continue;
        }
        last = Some(&job.profile);
        if let Some(config) = &job.profile.config {
            config.text().hash(&mut hasher);
            job.profile.per_file.hash(&mut hasher);
            named.extend(config.files());
        }
    }
    named.sort();
    named.dedup();
    for path in named {
        stamp(&path, &mut hasher);
    }
    hasher.finish()
}

/// Takes in the name, size and time of a file, or of those in a folder.
fn stamp(path: &Path, hasher: &mut impl Hasher) {
    path.hash(hasher);
    if let Ok(meta) = path.metadata() {
        meta.len().hash(hasher);
        meta.modified().ok().hash(hasher);
    }
    let mut inside: Vec<_> = path
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    inside.sort();
    inside.iter().for_each(|path| stamp(path, hasher));
}
