//! A real editor session against the real program. `cargo test --test lsp -- --nocapture` prints
//! the log of it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and prints its log"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);

/// The client's side of a session.
struct Session {
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    next: i32,
    /// Whether messages are printed.
    log: bool,
}

impl Session {
    fn start(folder: &Path) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_kanwu"))
            .arg("lsp")
            .env("LC_ALL", "C")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = server.stdin.take();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let (send, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = receive(&mut output) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            server,
            input,
            messages,
            next: 0,
            log: false,
        }
    }

    fn send(&mut self, message: &Value) {
        if self.log {
            println!("→ {message}");
        }
        let text = message.to_string();
        write!(
            self.input.as_mut().unwrap(),
            "Content-Length: {}\r\n\r\n{text}",
            text.len()
        )
        .unwrap();
        self.input.as_mut().unwrap().flush().unwrap();
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: Value) -> i32 {
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        self.next
    }

    /// The next message that is as wanted; others are passed over.
    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let message = self.messages.recv_timeout(until - Instant::now()).unwrap();
            if self.log {
                println!("← {message}");
            }
            if wanted(&message) {
                return message;
            }
        }
    }

    fn answer(&mut self, id: i32) -> Value {
        self.wait(|m| m["id"] == id && m.get("method").is_none())
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)["result"].clone()
    }

    fn published(&mut self, version: i32) -> Value {
        let message = self.wait(|m| {
            m["method"] == "textDocument/publishDiagnostics" && m["params"]["version"] == version
        });
        message["params"]["diagnostics"].clone()
    }

    fn initialize(&mut self, capabilities: Value) -> Value {
        let answer = self.request(
            "initialize",
            json!({"processId": null, "rootUri": null, "capabilities": capabilities}),
        );
        self.notify("initialized", json!({}));
        answer["capabilities"].clone()
    }

    fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "plaintext", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": changes}),
        );
    }

    fn shut_down(mut self) {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        assert!(self.server.wait().unwrap().success());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn receive(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", n)) => length = n.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

fn codes(diagnostics: &Value) -> Vec<&str> {
    diagnostics
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["code"].as_str().unwrap())
        .collect()
}

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

#[test]
fn a_session_of_an_editor_that_is_pushed_to() {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}/%E6%98%A5%E8%80%95.txt", folder.path().display());
    let mut session = Session::start(folder.path());
    session.log = true;
    let capabilities = session.initialize(json!({}));
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    assert!(capabilities.get("diagnosticProvider").is_none());

    // Damage behind a character of two UTF-16 units.
    session.open(&uri, "𠮷林村要统筹发展 and 安全，做好各项工作。\n");
    let found = session.published(1);
    assert_eq!(codes(&found), ["stray-latin"]);
    assert_eq!(found[0]["range"], range(0, 9, 14));
    assert_eq!(found[0]["source"], "kanwu");

    // A second one is typed into a new line, character by character.
    let mut version = 1;
    let typed = "要坚持改革 or 开放，推动发展。";
    for (at, c) in typed.chars().enumerate() {
        version += 1;
        let at = u32::try_from(at).unwrap();
        session.change(
            &uri,
            version,
            json!([{"range": range(1, at, at), "text": c.to_string()}]),
        );
    }
    let found = session.published(version);
    assert_eq!(codes(&found), ["stray-latin", "stray-latin"]);
    assert_eq!(
        found[1]["range"]["start"],
        json!({"line": 1, "character": 5})
    );

    let hover = session.request(
        "textDocument/hover",
        json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 6}}),
    );
    assert!(
        hover["contents"]["value"]
            .as_str()
            .unwrap()
            .contains("# stray-latin")
    );

    let actions = session.request(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": range(1, 6, 6), "context": {"diagnostics": []}}),
    );
    let titles: Vec<_> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["title"].as_str().unwrap())
        .collect();
    assert!(
        titles.iter().any(|t| t.starts_with("Replace “ or ” by “")),
        "{titles:?}"
    );
    let ignore = actions
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["title"] == "Ignore stray-latin on this line")
        .unwrap();
    assert_eq!(
        ignore["edit"]["changes"][&uri][0]["newText"],
        " <!-- kanwu-ignore: stray-latin -->"
    );

    // The fix of the first one, applied as an editor does.
    let actions = session.request(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": range(0, 10, 10), "context": {"diagnostics": [], "only": ["quickfix"]}}),
    );
    let edit = actions[0]["edit"]["changes"][&uri][0].clone();
    version += 1;
    session.change(
        &uri,
        version,
        json!([{"range": edit["range"], "text": edit["newText"]}]),
    );
    assert_eq!(session.published(version)[0]["range"]["start"]["line"], 1);

    // A configuration appears: the rule is silent, also in what is open.
    std::fs::write(
        folder.path().join("kanwu.toml"),
        "ignore = [\"stray-latin\"]\n",
    )
    .unwrap();
    session.notify("workspace/didChangeWatchedFiles", json!({"changes": []}));
    assert_eq!(session.published(version), json!([]));

    session.notify(
        "textDocument/didClose",
        json!({"textDocument": {"uri": uri}}),
    );
    session.wait(|m| {
        m["method"] == "textDocument/publishDiagnostics" && m["params"]["diagnostics"] == json!([])
    });
    session.shut_down();
}

