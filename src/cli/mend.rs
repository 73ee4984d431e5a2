//! `--fix`, `--unsafe-fixes` and `--diff`: fixes applied or shown.

use std::path::Path;

use similar::TextDiff;

use super::input::{Checked, Input, Job};
use crate::finding::{Safety, Severity};
use crate::fix::{self, Allowed, End};
use crate::report::{FileReport, Skipped};
use crate::text::{self, visible, visible_name};

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

    /// Applies fixes to an input and checks what is left. Standard input goes mended to standard output.
    pub(super) fn mend(&self, job: &Job, bytes: &[u8]) -> Result<Checked, Skipped> {
        let Job { input, profile } = job;
        let name = input.name();
        let mut checked = Checked::default();
        let decoded = text::decode(bytes, profile.encoding).map_err(|e| input.skipped(e))?;
        if is_records(&name, &decoded.text) {
            checked.notes.push(format!(
                "kanwu: {}: a file of records, whose marks belong to its syntax: not mended",
                visible_name(&name)
            ));
            if let Input::Stdin(_) = input {
                checked.raw = bytes.to_vec();
            }
            let findings = profile.check(&name, &decoded, 1);
            checked.report = Some(FileReport::new(name.into_owned(), decoded, findings));
            return Ok(checked);
        }
        let mended = fix::mend(bytes, profile.encoding, self.allowed(), |decoded| {
            profile.check(&name, decoded, 1)
        })
        .map_err(|e| input.skipped(e))?;
        let mut note = |text: String| {
            checked
                .notes
                .push(format!("kanwu: {}: {text}", visible_name(&name)));
        };
        if mended.refused > 0 {
            note(format!(
                "{} of the fixes cannot be written in {} so that they are read again",
                mended.refused, mended.encoding
            ));
        }
        match mended.end {
            End::Settled => {}
            End::Quarrel => note(format!(
                "fixes undo each other; stopped after {}",
                mended.applied
            )),
            End::Unfinished => note(format!(
                "{} fixes applied, and there are more: run it again",
                mended.applied
            )),
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
        .header(
            &format!("a/{}", visible(name)),
            &format!("b/{}", visible(name)),
        )
        .to_string()
}

/// Endings of files whose marks are no punctuation.
const RECORDS: &[&str] = &[
    "csv", "tsv", "json", "jsonl", "ndjson", "xml", "html", "htm", "xhtml", "hocr",
];
/// Lines that are looked at, and how many there must be to tell anything by them.
const LINES: usize = 200;
const FEWEST: usize = 5;

/// Whether a file holds records, by its name or its lines: nearly all with the same number of commas or tabs, or each an object.
fn is_records(name: &str, text: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|e| e.to_str());
    if ending.is_some_and(|e| RECORDS.contains(&e.to_ascii_lowercase().as_str())) {
        return true;
    }
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES)
        .collect();
    let nearly_all = |n: usize| n * 5 >= lines.len() * 4;
    let objects = lines.iter().filter(|line| {
        let line = line.trim();
        line.starts_with("{\"") && line.ends_with('}')
    });
    if !lines.is_empty() && nearly_all(objects.count()) {
        return true;
    }
    let start = text.trim_start();
    let inner = start.strip_prefix(['[', '{']).map(str::trim_start);
    if inner.is_some_and(|i| i.starts_with(['{', '"'])) && text.trim_end().ends_with([']', '}']) {
        return true;
    }
    lines.len() >= FEWEST
        && [b',', b'\t'].into_iter().any(|mark| {
            let count = |line: &str| memchr::memchr_iter(mark, line.as_bytes()).count();
            let first = count(lines[0]);
            first >= 2 && nearly_all(lines.iter().filter(|line| count(line) == first).count())
        })
}
