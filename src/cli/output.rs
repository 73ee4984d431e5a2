//! Where output goes and what it looks like.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use super::complaint::{Complaint, in_language};
use crate::language::Lang;
use crate::report::Skipped;
use crate::said;
use crate::text::{visible, visible_name};
use crate::told;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether to colour what goes to a file.
    pub(super) fn in_file(self) -> bool {
        matches!(self, Self::Always)
    }

    /// Whether to colour what goes to standard output.
    pub(super) fn on_stdout(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                io::stdout().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
                    && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
            }
        }
    }
}

/// Output that could not be written. Keeps the cause, so that a closed pipe is known as such.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{}", said!("cannot write the output"; "无法写出结果"))]
struct Unwritable(#[source] io::Error);

/// For the results of writing.
pub(super) trait Written<T> {
    /// An error of writing as a diagnostic.
    fn written(self) -> miette::Result<T>;
}

impl<T, E: Into<io::Error>> Written<T> for Result<T, E> {
    fn written(self) -> miette::Result<T> {
        self.map_err(|e| Unwritable(e.into()).into())
    }
}

/// Whether the error, or a cause of it, is that the reader of our output went away.
pub(super) fn is_closed_pipe(error: &miette::Report) -> bool {
    error.chain().any(|e| {
        e.downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Writes an error to standard error.
pub(super) fn complain(error: &miette::Report) {
    let _ = writeln!(io::stderr(), "{:?}", Complaint::new(error));
}

/// Says on standard error that a file was not checked.
pub(super) fn skipped(skipped: &Skipped) {
    let (file, reason) = (visible_name(&skipped.file), visible(&skipped.reason));
    note(&format!("kanwu: {file}: {reason}"));
}

/// Says on standard error that there is nothing to check in some folders.
pub(super) fn nothing_in(folders: &[PathBuf], lang: Lang) {
    for folder in folders {
        let folder = folder.display().to_string();
        let folder = visible_name(&folder);
        let said = told!(
            "kanwu: {folder}: there is nothing to check in this folder; name the files, or say which with `include`";
            "kanwu: {folder}: 此文件夹中没有可检查的文件；请写明文件，或用 `include` 指定"
        );
        note(said.read(lang));
    }
}

/// From now on a panic is one line on standard error. Its words may quote a text.
pub(super) fn tame_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let words = panic.payload_as_str().unwrap_or("a panic");
        let place = place.as_deref().unwrap_or("?");
        let words = visible(words);
        note(&said!("kanwu: a bug at {place}: {words}"; "kanwu: {place} 处有程序错误：{words}"));
    }));
}

/// Writes a line to standard error; that it cannot be written is no reason to fail.
pub(super) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{}", in_language(line));
}
