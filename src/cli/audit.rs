//! `kanwu audit`: a whole collection.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use miette::{Report, miette};

use super::input::{self, Job};
use super::options::{ConfigOptions, RuleOptions};
use super::output::{self, Written};
use super::schedule::in_order;
use super::speech;
use crate::audit::{
    Audit, Cache, FileRecord, FilesTable, FindingsTable, Gathering, Repeats, SkippedFile, screen,
};
use crate::config::Told;
use crate::corpus::{self, Collection, Known, Learned, Step, Survey};
use crate::document::{SiteMark, SiteMarkKind};
use crate::formats::{self, Packing};
use crate::language::{Lang, Message};
use crate::report::{FileReport, Skipped, plain_json};
use crate::text::{self, Span, visible_name};
use crate::told;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders and files of the collection
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    rules: RuleOptions,
    #[command(flatten)]
    config: ConfigOptions,
    /// Write everything that was counted, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write all findings as a table; beside it `files.csv`, a line for each file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write what was learned of the sources, for `kanwu check --profile`
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
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

/// The files of a run as documents.
struct Files {
    jobs: Vec<Job>,
    source_of: Vec<usize>,
    sources: Vec<String>,
    bytes: Vec<u64>,
}

impl Files {
    fn new(jobs: Vec<Job>) -> Self {
        let folder = |job: &Job| {
            let name = job.input.name().into_owned();
            let folder = Path::new(&name)
                .parent()
                .map(|p| p.to_string_lossy().into_owned());
            folder
                .filter(|f| !f.is_empty())
                .unwrap_or_else(|| ".".to_owned())
        };
        let folders: Vec<String> = jobs.iter().map(folder).collect();
        let numbers: BTreeMap<&String, usize> = folders.iter().map(|f| (f, 0)).collect();
        let sources: Vec<String> = numbers.into_keys().cloned().collect();
        let source_of = folders
            .iter()
            .map(|f| sources.partition_point(|s| s < f))
            .collect();
        let bytes = jobs.iter().map(|job| job.input.size()).collect();
        Self {
            jobs,
            source_of,
            sources,
            bytes,
        }
    }
}

impl Collection for Files {
    fn len(&self) -> usize {
        self.jobs.len()
    }

    fn text(&self, document: usize) -> Option<Cow<'_, str>> {
        let Job { input, profile } = &self.jobs[document];
        let bytes = input.read().ok().filter(|b| Packing::of(b).is_none())?;
        let decoded = text::decode(&bytes, profile.encoding).ok()?;
        let kind = profile.reading.kind_of(&input.name(), &decoded.text);
        if kind.is_text() {
            return Some(Cow::Owned(decoded.text.into_owned()));
        }
        let mut text = String::new();
        formats::read(kind, &profile.reading, &decoded.text, &mut |prose| {
            text.push_str(&prose.text);
            text.push('\n');
        });
        Some(Cow::Owned(text))
    }

    fn source(&self, document: usize) -> usize {
        self.source_of[document]
    }

    fn sources(&self) -> &[String] {
        &self.sources
    }

    fn bytes(&self) -> u64 {
        self.bytes.iter().sum()
    }
}

/// What is done with each document.
struct Checker<'f> {
    files: &'f Files,
    known: Known,
    /// What else the collection tells of a document.
    told: HashMap<usize, Vec<SiteMark>>,
    cache: Option<Cache>,
    only_repeats: bool,
    /// The language that findings are told in.
    lang: Lang,
}

