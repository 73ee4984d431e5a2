//! `kanwu lsp`: the language server, over standard input and output.
//!
//! The main thread answers the client, one other checks documents. A document is checked at once
//! when nothing else is being checked; changes that come in meanwhile are checked together, and
//! what was found in an older state is thrown away. Documents that take long wait for a pause in
//! typing. So nothing is queued up however fast one types, and short documents are never waited
//! for.

mod actions;
mod answers;
mod checker;
mod client;
mod judging;
mod question;
mod questions;
mod server;
mod text;
mod uri;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::ExitCode;
use std::thread;

use crossbeam_channel::{bounded, unbounded};
use lsp_server::{Connection, Message, ProtocolError};

use crate::config::ConfigError;
use crate::said;

/// Why the server stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The client does not keep to the protocol, or went away in the middle.
    #[error("{}", said!("the editor does not keep to the protocol: {}", .0; "编辑器不符合协议：{}", .0))]
    Protocol(#[from] ProtocolError),
    /// The configuration cannot be looked for.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Serves an editor over standard input and output until it says goodbye.
///
/// # Errors
///
/// [`ServeError`] where client and server cannot go on.
pub fn run() -> Result<ExitCode, ServeError> {
    serve(io::stdin(), io::stdout())
}

/// Serves an editor whose messages come from `input`, and which reads `output`, until it says
/// goodbye.
///
/// # Errors
///
/// [`ServeError`] where client and server cannot go on.
pub fn serve(
    input: impl Read + Send + 'static,
    mut output: impl Write + Send + 'static,
) -> Result<ExitCode, ServeError> {
    let (sender, outbox) = unbounded::<Message>();
    let writer = thread::spawn(move || {
        for message in outbox {
            let written = message.write(&mut output);
            if written.and_then(|()| output.flush()).is_err() {
                break;
            }
        }
    });
    let (inbox, receiver) = bounded::<Message>(16);
    thread::spawn(move || {
        let mut input = BufReader::new(input);
        while let Some(message) = next(&mut input) {
            let exit = matches!(&message, Message::Notification(n) if n.method == "exit");
            if inbox.send(message).is_err() || exit {
                break;
            }
        }
    });
    let code = server::serve(Connection { sender, receiver })?;
    // All senders are gone now: the writer ends with what is left to write.
    let _ = writer.join();
    Ok(code)
}

/// The next message that can be understood; `None` at the end of the input. A message that is no
/// JSON is passed over: the editor's fault should not cost the user the server.
fn next(input: &mut impl BufRead) -> Option<Message> {
    loop {
        match read(input) {
            Ok(message) => return message,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let _ = writeln!(io::stderr(), "kanwu: {error}");
            }
            Err(error) => {
                let _ = writeln!(io::stderr(), "kanwu: {error}");
                return None;
            }
        }
    }
}

/// The longest message and the longest line of its head that are taken in, in bytes.
const LONGEST: u64 = 256 << 20;
const HEAD_LINE: u64 = 4096;

/// Reads a message: as `Message::read` does, which takes as much memory as the message says it is
/// long.
fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.by_ref().take(HEAD_LINE).read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<u64>().ok();
        }
    }
    let length = length.filter(|l| *l <= LONGEST);
    let length = length.ok_or_else(|| {
        io::Error::other(said!("a message without a sane length"; "消息的长度不合理"))
    })?;
    let mut body = Vec::new();
    input.by_ref().take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let message = serde_json::from_slice(&body);
    Ok(Some(message.map_err(|e| {
        io::Error::new(io::ErrorKind::InvalidData, e)
    })?))
}
