//! A session of an editor with the language server.

use std::io::{self, BufRead, BufReader, Cursor, PipeReader, PipeWriter, Read, Write};
use std::process::ExitCode;
use std::thread::{self, JoinHandle};

use kanwu::lsp::{ServeError, serve};
use serde_json::{Value, json};

const URI: &str = "file:///nowhere/a.txt";

/// Bytes that say where something is edited: place, length, what is put there.
const EDIT: usize = 6;
/// Edits of a session.
const EDITS: usize = 4;

/// Whatever is edited, the server finds what it finds in a document that is opened as it now
/// stands; and no bytes are a message that stops it other than with words.
pub fn server(bytes: &[u8]) {
    if bytes.starts_with(b"Content-") {
        let _ = serve(Cursor::new(bytes.to_vec()), io::sink());
        return;
    }
    let (script, text) = bytes.split_at(bytes.len().min(EDIT * EDITS));
    let mut text = String::from_utf8_lossy(text).into_owned();
    let mut session = Session::start();
    session.open(&text);
    for (version, edit) in (2..).zip(script.chunks_exact(EDIT)) {
        let change = edited(&mut text, edit);
        session.notify(
            "textDocument/didChange",
            &json!({"textDocument": {"uri": URI, "version": version}, "contentChanges": [change]}),
        );
        // Some states are never asked about, as when somebody types fast.
        if edit[1] % 2 == 0 {
            session.diagnostics();
        }
    }
    let after_edits = session.diagnostics();
    let all = json!({"start": {"line": 0, "character": 0}, "end": position(&text, text.len())});
    session.request(
        "textDocument/codeAction",
        &json!({"textDocument": {"uri": URI}, "range": all, "context": {"diagnostics": after_edits}}),
    );
    let middle = place(&text, u16::MAX / 2);
    session.request(
        "textDocument/hover",
        &json!({"textDocument": {"uri": URI}, "position": position(&text, middle)}),
    );
    session.notify(
        "textDocument/didClose",
        &json!({"textDocument": {"uri": URI}}),
    );
    session.open(&text);
    let fresh = session.diagnostics();
    assert_eq!(after_edits, fresh, "{text:?}");
    session.end();
}

/// A border between characters that an editor can name, by its share of the text.
fn place(text: &str, share: u16) -> usize {
    let mut at = text.floor_char_boundary(text.len() * usize::from(share) / usize::from(u16::MAX));
    if text[..at].ends_with('\r') && text[at..].starts_with('\n') {
        at += 1;
    }
    at
}

/// Edits the text as the bytes say, and returns the change as an editor sends it.
fn edited(text: &mut String, edit: &[u8]) -> Value {
    let share = |a: u8, b: u8| u16::from_be_bytes([a, b]);
    let start = place(text, share(edit[0], edit[1]));
    let mut end = start;
    for c in text[start..].chars().take(usize::from(edit[2] % 32)) {
        end += c.len_utf8();
    }
    if text[..end].ends_with('\r') && text[end..].starts_with('\n') {
        end += 1;
    }
    let from = place(text, share(edit[3], edit[4]));
    let by: String = text[from..]
        .chars()
        .take(usize::from(edit[5] % 32))
        .collect();
    let range = json!({"start": position(text, start), "end": position(text, end)});
    text.replace_range(start..end, &by);
    json!({"range": range, "text": by})
}

/// Line and column as the protocol counts them: lines end in LF, CR LF or CR, columns are units of
/// UTF-16.
fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let (mut line, mut start) = (0, 0);
    for (at, c) in before.char_indices() {
        if c == '\n' || c == '\r' && !text[at + 1..].starts_with('\n') {
            line += 1;
            start = at + 1;
        }
    }
    let column: usize = before[start..].chars().map(char::len_utf16).sum();
    json!({"line": line, "character": column})
}

/// The editor's side.
struct Session {
    input: PipeWriter,
    output: BufReader<PipeReader>,
    server: JoinHandle<Result<ExitCode, ServeError>>,
    asked: i32,
}

impl Session {
    fn start() -> Self {
        let (to_server, input) = io::pipe().expect("a pipe");
        let (output, from_server) = io::pipe().expect("a pipe");
        let server = thread::spawn(|| serve(to_server, from_server));
        let mut session = Self {
            input,
            output: BufReader::new(output),
            server,
            asked: 0,
        };
        let capabilities = json!({"textDocument": {"diagnostic": {}}});
        session.request(
            "initialize",
            &json!({"processId": null, "rootUri": null, "capabilities": capabilities, "locale": "en"}),
        );
        session.notify("initialized", &json!({}));
        session
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())
            .expect("the server reads");
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn open(&mut self, text: &str) {
        let document = json!({"uri": URI, "languageId": "plaintext", "version": 1, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": document}));
    }

    /// The answer to a request, which must be one and no error.
    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.asked, "method": method, "params": params}));
        loop {
            let mut message = self.receive();
            if message["id"] == self.asked && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].take();
            }
            assert_ne!(message["method"], "window/logMessage", "{message}");
        }
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).expect("text");
            assert!(read > 0, "the server went away");
            match line.trim_end().split_once(": ") {
                Some((_, value)) => length = value.parse().expect("a length"),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("a message");
        serde_json::from_slice(&body).expect("JSON")
    }

    fn diagnostics(&mut self) -> Value {
        let mut report = self.request(
            "textDocument/diagnostic",
            &json!({"textDocument": {"uri": URI}}),
        );
        report["items"].take()
    }

    fn end(mut self) {
        self.request("shutdown", &Value::Null);
        self.notify("exit", &Value::Null);
        drop(self.input);
        let code = self.server.join().expect("no panic").expect("the protocol");
        assert_eq!(code, ExitCode::SUCCESS);
    }
}
