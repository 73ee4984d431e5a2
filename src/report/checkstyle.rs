//! `checkstyle`: the XML of Checkstyle 4.3, which many review and build tools read.

use std::io::{self, Write};

use super::xml::Escaped;
use super::{FileReport, Reporter, Summary};

/// One `file` element for each file with findings.
#[derive(Debug, Default)]
pub struct Checkstyle {
    begun: bool,
}

const HEAD: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n";

impl Reporter for Checkstyle {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        if report.findings.is_empty() {
            return Ok(());
        }
        if !std::mem::replace(&mut self.begun, true) {
            out.write_all(HEAD)?;
        }
        writeln!(out, "  <file name=\"{}\">", Escaped(&report.name))?;
        for finding in &report.findings {
            let at = report.position(finding.span.start());
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"kanwu.{}.{}\"/>",
                at.line,
                at.column,
                finding.severity,
                Escaped(&finding.told(report.lang)),
                finding.card.group,
                finding.card.name
            )?;
        }
        writeln!(out, "  </file>")
    }

    fn finish(&mut self, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if !self.begun {
            out.write_all(HEAD)?;
        }
        out.write_all(b"</checkstyle>\n")
    }
}
