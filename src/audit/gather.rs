//! From the reports of files to the sums of a collection.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::{Deserialize, Serialize};

use super::precision::Jury;
use super::sample::{Paragraph, Urn};
use super::score::{self, probability, score, weight};
use super::{
    About, Audit, FileTotals, Fingerprints, Query, Repeats, Rows, RuleTotals, SkippedFile,
    SourceTotals, Totals, VERSION,
};
use crate::corpus::Ask;
use crate::finding::{Finding, Severity};
use crate::fingerprint::fingerprint;
use crate::judgements::{Judgements, Verdict};
use crate::report::FileReport;
use crate::text::{Span, around, first_chars};

/// Characters kept of a finding, and on either side of it.
const SHOWN: usize = 80;
const AROUND: usize = 160;
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
    /// The paragraph of its document: a line of what there is to read in it, from 1.
    pub paragraph: usize,
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

impl Record {
    /// Whether it is one of damage: what repeats across files is none of the text; a planted phrase
    /// and a wrong word are.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        score::is_damage(&self.group, &self.rule, self.severity)
    }

    /// Weighs it again, after its severity or its probability has changed.
    pub(super) fn weigh(&mut self) {
        let of = (self.group.as_str(), self.rule.as_str());
        self.weight = score::damage(of, self.severity, self.probability);
    }
}

/// What an audit keeps of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its characters.
    pub characters: usize,
    /// Its bytes in the decoded file: the first, and how many.
    pub bytes: [usize; 2],
    /// Characters of the paragraphs of which something is said, by their numbers.
    pub paragraphs: BTreeMap<usize, usize>,
    /// Its findings, in the order of the text.
    pub findings: Vec<Record>,
    /// Paragraphs in which nothing was found, where some are wanted for a sample.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unflagged: Vec<Paragraph>,
    /// What there is to ask the collection about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Query>,
}

/// What is told of a document before the report of its file is written.
#[derive(Debug, Default)]
pub struct Outline {
    /// Its characters.
    pub characters: usize,
    /// Its bytes in the decoded file: the first, and how many.
    pub bytes: [usize; 2],
    /// What each of its findings stands in.
    pub places: Vec<Surroundings>,
    /// Characters of their paragraphs, by their numbers.
    pub paragraphs: BTreeMap<usize, usize>,
    /// Paragraphs in which nothing was found.
    pub unflagged: Vec<Paragraph>,
    /// What there is to ask about it, each with the number of the finding that it is about: those
    /// beyond the findings are told only where there is an answer.
    pub asks: Vec<(Ask, usize)>,
    /// How many of the last findings are such.
    pub drafts: usize,
}

impl FileRecord {
    /// What there is to keep of the documents of a report, whose findings are those of its
    /// documents one after the other. The report is of a stretch of its file that begins at some
    /// line and byte, from 0.
    #[must_use]
    pub fn of_report(
        report: &FileReport,
        documents: Vec<Outline>,
        (line, byte): (usize, usize),
    ) -> Vec<Self> {
        let mut findings = report.findings.iter();
        let record = |document: Outline| {
            let [start, length] = document.bytes;
            let placed = document.places.into_iter().zip(findings.by_ref());
            let findings = placed.map(|(place, finding)| {
                let mut record = record(report, finding, place);
                record.line += line;
                record.span = record.span.map(|at| at + byte);
                record
            });
            let mut findings: Vec<Record> = findings.collect();
            let drafts = findings.split_off(findings.len() - document.drafts.min(findings.len()));
            let about = |number: usize| match number.checked_sub(findings.len()) {
                Some(draft) => About::Draft(Box::new(drafts[draft].clone())),
                None => About::Finding(number),
            };
            let asks = document.asks.into_iter().map(|(ask, number)| Query {
                ask,
                about: about(number),
            });
            Self {
                characters: document.characters,
                bytes: [start + byte, length],
                asks: asks.collect(),
                findings,
                paragraphs: document.paragraphs,
                unflagged: document.unflagged,
            }
        };
        documents.into_iter().map(record).collect()
    }