#[test]
fn a_session_of_an_editor_that_pulls() {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}/a.md", folder.path().display());
    let mut session = Session::start(folder.path());
    let capabilities = session.initialize(json!({
        "general": {"positionEncodings": ["utf-8", "utf-16"]},
        "textDocument": {"diagnostic": {}},
    }));
    assert_eq!(capabilities["positionEncoding"], "utf-8");
    assert!(capabilities["diagnosticProvider"].is_object());
    session.open(&uri, "要统筹发展 and 安全。\n");
    let document = json!({"uri": uri});
    let report = session.request("textDocument/diagnostic", json!({"textDocument": document}));
    assert_eq!(report["kind"], "full");
    // Five characters of three bytes each before it.
    assert_eq!(report["items"][0]["range"], range(0, 15, 20));
    let known = report["resultId"].clone();
    let report = session.request(
        "textDocument/diagnostic",
        json!({"textDocument": document, "previousResultId": known}),
    );
    assert_eq!(report["kind"], "unchanged");
    session.change(&uri, 2, json!([{"text": "没有问题。\n"}]));
    let report = session.request("textDocument/diagnostic", json!({"textDocument": document}));
    assert_eq!(report["items"], json!([]));
    session.shut_down();
}

/// A client may ask for nonsense; the server says so and goes on.
#[test]
fn bad_input_is_answered_or_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = Session::start(folder.path());
    session.initialize(json!({"general": "not an object"}));
    let id = session.ask("kanwu/unknown", json!({}));
    assert_eq!(session.answer(id)["error"]["code"], -32601);
    let id = session.ask("textDocument/hover", json!({"position": "here"}));
    assert_eq!(session.answer(id)["error"]["code"], -32602);
    // Not open, cannot be parsed, ends before it begins, far outside.
    let uri = "untitled:Untitled-1";
    session.change(uri, 2, json!([{"text": "x"}]));
    session.notify("textDocument/didOpen", json!({"textDocument": 7}));
    let garbage = "{\"jsonrpc\": nonsense";
    write!(
        session.input.as_mut().unwrap(),
        "Content-Length: {}\r\n\r\n{garbage}",
        garbage.len()
    )
    .unwrap();
    session.open(uri, "统筹发展 and 安全。");
    session.published(1);
    let wild =
        json!({"start": {"line": 9, "character": 999_999}, "end": {"line": 0, "character": 3}});
    session.change(uri, 2, json!([{"range": wild, "text": "\u{0}\u{feff}\r末"}, {"range": range(4_000_000_000, 0, 1), "text": "。"}]));
    assert_eq!(codes(&session.published(2))[0], "stray-latin");
    let id = session.ask(
        "textDocument/hover",
        json!({"textDocument": {"uri": "file:///gone"}, "position": {"line": 0, "character": 0}}),
    );
    assert_eq!(session.answer(id)["result"], Value::Null);
    session.notify("$/cancelRequest", json!({"id": 12345}));
    session.shut_down();
}

/// A question that is taken back while the document is being checked is answered as cancelled.
#[test]
fn cancelled_questions_are_answered_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}/a.txt", folder.path().display());
    let mut session = Session::start(folder.path());
    session.initialize(json!({"textDocument": {"diagnostic": {}}}));
    // Long enough that the question is still open when it is taken back.
    session.open(
        &uri,
        &"各乡镇要统筹发展和安全，做好各项工作，让群众过上好日子。\n".repeat(60_000),
    );
    let id = session.ask(
        "textDocument/diagnostic",
        json!({"textDocument": {"uri": uri}}),
    );
    session.notify("$/cancelRequest", json!({"id": id}));
    assert_eq!(session.answer(id)["error"]["code"], -32800);
    session.shut_down();
}

/// From a keystroke to its diagnostics, in a document of 100 KB. In a release build:
/// `cargo test --release --test lsp keystroke -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn keystroke_to_diagnostics() {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}/a.txt", folder.path().display());
    let pages = texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean")).concat();
    let mut text = String::new();
    while text.len() < 100_000 {
        text.push_str(&pages);
    }
    let cut = (0..=100_000)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap();
    text.truncate(cut);
    let mut session = Session::start(folder.path());
    session.initialize(json!({}));
    session.open(&uri, &text);
    let found = session.published(1).as_array().unwrap().len();
    let mut times = Vec::new();
    for version in 2..52 {
        let begun = Instant::now();
        session.change(
            &uri,
            version,
            json!([{"range": range(40, 3, 3), "text": "的"}]),
        );
        session.published(version);
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_millis(30));
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{} bytes, {found} findings: median {:.1} ms, worst {:.1} ms",
        text.len(),
        times[times.len() / 2],
        times[times.len() - 1]
    );
    session.shut_down();
}

/// The texts in a folder and its folders.
fn texts(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|p| {
            if p.is_dir() {
                texts(&p)
            } else {
                vec![std::fs::read_to_string(p).unwrap_or_default()]
            }
        })
        .collect()
}

#[test]
fn the_editor_says_which_language_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}", folder.path().join("a.txt").display());
    for (locale, configured, expected) in [
        ("zh-cn", "", "叠字：“县县”：多了一个“县”"),
        ("en-gb", "", "“县县”: one 县 too many"),
        ("en-gb", "lang = \"zh\"\n", "叠字：“县县”：多了一个“县”"),
    ] {
        std::fs::write(folder.path().join("kanwu.toml"), configured).unwrap();
        let mut session = Session::start(folder.path());
        session.request(
            "initialize",
            json!({"processId": null, "rootUri": null, "capabilities": {}, "locale": locale}),
        );
        session.notify("initialized", json!({}));
        let document = json!({"uri": uri, "languageId": "plaintext", "version": 1, "text": "县县政府据此制定了方案。"});
        session.notify("textDocument/didOpen", json!({ "textDocument": document }));
        let message = session.published(1)[0]["message"].clone();
        let message = message.as_str().unwrap();
        assert!(message.starts_with(expected), "{message}");
    }
}
