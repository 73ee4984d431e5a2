//! Reports: what was found, and how it is written. One file a format, each a pure function of a
//! [`FileReport`].

mod checkstyle;
mod concise;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
pub(crate) mod plain_json;
mod rdjson;
mod sarif;
mod terminal;
mod uri;
mod xml;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

pub use checkstyle::Checkstyle;
pub use concise::Concise;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use json::{Json, JsonLines};
pub use junit::Junit;
pub use rdjson::Rdjson;
pub use sarif::Sarif;
pub use terminal::Terminal;
#[cfg(feature = "cli")]
pub(crate) use uri::reference as uri_reference;

use crate::finding::{Finding, Fix, Safety, Severity};
use crate::language::Lang;
use crate::rule::Card;
use crate::text::{CharCounts, Decoded, LineIndex, OffsetMap, Position, Span, first_chars};

/// A report format: what it is called, and what writes it.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What writes it: whether in colour, and with so many cells in a line.
    pub reporter: fn(bool, usize) -> Box<dyn Reporter>,
}

/// All formats; each writes the same findings.
pub const FORMATS: &[Format] = &[
    format("full", |color, width| Box::new(Terminal::new(color, width))),
    format("concise", |_, _| Box::new(Concise)),
    format("json", |_, _| Box::new(Json::default())),
    format("jsonl", |_, _| Box::new(JsonLines)),
    format("sarif", |_, _| Box::new(Sarif::default())),
    format("github", |_, _| Box::new(GitHub)),
    format("gitlab", |_, _| Box::new(GitLab::default())),
    format("junit", |_, _| Box::new(Junit::default())),
    format("checkstyle", |_, _| Box::new(Checkstyle::default())),
    format("rdjson", |_, _| Box::new(Rdjson::default())),
];

const fn format(name: &'static str, reporter: fn(bool, usize) -> Box<dyn Reporter>) -> Format {
    Format { name, reporter }
}

/// What was found in one file, with what is needed to show it.
#[derive(Debug)]
pub struct FileReport {
    /// The file's name as the user gave it.
    pub name: String,
    /// The decoded text; empty where there is no finding.
    pub text: String,
    /// Where the lines of `text` begin.
    pub lines: LineIndex,
    /// From offsets in `text` to offsets in the file on disk.
    pub offsets: OffsetMap,
    /// Findings in the order of the text.
    pub findings: Vec<Finding>,
    /// What the formats for a terminal show: findings at least so severe.
    pub level: Severity,
    /// The language that people are told in.
    pub lang: Lang,
    /// Number of characters of the file.
    pub characters: usize,
    counts: OnceCell<CharCounts>,
}

impl FileReport {
    /// The report of a decoded file. The text is kept only where there is something to show of it.
    #[must_use]
    pub fn new(name: impl Into<String>, decoded: Decoded<'_>, findings: Vec<Finding>) -> Self {
        let characters = decoded.text.chars().count();
        let text = if findings.is_empty() {
            String::new()
        } else {
            decoded.text.into_owned()
        };
        let lines = LineIndex::new(&text);
        Self {
            name: name.into(),
            text,
            lines,
            offsets: decoded.offsets,
            findings,
            level: Severity::Warning,
            lang: Lang::default(),
            characters,
            counts: OnceCell::new(),
        }
    }

    /// The findings that the formats for a terminal show.
    pub fn shown(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.severity >= self.level)
    }

    /// Line and column (both from 1, the column in characters) of a byte offset; costs the same
    /// wherever it stands.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let line = self.lines.line_of(offset);
        let start = self.lines.start_of(line).unwrap_or(0);
        Position {
            line: line + 1,
            column: self.characters_before(offset) - self.characters_before(start) + 1,
        }
    }

    fn characters_before(&self, offset: usize) -> usize {
        self.counts
            .get_or_init(|| CharCounts::new(&self.text))
            .chars(&self.text, offset)
    }

    /// The text of a span, at most `limit` characters of it.
    #[must_use]
    pub fn excerpt(&self, span: Span, limit: usize) -> &str {
        first_chars(&self.text[span.range()], limit)
    }
}

/// A file that was not checked.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Skipped {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// How often a rule spoke.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// Defects.
    pub findings: usize,
    /// Places: a watermark is one defect in many.
    pub places: usize,
}

/// Counts over all files of a run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Files checked.
    pub files: usize,
    /// Characters in them.
    pub characters: usize,
    /// Findings by severity: info, warning, error.
    pub by_severity: [usize; 3],
    /// Findings by rule, and the places that they stand in.
    pub by_rule: BTreeMap<&'static str, (&'static Card, Tally)>,
    /// Findings that a terminal does not show.
    pub hidden: usize,
    /// The language that people are told in.
    pub lang: Lang,
    /// Files that were not checked.
    pub skipped: Vec<Skipped>,
    /// Files that fixes could not be written into.
    pub unmended: usize,
    /// Findings that the baseline knows; they are in no other count.
    pub known: usize,
    /// Fixes applied.
    pub fixed: usize,
    /// Findings that safe fixes would mend.
    pub fixable: usize,
    /// Warnings and errors that only unsafe fixes would mend.
    pub fixable_unsafely: usize,
    /// Findings left out by `--max-findings`.
    pub omitted: usize,
    /// How long the run took.
    pub elapsed: Duration,
}

impl Summary {
    /// Counts a file in.
    pub fn add(&mut self, report: &FileReport) {
        self.files += 1;
        self.characters += report.characters;
        for finding in &report.findings {
            self.by_severity[finding.severity as usize] += 1;
            let (_, tally) = self
                .by_rule
                .entry(finding.card.name)
                .or_insert((finding.card, Tally::default()));
            tally.findings += 1;
            tally.places += finding.all_places().len();
            self.hidden += usize::from(finding.severity < report.level);
            let safe = |fix: &Fix| fix.safety == Safety::Safe;
            if finding.fixes.iter().any(safe) {
                self.fixable += 1;
            } else if !finding.fixes.is_empty() && finding.severity >= Severity::Warning {
                self.fixable_unsafely += 1;
            }
        }
    }

    /// Number of findings of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.by_severity[severity as usize]
    }

    /// Number of findings at or above a severity.
    #[must_use]
    pub fn at_least(&self, severity: Severity) -> usize {
        self.by_severity[severity as usize..].iter().sum()
    }

    /// Number of all findings.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.by_severity.iter().sum()
    }
}

/// What stands before a message in one line: in Chinese the short name of the rule.
fn prefix(card: &Card, lang: Lang) -> Cow<'static, str> {
    match lang {
        Lang::En => Cow::Borrowed(""),
        Lang::Zh => Cow::Owned(format!("{}：", card.chinese.name)),
    }
}

/// A format. Files come in a stable order, each once; then the summary.
pub trait Reporter: Send {
    /// Writes the findings of one file.
    ///
    /// # Errors
    ///
    /// Those of writing.
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what comes after the last file.
    ///
    /// # Errors
    ///
    /// Those of writing.
    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}
