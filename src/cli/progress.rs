//! What a long command is doing, on standard error: a line a step, with the seconds that have
//! passed.

use std::time::Instant;

use super::output;

pub(super) struct Progress {
    started: Instant,
}

impl Progress {
    pub(super) fn new() -> Self {
        Progress {
            started: Instant::now(),
        }
    }

    pub(super) fn say(&self, what: &str) {
        let seconds = self.started.elapsed().as_secs();
        output::note(&format!("{seconds:4} s  {what}"));
    }
}
