//! The thread that checks documents, so that the editor is answered meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_types::Uri;

use super::text::Text;
use crate::baseline::Baseline;
use crate::config::Profile;
use crate::finding::Finding;
use crate::report::FileReport;
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
    let findings = job.profile.check(&job.name, &text, threads).findings;
    unknown(job, text, findings)
}

/// The findings that the baseline does not know, where there is one.
fn unknown(job: &Job, text: Decoded<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let config = job.profile.config.as_ref();
    let Some(path) = config.and_then(|c| c.baseline_file().ok().flatten()) else {
        return findings;
    };
    let Ok(mut baseline) = Baseline::read(&path) else {
        return findings;
    };
    let mut report = FileReport::new(job.name.as_str(), text, findings);
    baseline.filter(&mut report);
    report.findings
}
