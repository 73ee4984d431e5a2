//! What an editor asks about a document.

use lsp_types::{CodeAction, CodeActionParams, HoverParams};

/// A question that waits for the document to be checked.
pub(super) enum Question {
    Diagnostics {
        known: Option<String>,
    },
    Actions(Box<CodeActionParams>),
    /// The edits of an action that was offered without them.
    Resolve(Box<CodeAction>),
    Hover(HoverParams),
}
