//! Findings as the protocol shows them: diagnostics, hovers.

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Hover, HoverContents, Location,
    MarkupContent, MarkupKind, NumberOrString, Position, Uri,
};

use super::text::Text;
use crate::explain;
use crate::finding::{Finding, Severity};
use crate::language::Lang;
use crate::text::Span;

/// Related places told of one finding; its message counts all of them.
const RELATED: usize = 8;

/// A finding as diagnostics, one at each of its places.
pub(super) fn diagnostics(
    uri: &Uri,
    text: &Text,
    finding: &Finding,
    lang: Lang,
) -> impl Iterator<Item = Diagnostic> {
    let first = diagnostic(uri, text, finding, lang);
    finding.all_places().iter().map(move |place| Diagnostic {
        range: text.range(*place),
        ..first.clone()
    })
}

fn diagnostic(uri: &Uri, text: &Text, finding: &Finding, lang: Lang) -> Diagnostic {
    let mut message = finding.told_with_help(lang);
    if lang == Lang::Zh {
        message.insert_str(0, &format!("{}：", finding.card.chinese.name));
    }
    let related: Vec<_> = finding
        .labels
        .iter()
        .filter(|label| label.file.is_none())
        .take(RELATED)
        .map(|label| DiagnosticRelatedInformation {
            location: Location::new(uri.clone(), text.range(label.span)),
            message: label.message.read(lang).to_owned(),
        })
        .collect();
    Diagnostic {
        range: text.range(finding.span),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.card.name.to_owned())),
        source: Some("kanwu".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}

/// What is known of the findings at a position, with the documentation of their rules.
pub(super) fn hover(
    text: &Text,
    findings: &[Finding],
    position: Position,
    lang: Lang,
) -> Option<Hover> {
    let at = text.offset(position);
    let here: Vec<_> = findings
        .iter()
        .filter(|f| f.touches(Span::new(at, at)))
        .collect();
    let first = here.first()?;
    let pages: Vec<_> = here
        .iter()
        .map(|f| {
            let page = explain::markdown(f.card, lang);
            let reasons = explain::reasons(f, lang);
            format!("**{}**\n\n{reasons}\n{page}", f.message.read(lang))
        })
        .collect();
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value: pages.join("\n---\n\n"),
        }),
        range: Some(text.range(first.span)),
    })
}
