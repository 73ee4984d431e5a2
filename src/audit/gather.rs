//! From the reports of files to the sums of a collection.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::score::{probability, score, weight};
use super::{Audit, FileTotals, Repeats, RuleTotals, SkippedFile, SourceTotals, Totals, VERSION};
use crate::finding::Severity;
use crate::report::{FileReport, fingerprint};
use crate::rule::Group;

/// Characters shown of a finding, and on either side of it.
const SHOWN: usize = 80;
const AROUND: usize = 40;
/// Cells of the strip that shows where a file is damaged.
const CELLS: usize = 40;
/// Standard deviations on either side that hold 95 %.
const EVEN: f64 = 1.96;

/// A finding as the tables and the page show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The rule.
    pub rule: String,
    /// Its group.
    pub group: String,
    /// How bad.
    pub severity: Severity,
    /// The probability that it is right.
    pub probability: f32,
    /// What it weighs in the score.
    pub weight: f64,
    /// Its bytes in the decoded text.
    pub span: [usize; 2],
    /// Line and column, from 1.
    pub line: usize,
    /// Line and column, from 1.
    pub column: usize,
    /// The text, and what stands around it on its line.
    pub text: String,
    /// Before it.
    pub before: String,
    /// After it.
    pub after: String,
    /// What is wrong.
    pub message: String,
    /// What the first fix puts in its place, where it replaces it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replacement: Option<String>,
    /// The other file, of what repeats.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub other: Option<String>,
    /// By what it is known again, wherever it stands: in hexadecimal digits.
    pub fingerprint: String,
}

/// What an audit keeps of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its characters.
    pub characters: usize,
    /// Of the characters in damaged paragraphs: all, those expected to be, the variance of that.
    pub damaged: [f64; 3],
    /// The worst severity of each fortieth.
    pub strip: String,
    /// Its findings, in the order of the text.
    pub findings: Vec<Record>,
}

impl FileRecord {
    /// What there is to keep of a report.
    #[must_use]
    pub fn new(report: &FileReport) -> Self {
        Self {
            characters: report.characters,
            damaged: damaged(report),
            strip: strip(report),
            findings: report.findings.iter().map(|f| record(report, f)).collect(),
        }
    }
}

fn record(report: &FileReport, finding: &crate::finding::Finding) -> Record {
    let text = report.text.as_str();
    let (start, end) = (finding.span.start(), finding.span.end());
    let at = report.position(start);
    let on_line = |c: &char| !matches!(c, '\n' | '\r');
    let before: Vec<char> = text[..start]
        .chars()
        .rev()
        .take(AROUND)
        .take_while(on_line)
        .collect();
    let replacement = finding
        .fixes
        .first()
        .and_then(|fix| match fix.edits.as_slice() {
            [edit] if edit.span == finding.span => Some(edit.replacement.clone()),
            _ => None,
        });
    Record {
        rule: finding.card.name.to_owned(),
        group: finding.card.group.name().to_owned(),
        severity: finding.severity,
        probability: probability(finding),
        weight: weight(finding),
        span: [start, end],
        line: at.line,
        column: at.column,
        text: report.excerpt(finding.span, SHOWN).to_owned(),
        before: before.into_iter().rev().collect(),
        after: text[end..]
            .chars()
            .take(AROUND)
            .take_while(on_line)
            .collect(),
        message: finding.message.read(report.lang).to_owned(),
        replacement,
        other: finding.labels.iter().find_map(|l| l.file.clone()),
        fingerprint: format!("{:016x}", fingerprint(report, finding.card, finding.span)),
    }
}

/// Characters in lines with a warning or an error: all of them; those that are expected to be damaged; the variance of that.
fn damaged(report: &FileReport) -> [f64; 3] {
    // the probability that a line is right although something is said of it
    let mut lines: BTreeMap<usize, f64> = BTreeMap::new();
    for finding in &report.findings {
        if finding.severity >= Severity::Warning && finding.card.group != Group::Corpus {
            let right = lines
                .entry(report.lines.line_of(finding.span.start()))
                .or_insert(1.0);
            *right *= 1.0 - f64::from(probability(finding));
        }
    }
    let mut sums = [0.0; 3];
    for (line, right) in lines {
        let start = report.lines.start_of(line).unwrap_or(0);
        let end = report.lines.start_of(line + 1).unwrap_or(report.text.len());
        let characters = report.text[start..end].chars().count() as f64;
        sums[0] += characters;
        sums[1] += characters * (1.0 - right);
        sums[2] += characters * characters * right * (1.0 - right);
    }
    sums
}

