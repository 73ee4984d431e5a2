//! `--fix`, `--unsafe-fixes` and `--diff`: fixes applied or shown.

use similar::TextDiff;

use super::input::{Checked, Input, Job};
use crate::finding::Safety;
use crate::fix;
use crate::report::{FileReport, Skipped};
use crate::text;

#[derive(Debug, Default, clap::Args)]
pub(super) struct FixOptions {
    /// Apply the fixes that cannot change the meaning
    #[arg(long)]
    fix: bool,
    /// Apply the other fixes too: look at what they did
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what the fixes would change instead of changing it
    #[arg(long)]
    diff: bool,
}

impl FixOptions {
    /// Whether any fix is to be applied or shown.
    pub(super) fn any(&self) -> bool {
        self.fix || self.unsafe_fixes || self.diff
    }

    /// Whether nothing is to be written.
    pub(super) fn only_diff(&self) -> bool {
        self.diff
    }

    /// Applies fixes to an input and checks what is left. Standard input goes mended to standard output.
    pub(super) fn mend(&self, job: &Job, bytes: &[u8]) -> Result<Checked, Skipped> {
        let Job { input, profile } = job;
        let name = input.name();
        let allowed = if self.unsafe_fixes {
            Safety::Unsafe
        } else {
            Safety::Safe
        };
        let mended = fix::mend(bytes, profile.encoding, allowed, |decoded| {
            profile.check(&name, decoded, 1)
        })
        .map_err(|e| input.skipped(e))?;
        let mut checked = Checked::default();
        if mended.refused > 0 {
            checked.notes.push(format!(
                "kanwu: {name}: {} of the fixes cannot be written in {}",
                mended.refused, mended.encoding
            ));
        }
        if !mended.settled {
            checked.notes.push(format!(
                "kanwu: {name}: fixes undo each other; stopped after {}",
                mended.applied
            ));
        }
        let encoding = Some(mended.encoding);
        if self.diff {
            if mended.applied > 0 {
                let old = text::decode(bytes, encoding).map_err(|e| input.skipped(e))?;
                let new = text::decode(&mended.bytes, encoding).map_err(|e| input.skipped(e))?;
                checked.raw = unified(&name, &old.text, &new.text).into_bytes();
            }
        } else {
            match input {
                Input::Stdin(_) => checked.raw = mended.bytes.to_vec(),
                Input::File(path) if mended.applied > 0 => {
                    fix::write(path, bytes, &mended.bytes).map_err(|e| input.skipped(e))?;
                }
                Input::File(_) => {}
            }
        }
        checked.fixed = mended.applied;
        let decoded = text::decode(&mended.bytes, encoding).map_err(|e| input.skipped(e))?;
        let findings = profile.check(&name, &decoded, 1);
        checked.report = Some(FileReport::new(name.into_owned(), decoded, findings));
        Ok(checked)
    }
}

/// A diff as patch(1) and git apply(1) read it.
fn unified(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}
