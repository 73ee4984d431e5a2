//! `github`: workflow commands, which GitHub Actions shows as annotations beside the lines they are
//! about.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step; the log holds all of them.
//! Upload SARIF to see more.

use std::fmt;
use std::io::{self, Write};

use super::{FileReport, Reporter, Summary};
use crate::finding::Severity;
use crate::text::visible;

/// `::error file=…,line=…,col=…,title=…::message`
#[derive(Debug, Default)]
pub struct GitHub;

impl Reporter for GitHub {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        for finding in &report.findings {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let start = report.position(finding.span.start());
            let end = report.position(finding.span.end());
            write!(
                out,
                "::{command} file={},line={},endLine={}",
                Property(&visible(&report.name)),
                start.line,
                end.line
            )?;
            // Columns are only taken where the annotation stays on one line.
            if start.line == end.line {
                write!(out, ",col={},endColumn={}", start.column, end.column)?;
            }
            write!(
                out,
                ",title={}::{}",
                Property(&format!("kanwu: {}", finding.card.title(report.lang))),
                Message(&finding.told(report.lang))
            )?;
            if let Some(help) = &finding.help {
                let label = report.lang.pick("help: ", "帮助：");
                write!(out, "%0A{label}{}", Message(help.read(report.lang)))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// The text after `::`.
struct Message<'a>(&'a str);

/// The value of a property before it, where colons and commas mean something as well.
struct Property<'a>(&'a str);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        encode(f, self.0, &['%', '\r', '\n'])
    }
}

impl fmt::Display for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        encode(f, self.0, &['%', '\r', '\n', ':', ','])
    }
}

fn encode(f: &mut fmt::Formatter<'_>, text: &str, special: &[char]) -> fmt::Result {
    for piece in text.split_inclusive(special) {
        let plain = piece.trim_end_matches(special);
        f.write_str(plain)?;
        for c in piece[plain.len()..].chars() {
            write!(f, "%{:02X}", u32::from(c))?;
        }
    }
    Ok(())
}
