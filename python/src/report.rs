//! An audit of findings that are there already: its counts, and its page.

use std::collections::HashMap;

use kanwu::audit::{
    Audit, FileRecord, Gathering, Page, Provenance, Record, Repeats, Surroundings, Urn, sample,
    score,
};
use kanwu::finding::{Confidence, Severity};
use kanwu::fingerprint::fingerprint;
use kanwu::judgements::Judgements;
use kanwu::language::Lang;
use kanwu::text::{LineIndex, Span};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::texts::{Table, Texts};

/// How a report is made.
#[derive(FromPyObject)]
pub(crate) struct Wanted {
    /// What repeats across the documents, as JSON.
    #[pyo3(item)]
    repeats: Option<String>,
    /// Whether a page is made.
    #[pyo3(item)]
    page: bool,
    /// Findings of each rule that people are asked about.
    #[pyo3(item)]
    sample: usize,
    /// What the page says of where it comes from.
    #[pyo3(item)]
    command: String,
    #[pyo3(item)]
    date: String,
}

/// Seed of the chance by which findings are drawn for people to judge.
const SEED: u64 = 1;

/// So many paragraphs without findings of each document are drawn at least, where a sample is
/// wanted.
const LEAST: usize = 3;

/// The columns of findings.
struct Findings {
    rule: Texts,
    group: Texts,
    severity: Texts,
    confidence: Texts,
    probability: Vec<Option<f32>>,
    start: Vec<i64>,
    end: Vec<i64>,
    line: Vec<i64>,
    column: Vec<i64>,
    message: Texts,
    replacement: Texts,
}

fn wrong(error: impl ToString) -> PyErr {
    PyValueError::new_err(error.to_string())
}

impl Findings {
    fn new(table: &Table) -> PyResult<Self> {
        Ok(Self {
            rule: table.texts("rule")?,
            group: table.texts("group")?,
            severity: table.texts("severity")?,
            confidence: table.texts("confidence")?,
            probability: table.shares("probability")?,
            start: table.numbers("start")?,
            end: table.numbers("end")?,
            line: table.numbers("line")?,
            column: table.numbers("column")?,
            message: table.texts("message")?,
            replacement: table.texts("replacement")?,
        })
    }

    fn record(&self, row: usize, text: &Text<'_>) -> PyResult<Record> {
        let read = |texts: &Texts| texts.get(row).unwrap_or_default().to_owned();
        let (rule, group) = (read(&self.rule), read(&self.group));
        let severity = named(self.severity.get(row), Severity::name, &SEVERITIES)?;
        let confidence = named(self.confidence.get(row), Confidence::name, &CONFIDENCES)?;
        let probability = self.probability[row].unwrap_or_else(|| score::usual(confidence));
        let span = text.span(self.start[row], self.end[row])?;
        let place = text.surroundings(span);
        Ok(Record {
            severity,
            probability,
            weight: score::damage((&group, &rule), severity, probability),
            span: [span.start(), span.end()],
            line: usize::try_from(self.line[row]).map_err(wrong)?,
            column: usize::try_from(self.column[row]).map_err(wrong)?,
            paragraph: place.paragraph,
            text: place.text,
            before: place.before,
            after: place.after,
            message: read(&self.message),
            replacement: self.replacement.get(row).map(str::to_owned),
            other: None,
            fingerprint: format!("{:016x}", fingerprint(text.text, &rule, span)),
            rule,
            group,
        })
    }
}

const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];
const CONFIDENCES: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];

/// What has a name.
fn named<T: Copy>(name: Option<&str>, of: fn(T) -> &'static str, all: &[T]) -> PyResult<T> {
    let name = name.unwrap_or_default();
    let known = all.iter().copied().find(|one| of(*one) == name);
    known.ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|one| of(*one)).collect();
        wrong(format!("\"{name}\" is none of {}", names.join(", ")))
    })
}

/// A text with findings.
struct Text<'t> {
    text: &'t str,
    lines: LineIndex,
    /// The byte at which each character begins, and the end.
    bytes: Vec<usize>,
}

impl<'t> Text<'t> {
    fn new(text: &'t str) -> Self {
        let bytes = text.char_indices().map(|(at, _)| at);
        Self {
            text,
            lines: LineIndex::new(text),
            bytes: bytes.chain([text.len()]).collect(),
        }
    }

    /// The span of characters.
    fn span(&self, start: i64, end: i64) -> PyResult<Span> {
        let byte = |at: i64| {
            let at = usize::try_from(at).ok();
            at.and_then(|at| self.bytes.get(at)).copied()
        };
        match (byte(start), byte(end)) {
            (Some(from), Some(to)) if from <= to => Ok(Span::new(from, to)),
            _ => Err(wrong(format!(
                "a finding from {start} to {end} does not lie in its text of {} characters",
                self.bytes.len() - 1
            ))),
        }
    }

    fn surroundings(&self, span: Span) -> Surroundings {
        let line = self.lines.line_of(span.start());
        Surroundings::new(self.text, span, line + 1)
    }

