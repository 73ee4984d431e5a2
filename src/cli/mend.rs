//! `--fix`, `--unsafe-fixes` and `--diff`: fixes applied or shown.

use std::io::{self, IsTerminal};

use similar::TextDiff;

use super::input::{Checked, Input, Job};
use crate::atomic_file;
use crate::finding::{Safety, Severity};
use crate::fix::{self, Allowed, End};
use crate::formats;
use crate::report::Skipped;
use crate::said;
use crate::text::{self, visible, visible_char, visible_name};

#[derive(Debug, clap::Args)]
pub(super) struct FixOptions {
    /// Apply the fixes that cannot change the meaning
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: the other fixes too; look at what they did
    #[arg(long)]
    unsafe_fixes: bool,
    /// With --unsafe-fixes: apply those of findings at least this severe
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        default_value = "warning",
        requires = "unsafe_fixes"
    )]
    fix_level: Severity,
    /// With --fix: say only what was fixed; what is left is neither shown nor a failure
    #[arg(long, requires = "fix", conflicts_with = "diff")]
    fix_only: bool,
    /// Show what the fixes would change instead of changing it
    #[arg(long)]
    diff: bool,
}

impl FixOptions {
    /// Whether any fix is to be applied or shown.
    pub(super) fn any(&self) -> bool {
        self.fix || self.diff
    }

    /// Whether nothing is to be written.
    pub(super) fn only_diff(&self) -> bool {
        self.diff
    }

    /// Whether nothing is said of what is left.
    pub(super) fn only_fix(&self) -> bool {
        self.fix_only
    }

    /// Which fixes these are.
    pub(super) fn allowed(&self) -> Allowed {
        Allowed {
            safety: if self.unsafe_fixes {
                Safety::Unsafe
            } else {
                Safety::Safe
            },
            level: self.fix_level,
        }
    }

    /// Applies fixes to an input and checks what is left, with so many threads. Standard input goes
    /// mended to standard output.
    pub(super) fn mend(&self, job: &Job, bytes: &[u8], threads: usize) -> Result<Checked, Skipped> {
        let Job { input, profile } = job;
        let name = input.name();
        // What the file is read as at first it is to the end.
        let first = text::decode(bytes, profile.encoding).map_err(|e| input.skipped(e))?;
        let kind = profile.reading.kind_of(&name, &first.text);
        drop(first);
        let mut checked = Checked::default();
        let mended = fix::mend(
            bytes,
            profile.encoding,
            self.allowed(),
            |decoded| profile.check_as(kind, &name, decoded, threads).findings,
            |old, new| formats::same_syntax(kind, old, new),
        )
        .map_err(|e| input.skipped(e))?;
        let mut note = |text: String| {
            checked
                .notes
                .push(format!("kanwu: {}: {text}", visible_name(&name)));
        };
        if mended.refused > 0 {
            let (refused, encoding) = (mended.refused, mended.encoding);
            note(said!(
                "{refused} of the fixes cannot be written in {encoding} so that they are read again";
                "{refused}处修改无法以 {encoding} 写入并原样读回：未写"
            ));
        }
        if mended.harmful > 0 {
            let harmful = mended.harmful;
            note(said!(
                "{harmful} of the fixes would change more than text of this {kind} file: left out";
                "{harmful}处修改会改动 {kind} 文件的文字以外的内容：未写"
            ));
        }
        match mended.end {
            End::Settled => {}
            End::Quarrel => note(said!(
                "fixes undo each other; stopped after {}", mended.applied;
                "修改互相抵消；做了{}处后停止", mended.applied
            )),
            End::Unfinished => note(said!(
                "{} fixes applied, and there are more: run it again", mended.applied;
                "已改{}处，还有更多：请再运行一次", mended.applied
            )),
        }
        let encoding = Some(mended.encoding);
        let mut unmended = None;
        if self.diff {
            if mended.applied > 0 {
                let old = text::decode(bytes, encoding).map_err(|e| input.skipped(e))?;
                let new = text::decode(&mended.bytes, encoding).map_err(|e| input.skipped(e))?;
                let mut diff = unified(&name, &old.text, &new.text);
                // A patch holds what the files hold; what is merely looked at does not.
                if io::stdout().is_terminal() {
                    diff = diff.chars().map(visible_char).collect();
                }
                checked.raw = diff.into_bytes();
            }
        } else {
            match input {
                Input::Stdin(_) => checked.raw = mended.bytes.to_vec(),
                Input::File(path) if mended.applied > 0 => {
                    let written = atomic_file::replace_unchanged(path, bytes, &mended.bytes);
                    unmended = written.err().map(|e| input.skipped(e));
                }
                Input::File(_) | Input::Kept(..) | Input::Given(_) => {}
            }
        }
        if self.fix_only && mended.applied > 0 && unmended.is_none() {
            let (applied, s) = (mended.applied, if mended.applied == 1 { "" } else { "es" });
            note(said!("{applied} fix{s} applied"; "已改{applied}处"));
        }
        // What could not be written is told as it stands in the file.
        let left: &[u8] = match &unmended {
            Some(_) => bytes,
            None => {
                checked.fixed = mended.applied;
                &mended.bytes
            }
        };
        checked.unmended = unmended;
        let decoded = text::decode(left, encoding).map_err(|e| input.skipped(e))?;
        let outcome = profile.check_as(kind, &name, &decoded, threads);
        checked.take(name.into_owned(), decoded, outcome);
        Ok(checked)
    }
}

/// A diff as patch(1) and git apply(1) read it.
fn unified(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(
            &format!("a/{}", visible(name)),
            &format!("b/{}", visible(name)),
        )
        .to_string()
}
