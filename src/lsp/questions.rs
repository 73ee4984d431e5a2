//! Questions about documents: each is answered when its document has been checked as it is now.

use lsp_server::Response;
use lsp_types::{
    DocumentDiagnosticReport, FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
};
use serde::Serialize;
use serde_json::Value;

use super::actions::View;
use super::question::Question;
use super::server::Server;
use super::{answers, uri};
use crate::formats::Kind;

impl Server {
    /// Answers the questions about documents that are checked, or closed.
    pub(super) fn answer_waiting(&mut self) {
        let (ready, waiting) =
            std::mem::take(&mut self.waiting)
                .into_iter()
                .partition(|(_, uri, _)| {
                    self.open
                        .get(uri)
                        .is_none_or(|d| d.checked.as_ref().is_some_and(|c| c.state == d.state))
                });
        self.waiting = waiting;
        for (id, uri, question) in ready {
            let answer = self.answer(&uri, &question);
            self.send(Response::new_ok(id, answer));
        }
    }

    fn answer(&mut self, uri: &Uri, question: &Question) -> Value {
        let Some(document) = self.open.get(uri) else {
            return match question {
                Question::Diagnostics { .. } => value(DocumentDiagnosticReport::from(
                    RelatedFullDocumentDiagnosticReport::default(),
                )),
                Question::Resolve(action) => value(action),
                _ => Value::Null,
            };
        };
        let findings = document.checked.as_ref().map_or(&[][..], |c| &c.findings);
        match question {
            Question::Diagnostics { known } => {
                let state = document.state.to_string();
                if known.as_ref() == Some(&state) {
                    return value(DocumentDiagnosticReport::from(
                        RelatedUnchangedDocumentDiagnosticReport {
                            related_documents: None,
                            unchanged_document_diagnostic_report:
                                UnchangedDocumentDiagnosticReport { result_id: state },
                        },
                    ));
                }
                let items = findings
                    .iter()
                    .flat_map(|f| answers::diagnostics(uri, &document.text, f, document.lang))
                    .collect();
                value(DocumentDiagnosticReport::from(
                    RelatedFullDocumentDiagnosticReport {
                        related_documents: None,
                        full_document_diagnostic_report: FullDocumentDiagnosticReport {
                            result_id: Some(state),
                            items,
                        },
                    },
                ))
            }
            Question::Hover(params) => value(answers::hover(
                &document.text,
                findings,
                params.text_document_position_params.position,
                document.lang,
            )),
            Question::Actions(_) | Question::Resolve(_) => {
                let config = self
                    .configs
                    .of_file(&self.root.join(uri::path(uri)))
                    .ok()
                    .flatten();
                let view = View {
                    uri,
                    text: &document.text,
                    findings,
                    config: config.as_ref().map(|c| c.path.as_path()).ok_or(&self.root),
                    judgements: config
                        .as_ref()
                        .and_then(|c| c.judgement_files().ok()?.into_iter().next()),
                    encoding: self.client.encoding,
                    creates: self.client.creates,
                    resolves: self.client.resolves,
                    lang: document.lang,
                    comments: Kind::of(&document.name, document.text.as_str()).has_comments(),
                };
                match question {
                    Question::Actions(params) => value(view.actions(params.range, &params.context)),
                    Question::Resolve(action) => value(view.fix_all().as_ref().unwrap_or(action)),
                    Question::Diagnostics { .. } | Question::Hover(_) => Value::Null,
                }
            }
        }
    }
}

fn value(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}