impl Checker<'_> {
    fn check(&self, document: usize) -> Result<FileRecord, Skipped> {
        let Job { input, profile } = &self.files.jobs[document];
        let bytes = input.read().map_err(|e| input.skipped(e))?;
        if Packing::of(&bytes).is_some() {
            return Err(input.skipped("a packed file: unpack it first"));
        }
        let marks = self.told.get(&document).cloned().unwrap_or_default();
        let key = self.cache.as_ref().map(|cache| {
            let told = format!("{marks:?}{}{}", self.only_repeats, self.lang);
            (cache, cache.key(&bytes, told))
        });
        if let Some((cache, key)) = &key
            && let Some(file) = cache.get(*key)
        {
            cache.put(*key, &file).map_err(|e| input.skipped(e))?;
            return Ok(file);
        }
        let decoded = text::decode(&bytes, profile.encoding).map_err(|e| input.skipped(e))?;
        let name = input.name();
        let findings = if self.only_repeats {
            Vec::new()
        } else {
            let known = Some(&self.known);
            let kind = profile.reading.kind_of(&name, &decoded.text);
            let outcome = profile.check_told(kind, &name, &decoded, Told { marks, known }, 1);
            outcome.findings
        };
        let mut report = FileReport::new(name.into_owned(), decoded, findings);
        report.lang = self.lang;
        let file = FileRecord::new(&report);
        if let Some((cache, key)) = &key {
            cache.put(*key, &file).map_err(|e| input.skipped(e))?;
        }
        Ok(file)
    }
}

pub(super) fn run(arguments: &Arguments, lang: Option<Lang>) -> miette::Result<ExitCode> {
    let mut configs = arguments.rules.configs(arguments.config.choice(), None)?;
    let inputs = input::collect(&arguments.paths, None, &mut configs, false)?;
    if let Some(missing) = inputs.skipped.iter().find(|_| inputs.jobs.is_empty()) {
        return Err(miette!(
            "{}: {}",
            visible_name(&missing.file),
            missing.reason
        ));
    }
    let skipped = inputs.skipped;
    skipped.iter().for_each(output::skipped);
    let files = Files::new(inputs.jobs);
    let config = files
        .jobs
        .first()
        .and_then(|job| job.profile.config.as_ref());
    let lang = speech::with(lang, config.map(|c| &**c));
    let threads = arguments
        .jobs
        .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
        .unwrap_or(1);
    let progress = progress(files.len());
    let survey = survey(&files, threads, &progress)?;
    let learned = Learned::of_survey(&survey, &files);
    if let Some(path) = &arguments.profile {
        learned.write(path).map_err(Report::msg)?;
    }
    let name = |document: usize| files.jobs[document].input.name().into_owned();
    let repeats = Repeats::of_survey(&survey, &files, name);
    let settings = settings(arguments, &files, &learned);
    let cache = arguments
        .cache
        .as_ref()
        .map(|folder| Cache::open(folder, settings));
    let checker = Checker {
        files: &files,
        known: learned.known(),
        told: marks(&survey, &files),
        cache: cache.transpose().written()?,
        only_repeats: arguments.only_repeats,
        lang,
    };
    let audit = check(&checker, arguments, threads, &progress, repeats, skipped)?;
    if let Some(cache) = checker.cache {
        cache.finish().written()?;
    }
    if let Some(path) = &arguments.json {
        let mut out = create(path)?;
        plain_json::write(&mut out, &audit).written()?;
        out.write_all(b"\n").written()?;
        out.flush().written()?;
    }
    if !arguments.quiet {
        io::stdout()
            .lock()
            .write_all(screen(&audit).as_bytes())
            .written()?;
    }
    Ok(if audit.skipped.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(super::FAILED)
    })
}

fn survey(files: &Files, threads: usize, progress: &ProgressBar) -> miette::Result<Survey> {
    let tell = |step| {
        let said = match step {
            Step::Counting => "counts lines",
            Step::Signing => "makes signatures",
            Step::Phrases => "looks for planted phrases",
            Step::Comparing => "compares",
        };
        if progress.message() != said {
            progress.set_position(0);
            progress.set_message(said);
        }
        progress.inc(1);
    };
    corpus::survey(files, threads, &tell).written()
}