    /// Characters in paragraphs with a warning or an error: all of them; those that are expected to
    /// be damaged; the variance of that.
    fn damaged(&self, least: Severity) -> [f64; 3] {
        // the probability that one is right although something is said of it
        let mut paragraphs: BTreeMap<usize, f64> = BTreeMap::new();
        for finding in self.damages(least) {
            *paragraphs.entry(finding.paragraph).or_insert(1.0) *=
                1.0 - f64::from(finding.probability);
        }
        let mut sums = [0.0; 3];
        for (paragraph, right) in paragraphs {
            let characters = self.paragraphs.get(&paragraph).map_or(0.0, |c| *c as f64);
            sums[0] += characters;
            sums[1] += characters * (1.0 - right);
            sums[2] += characters * characters * right * (1.0 - right);
        }
        sums
    }

    fn damages(&self, least: Severity) -> impl Iterator<Item = &Record> {
        let of_text = |f: &Record| score::is_of_text(&f.group, &f.rule);
        let speaks = move |f: &&Record| f.severity >= least && of_text(f);
        self.findings.iter().filter(speaks)
    }

    /// The worst severity of each fortieth.
    fn strip(&self) -> String {
        let mut cells = [0_u8; CELLS];
        for finding in self.findings.iter().filter(|f| f.is_damage()) {
            let [start, length] = self.bytes;
            let cell = finding.span[0].saturating_sub(start) * CELLS / length.max(1);
            let cell = &mut cells[cell.min(CELLS - 1)];
            *cell = (*cell).max(finding.severity as u8 + 1);
        }
        cells.iter().map(|c| char::from(b'0' + c)).collect()
    }
}

/// What a finding stands in, of what there is to read.
#[derive(Debug)]
pub struct Surroundings {
    /// The paragraph, from 1.
    pub paragraph: usize,
    /// The beginning of what stands there.
    pub text: String,
    /// What stands before it on its line.
    pub before: String,
    /// What stands after it on its line.
    pub after: String,
}

impl Surroundings {
    /// Those of a span of a text; the paragraph is its line, from 1.
    #[must_use]
    pub fn new(text: &str, span: Span, paragraph: usize) -> Self {
        let (before, after) = around(text, span.range(), AROUND);
        Self {
            paragraph,
            text: first_chars(&text[span.range()], SHOWN).to_owned(),
            before: text[span.start() - before..span.start()].to_owned(),
            after: text[span.end()..span.end() + after].to_owned(),
        }
    }
}

fn record(report: &FileReport, finding: &Finding, place: Surroundings) -> Record {
    let (start, end) = (finding.span.start(), finding.span.end());
    let at = report.position(start);
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
        paragraph: place.paragraph,
        text: place.text,
        before: place.before,
        after: place.after,
        message: finding.message.read(report.lang).to_owned(),
        replacement,
        other: finding.labels.iter().find_map(|l| l.file.clone()),
        fingerprint: format!(
            "{:016x}",
            fingerprint(&report.text, finding.card.name, finding.span)
        ),
    }
}

/// The sums so far.
pub struct Gathering<'j> {
    jury: Jury<'j>,
    urn: Urn,
    fingerprints: Fingerprints,
    judged: BTreeMap<String, Verdict>,
    /// Warnings and errors by rule that were judged wrong.
    wrong: BTreeMap<String, usize>,
    totals: Totals,
    rules: BTreeMap<String, RuleTotals>,
    sources: BTreeMap<String, SourceTotals>,
    files: Rows<FileTotals>,
    scores: Vec<f64>,
    damage: f64,
    expected: [f64; 2],
}

impl<'j> Gathering<'j> {
    /// Nothing yet, to be seen in the light of judgements.
    #[must_use]
    pub fn new(judgements: &'j Judgements, urn: Urn) -> Self {
        Self {
            jury: Jury::new(judgements),
            urn,
            fingerprints: Fingerprints::default(),
            judged: BTreeMap::new(),
            wrong: BTreeMap::new(),
            totals: Totals::default(),
            rules: BTreeMap::new(),
            sources: BTreeMap::new(),
            files: Rows::default(),
            scores: Vec::new(),
            damage: 0.0,
            expected: [0.0; 2],
        }
    }

