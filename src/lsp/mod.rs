//! `kanwu lsp`: the language server, over standard input and output.
//!
//! The main thread answers the client, one other checks documents. A document is checked at once when nothing else is being checked; changes that
//! come in meanwhile are checked together, and what was found in an older state is thrown away. Documents that take long wait for a pause in
//! typing. So nothing is queued up however fast one types, and short documents are never waited for.

mod actions;
mod answers;
mod checker;
mod client;
mod questions;
mod server;
mod text;
mod uri;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::thread;

use crossbeam_channel::{bounded, unbounded};
use lsp_server::{Connection, Message, ProtocolError};

use crate::config::ConfigError;

/// Why the server stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The client does not keep to the protocol, or went away in the middle.
    #[error("the editor does not keep to the protocol: {0}")]
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
    let (sender, outbox) = unbounded::<Message>();
    let writer = thread::spawn(move || {
        let mut out = io::stdout().lock();
        for message in outbox {
            if message.write(&mut out).and_then(|()| out.flush()).is_err() {
                break;
            }
        }
    });
    let (inbox, receiver) = bounded::<Message>(16);
    thread::spawn(move || {
        let mut input = io::stdin().lock();
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

/// The next message that can be understood; `None` at the end of the input. A message that is no JSON is passed over: the editor's fault should
/// not cost the user the server.
fn next(input: &mut impl BufRead) -> Option<Message> {
    loop {
        match Message::read(input) {
            Ok(message) => return message,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let _ = writeln!(io::stderr(), "kanwu: {error}");
            }
            Err(_) => return None,
        }
    }
}