/// Checks every document, and adds it all up.
fn check(
    checker: &Checker<'_>,
    arguments: &Arguments,
    threads: usize,
    progress: &ProgressBar,
    repeats: Repeats,
    skipped: Vec<Skipped>,
) -> miette::Result<Audit> {
    let files = checker.files;
    let mut gathering = Gathering::default();
    let mut not_checked: Vec<SkippedFile> = skipped.iter().map(Into::into).collect();
    let mut table = match &arguments.csv {
        Some(path) => Some(FindingsTable::new(create(path)?).written()?),
        None => None,
    };
    progress.set_position(0);
    progress.set_message("checks");
    let documents: Vec<usize> = (0..files.len()).collect();
    let threads = threads.clamp(1, documents.len().max(1));
    let work = |document: &usize| (*document, checker.check(*document));
    in_order(&documents, threads, work, |(document, outcome)| {
        progress.inc(1);
        match outcome {
            Ok(file) => {
                let name = files.jobs[document].input.name();
                if let Some(table) = &mut table {
                    table.file(&name, &file)?;
                }
                let source = &files.sources[files.source_of[document]];
                gathering.take(&name, source, files.bytes[document], &file);
            }
            Err(skipped) => {
                output::skipped(&skipped);
                not_checked.push((&skipped).into());
            }
        }
        Ok(())
    })
    .written()?;
    progress.finish_and_clear();
    let audit = gathering.finish(repeats, not_checked);
    if let Some(table) = table {
        table.finish().written()?;
    }
    if let Some(path) = &arguments.csv {
        FilesTable::write(&audit.files, create(&path.with_file_name("files.csv"))?).written()?;
    }
    Ok(audit)
}

/// What the survey tells of single documents: that they are copies, that a passage of theirs stands elsewhere.
fn marks(survey: &Survey, files: &Files) -> HashMap<usize, Vec<SiteMark>> {
    let name = |document: usize| files.jobs[document].input.name().into_owned();
    let mut told: HashMap<usize, Vec<SiteMark>> = HashMap::new();
    for copy in &survey.duplicates {
        let other = name(copy.first);
        let [first, second] = copy.characters;
        let longer = match first.cmp(&second) {
            std::cmp::Ordering::Less => told!(
                "; this one is longer by {} characters", second - first;
                "；此份多{}字", second - first
            ),
            std::cmp::Ordering::Greater => told!(
                "; the other one is longer by {} characters", first - second;
                "；另一份多{}字", first - second
            ),
            std::cmp::Ordering::Equal => Message::default(),
        };
        let message = if copy.exact {
            told!("the same as {other}"; "与 {other} 相同")
        } else {
            let percent = copy.alike * 100.0;
            told!(
                "a copy of {other}, {percent:.0} % alike";
                "{other} 的副本，相似 {percent:.0}%"
            )
            .and(&longer)
        };
        told.entry(copy.second).or_default().push(SiteMark {
            kind: SiteMarkKind::Copy(copy.alike),
            span: Span::new(0, 0),
            message,
            other: Some((other, Span::new(0, 0))),
        });
    }
    for passage in &survey.passages {
        for side in 0..2 {
            let other = name(passage.documents[1 - side]);
            let characters = passage.characters;
            let message = told!(
                "{characters} characters that stand in {other} too";
                "{characters}字与 {other} 相同"
            );
            told.entry(passage.documents[side])
                .or_default()
                .push(SiteMark {
                    kind: SiteMarkKind::Passage,
                    span: passage.spans[side],
                    message,
                    other: Some((other, passage.spans[1 - side])),
                });
        }
    }
    told
}

/// A hash of all that a check depends on besides the file.
fn settings(arguments: &Arguments, files: &Files, learned: &Learned) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{learned:?}").hash(&mut hasher);
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    format!("{:?}", arguments.rules).hash(&mut hasher);
    let mut named: Vec<PathBuf> = std::env::current_exe().into_iter().collect();
    named.extend(arguments.rules.files().cloned());
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

fn create(path: &Path) -> miette::Result<BufWriter<File>> {
    let file = File::create(path).map_err(|e| miette!("cannot write {}: {e}", path.display()))?;
    Ok(BufWriter::new(file))
}

fn progress(files: usize) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(files as u64), target);
    let style = ProgressStyle::with_template(
        "{msg}: {human_pos} of {human_len} files, {per_sec}, {eta} left {wide_bar}",
    );
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
