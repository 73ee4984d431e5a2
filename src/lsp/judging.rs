//! “This is right here”: a judgement out of the editor, added to the file that the configuration
//! names.

use std::path::Path;

use lsp_types::{
    CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, ResourceOp, TextDocumentEdit, TextEdit,
    WorkspaceEdit,
};

use super::text::{Encoding, Text};
use super::uri;
use crate::finding::Finding;
use crate::fingerprint::fingerprint;
use crate::judgements::{Judgement, Verdict};
use crate::regular_file;

/// Characters of a finding that are quoted for people.
const QUOTED: usize = 80;

/// Whether a file is one of judgements by its name, so that a change of it changes what is shown.
pub(super) fn is_judgements(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().ends_with("judgements.jsonl"))
}

/// The edit that adds to the file at `path` that a finding of a text is wrong.
pub(super) fn right_here(
    path: &Path,
    text: &str,
    finding: &Finding,
    encoding: Encoding,
    creates: bool,
) -> Option<WorkspaceEdit> {
    let known = match path.symlink_metadata() {
        Ok(_) => regular_file::read_text(path, regular_file::LISTED).ok()?,
        Err(_) if creates => String::new(),
        Err(_) => return None,
    };
    let judgement = Judgement {
        fingerprint: format!(
            "{:016x}",
            fingerprint(text, finding.card.name, finding.span)
        ),
        rule: finding.card.name.to_owned(),
        text: text[finding.span.range()].chars().take(QUOTED).collect(),
        verdict: Verdict::Wrong,
        by: String::new(),
        at: jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
        note: String::new(),
        probability: finding.probability,
        replacement: None,
    };
    let break_before = if known.is_empty() || known.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let line = format!(
        "{break_before}{}\n",
        serde_json::to_string(&judgement).ok()?
    );
    let end = known.len();
    let known = Text::new(known, encoding);
    let at = known.position(end);
    let uri = uri::of_path(path)?;
    let edit = TextEdit::new(Range::new(at, at), line);
    if !creates {
        return Some(WorkspaceEdit::new(
            [(uri, vec![edit])].into_iter().collect(),
        ));
    }
    let text_document = OptionalVersionedTextDocumentIdentifier {
        uri: uri.clone(),
        version: None,
    };
    let edit = TextDocumentEdit {
        text_document,
        edits: vec![OneOf::Left(edit)],
    };
    // a file that is there is left as it is
    let create = CreateFile {
        uri,
        options: Some(CreateFileOptions {
            overwrite: Some(false),
            ignore_if_exists: Some(true),
        }),
        annotation_id: None,
    };
    let changes = DocumentChanges::Operations(vec![
        DocumentChangeOperation::Op(ResourceOp::Create(create)),
        DocumentChangeOperation::Edit(edit),
    ]);
    Some(WorkspaceEdit {
        document_changes: Some(changes),
        ..WorkspaceEdit::default()
    })
}
