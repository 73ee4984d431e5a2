//! The thread that checks documents, so that the editor is answered meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_types::Uri;

use super::text::Text;
use crate::config::Profile;
use crate::finding::Finding;
use crate::text::Decoded;

/// A document to check.
pub(super) struct Job {
    pub(super) uri: Uri,
    /// Counts the states of the document: an outcome of an older one is thrown away.
    pub(super) state: u64,
    pub(super) name: String,
    pub(super) text: Arc<Text>,
    pub(super) profile: Arc<Profile>,
}

/// What came of it.
pub(super) struct Outcome {
    pub(super) uri: Uri,
    pub(super) state: u64,
    /// `None` where a rule panicked.
    pub(super) findings: Option<Vec<Finding>>,
    pub(super) took: Duration,
}

/// Starts the thread; it ends when the sender is dropped.
pub(super) fn start() -> (Sender<Job>, Receiver<Outcome>) {
    let (jobs, inbox) = unbounded::<Job>();
    let (outbox, outcomes) = unbounded();
    std::thread::spawn(move || {
        for job in inbox {
            let begun = Instant::now();
            let findings = catch_unwind(AssertUnwindSafe(|| check(&job))).ok();
            let outcome = Outcome {
                uri: job.uri,
                state: job.state,
                findings,
                took: begun.elapsed(),
            };
            if outbox.send(outcome).is_err() {
                break;
            }
        }
    });
    (jobs, outcomes)
}

fn check(job: &Job) -> Vec<Finding> {
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    let text = Decoded::of_text(job.text.as_str());
    job.profile.check(&job.name, &text, threads).findings
}
