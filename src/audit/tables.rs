//! The tables of an audit, in CSV that Excel opens as it should: with a byte-order mark, and with
//! no cell that it takes for a formula.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{FileRecord, FileTotals, Rows};

/// Excel reads UTF-8 only after it.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Characters on either side of a finding.
const AROUND: usize = 40;

/// A cell that cannot be taken for a formula: the text comes from pages that nobody vouches for.
fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// `findings.csv`: a line for each finding.
pub struct FindingsTable<W: Write>(csv::Writer<W>);

impl<W: Write> FindingsTable<W> {
    /// Writes the head.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(MARK)?;
        let mut table = csv::Writer::from_writer(out);
        table.write_record([
            "file",
            "line",
            "column",
            "rule",
            "severity",
            "probability",
            "before",
            "text",
            "after",
            "suggestion",
            "message",
            "other file",
            "fingerprint",
        ])?;
        Ok(Self(table))
    }

    /// Writes the findings of a file.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn file(&mut self, name: &str, file: &FileRecord) -> io::Result<()> {
        for f in &file.findings {
            let skipped = f.before.chars().count().saturating_sub(AROUND);
            let before: String = f.before.chars().skip(skipped).collect();
            let after: String = f.after.chars().take(AROUND).collect();
            self.0.write_record([
                &*cell(name),
                &f.line.to_string(),
                &f.column.to_string(),
                &f.rule,
                f.severity.name(),
                &format!("{:.2}", f.probability),
                &cell(&before),
                &cell(&f.text),
                &cell(&after),
                &cell(f.replacement.as_deref().unwrap_or_default()),
                &cell(&f.message),
                &cell(f.other.as_deref().unwrap_or_default()),
                &f.fingerprint,
            ])?;
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// `files.csv`: a line for each file.
pub struct FilesTable;

impl FilesTable {
    /// Writes the whole table.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn write(files: &Rows<FileTotals>, mut out: impl Write) -> io::Result<()> {
        out.write_all(MARK)?;
        let mut table = csv::Writer::from_writer(out);
        table.write_record([
            "file",
            "characters",
            "errors",
            "warnings",
            "infos",
            "damaged characters",
            "score",
            "score at least",
            "score at most",
            "causes",
        ])?;
        for file in files.iter() {
            let file = file?;
            table.write_record([
                &*cell(&file.file),
                &file.characters.to_string(),
                &file.errors.to_string(),
                &file.warnings.to_string(),
                &file.infos.to_string(),
                &file.damaged.to_string(),
                &format!("{:.1}", file.score),
                &format!("{:.1}", file.interval[0]),
                &format!("{:.1}", file.interval[1]),
                &file.causes.join(" "),
            ])?;
        }
        table.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(cell("正文=1"), "正文=1");
    }
}
