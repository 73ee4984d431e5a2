//! What a run checks: files and standard input.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files;
use crate::config::{self, ConfigError, Configs, Profile};
use crate::finding::Severity;
use crate::formats::{Kind, Malformed, WholeFile};
use crate::language::spoken;
use crate::report::{FileReport, Skipped};
use crate::said;
use crate::text::Decoded;

/// What came of one input.
pub(super) type Outcome = Result<Checked, Skipped>;

/// An input that was checked.
#[derive(Default)]
pub(super) struct Checked {
    /// What was found.
    pub(super) report: Option<FileReport>,
    /// Number of fixes that were applied or are shown.
    pub(super) fixed: usize,
    /// What goes to standard output as it is: a diff, or the mended text of standard input.
    pub(super) raw: Vec<u8>,
    /// What there is to say on standard error.
    pub(super) notes: Vec<String>,
    /// What it was read as.
    pub(super) kind: Kind,
    /// What came of the files in it, where it is a packed one.
    pub(super) members: Vec<Checked>,
    /// That a part of it could not be read, where that is so.
    pub(super) unread: Option<Skipped>,
    /// Why fixes could not be written into it, where that is so.
    pub(super) unmended: Option<Skipped>,
}

impl Checked {
    /// What came of a check: the report, and what could not be read.
    pub(super) fn take(&mut self, name: String, decoded: Decoded<'_>, outcome: config::Outcome) {
        self.kind = outcome.kind;
        let lines = WholeFile::new(&decoded.text);
        self.unread = unread(&name, outcome.kind, &lines, &outcome.malformed, 0);
        self.report = Some(FileReport::new(name, decoded, outcome.findings));
    }

    /// What a report to people shows.
    pub(super) fn set_level(&mut self, level: Severity) {
        if let Some(report) = &mut self.report {
            report.level = level;
        }
        self.members.iter_mut().for_each(|m| m.set_level(level));
    }
}

/// What of a file is not of its kind and was not read; its lines are counted from some line on.
pub(super) fn unread(
    name: &str,
    kind: Kind,
    lines: &WholeFile<'_>,
    malformed: &[Malformed],
    before: usize,
) -> Option<Skipped> {
    let first = malformed.first()?;
    let line = lines.line(first.offset) + before;
    let more = match malformed.len() {
        1 => String::new(),
        n => said!(" ({} more such places)", n - 1; "（另有{}处）", n - 1),
    };
    let why = first.reason(spoken());
    let reason = said!("not read as {kind} at line {line}: {why}{more}"; "第{line}行不是 {kind}：{why}{more}");
    Some(Skipped {
        file: name.to_owned(),
        reason,
    })
}

/// Does something with an input. A panic is an error of that input alone.
pub(super) fn guarded<T>(
    input: &Input,
    work: impl FnOnce() -> Result<T, Skipped>,
) -> Result<T, Skipped> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let reason = said!("not checked: this is a bug in kanwu, please report it"; "未检查：这是 kanwu 的错误，请报告");
        Err(input.skipped(reason))
    })
}

/// A document that is given to the program by its text.
#[derive(Clone, Debug)]
pub struct Given {
    /// What reports call it; its source is what stands before the last slash.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Something to check.
pub(super) enum Input {
    File(PathBuf),
    /// Standard input, and what it is called.
    Stdin(String),
    /// Standard input that was read: what it is called, and its bytes.
    Kept(String, Vec<u8>),
    Given(Given),
}

/// An input and what applies to it.
pub(super) struct Job {
    pub(super) input: Input,
    pub(super) profile: Arc<Profile>,
}

impl Input {
    /// What reports call it.
    pub(super) fn name(&self) -> Cow<'_, str> {
        match self {
            Self::File(path) => path.strip_prefix("./").unwrap_or(path).to_string_lossy(),
            Self::Stdin(name) | Self::Kept(name, _) | Self::Given(Given { name, .. }) => {
                Cow::Borrowed(name)
            }
        }
    }

    /// Where it lies: of standard input what its name says.
    fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Stdin(name) | Self::Kept(name, _) | Self::Given(Given { name, .. }) => {
                Path::new(name)
            }
        }
    }

    /// All its bytes.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::File(path) => fs::read(path),
            Self::Stdin(_) => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Self::Kept(_, bytes) => Ok(bytes.clone()),
            Self::Given(given) => Ok(given.text.clone().into_bytes()),
        }
    }

    /// Keeps what can be read only once.
    pub(super) fn keep(&mut self) -> io::Result<()> {
        if let Self::Stdin(name) = &*self {
            *self = Self::Kept(name.clone(), self.read()?);
        }
        Ok(())
    }

    /// Reads all its bytes into a buffer, over what that held.
    pub(super) fn read_into(&self, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.clear();
        match self {
            Self::File(path) => File::open(path)?.read_to_end(bytes).map(|_| ()),
            _ => {
                *bytes = self.read()?;
                Ok(())
            }
        }
    }

    /// About how many bytes it has; of standard input nobody knows.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::File(path) => fs::metadata(path).map_or(0, |meta| meta.len()),
            Self::Stdin(_) => 0,
            Self::Kept(_, bytes) => bytes.len() as u64,
            Self::Given(given) => given.text.len() as u64,
        }
    }

    /// A note that it was not checked.
    pub(super) fn skipped(&self, reason: impl ToString) -> Skipped {
        Skipped {
            file: self.name().into_owned(),
            reason: reason.to_string(),
        }
    }
}

/// The files among inputs.
pub(super) fn files(inputs: &[Job]) -> impl Iterator<Item = &Path> {
    inputs.iter().filter_map(|job| match &job.input {
        Input::File(path) => Some(path.as_path()),
        _ => None,
    })
}

/// What a run checks.
pub(super) struct Inputs {
    /// The inputs, each with what applies to it.
    pub(super) jobs: Vec<Job>,
    /// Those that could not be listed.
    pub(super) skipped: Vec<Skipped>,
    /// Folders in which there is nothing to check.
    pub(super) empty: Vec<PathBuf>,
}

/// The inputs that paths on the command line stand for. `-` is standard input. All configurations
/// are read before anything is checked, so that a mistake in one stops the run at its beginning.
pub(super) fn collect(
    paths: &[PathBuf],
    stdin_filename: Option<&str>,
    configs: &mut Configs,
    force_exclude: bool,
) -> Result<Inputs, ConfigError> {
    let (stdin, paths): (Vec<_>, Vec<_>) =
        paths.iter().cloned().partition(|p| p.as_os_str() == "-");
    let found = files::collect(&paths, configs, force_exclude)?;
    let stdin = stdin
        .first()
        .map(|_| Input::Stdin(stdin_filename.unwrap_or("<stdin>").to_owned()));
    let jobs = stdin
        .into_iter()
        .chain(found.files.into_iter().map(Input::File))
        .map(|input| {
            let profile = configs.profile(input.path())?;
            Ok(Job { input, profile })
        })
        .collect::<Result<_, ConfigError>>()?;
    Ok(Inputs {
        jobs,
        skipped: found.skipped,
        empty: found.empty,
    })
}

/// Documents that are given by their texts, in their order.
pub(super) fn take(given: Vec<Given>, configs: &mut Configs) -> Result<Inputs, ConfigError> {
    let job = |given: Given| {
        let profile = configs.profile(Path::new(&given.name))?;
        let input = Input::Given(given);
        Ok(Job { input, profile })
    };
    Ok(Inputs {
        jobs: given
            .into_iter()
            .map(job)
            .collect::<Result<_, ConfigError>>()?,
        skipped: Vec::new(),
        empty: Vec::new(),
    })
}
