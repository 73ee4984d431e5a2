//! What the client can do, and what it is offered.

use std::path::PathBuf;

use lsp_types::InitializeParams;
use serde_json::{Value, json};

use super::actions::FIX_ALL;
use super::text::Encoding;
use super::uri;
use crate::language::Lang;

/// What the client can do.
#[derive(Default)]
pub(super) struct Client {
    /// It asks for diagnostics, so they are not pushed.
    pub(super) pulls: bool,
    /// It can be told to ask again.
    pub(super) refreshes: bool,
    /// It tells of changed files if asked to.
    pub(super) watches: bool,
    /// Its edits can create files.
    pub(super) creates: bool,
    /// It asks for the edit of an action when that is chosen.
    pub(super) resolves: bool,
    /// The language that its user reads: that of its locale, else of the process.
    pub(super) lang: Lang,
    /// What columns count.
    pub(super) encoding: Encoding,
}

impl Client {
    pub(super) fn of(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let text = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let general = capabilities.general.as_ref();
        let edit = workspace.and_then(|w| w.workspace_edit.as_ref());
        Self {
            pulls: text.is_some_and(|t| t.diagnostic.is_some()),
            refreshes: workspace
                .and_then(|w| w.diagnostic.as_ref()?.refresh_support)
                .unwrap_or(false),
            watches: workspace
                .and_then(|w| w.did_change_watched_files.as_ref()?.dynamic_registration)
                .unwrap_or(false),
            creates: edit
                .and_then(|e| e.resource_operations.as_ref())
                .is_some_and(|o| o.contains(&lsp_types::ResourceOperationKind::Create)),
            resolves: text
                .and_then(|t| t.code_action.as_ref()?.resolve_support.as_ref())
                .is_some_and(|r| r.properties.iter().any(|p| p == "edit")),
            lang: params
                .locale
                .as_deref()
                .map_or_else(Lang::of_environment, Lang::of_locale),
            encoding: Encoding::choose(
                general
                    .and_then(|g| g.position_encodings.as_deref())
                    .unwrap_or_default(),
            ),
        }
    }
}

/// What this server offers to such a client.
pub(super) fn capabilities(client: &Client) -> Value {
    let mut capabilities = json!({
        "positionEncoding": client.encoding.kind(),
        "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
        "codeActionProvider": {"codeActionKinds": ["quickfix", FIX_ALL], "resolveProvider": client.resolves},
        "hoverProvider": true,
    });
    if client.pulls {
        capabilities["diagnosticProvider"] = json!({"identifier": "kanwu", "interFileDependencies": false, "workspaceDiagnostics": false});
    }
    capabilities
}

/// The folder that the client works in.
pub(super) fn root(params: &InitializeParams) -> PathBuf {
    let folder = params.workspace_folders.iter().flatten().next();
    #[expect(deprecated, reason = "older clients send nothing else")]
    let root = folder.map(|f| &f.uri).or(params.root_uri.as_ref());
    root.map_or_else(|| std::env::current_dir().unwrap_or_default(), uri::path)
}
