//! `kanwu explain FILE:LINE[:COLUMN]`: what is found there, how sure that is, and what speaks for
//! it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use miette::IntoDiagnostic;

use super::output::{self, Written};
use crate::config::{Choice, Configs, Overrides};
use crate::explain;
use crate::finding::{Finding, Severity};
use crate::language::Lang;
use crate::regular_file;
use crate::report::{FileReport, JsonLines, Reporter, Terminal};
use crate::text::{self, Span, visible_name};
use crate::told;

/// Cells of a line of the diagnostics shown.
pub(super) const WIDTH: usize = 100;

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// Words, and what the rule says of the damaged examples
    #[default]
    Text,
    /// The page of the rule reference
    Markdown,
    /// One object
    Json,
}

/// A place in a file: line and column count from 1, the column in characters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    file: PathBuf,
    line: usize,
    column: Option<usize>,
}

impl Place {
    /// Reads `FILE:LINE` or `FILE:LINE:COLUMN`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let last = |text: &str| -> Option<(String, usize)> {
            let (head, number) = text.rsplit_once(':')?;
            let number = number.parse().ok().filter(|n| *n > 0)?;
            (!head.is_empty()).then(|| (head.to_owned(), number))
        };
        let (head, number) = last(text)?;
        let (file, line, column) = match last(&head) {
            Some((file, line)) => (file, line, Some(number)),
            None => (head, number, None),
        };
        Some(Self {
            file: file.into(),
            line,
            column,
        })
    }

    /// Whether a finding stands there, at one of its places.
    fn holds(&self, report: &FileReport, finding: &Finding) -> bool {
        let touches = |span: &Span| {
            let (start, end) = (report.position(span.start()), report.position(span.end()));
            let lines = start.line <= self.line && self.line <= end.line;
            let column = self.column.is_none_or(|column| {
                let from = if start.line == self.line {
                    start.column
                } else {
                    1
                };
                let to = if end.line == self.line {
                    end.column
                } else {
                    usize::MAX
                };
                from <= column && column < to.max(from + 1)
            });
            lines && column
        };
        finding.all_places().iter().any(touches)
    }
}

/// Says what is found at a place, and why.
pub(super) fn run(
    place: &Place,
    format: Format,
    color: bool,
    lang: Lang,
) -> miette::Result<ExitCode> {
    let mut report = check(&place.file)?;
    let there = std::mem::take(&mut report.findings);
    report.findings = there
        .into_iter()
        .filter(|finding| place.holds(&report, finding))
        .collect();
    report.level = Severity::Info;
    report.lang = lang;
    if report.findings.is_empty() {
        let (name, line) = (visible_name(&report.name), place.line);
        let said = told!(
            "kanwu: {name}:{line}: nothing is found here";
            "kanwu: {name}:{line}: 此处没有发现问题"
        );
        output::note(said.read(lang));
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = io::stdout().lock();
    match format {
        Format::Json => JsonLines.file(&report, &mut out).written()?,
        Format::Text | Format::Markdown => {
            let findings = std::mem::take(&mut report.findings);
            for finding in findings {
                report.findings = vec![finding];
                let plain = matches!(format, Format::Markdown);
                if plain {
                    let message = report.findings[0].told_with_help(lang);
                    writeln!(out, "**{message}**\n").written()?;
                } else {
                    Terminal::new(color, WIDTH)
                        .file(&report, &mut out)
                        .written()?;
                }
                let reasons = explain::reasons(&report.findings[0], lang);
                writeln!(out, "{reasons}").written()?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks a file as `kanwu check` does.
fn check(path: &Path) -> miette::Result<FileReport> {
    let bytes = regular_file::read(path, u64::from(u32::MAX)).map_err(|error| {
        let name = path.display().to_string();
        miette::miette!("{}: {error}", visible_name(&name))
    })?;
    let mut configs = Configs::new(Choice::Find, Overrides::default())?;
    let profile = configs.profile(path)?;
    let decoded = text::decode(&bytes, profile.encoding).into_diagnostic()?;
    let name = path.to_string_lossy().into_owned();
    let outcome = profile.check(&name, &decoded, 1);
    Ok(FileReport::new(name, decoded, outcome.findings))
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_place_is_a_file_a_line_and_perhaps_a_column() {
        let place = |text: &str| {
            Place::parse(text).map(|p| (p.file.display().to_string(), p.line, p.column))
        };
        assert_eq!(place("a.txt:3"), Some(("a.txt".into(), 3, None)));
        assert_eq!(place("a:b.txt:3:7"), Some(("a:b.txt".into(), 3, Some(7))));
        assert_eq!(place("doubled-character"), None);
        assert_eq!(place("a.txt:0"), None);
        assert_eq!(place(":3"), None);
    }
}
