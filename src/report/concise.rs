//! `concise`: one line a finding, as compilers and editors read it.

use std::io::{self, Write};

use super::{FileReport, Reporter, Summary};
use crate::text::visible_name;

/// `file:line:column: severity[rule] message`
#[derive(Debug, Default)]
pub struct Concise;

impl Reporter for Concise {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        for finding in report.shown() {
            let at = report.position(finding.span.start());
            writeln!(
                out,
                "{}:{}:{}: {}[{}] {}{}",
                visible_name(&report.name),
                at.line,
                at.column,
                finding.severity,
                finding.card.name,
                super::prefix(finding.card, report.lang),
                finding.told(report.lang)
            )?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
