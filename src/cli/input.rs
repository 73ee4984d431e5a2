//! What a run checks: files and standard input.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use super::files;
use crate::report::{FileReport, Skipped};

/// What came of one input.
pub(super) type Outcome = Result<FileReport, Skipped>;

/// Something to check.
pub(super) enum Input {
    File(PathBuf),
    /// Standard input, and what it is called.
    Stdin(String),
}

impl Input {
    /// What reports call it.
    pub(super) fn name(&self) -> Cow<'_, str> {
        match self {
            Self::File(path) => path.strip_prefix("./").unwrap_or(path).to_string_lossy(),
            Self::Stdin(name) => Cow::Borrowed(name),
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

/// The inputs that paths on the command line stand for, and those that could not be listed. `-` is standard input.
pub(super) fn collect(
    paths: &[PathBuf],
    stdin_filename: Option<&str>,
) -> (Vec<Input>, Vec<Skipped>) {
    let (stdin, paths): (Vec<_>, Vec<_>) =
        paths.iter().cloned().partition(|p| p.as_os_str() == "-");
    let (files, skipped) = files::collect(&paths);
    let stdin = stdin
        .first()
        .map(|_| Input::Stdin(stdin_filename.unwrap_or("<stdin>").to_owned()));
    let inputs = stdin
        .into_iter()
        .chain(files.into_iter().map(Input::File))
        .collect();
    (inputs, skipped)
}
