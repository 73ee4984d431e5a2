//! The server itself: what is open, what is known of it, what the client asks.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, after, never, select};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    Cancel, DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument,
    DidOpenTextDocument, DidSaveTextDocument, LogMessage, Notification as _, PublishDiagnostics,
    ShowMessage,
};
use lsp_types::request::{
    CodeActionRequest, CodeActionResolveRequest, DocumentDiagnosticRequest, HoverRequest,
    Request as _,
};
use lsp_types::{
    CancelParams, CodeAction, CodeActionParams, DidChangeTextDocumentParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentDiagnosticParams, HoverParams, InitializeParams, LogMessageParams, MessageType,
    NumberOrString, PublishDiagnosticsParams, ShowMessageParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::ServeError;
use super::checker::{self, Job, Outcome};
use super::client::{Client, capabilities, root};
use super::judging;
use super::question::Question;
use super::text::Text;
use super::{answers, uri};
use crate::config::{self, Choice, Configs, Overrides};
use crate::finding::Finding;
use crate::language::Lang;
use crate::said;

/// Checks that take longer than this wait for a pause in typing …
const SWIFT: Duration = Duration::from_millis(60);
/// … as long as they take themselves, but no longer than this.
const PAUSE: Duration = Duration::from_millis(300);

/// An open document.
pub(super) struct Open {
    pub(super) name: String,
    version: i32,
    /// Counts changes of the text and of what applies to it.
    pub(super) state: u64,
    pub(super) text: Arc<Text>,
    pub(super) checked: Option<Checked>,
    /// When it is to be checked; `None` where it is checked or being checked.
    due: Option<Instant>,
    took: Duration,
    /// The language that its findings are told in.
    pub(super) lang: Lang,
}

/// What was found, in which state.
pub(super) struct Checked {
    pub(super) state: u64,
    pub(super) findings: Vec<Finding>,
}

pub(super) struct Server {
    sender: Sender<Message>,
    jobs: Sender<Job>,
    busy: bool,
    states: u64,
    pub(super) client: Client,
    pub(super) root: PathBuf,
    pub(super) configs: Configs,
    pub(super) open: HashMap<Uri, Open>,
    pub(super) waiting: Vec<(RequestId, Uri, Question)>,
    /// What was last said to be wrong with a configuration: it is said once.
    complaint: Option<String>,
}

/// Serves one client, from `initialize` to `exit`.
pub(super) fn serve(connection: Connection) -> Result<ExitCode, ServeError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let client = Client::of(&params);
    let answer = json!({
        "capabilities": capabilities(&client),
        "serverInfo": {"name": "kanwu", "version": env!("CARGO_PKG_VERSION")},
    });
    connection.initialize_finish(id, answer)?;
    let (jobs, outcomes) = checker::start();
    let mut server = Server::new(connection.sender.clone(), jobs, client, root(&params))?;
    server.run(&connection, &outcomes)
}

impl Server {
    fn new(
        sender: Sender<Message>,
        jobs: Sender<Job>,
        client: Client,
        root: PathBuf,
    ) -> Result<Self, ServeError> {
        let configs = Configs::new(Choice::Find, Overrides::default())?;
        Ok(Self {
            sender,
            jobs,
            busy: false,
            states: 0,
            client,
            root,
            configs,
            open: HashMap::new(),
            waiting: Vec::new(),
            complaint: None,
        })
    }

    fn run(
        &mut self,
        connection: &Connection,
        outcomes: &Receiver<Outcome>,
    ) -> Result<ExitCode, ServeError> {
        self.watch_configuration();
        loop {
            let next = self
                .open
                .values()
                .filter_map(|d| d.due)
                .min()
                .filter(|_| !self.busy);
            let pause = next.map_or_else(never, |due| {
                after(due.saturating_duration_since(Instant::now()))
            });
            select! {
                recv(connection.receiver) -> message => {
                    let Ok(mut message) = message else {
                        // The client went away without a word.
                        return Ok(ExitCode::FAILURE);
                    };
                    // What has already come in is taken in before anything is checked.
                    loop {
                        if let Message::Request(request) = &message
                            && connection.handle_shutdown(request)?
                        {
                            return Ok(ExitCode::SUCCESS);
                        }
                        if matches!(&message, Message::Notification(n) if n.method == "exit") {
                            return Ok(ExitCode::FAILURE);
                        }
                        self.take(message);
                        match connection.receiver.try_recv() {
                            Ok(next) => message = next,
                            Err(_) => break,
                        }
                    }
                }
                recv(outcomes) -> outcome => if let Ok(outcome) = outcome { self.checked(outcome) },
                recv(pause) -> _ => {}
            }
            self.check_next();
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Request(request) => self.request(request),
            Message::Notification(notification) => self.notified(notification),
            Message::Response(_) => {}
        }
    }

