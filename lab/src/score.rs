//! Compares findings with gold rows: recall by class, right and false findings by rule.
//!
//! A row is hit where a finding of an accepted rule, or one of its labels, touches it within six
//! bytes. Rows of one group are one defect. By span, a finding is right where it touches a row; by
//! paragraph, where it or a label stands in a paragraph that holds one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use crate::page::Row;

/// Two Han characters: by so much a span may miss.
const NEAR: usize = 6;

/// The rules that may report a class; the first is the class's own.
const ACCEPT: &[(&str, &[&str])] = &[
    ("stray-latin", &["stray-latin"]),
    (
        "doubled-character",
        &[
            "doubled-character",
            "doubled-word",
            "garbled-text",
            "repeated-phrase",
        ],
    ),
    (
        "doubled-word",
        &[
            "doubled-word",
            "doubled-character",
            "repeated-phrase",
            "garbled-text",
        ],
    ),
    (
        "confused-character",
        &[
            "confused-character",
            "misquoted-phrase",
            "garbled-text",
            "missing-character",
            "stray-variant",
        ],
    ),
    (
        "misquoted-phrase",
        &[
            "misquoted-phrase",
            "confused-character",
            "garbled-text",
            "missing-character",
            "doubled-character",
        ],
    ),
    (
        "dropped-character",
        &[
            "missing-character",
            "misquoted-phrase",
            "garbled-text",
            "confused-character",
        ],
    ),
    (
        "garbled-text",
        &[
            "garbled-text",
            "confused-character",
            "doubled-character",
            "misquoted-phrase",
            "missing-character",
        ],
    ),
    (
        "extra-character",
        &[
            "extra-character",
            "garbled-text",
            "doubled-character",
            "confused-character",
            "misquoted-phrase",
        ],
    ),
    ("stray-space", &["stray-space"]),
    (
        "broken-paragraph",
        &[
            "broken-paragraph",
            "truncated-end",
            "truncated-start",
            "misordered-block",
        ],
    ),
    (
        "truncated-end",
        &["truncated-end", "broken-paragraph", "misordered-block"],
    ),
    (
        "truncated-start",
        &[
            "truncated-start",
            "broken-paragraph",
            "misordered-block",
            "dangling-punctuation",
            "out-of-place-paragraph",
        ],
    ),
    ("unbalanced-pair", &["unbalanced-pair"]),
    (
        "duplicate-paragraph",
        &["duplicate-paragraph", "near-duplicate-paragraph"],
    ),
    (
        "duplicate-line",
        &["duplicate-line", "duplicate-paragraph", "page-furniture"],
    ),
    (
        "out-of-place-sentence",
        &[
            "out-of-place-sentence",
            "out-of-place-paragraph",
            "misordered-block",
        ],
    ),
    (
        "out-of-place-sentence/foreign",
        &[
            "out-of-place-sentence",
            "out-of-place-paragraph",
            "misordered-block",
        ],
    ),
    (
        "out-of-place-paragraph",
        &[
            "out-of-place-paragraph",
            "misordered-block",
            "out-of-place-sentence",
        ],
    ),
    (
        "misordered-block",
        &[
            "misordered-block",
            "truncated-end",
            "truncated-start",
            "broken-paragraph",
            "out-of-place-paragraph",
        ],
    ),
    (
        "misplaced-heading",
        &[
            "misplaced-heading",
            "missing-heading",
            "duplicate-line",
            "page-furniture",
        ],
    ),
    ("missing-heading", &["missing-heading", "misplaced-heading"]),
    ("broken-enumeration", &["broken-enumeration"]),
    ("halfwidth-punctuation", &["halfwidth-punctuation"]),
    ("repeated-punctuation", &["repeated-punctuation"]),
    (
        "page-furniture",
        &["page-furniture", "widget-text", "site-boilerplate"],
    ),
    ("markup-residue", &["markup-residue"]),
    ("replacement-character", &["replacement-character"]),
    (
        "invisible-character",
        &["invisible-character", "control-character"],
    ),
    ("private-use-character", &["private-use-character"]),
    ("compatibility-character", &["compatibility-character"]),
    ("mojibake", &["mojibake", "replacement-character"]),
    ("repeated-phrase", &["repeated-phrase", "injected-phrase"]),
    ("injected-phrase", &["injected-phrase"]),
    ("lost-line-breaks", &["lost-line-breaks"]),
];

