//! `sarif`: SARIF 2.1.0, for code scanning and for the viewers that read it.
//!
//! Results are written as they come; the rules they name follow at the end, so that a run of any
//! size takes no memory for its report. Columns count code points, and the log says so.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::fingerprint::Fingerprints;
use super::plain_json;
use super::{FileReport, Reporter, Summary, uri};
use crate::explain;
use crate::finding::{Edit, Finding, Fix, Label, Safety, Severity};
use crate::language::Lang;
use crate::rule::Card;
use crate::text::Span;

/// Characters of a finding's text that a result quotes.
const SNIPPET: usize = 400;

/// Where the project is at home.
const HOME: &str = "https://github.com/kanwu-lint/kanwu";

/// One log with one run.
#[derive(Debug, Default)]
pub struct Sarif {
    begun: bool,
    rules: Vec<&'static Card>,
    index: HashMap<&'static str, usize>,
}

const HEAD: &[u8] = br#"{"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
"version": "2.1.0",
"runs": [{
"columnKind": "unicodeCodePoints",
"newlineSequences": ["\r\n", "\n", "\r", "\u2028", "\u2029"],
"results": [
"#;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Text<'a>,
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: PartialFingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix<'a>>,
}

#[derive(Serialize)]
struct PartialFingerprints {
    #[serde(rename = "kanwuContext/v1")]
    context: String,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'a> {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region<'a>>,
}

#[derive(Clone, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'a> {
    description: Text<'static>,
    artifact_changes: [ArtifactChange<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Text<'a>>,
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// What the results of one file share.
struct View<'a> {
    report: &'a FileReport,
    uri: String,
}

impl<'a> View<'a> {
    fn region(&self, span: Span) -> Region<'a> {
        let start = self.report.position(span.start());
        let end = self.report.position(span.end());
        let offset = self.report.offsets.to_file(span.start());
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            byte_offset: offset,
            byte_length: self.report.offsets.to_file(span.end()) - offset,
            snippet: None,
        }
    }

    fn artifact(&self) -> ArtifactLocation {
        ArtifactLocation {
            uri: self.uri.clone(),
        }
    }

    fn place(&self, span: Span) -> Location<'a> {
        let mut region = self.region(span);
        region.snippet = Some(Text {
            text: self.report.excerpt(span, SNIPPET),
        });
        Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: self.artifact(),
                region: Some(region),
            },
            message: None,
        }
    }

    fn related(&self, id: usize, label: &'a Label) -> Location<'a> {
        let mut location = match &label.file {
            // Lines of another file are not known here.
            Some(file) => Location {
                id: None,
                physical_location: PhysicalLocation {
                    artifact_location: ArtifactLocation {
                        uri: uri::reference(file),
                    },
                    region: None,
                },
                message: None,
            },
            None => self.place(label.span),
        };
        location.id = Some(id);
        location.message = Some(Text {
            text: label.message.read(self.report.lang),
        });
        location
    }

    fn fix(&self, fix: &'a Fix) -> SarifFix<'a> {
        let replacement = |edit: &'a Edit| Replacement {
            deleted_region: self.region(edit.span),
            inserted_content: (!edit.replacement.is_empty()).then_some(Text {
                text: &edit.replacement,
            }),
        };
        let lang = self.report.lang;
        SarifFix {
            description: Text {
                text: match fix.safety {
                    Safety::Safe => {
                        lang.pick("safe: the meaning cannot change", "安全：文意不会改变")
                    }
                    Safety::Unsafe => {
                        lang.pick("look at it: the meaning may change", "请过目：文意可能改变")
                    }
                },
            },
            artifact_changes: [ArtifactChange {
                artifact_location: self.artifact(),
                replacements: fix.edits.iter().map(replacement).collect(),
            }],
        }
    }

    fn result(
        &self,
        finding: &'a Finding,
        rule_index: usize,
        message: &'a str,
        fingerprint: String,
    ) -> SarifResult<'a> {
        let labels = finding.labels.iter().enumerate();
        SarifResult {
            rule_id: finding.card.name,
            rule_index,
            level: level(finding.severity),
            message: Text { text: message },
            locations: finding
                .all_places()
                .iter()
                .map(|place| self.place(*place))
                .collect(),
            related_locations: labels.map(|(i, l)| self.related(i + 1, l)).collect(),
            partial_fingerprints: PartialFingerprints {
                context: fingerprint,
            },
            rank: finding
                .probability
                .map(|p| (f64::from(p) * 1e4).round() / 100.0),
            fixes: finding.fixes.iter().map(|f| self.fix(f)).collect(),
        }
    }
}

impl Sarif {
    fn rule_index(&mut self, card: &'static Card) -> usize {
        *self.index.entry(card.name).or_insert_with(|| {
            self.rules.push(card);
            self.rules.len() - 1
        })
    }
}

fn descriptor(card: &Card, lang: Lang) -> serde_json::Value {
    let page = explain::markdown(card, lang);
    json!({
        "id": card.name,
        "shortDescription": {"text": card.summary(lang)},
        "fullDescription": {"text": card.summary(lang)},
        "helpUri": format!("{HOME}/blob/main/docs/rules.md#{}", card.name),
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level(card.severity), "enabled": card.default},
        "properties": {
            "tags": [card.group.name()],
            "precision": card.confidence.name(),
            "problem.severity": match card.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
        },
    })
}

impl Reporter for Sarif {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        let view = View {
            report,
            uri: uri::reference(&report.name),
        };
        let mut fingerprints = Fingerprints::default();
        for finding in &report.findings {
            let first = !std::mem::replace(&mut self.begun, true);
            out.write_all(if first { HEAD } else { b",\n" })?;
            let index = self.rule_index(finding.card);
            let message = finding.told_with_help(report.lang);
            let fingerprint = fingerprints.next(report, finding);
            let result = view.result(finding, index, &message, fingerprint);
            plain_json::write(&mut *out, &result)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if !self.begun {
            out.write_all(HEAD)?;
        }
        let rules: Vec<_> = self
            .rules
            .iter()
            .map(|card| descriptor(card, summary.lang))
            .collect();
        let tool = json!({"driver": {
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "fullName": env!("CARGO_PKG_DESCRIPTION"),
            "informationUri": HOME,
            "rules": rules,
        }});
        let notes: Vec<_> = summary
            .skipped
            .iter()
            .map(|skipped| {
                json!({
                    "level": "error",
                    "message": {"text": format!("not checked: {}", skipped.reason)},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri::reference(&skipped.file)}}}],
                })
            })
            .collect();
        let invocations = json!([{
            "executionSuccessful": notes.is_empty(),
            "toolExecutionNotifications": notes,
        }]);
        out.write_all(b"\n],\n\"tool\": ")?;
        plain_json::write(&mut *out, &tool)?;
        out.write_all(b",\n\"invocations\": ")?;
        plain_json::write(&mut *out, &invocations)?;
        out.write_all(b"\n}]}\n")
    }
}
