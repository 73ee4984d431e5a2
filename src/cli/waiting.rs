//! What an audit is doing, for whoever waits before a terminal: documents, how fast they are read,
//! the time left.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::input::Job;
use crate::corpus::Step;
use crate::language::Lang;

/// A bar on standard error; none where that is no terminal.
pub(super) struct Waiting {
    bar: ProgressBar,
    lang: Lang,
    /// Documents of the step.
    done: Arc<AtomicU64>,
    /// Documents of all files.
    documents: Arc<AtomicU64>,
}

impl Waiting {
    /// A bar for some files.
    pub(super) fn new(lang: Lang, jobs: &[Job]) -> Self {
        let bytes = jobs.iter().map(|job| job.input.size()).sum();
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(bytes), target);
        let template = lang.pick(
            "{msg}: {documents} files, {bytes_per_sec}, {eta} left {wide_bar}",
            "{msg}：{documents}个文件，{bytes_per_sec}，还需{eta} {wide_bar}",
        );
        let done = Arc::new(AtomicU64::new(0));
        let documents = Arc::new(AtomicU64::new(jobs.len() as u64));
        let (counter, all) = (Arc::clone(&done), Arc::clone(&documents));
        let count = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            let [done, all] = [&counter, &all].map(|n| HumanCount(n.load(Ordering::Relaxed)));
            // what cannot be drawn is not missed
            let _ = write!(out, "{done} / {all}");
        };
        let style = ProgressStyle::with_template(template)
            .map(|style| style.with_key("documents", count))
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Self {
            bar,
            lang,
            done,
            documents,
        }
    }

    /// So many documents of so many bytes were found in the files.
    pub(super) fn of(&self, documents: usize, bytes: u64) {
        self.documents.store(documents as u64, Ordering::Relaxed);
        self.bar.set_length(bytes);
    }

    /// So many documents were found in so many bytes of the files.
    pub(super) fn counted(&self, documents: usize, bytes: u64) {
        let said = self.lang.pick("reads", "读取");
        self.advance(said, documents as u64, bytes);
    }

    /// A document of so many bytes was read in a step of the survey.
    pub(super) fn surveyed(&self, step: Step, bytes: usize) {
        let said = match step {
            Step::Counting => ("counts lines", "统计各行"),
            Step::Signing => ("makes signatures", "计算签名"),
            Step::Phrases => ("looks for planted phrases", "寻找插入的短语"),
            Step::Comparing => ("compares", "比对"),
        };
        self.advance(self.lang.pick(said.0, said.1), 1, bytes as u64);
    }

    /// So many documents of so many bytes were checked.
    pub(super) fn checked(&self, documents: usize, bytes: u64) {
        self.advance(self.lang.pick("checks", "检查"), documents as u64, bytes);
    }

    /// A document of so many bytes was looked through for what others lack.
    pub(super) fn asked(&self, bytes: usize) {
        let said = self.lang.pick("looks where it belongs", "寻找所属文档");
        self.advance(said, 1, bytes as u64);
    }

    fn advance(&self, step: &'static str, documents: u64, bytes: u64) {
        if self.bar.message() != step {
            self.bar.set_position(0);
            self.bar.reset_eta();
            self.bar.set_message(step);
            self.done.store(0, Ordering::Relaxed);
        }
        self.done.fetch_add(documents, Ordering::Relaxed);
        self.bar.inc(bytes);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