    fn request(&mut self, Request { id, method, params }: Request) {
        let question = match method.as_str() {
            DocumentDiagnosticRequest::METHOD => read(params).map(|p: DocumentDiagnosticParams| {
                (
                    p.text_document.uri,
                    Question::Diagnostics {
                        known: p.previous_result_id,
                    },
                )
            }),
            CodeActionRequest::METHOD => read(params).map(|p: CodeActionParams| {
                (p.text_document.uri.clone(), Question::Actions(Box::new(p)))
            }),
            CodeActionResolveRequest::METHOD => read(params).and_then(|a: CodeAction| {
                let uri = a.data.clone().unwrap_or_default();
                Ok((serde_json::from_value(uri)?, Question::Resolve(Box::new(a))))
            }),
            HoverRequest::METHOD => read(params).map(|p: HoverParams| {
                (
                    p.text_document_position_params.text_document.uri.clone(),
                    Question::Hover(p),
                )
            }),
            _ => {
                let message = said!("kanwu has no `{method}`"; "kanwu 没有 `{method}`");
                return self.send(Response::new_err(
                    id,
                    ErrorCode::MethodNotFound as i32,
                    message,
                ));
            }
        };
        match question {
            Ok((uri, question)) => {
                if let Some(document) = self.open.get_mut(&uri) {
                    // Somebody waits: no pause.
                    document.due = document.due.map(|_| Instant::now());
                }
                self.waiting.push((id, uri, question));
                self.answer_waiting();
            }
            Err(error) => self.send(Response::new_err(
                id,
                ErrorCode::InvalidParams as i32,
                error.to_string(),
            )),
        }
    }

