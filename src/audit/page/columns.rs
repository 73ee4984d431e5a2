//! Which findings a page holds, and how: in columns, since what is alike stands together there and
//! deflates well.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader};

use serde::Serialize;

use crate::audit::rows::first;
use crate::audit::sample::{Paragraph, order};
use crate::audit::{Audit, FileTotals, Record, Rows};
use crate::finding::Severity;
use crate::judgements::Verdict;

/// Findings of a rule that are kept however few of all there is room for.
const LEAST: f64 = 200.0;
/// Files without a finding in the page, the worst first.
const FILES: usize = 20_000;

/// How many findings there are to choose from.
#[derive(Default)]
pub(super) struct Counts {
    rules: BTreeMap<String, usize>,
    notes: usize,
    damages: usize,
}

impl Counts {
    pub(super) fn add(&mut self, finding: &Record) {
        match self.rules.get_mut(&finding.rule) {
            Some(count) => *count += 1,
            None => drop(self.rules.insert(finding.rule.clone(), 1)),
        }
        match finding.severity {
            Severity::Info => self.notes += 1,
            Severity::Warning | Severity::Error => self.damages += 1,
        }
    }
}

/// By severity the share of findings that are kept: those whose hashes are below it. The sample for
/// the review is kept whatever it is.
pub(super) struct Choice {
    counts: Counts,
    notes: f64,
    damages: f64,
    seed: u64,
    sampled: BTreeSet<String>,
}

impl Choice {
    /// As many findings as there may be: notes are left out first.
    pub(super) fn new(audit: &Audit, counts: Counts, most: usize) -> Self {
        let share = |room: usize, of: usize| (room as f64 / of.max(1) as f64).min(1.0);
        let sample = audit.sample.iter().flat_map(|s| &s.findings);
        Self {
            notes: share(most.saturating_sub(counts.damages), counts.notes),
            damages: share(most, counts.damages),
            seed: audit.sample.as_ref().map_or(0, |s| s.seed),
            sampled: sample.map(|s| s.finding.fingerprint.clone()).collect(),
            counts,
        }
    }

    /// Keeps as few notes as bring all to this part, if there are so many.
    pub(super) fn drop_notes(&mut self, part: f64) -> bool {
        let notes = self.notes * self.counts.notes as f64;
        let all = notes + self.damages * self.counts.damages as f64;
        let left = notes - (1.0 - part) * all;
        if notes < 1.0 {
            return false;
        }
        self.notes = (left / self.counts.notes as f64).max(0.0);
        true
    }

    /// Keeps this part of all findings.
    pub(super) fn reduce(&mut self, part: f64) {
        self.notes *= part;
        self.damages *= part;
    }

    fn keeps(&self, finding: &Record) -> bool {
        let share = match finding.severity {
            Severity::Info => self.notes,
            Severity::Warning | Severity::Error => self.damages,
        };
        if share >= 1.0 || self.sampled.contains(&finding.fingerprint) {
            return true;
        }
        let count = self.counts.rules.get(&finding.rule).copied().unwrap_or(0);
        // of a rare rule nearly all of the warnings and errors are kept
        let least = if finding.severity == Severity::Info {
            0.0
        } else {
            LEAST
        };
        let share = share.max(least / count.max(1) as f64);
        order(&finding.fingerprint, self.seed) as f64 <= share * u64::MAX as f64
    }
}

/// What the script of the page reads.
#[derive(Serialize)]
pub(super) struct Columns<'a> {
    /// Judgements are kept in the browser under it.
    run: String,
    total: usize,
    documents: usize,
    rules: Vec<&'a str>,
    sources: &'a [String],
    messages: Rows<String>,
    files: FileColumns,
    findings: FindingColumns,
    review: Review<'a>,
    judged: BTreeMap<&'a str, Verdict>,
}

#[derive(Default, Serialize)]
struct FileColumns {
    name: Vec<String>,
    source: Vec<usize>,
    characters: Vec<usize>,
    errors: Vec<usize>,
    warnings: Vec<usize>,
    infos: Vec<usize>,
    score: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    causes: Vec<Vec<usize>>,
    strip: Vec<String>,
}

#[derive(Default, Serialize)]
struct FindingColumns {
    file: Vec<usize>,
    rule: Vec<usize>,
    severity: Vec<u8>,
    probability: Vec<u8>,
    line: Vec<usize>,
    column: Vec<usize>,
    text: Rows<String>,
    before: Rows<String>,
    after: Rows<String>,
    message: Vec<usize>,
    replacement: Rows<Option<String>>,
    other: Rows<Option<String>>,
    fingerprint: Vec<String>,
}

#[derive(Serialize)]
struct Review<'a> {
    /// Where the findings of the sample stand in the columns.
    findings: Vec<usize>,
    unflagged: Vec<Unflagged<'a>>,
}

#[derive(Serialize)]
struct Unflagged<'a> {
    rule: &'static str,
    #[serde(flatten)]
    paragraph: &'a Paragraph,
}

