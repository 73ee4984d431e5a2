//! Which files a run looks at.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::report::Skipped;

/// Endings of files that hold prose; others are looked at only where they are named.
const PROSE: &[&str] = &[
    "txt", "text", "md", "markdown", "mdx", "rst", "adoc", "org", "srt", "vtt",
];

/// The files of a run, sorted, each once, and what could not be listed.
pub(super) fn collect(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<Skipped>) {
    let mut files = Vec::new();
    let mut skipped = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => walk(path, &mut files, &mut skipped),
            Ok(_) => files.push(path.clone()),
            Err(error) => skipped.push(Skipped {
                file: path.display().to_string(),
                reason: error.to_string(),
            }),
        }
    }
    files.sort();
    files.dedup();
    (files, skipped)
}

fn walk(root: &Path, files: &mut Vec<PathBuf>, skipped: &mut Vec<Skipped>) {
    for entry in WalkBuilder::new(root)
        .add_custom_ignore_filename(".kanwuignore")
        .build()
    {
        match entry {
            Ok(entry) => {
                let prose = entry
                    .path()
                    .extension()
                    .and_then(|e| e.to_str())
                    .is_some_and(|e| PROSE.contains(&e.to_ascii_lowercase().as_str()));
                if prose && entry.file_type().is_some_and(|t| t.is_file()) {
                    files.push(entry.into_path());
                }
            }
            Err(error) => {
                let reason = error
                    .io_error()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                let file = path_of(&error).unwrap_or(root).display().to_string();
                skipped.push(Skipped { file, reason });
            }
        }
    }
}

/// The path that a walking error is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}
