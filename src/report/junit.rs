//! `junit`: test results, as Jenkins and most CI systems read them.
//!
//! A file is a suite. Errors and warnings are failures; an `info` finding is a test that passes and
//! prints its finding; a file without findings is one passed test, so that a clean run does not
//! look like a run of nothing.

use std::io::{self, Write};

use super::xml::Escaped;
use super::{FileReport, Reporter, Summary};
use crate::finding::{Finding, Severity};

/// One `testsuite` for each file.
#[derive(Debug, Default)]
pub struct Junit {
    begun: bool,
}

const HEAD: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"kanwu\">\n";

impl Junit {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            Ok(())
        } else {
            out.write_all(HEAD)
        }
    }
}

fn fails(finding: &Finding) -> bool {
    finding.severity >= Severity::Warning
}

impl Reporter for Junit {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let file = Escaped(&report.name).to_string();
        writeln!(
            out,
            "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{}\" errors=\"0\">",
            report.findings.len().max(1),
            report.findings.iter().filter(|f| fails(f)).count()
        )?;
        if report.findings.is_empty() {
            writeln!(
                out,
                "    <testcase name=\"no findings\" classname=\"{file}\"/>"
            )?;
        }
        for finding in &report.findings {
            let at = report.position(finding.span.start());
            let (rule, line, column) = (finding.card.name, at.line, at.column);
            writeln!(
                out,
                "    <testcase name=\"{rule} {line}:{column}\" classname=\"{file}\">"
            )?;
            let message = Escaped(&finding.told(report.lang));
            let detail = format!(
                "{}:{line}:{column}: {}[{rule}] {}\n{}",
                report.name,
                finding.severity,
                finding.message.read(report.lang),
                report.excerpt(finding.span, 80)
            );
            let detail = Escaped(&detail);
            if fails(finding) {
                let severity = finding.severity;
                writeln!(
                    out,
                    "      <failure message=\"{message}\" type=\"{severity}\">{detail}</failure>"
                )?;
            } else {
                writeln!(out, "      <system-out>{detail}</system-out>")?;
            }
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        for skipped in &summary.skipped {
            let (file, reason) = (Escaped(&skipped.file), Escaped(&skipped.reason));
            writeln!(
                out,
                "  <testsuite name=\"{file}\" tests=\"1\" failures=\"0\" errors=\"1\">\n    <testcase name=\"read\" classname=\"{file}\">\n      \
                 <error message=\"{reason}\" type=\"not-checked\"/>\n    </testcase>\n  </testsuite>"
            )?;
        }
        out.write_all(b"</testsuites>\n")
    }
}