    /// Characters of a paragraph, by its number from 1.
    fn paragraph(&self, number: usize) -> usize {
        let start = self.lines.start_of(number - 1).unwrap_or(0);
        let end = self.lines.start_of(number).unwrap_or(self.text.len());
        self.text[start..end].chars().count()
    }
}

/// What is kept of a document, of the rows of its findings; so many paragraphs without any are
/// drawn.
fn document(text: &str, findings: &Findings, rows: &[usize], drawn: usize) -> PyResult<FileRecord> {
    let index = Text::new(text);
    let records = rows.iter().map(|row| findings.record(*row, &index));
    let mut records: Vec<Record> = records.collect::<PyResult<_>>()?;
    records.sort_by_key(|record| record.span);
    let numbers = records.iter().map(|record| record.paragraph);
    let paragraphs: std::collections::BTreeMap<_, _> = numbers
        .map(|number| (number, index.paragraph(number)))
        .collect();
    let unflagged = match drawn {
        0 => Vec::new(),
        _ => {
            let flagged = paragraphs.keys().copied().collect();
            let line = |byte| index.lines.line_of(byte) + 1;
            sample::unflagged(text, &flagged, (drawn, SEED), line)
        }
    };
    Ok(FileRecord {
        characters: index.bytes.len() - 1,
        bytes: [0, text.len()],
        paragraphs,
        findings: records,
        unflagged,
        // where torn-out text belongs is asked by the reading that found it
        asks: Vec::new(),
    })
}

/// The rows of findings by the row of their document.
fn by_document(findings: &Table, ids: &[String]) -> PyResult<Vec<Vec<usize>>> {
    let mut rows = vec![Vec::new(); ids.len()];
    if findings.has("id") {
        let known: HashMap<&str, usize> = ids
            .iter()
            .enumerate()
            .map(|(row, id)| (id.as_str(), row))
            .collect();
        for (row, id) in findings.names("id")?.iter().enumerate() {
            let document = known.get(id.as_str());
            let document =
                document.ok_or_else(|| wrong(format!("no document has the id \"{id}\"")))?;
            rows[*document].push(row);
        }
        return Ok(rows);
    }
    for (row, document) in findings.numbers("document")?.into_iter().enumerate() {
        let rows = usize::try_from(document).ok().and_then(|n| rows.get_mut(n));
        let rows = rows.ok_or_else(|| wrong(format!("there is no document {document}")))?;
        rows.push(row);
    }
    Ok(rows)
}

/// The audit of documents with their findings, as JSON, and its page.
#[pyfunction]
pub(crate) fn report(
    py: Python<'_>,
    findings: Table,
    documents: Table,
    wanted: Wanted,
) -> PyResult<(String, Option<String>)> {
    py.detach(|| audit(&findings, &documents, &wanted))
}

fn audit(table: &Table, documents: &Table, wanted: &Wanted) -> PyResult<(String, Option<String>)> {
    let ids = documents.names("id")?;
    let texts = documents.texts("text")?;
    let source_of = match documents.has("source") {
        true => documents.names("source")?,
        false => vec![String::new(); ids.len()],
    };
    let mut sources = source_of.clone();
    sources.sort();
    sources.dedup();
    let rows = by_document(table, &ids)?;
    let findings = Findings::new(table)?;
    let repeats: Repeats = match &wanted.repeats {
        Some(json) => serde_json::from_str(json).map_err(wrong)?,
        None => Repeats::default(),
    };
    let judgements = Judgements::default();
    let mut gathering = Gathering::new(&judgements, Urn::new(wanted.sample, SEED));
    let mut page = wanted.page.then(Page::new).transpose()?;
    let drawn = match wanted.sample {
        0 => 0,
        n => (4 * n).div_ceil(ids.len().max(1)).max(LEAST).min(n),
    };
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by(|a, b| ids[*a].cmp(&ids[*b]));
    for row in order {
        let text = texts.get(row).unwrap_or_default();
        let mut record = document(text, &findings, &rows[row], drawn)?;
        gathering.open(text.len() as u64, true);
        gathering.take(&ids[row], &source_of[row], &mut record)?;
        if let Some(page) = &mut page {
            page.take(sources.partition_point(|s| s < &source_of[row]), &record)?;
        }
    }
    let audit = gathering.finish(repeats, Vec::new());
    let json = serde_json::to_string(&audit).map_err(wrong)?;
    let page = page.map(|page| rendered(page, &audit, &sources, wanted));
    Ok((json, page.transpose()?))
}

fn rendered(page: Page, audit: &Audit, sources: &[String], wanted: &Wanted) -> PyResult<String> {
    let provenance = Provenance {
        paths: sources.join(", "),
        command: wanted.command.clone(),
        date: wanted.date.clone(),
        lang: Lang::default(),
        settings: 0,
    };
    let mut out = Vec::new();
    page.finish(audit, sources, &provenance, &mut out)?;
    String::from_utf8(out).map_err(wrong)
}