fn strip(report: &FileReport) -> String {
    let mut cells = [0_u8; CELLS];
    for finding in report
        .findings
        .iter()
        .filter(|f| f.card.group != Group::Corpus)
    {
        let cell = finding.span.start() * CELLS / report.text.len().max(1);
        let cell = &mut cells[cell.min(CELLS - 1)];
        *cell = (*cell).max(finding.severity as u8 + 1);
    }
    cells.iter().map(|c| char::from(b'0' + c)).collect()
}

/// The sums so far.
#[derive(Default)]
pub struct Gathering {
    totals: Totals,
    rules: BTreeMap<String, RuleTotals>,
    sources: BTreeMap<String, SourceTotals>,
    files: Vec<FileTotals>,
    damage: f64,
    expected: [f64; 2],
}

impl Gathering {
    /// Takes a file of a source.
    pub fn take(&mut self, name: &str, source: &str, bytes: u64, file: &FileRecord) {
        let source = self.sources.entry(source.to_owned()).or_default();
        let mut counts = [0; 3];
        let mut damage = 0.0;
        let mut costs: BTreeMap<&str, f64> = BTreeMap::new();
        let mut spoke = BTreeSet::new();
        for finding in &file.findings {
            counts[finding.severity as usize] += 1;
            damage += finding.weight;
            *costs.entry(&finding.rule).or_default() += finding.weight;
            let rule = self.rules.entry(finding.rule.clone()).or_default();
            rule.group.clone_from(&finding.group);
            *match finding.severity {
                Severity::Error => &mut rule.errors,
                Severity::Warning => &mut rule.warnings,
                Severity::Info => &mut rule.infos,
            } += 1;
            rule.files += usize::from(spoke.insert(finding.rule.as_str()));
            if finding.severity >= Severity::Warning {
                self.totals.expected += f64::from(finding.probability);
                rule.expected += f64::from(finding.probability);
                source.damages += 1;
                *source.rules.entry(finding.rule.clone()).or_default() += 1;
            }
        }
        let [infos, warnings, errors] = counts;
        source.files += 1;
        source.characters += file.characters;
        source.damage += damage;
        self.damage += damage;
        self.expected[0] += file.damaged[1];
        self.expected[1] += file.damaged[2];
        let totals = &mut self.totals;
        totals.files += 1;
        totals.bytes += bytes;
        totals.characters += file.characters;
        totals.errors += errors;
        totals.warnings += warnings;
        totals.infos += infos;
        totals.damaged_files += usize::from(errors + warnings > 0);
        totals.damaged_characters += file.damaged[0] as usize;
        let mut causes: Vec<_> = costs.into_iter().filter(|(_, cost)| *cost > 0.0).collect();
        causes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let (score, interval) = score(damage, file.characters);
        self.files.push(FileTotals {
            file: name.to_owned(),
            characters: file.characters,
            errors,
            warnings,
            infos,
            damaged: file.damaged[0] as usize,
            score,
            interval,
            causes: causes
                .into_iter()
                .take(2)
                .map(|(rule, _)| rule.to_owned())
                .collect(),
            strip: file.strip.clone(),
        });
    }

    /// The audit of all that was taken.
    #[must_use]
    pub fn finish(mut self, repeats: Repeats, skipped: Vec<SkippedFile>) -> Audit {
        let characters = self.totals.characters.max(1) as f64;
        let share = self.expected[0] / characters;
        let spread = EVEN * self.expected[1].sqrt() / characters;
        self.totals.damaged_share = [share, (share - spread).max(0.0), (share + spread).min(1.0)];
        self.totals.score = score(self.damage, self.totals.characters).0;
        let mut scores: Vec<f64> = self.files.iter().map(|f| f.score).collect();
        scores.sort_by(f64::total_cmp);
        self.totals.median_score = scores.get(scores.len() / 2).copied().unwrap_or(100.0);
        Audit {
            version: VERSION,
            kanwu: env!("CARGO_PKG_VERSION").to_owned(),
            collection: self.totals,
            rules: self.rules,
            sources: self.sources,
            files: self.files,
            repeats,
            skipped,
        }
    }
}