fn accepted(class: &str) -> Option<&'static [&'static str]> {
    ACCEPT
        .iter()
        .find(|(name, _)| *name == class)
        .map(|&(_, rules)| rules)
}

/// Every class that is scored.
pub fn classes() -> impl Iterator<Item = &'static str> {
    ACCEPT.iter().map(|&(class, _)| class)
}

#[derive(Deserialize, Clone, Debug)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

#[derive(Deserialize, Clone, Debug)]
pub struct Label {
    #[serde(default)]
    pub file: Option<String>,
    pub span: Span,
}

#[derive(Deserialize, Clone, Debug)]
pub struct Finding {
    pub rule: String,
    pub severity: String,
    pub file: String,
    pub span: Span,
    pub message: String,
    #[serde(default)]
    pub labels: Vec<Label>,
    /// All places of a defect that stands in many.
    #[serde(default)]
    pub places: Vec<Label>,
}

impl Finding {
    pub fn counts(&self) -> bool {
        matches!(self.severity.as_str(), "error" | "warning")
    }

    /// The span, all the places, and the labels in the same file.
    fn spans(&self) -> Vec<(usize, usize)> {
        let own = file_name(&self.file);
        let labels = self.labels.iter().filter(|label| {
            label
                .file
                .as_deref()
                .filter(|file| !file.is_empty())
                .is_none_or(|file| file_name(file) == own)
        });
        let places = self.places.iter().map(|place| &place.span);
        std::iter::once(&self.span)
            .chain(places)
            .chain(labels.map(|label| &label.span))
            .map(|span| (span.start, span.end))
            .collect()
    }
}

pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[derive(Default, Clone, Copy, Debug, PartialEq)]
pub struct Recall {
    pub defects: usize,
    pub hit: usize,
    /// Of the hit ones, reported by the class's own rule.
    pub named: usize,
}

impl Recall {
    pub fn share(&self) -> f64 {
        if self.defects == 0 {
            0.0
        } else {
            self.hit as f64 / self.defects as f64
        }
    }
}

#[derive(Default, Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    pub right_by_span: usize,
    pub false_by_span: usize,
    pub right_by_paragraph: usize,
    pub false_by_paragraph: usize,
}

/// A place to look at: a defect not found, or a finding where nothing is wrong.
#[derive(Debug)]
pub struct Place {
    pub about: String,
    pub file: String,
    pub start: usize,
    pub end: usize,
    pub note: String,
}

#[derive(Default)]
pub struct Score {
    /// By class, and by class and kind where a class has several.
    pub recall: BTreeMap<String, Recall>,
    pub recall_by_kind: BTreeMap<(String, String), Recall>,
    pub rules: BTreeMap<String, Precision>,
    pub misses: Vec<Place>,
    pub alarms: Vec<Place>,
}

impl Score {
    /// Scores findings against the rows of the given documents (name → text).
    pub fn of(documents: &BTreeMap<String, String>, rows: &[Row], findings: &[Finding]) -> Self {
        let mut score = Self::default();
        let mut by_file: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in findings {
            by_file
                .entry(file_name(&finding.file))
                .or_default()
                .push(finding);
        }
        score.count_recall(rows, &by_file);
        for (file, text) in documents {
            let own: Vec<&Row> = rows.iter().filter(|row| row.file == *file).collect();
            score.count_precision(
                file,
                text,
                &own,
                by_file.get(file.as_str()).map_or(&[], Vec::as_slice),
            );
        }
        score
    }

