//! Runs the kanwu command on a directory and reads what it prints.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::score::Finding;

#[derive(Deserialize)]
struct Output {
    findings: Vec<Finding>,
}

/// The findings of `kanwu check --format json` on a directory or file.
pub fn check(kanwu: &Path, path: &Path, more: &[String]) -> Result<Vec<Finding>, Box<dyn Error>> {
    let output = Command::new(kanwu)
        .args(["check", "--format", "json"])
        .args(more)
        .arg(path)
        .stderr(Stdio::piped())
        .output()?;
    if output.status.code().is_none_or(|code| code > 1) {
        return Err(format!(
            "{} ended with {}: {}",
            kanwu.display(),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    Ok(serde_json::from_slice::<Output>(&output.stdout)?.findings)
}

/// File name → text of every `.txt` file directly in `directory`.
pub fn documents(directory: &Path) -> std::io::Result<BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ext| ext != "txt") {
            continue;
        }
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        out.insert(
            name,
            String::from_utf8_lossy(&std::fs::read(&path)?).into_owned(),
        );
    }
    Ok(out)
}

/// All text files below a path.
pub fn texts_below(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut out = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            out.extend(texts_below(&entry)?);
        } else if entry
            .extension()
            .is_some_and(|ext| ext == "txt" || ext == "md")
        {
            out.push(entry);
        }
    }
    Ok(out)
}