impl<'a> Columns<'a> {
    /// Reads the findings back and keeps those that were chosen, with so many characters on either
    /// side.
    pub(super) fn read(
        spill: &mut File,
        audit: &'a Audit,
        ((sources, source_of), worst): ((&'a [String], &[usize]), &[usize]),
        choice: &Choice,
        around: usize,
    ) -> io::Result<Self> {
        let rules: Vec<&str> = audit.rules.keys().map(String::as_str).collect();
        let numbers: HashMap<&str, usize> =
            rules.iter().enumerate().map(|(i, r)| (*r, i)).collect();
        let (mut findings, mut messages) = (FindingColumns::default(), Messages::default());
        for line in BufReader::new(spill).lines() {
            let (file, finding): (usize, Record) = serde_json::from_str(&line?)?;
            if choice.keeps(&finding) {
                let rule = numbers.get(finding.rule.as_str()).copied().unwrap_or(0);
                let message = messages.number(&finding.message)?;
                findings.push(file, rule, message, finding, around)?;
            }
        }
        let kept = kept(worst, &findings);
        for file in &mut findings.file {
            *file = kept.partition_point(|k| k < file);
        }
        let mut files = FileColumns::default();
        let mut kept = kept.into_iter().peekable();
        for (number, file) in audit.files.iter().enumerate() {
            let file = file?;
            if kept.next_if_eq(&number).is_some() {
                files.push(file, source_of[number], &numbers);
            }
        }
        let sample = audit.sample.as_ref();
        let of_sample: Vec<usize> = (0..findings.fingerprint.len())
            .filter(|i| choice.sampled.contains(&findings.fingerprint[*i]))
            .collect();
        Ok(Self {
            run: run(audit),
            total: choice.counts.notes + choice.counts.damages,
            documents: audit.collection.files,
            rules,
            sources,
            messages: messages.list,
            review: Review {
                findings: once_each(&findings, of_sample),
                unflagged: sample
                    .iter()
                    .flat_map(|s| &s.unflagged)
                    .map(|paragraph| Unflagged {
                        rule: crate::judgements::UNFLAGGED,
                        paragraph,
                    })
                    .collect(),
            },
            judged: audit
                .judged
                .iter()
                .map(|(print, v)| (print.as_str(), *v))
                .collect(),
            files,
            findings,
        })
    }
}

/// Findings of the sample, rule by rule, those that are alike in all their context once.
fn once_each(findings: &FindingColumns, mut list: Vec<usize>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    list.retain(|i| seen.insert(&findings.fingerprint[*i]));
    list.sort_by_key(|i| findings.rule[*i]);
    list
}

/// The worst files, by number.
pub(super) fn worst(audit: &Audit) -> io::Result<Vec<usize>> {
    let files = audit.files.iter().enumerate();
    let scores = files.map(|(number, file)| Ok((file?.score, number)));
    let worst = first(scores, FILES, |a, b| a.0.total_cmp(&b.0))?;
    Ok(worst.into_iter().map(|(_, number)| number).collect())
}

/// The files that a page holds: those with findings in it, and the worst.
fn kept(worst: &[usize], findings: &FindingColumns) -> Vec<usize> {
    let mut kept = [worst, findings.file.as_slice()].concat();
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// What tells this run from others: another text, other findings.
fn run(audit: &Audit) -> String {
    let c = &audit.collection;
    format!(
        "{:x}-{:x}-{:x}-{:x}",
        c.files,
        c.bytes,
        c.characters,
        c.errors + c.warnings + c.infos
    )
}

impl FileColumns {
    fn push(&mut self, file: FileTotals, source: usize, rules: &HashMap<&str, usize>) {
        let short = |x: f64| (x * 10.0).round() / 10.0;
        self.name.push(file.file);
        self.source.push(source);
        self.characters.push(file.characters);
        self.errors.push(file.errors);
        self.warnings.push(file.warnings);
        self.infos.push(file.infos);
        self.score.push(short(file.score));
        self.low.push(short(file.interval[0]));
        self.high.push(short(file.interval[1]));
        let causes = file.causes.iter();
        self.causes.push(
            causes
                .filter_map(|rule| rules.get(rule.as_str()).copied())
                .collect(),
        );
        self.strip.push(file.strip);
    }
}

impl FindingColumns {
    fn push(
        &mut self,
        file: usize,
        rule: usize,
        message: usize,
        finding: Record,
        around: usize,
    ) -> io::Result<()> {
        let skipped = finding.before.chars().count().saturating_sub(around);
        self.file.push(file);
        self.rule.push(rule);
        self.severity.push(finding.severity as u8);
        self.probability
            .push((finding.probability * 100.0).round() as u8);
        self.line.push(finding.line);
        self.column.push(finding.column);
        self.text.push(&finding.text)?;
        self.before
            .push(&finding.before.chars().skip(skipped).collect())?;
        self.after
            .push(&finding.after.chars().take(around).collect())?;
        self.message.push(message);
        self.replacement.push(&finding.replacement)?;
        self.other.push(&finding.other)?;
        self.fingerprint.push(finding.fingerprint);
        Ok(())
    }
}

/// Messages by number: many findings say the same.
#[derive(Default)]
struct Messages {
    list: Rows<String>,
    numbers: HashMap<String, usize>,
}

impl Messages {
    fn number(&mut self, message: &String) -> io::Result<usize> {
        if let Some(number) = self.numbers.get(message) {
            return Ok(*number);
        }
        let number = self.list.len();
        self.list.push(message)?;
        self.numbers.insert(message.to_owned(), number);
        Ok(number)
    }
}
