//! `gitlab`: a code quality report, which GitLab shows in merge requests.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::plain_json;
use super::{FileReport, Reporter, Summary};
use crate::finding::Severity;
use crate::text::Position;

/// An array of issues.
#[derive(Debug, Default)]
pub struct GitLab {
    begun: bool,
}

#[derive(Serialize)]
struct Issue<'a> {
    description: Cow<'a, str>,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self {
            line: position.line,
            column: position.column,
        }
    }
}

impl Reporter for GitLab {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        let path = report.name.trim_start_matches("./");
        let mut fingerprints = Fingerprints::default();
        for finding in &report.findings {
            let first = !std::mem::replace(&mut self.begun, true);
            out.write_all(if first { b"[\n" } else { b",\n" })?;
            // GitLab compares fingerprints over the whole report: the path keeps the same fault in
            // two files apart.
            let fingerprint = format!("{path}:{}", fingerprints.next(report, finding));
            let issue = Issue {
                description: finding.told(report.lang),
                check_name: finding.card.name,
                fingerprint,
                severity: match finding.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                location: Location {
                    path,
                    positions: Positions {
                        begin: report.position(finding.span.start()).into(),
                        end: report.position(finding.span.end()).into(),
                    },
                },
            };
            plain_json::write(&mut *out, &issue)?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}