    fn notified(&mut self, Notification { method, params }: Notification) {
        let outcome = match method.as_str() {
            DidOpenTextDocument::METHOD => read(params).map(|p| self.opened(p)),
            DidChangeTextDocument::METHOD => read(params).map(|p| self.changed(p)),
            DidCloseTextDocument::METHOD => read(params).map(|p| self.closed(&p)),
            DidSaveTextDocument::METHOD => read(params).map(|p: DidSaveTextDocumentParams| {
                if is_configuration(&p.text_document.uri) {
                    self.reload();
                }
            }),
            DidChangeWatchedFiles::METHOD => {
                self.reload();
                Ok(())
            }
            Cancel::METHOD => read(params).map(|p| self.cancelled(p)),
            _ => Ok(()),
        };
        if let Err(error) = outcome {
            self.notify::<LogMessage>(LogMessageParams {
                typ: MessageType::ERROR,
                message: format!("kanwu: {method}: {error}"),
            });
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let mut name = uri::path(&document.uri).to_string_lossy().into_owned();
        // The kind of a file is told by its name; a document that was never saved has none.
        if !name.contains('.') {
            name.push_str(ending(&document.language_id));
        }
        self.states += 1;
        let open = Open {
            name,
            version: document.version,
            state: self.states,
            text: Arc::new(Text::new(document.text, self.client.encoding)),
            checked: None,
            due: Some(Instant::now()),
            took: Duration::ZERO,
            lang: self.client.lang,
        };
        self.open.insert(document.uri, open);
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let Some(document) = self.open.get_mut(&params.text_document.uri) else {
            return;
        };
        for change in params.content_changes {
            document.text = Arc::new(document.text.changed(change.range, &change.text));
        }
        self.states += 1;
        document.state = self.states;
        document.version = params.text_document.version;
        let pause = if document.took > SWIFT {
            document.took.min(PAUSE)
        } else {
            Duration::ZERO
        };
        document.due = Some(Instant::now() + pause);
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let uri = &params.text_document.uri;
        self.open.remove(uri);
        if !self.client.pulls {
            self.notify::<PublishDiagnostics>(PublishDiagnosticsParams::new(
                uri.clone(),
                Vec::new(),
                None,
            ));
        }
        self.answer_waiting();
    }

    fn cancelled(&mut self, params: CancelParams) {
        let id = match params.id {
            NumberOrString::Number(n) => RequestId::from(n),
            NumberOrString::String(s) => RequestId::from(s),
        };
        let before = self.waiting.len();
        self.waiting.retain(|(waiting, _, _)| *waiting != id);
        if self.waiting.len() < before {
            let message = said!("cancelled by the client"; "已由客户端取消");
            self.send(Response::new_err(
                id,
                ErrorCode::RequestCanceled as i32,
                message,
            ));
        }
    }

    /// Reads the configurations anew and checks everything again.
    fn reload(&mut self) {
        if let Ok(configs) = Configs::new(Choice::Find, Overrides::default()) {
            self.configs = configs;
            self.complaint = None;
        }
        for document in self.open.values_mut() {
            self.states += 1;
            document.state = self.states;
            document.due = Some(Instant::now());
        }
        if self.client.pulls && self.client.refreshes {
            let id = RequestId::from(format!("refresh-{}", self.states));
            self.send(Request::new(
                id,
                "workspace/diagnostic/refresh".to_owned(),
                Value::Null,
            ));
        }
    }

    fn watch_configuration(&self) {
        if self.client.watches {
            let watchers = [config::FILE_NAME, "pyproject.toml", "*judgements.jsonl"]
                .map(|name| json!({"globPattern": format!("**/{name}")}));
            let registration = json!({"registrations": [{
                "id": "configuration",
                "method": DidChangeWatchedFiles::METHOD,
                "registerOptions": {"watchers": watchers},
            }]});
            let id = RequestId::from("watch".to_owned());
            self.send(Request::new(
                id,
                "client/registerCapability".to_owned(),
                registration,
            ));
        }
    }

    /// Hands the document that has waited longest to the checker, if that is free.
    fn check_next(&mut self) {
        while !self.busy {
            let now = Instant::now();
            let due = self
                .open
                .iter()
                .filter_map(|(uri, d)| Some((d.due.filter(|due| *due <= now)?, uri)));
            let Some((_, uri)) = due.min_by_key(|(due, _)| *due) else {
                return;
            };
            let uri = uri.clone();
            let profile = self.configs.profile(&self.root.join(uri::path(&uri)));
            let Some(document) = self.open.get_mut(&uri) else {
                return;
            };
            document.due = None;
            let excluded =
                |config: &crate::config::Config| config.excludes(&uri::path(&uri), false);
            match profile {
                Ok(profile) if profile.config.as_deref().is_some_and(excluded) => {
                    self.found(&uri, Vec::new());
                }
                Ok(profile) => {
                    let configured = profile.config.as_ref().and_then(|c| c.lang.as_ref());
                    document.lang = configured.map_or(self.client.lang, |lang| lang.value);
                    let job = Job {
                        uri: uri.clone(),
                        state: document.state,
                        name: document.name.clone(),
                        text: Arc::clone(&document.text),
                        profile,
                    };
                    self.busy = self.jobs.send(job).is_ok();
                }
                Err(error) => {
                    self.complain(format!("kanwu: {error}"));
                    self.found(&uri, Vec::new());
                }
            }
        }
    }

    fn complain(&mut self, message: String) {
        if self.complaint.as_ref() != Some(&message) {
            self.complaint = Some(message.clone());
            let typ = MessageType::ERROR;
            self.notify::<ShowMessage>(ShowMessageParams { typ, message });
        }
    }

    fn checked(&mut self, outcome: Outcome) {
        self.busy = false;
        let Some(document) = self.open.get_mut(&outcome.uri) else {
            return;
        };
        document.took = outcome.took;
        if document.state != outcome.state {
            return;
        }
        if outcome.findings.is_none() {
            self.notify::<LogMessage>(LogMessageParams {
                typ: MessageType::ERROR,
                message: said!("kanwu: a rule failed on {}", outcome.uri.as_str(); "kanwu: 检查 {} 时规则出错", outcome.uri.as_str()),
            });
        }
        self.found(&outcome.uri, outcome.findings.unwrap_or_default());
    }

    fn found(&mut self, uri: &Uri, findings: Vec<Finding>) {
        let Some(document) = self.open.get_mut(uri) else {
            return;
        };
        let state = document.state;
        if !self.client.pulls {
            let list = findings
                .iter()
                .flat_map(|f| answers::diagnostics(uri, &document.text, f, document.lang))
                .collect();
            let params = PublishDiagnosticsParams::new(uri.clone(), list, Some(document.version));
            document.checked = Some(Checked { state, findings });
            self.notify::<PublishDiagnostics>(params);
        } else {
            document.checked = Some(Checked { state, findings });
        }
        self.answer_waiting();
    }

    fn notify<N: lsp_types::notification::Notification>(&self, params: N::Params) {
        self.send(Notification::new(N::METHOD.to_owned(), params));
    }

    /// A client that is gone misses nothing.
    pub(super) fn send(&self, message: impl Into<Message>) {
        let _ = self.sender.send(message.into());
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(params)
}

fn is_configuration(uri: &Uri) -> bool {
    let path = uri::path(uri);
    let is_own = |name: &OsStr| name == config::FILE_NAME || name == "pyproject.toml";
    path.file_name().is_some_and(is_own) || judging::is_judgements(&path)
}

/// What the names of documents in a language end in.
fn ending(language: &str) -> &'static str {
    match language {
        "markdown" => ".md",
        "html" => ".html",
        "xml" => ".xml",
        "json" => ".json",
        "jsonl" => ".jsonl",
        "csv" => ".csv",
        "tsv" => ".tsv",
        "latex" | "tex" => ".tex",
        "srt" | "subrip" => ".srt",
        "vtt" | "webvtt" => ".vtt",
        _ => "",
    }
}