    fn count_recall(&mut self, rows: &[Row], by_file: &HashMap<&str, Vec<&Finding>>) {
        let mut groups: BTreeMap<(String, String), (u8, &Row)> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.score) {
            let Some(rules) = accepted(&row.class) else {
                continue;
            };
            let group = row
                .group
                .clone()
                .unwrap_or_else(|| format!("{}@{}", row.file, row.start));
            let entry = groups.entry((row.class.clone(), group)).or_insert((0, row));
            for finding in by_file.get(row.file.as_str()).into_iter().flatten() {
                let touches = |(start, end)| start < row.end + NEAR && end + NEAR > row.start;
                if rules.contains(&finding.rule.as_str())
                    && finding.spans().into_iter().any(touches)
                {
                    entry.0 = entry.0.max(if finding.rule == rules[0] { 2 } else { 1 });
                }
            }
        }
        for ((class, _), (hit, row)) in groups {
            let by_kind = self
                .recall_by_kind
                .entry((class.clone(), row.kind.clone()))
                .or_default();
            for recall in [self.recall.entry(class.clone()).or_default(), by_kind] {
                recall.defects += 1;
                recall.hit += usize::from(hit > 0);
                recall.named += usize::from(hit == 2);
            }
            if hit == 0 {
                let note = format!("{} {}", row.kind, row.note);
                self.misses.push(Place {
                    about: class,
                    file: row.file.clone(),
                    start: row.start,
                    end: row.end,
                    note,
                });
            }
        }
    }

    fn count_precision(&mut self, file: &str, text: &str, rows: &[&Row], findings: &[&Finding]) {
        let cuts: Vec<usize> = std::iter::once(0).chain(paragraph_ends(text)).collect();
        let paragraph = |offset: usize| cuts.partition_point(|&cut| cut <= offset) - 1;
        let mut touched = BTreeSet::new();
        for row in rows {
            touched
                .extend(paragraph(row.start)..=paragraph(row.start.max(row.end.saturating_sub(1))));
        }
        let mut sorted: Vec<(usize, usize)> = rows.iter().map(|row| (row.start, row.end)).collect();
        sorted.sort_unstable();
        for finding in findings.iter().filter(|finding| finding.counts()) {
            let (start, end) = (finding.span.start, finding.span.end);
            let first = sorted.partition_point(|row| row.0 + 600 < start);
            let near = sorted[first..]
                .iter()
                .take_while(|row| row.0 < end + NEAR)
                .any(|row| row.1 + NEAR > start);
            let in_touched = finding.spans().into_iter().any(|(s, e)| {
                touched.contains(&paragraph(s))
                    || touched.contains(&paragraph(s.max(e.saturating_sub(1))))
            });
            let rule = self.rules.entry(finding.rule.clone()).or_default();
            *(if near {
                &mut rule.right_by_span
            } else {
                &mut rule.false_by_span
            }) += 1;
            *(if in_touched {
                &mut rule.right_by_paragraph
            } else {
                &mut rule.false_by_paragraph
            }) += 1;
            if !near {
                let note = format!(
                    "{}{}",
                    if in_touched { "" } else { "(clean paragraph) " },
                    finding.message
                );
                self.alarms.push(Place {
                    about: finding.rule.clone(),
                    file: file.to_owned(),
                    start,
                    end,
                    note,
                });
            }
        }
    }

    /// Precision over all rules, by span and by paragraph.
    pub fn precision(&self) -> (f64, f64) {
        let sum =
            |part: fn(&Precision) -> usize| self.rules.values().map(part).sum::<usize>() as f64;
        let share = |right: f64, wrong: f64| {
            if right + wrong == 0.0 {
                1.0
            } else {
                right / (right + wrong)
            }
        };
        (
            share(sum(|p| p.right_by_span), sum(|p| p.false_by_span)),
            share(sum(|p| p.right_by_paragraph), sum(|p| p.false_by_paragraph)),
        )
    }

    pub fn mean_recall(&self) -> f64 {
        self.recall.values().map(Recall::share).sum::<f64>() / self.recall.len().max(1) as f64
    }
}

/// Warnings and errors on places that look damaged and are right, by the rule of that name.
pub fn traps_hit<'a>(traps: &'a [Row], findings: &'a [Finding]) -> Vec<(&'a Row, &'a Finding)> {
    let mut hit = Vec::new();
    for trap in traps {
        let on = |finding: &&Finding| {
            finding.counts()
                && finding.rule == trap.class
                && file_name(&finding.file) == trap.file
                && finding.span.start < trap.end
                && finding.span.end > trap.start
        };
        hit.extend(findings.iter().filter(on).map(|finding| (trap, finding)));
    }
    hit
}

/// Offsets at which a new paragraph may begin: one behind each pair of line feeds, overlapping ones
/// included.
fn paragraph_ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.as_bytes()
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| *pair == b"\n\n")
        .map(|(at, _)| at + 1)
}