    /// Counts the next bytes of the files, and the file itself where they are its first.
    pub fn open(&mut self, bytes: u64, first: bool) {
        self.totals.bytes += bytes;
        self.totals.opened += usize::from(first);
    }

    /// Takes a document of a source, out of which findings are taken that were judged wrong.
    ///
    /// # Errors
    ///
    /// Those of the temporary files in which it lies.
    pub fn take(&mut self, name: &str, source: &str, file: &mut FileRecord) -> io::Result<()> {
        let (jury, wrong, totals) = (&mut self.jury, &mut self.wrong, &mut self.totals);
        let (urn, judged) = (&mut self.urn, &mut self.judged);
        urn.show_unflagged(name, &file.unflagged);
        file.findings.retain(|finding| {
            urn.show(name, finding);
            let verdict = jury.hear(finding);
            if let Some(verdict) = verdict {
                judged.insert(finding.fingerprint.clone(), verdict);
            }
            if verdict != Some(Verdict::Wrong) {
                return true;
            }
            totals.judged_wrong += 1;
            if finding.severity >= Severity::Warning {
                *wrong.entry(finding.rule.clone()).or_default() += 1;
            }
            false
        });
        let (damaged, strip) = (file.damaged(Severity::Warning), file.strip());
        let in_errors = file.damaged(Severity::Error)[0] as usize;
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
                rule.expected += f64::from(finding.probability);
                if let Ok(print) = u64::from_str_radix(&finding.fingerprint, 16) {
                    self.fingerprints.push(&finding.rule, print)?;
                }
                source.damages += 1;
                *source.rules.entry(finding.rule.clone()).or_default() += 1;
            }
        }
        let [infos, warnings, errors] = counts;
        source.files += 1;
        source.characters += file.characters;
        source.damage += damage;
        self.damage += damage;
        self.expected[0] += damaged[1];
        self.expected[1] += damaged[2];
        let totals = &mut self.totals;
        totals.files += 1;
        totals.characters += file.characters;
        totals.errors += errors;
        totals.warnings += warnings;
        totals.infos += infos;
        totals.damaged_files += usize::from(errors + warnings > 0);
        totals.error_characters += in_errors;
        totals.damaged_characters += damaged[0] as usize;
        let mut causes: Vec<_> = costs.into_iter().filter(|(_, cost)| *cost > 0.0).collect();
        causes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let (score, interval) = score(damage, file.characters);
        self.scores.push(score);
        self.files.push(&FileTotals {
            file: name.to_owned(),
            characters: file.characters,
            errors,
            warnings,
            infos,
            damaged: damaged[0] as usize,
            score,
            interval,
            causes: causes
                .into_iter()
                .take(2)
                .map(|(rule, _)| rule.to_owned())
                .collect(),
            strip,
        })
    }

    /// The audit of all that was taken.
    #[must_use]
    pub fn finish(mut self, repeats: Repeats, skipped: Vec<SkippedFile>) -> Audit {
        let (rules, wrong) = (&self.rules, &self.wrong);
        let precision = self.jury.finish(|rule| {
            let left = rules.get(rule).map_or(0, |r| r.errors + r.warnings);
            left + wrong.get(rule).copied().unwrap_or(0)
        });
        for (name, rule) in &mut self.rules {
            let judged = precision.as_ref().and_then(|p| p.rules.get(name));
            if let Some(judged) = judged {
                let found = (rule.errors + rule.warnings) as f64;
                // what was judged wrong is out of the sum already
                rule.expected = judged.expected(rule.expected, found);
            }
            self.totals.expected += rule.expected;
        }
        let characters = self.totals.characters.max(1) as f64;
        let share = self.expected[0] / characters;
        let spread = EVEN * self.expected[1].sqrt() / characters;
        self.totals.damaged_share = [share, (share - spread).max(0.0), (share + spread).min(1.0)];
        self.totals.score = score(self.damage, self.totals.characters).0;
        let mut scores = self.scores;
        scores.sort_unstable_by(f64::total_cmp);
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
            precision,
            judged: self.judged,
            fingerprints: self.fingerprints,
            comparison: None,
            sample: self.urn.finish(),
        }
    }
}
