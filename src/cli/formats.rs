//! `--format` and `--output-file`: which reports a run writes, and where to.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use miette::{IntoDiagnostic, WrapErr, miette};

use super::destinations;
use super::input::{self, Job};
use super::output::Color;
use crate::atomic_file::{AtomicFile, ReplaceError};
use crate::report::{FORMATS, FileReport, Format, Reporter, Summary};
use crate::said;

/// Cells of a line where no terminal says how wide it is.
const WIDTH: usize = 100;

#[derive(Debug, clap::Args)]
pub(super) struct OutputOptions {
    /// How to write the findings: full, concise, json, jsonl, sarif, github, gitlab, junit,
    /// checkstyle, rdjson; several with commas, each to a file by FORMAT=FILE
    #[arg(
        long,
        value_name = "FORMAT[=FILE]",
        value_delimiter = ',',
        default_value = "full"
    )]
    format: Vec<Destination>,
    /// Write the report to this file, whole or not at all
    #[arg(long, short = 'o', value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// When to colour
    #[arg(long, value_enum, default_value_t)]
    color: Color,
}

/// A format, and the file it goes to where that is not standard output.
#[derive(Clone, Debug)]
struct Destination {
    format: &'static Format,
    path: Option<PathBuf>,
}

impl FromStr for Destination {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => {
                return Err(
                    said!("`{text}` names no file after `=`"; "`{text}` 的 `=` 后没有文件名"),
                );
            }
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let named = |format: &&Format| format.name.eq_ignore_ascii_case(name);
        let format = FORMATS.iter().find(named).ok_or_else(|| {
            let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
            let names = names.join(", ");
            said!("there is no format `{name}`; the formats are {names}"; "没有格式 `{name}`；可用的有：{names}")
        })?;
        Ok(Self { format, path })
    }
}

impl OutputOptions {
    /// Opens the reports of a run. None takes the place of what is checked.
    pub(super) fn open(&self, inputs: &[Job]) -> miette::Result<Vec<Output>> {
        let mut taken: Vec<(Option<PathBuf>, &str)> = Vec::new();
        self.format
            .iter()
            .map(|destination| {
                let path = destination.path.as_ref().or(self.output_file.as_ref());
                let place = path.map(|path| path.canonicalize().unwrap_or_else(|_| path.clone()));
                // Two reports in one file would be neither.
                if let Some((_, first)) = taken.iter().find(|(other, _)| *other == place) {
                    return Err(miette!(
                        help = said!("name a file for all but one of them: --format sarif=kanwu.sarif,github"; "除一个以外都要写明文件：--format sarif=kanwu.sarif,github"),
                        "{}",
                        said!("the formats `{first}` and `{}` both go to the same place", destination.format.name; "格式 `{first}` 和 `{}` 写到同一处", destination.format.name)
                    ));
                }
                if let Some(place) = &place {
                    destinations::look_beside(place, input::files(inputs))?;
                }
                taken.push((place, destination.format.name));
                Output::open(destination.format, path.map(PathBuf::as_path), self.color)
            })
            .collect()
    }
}

/// An open report.
pub(super) struct Output {
    reporter: Box<dyn Reporter>,
    writer: Writer,
}

enum Writer {
    Stdout(BufWriter<io::Stdout>),
    /// A file that takes its place when it is whole.
    File(BufWriter<AtomicFile>),
    /// A device or a pipe, which cannot be replaced.
    Special(BufWriter<File>),
}

impl Writer {
    fn as_write(&mut self) -> &mut dyn Write {
        match self {
            Self::Stdout(writer) => writer,
            Self::File(writer) => writer,
            Self::Special(writer) => writer,
        }
    }
}

impl Output {
    fn open(format: &Format, path: Option<&Path>, color: Color) -> miette::Result<Self> {
        let Some(path) = path else {
            let width = terminal_size::terminal_size()
                .filter(|_| io::stdout().is_terminal())
                .map_or(WIDTH, |(width, _)| usize::from(width.0));
            return Ok(Self {
                reporter: (format.reporter)(color.on_stdout(), width),
                writer: Writer::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())),
            });
        };
        let writer = open_file(path).into_diagnostic().wrap_err_with(
            || said!("cannot write {}", path.display(); "无法写入 {}", path.display()),
        )?;
        Ok(Self {
            reporter: (format.reporter)(color.in_file(), WIDTH),
            writer,
        })
    }

    /// Writes the findings of one file.
    pub(super) fn file(&mut self, report: &FileReport) -> io::Result<()> {
        self.reporter.file(report, self.writer.as_write())
    }

    /// Ends the report and puts it in its place.
    pub(super) fn finish(mut self, summary: &Summary) -> io::Result<()> {
        self.reporter.finish(summary, self.writer.as_write())?;
        match self.writer {
            Writer::Stdout(mut writer) => writer.flush(),
            Writer::Special(mut writer) => writer.flush(),
            Writer::File(writer) => writer.into_inner()?.persist(),
        }
    }
}

fn open_file(path: &Path) -> Result<Writer, ReplaceError> {
    // What these stand for may be a file that others write to as well: nothing of it is replaced.
    let standard = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    if standard.iter().any(|name| path == Path::new(name)) {
        return Ok(Writer::Stdout(BufWriter::new(io::stdout())));
    }
    let special = ["/dev", "/proc"].iter().any(|root| path.starts_with(root))
        || std::fs::metadata(path).is_ok_and(|meta| !meta.is_file());
    if special {
        let file = File::options().append(true).open(path)?;
        return Ok(Writer::Special(BufWriter::new(file)));
    }
    let file = AtomicFile::create(path)?;
    Ok(Writer::File(BufWriter::with_capacity(1 << 16, file)))
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command};

    use super::{FORMATS, OutputOptions};

    #[test]
    fn the_help_names_every_format() {
        let mut command = OutputOptions::augment_args(Command::new("check"));
        let help = command.render_long_help().to_string();
        for format in FORMATS {
            assert!(help.contains(format.name), "{}", format.name);
        }
    }
}
