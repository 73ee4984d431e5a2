//! Which files a run looks at.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::config::{ConfigError, Configs};
use crate::report::Skipped;
use crate::said;

/// Endings of files that hold prose; others are looked at only where they are named.
const PROSE: &[&str] = &[
    "txt", "text", "md", "markdown", "mdx", "rst", "adoc", "org", "srt", "vtt", "ass", "ssa",
    "html", "htm", "xhtml", "hocr", "xml", "tei", "json", "jsonl", "ndjson", "csv", "tsv", "tex",
    "latex", "epub",
];

/// What the paths of a command line stand for.
#[derive(Default)]
pub(super) struct Found {
    /// The files, sorted, each once.
    pub(super) files: Vec<PathBuf>,
    /// What could not be listed.
    pub(super) skipped: Vec<Skipped>,
    /// Folders in which there was nothing to check.
    pub(super) empty: Vec<PathBuf>,
}

/// The files of a run, and what could not be listed. Files that are named are checked even where
/// the configuration leaves them out, unless `force_exclude`: a hook names every file it is given.
pub(super) fn collect(
    paths: &[PathBuf],
    configs: &mut Configs,
    force_exclude: bool,
) -> Result<Found, ConfigError> {
    let mut found = Found::default();
    let Found {
        files,
        skipped,
        empty,
    } = &mut found;
    for path in paths {
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => {
                let before = files.len() + skipped.len();
                walk(path, configs, files, skipped)?;
                if files.len() + skipped.len() == before {
                    empty.push(path.clone());
                }
            }
            // Reading a pipe or a device could wait for ever.
            Ok(meta) if !meta.is_file() => skipped.push(Skipped {
                file: path.display().to_string(),
                reason: said!("neither a file nor a folder"; "既不是文件也不是文件夹"),
            }),
            Ok(_) if force_exclude && excluded(configs, path, false)? => {}
            Ok(_) => files.push(path.clone()),
            Err(error) => skipped.push(Skipped {
                file: path.display().to_string(),
                reason: error.to_string(),
            }),
        }
    }
    files.sort();
    files.dedup();
    Ok(found)
}

fn excluded(configs: &mut Configs, path: &Path, is_folder: bool) -> Result<bool, ConfigError> {
    let config = configs.of_file(path)?;
    Ok(config.is_some_and(|c| c.excludes(path, is_folder)))
}

fn walk(
    root: &Path,
    configs: &mut Configs,
    files: &mut Vec<PathBuf>,
    skipped: &mut Vec<Skipped>,
) -> Result<(), ConfigError> {
    for entry in WalkBuilder::new(root)
        .add_custom_ignore_filename(".kanwuignore")
        .build()
    {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                let path = entry.path();
                let config = configs.of_file(path)?;
                let wanted = config.as_ref().and_then(|c| c.includes(path));
                if wanted.unwrap_or_else(|| is_prose(path))
                    && !config.is_some_and(|c| c.excludes(path, false))
                {
                    files.push(entry.into_path());
                }
            }
            Ok(_) => {}
            Err(error) => {
                let reason = error
                    .io_error()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                let path = path_of(&error).unwrap_or(root);
                if !excluded(configs, path, true)? {
                    let file = path.display().to_string();
                    skipped.push(Skipped { file, reason });
                }
            }
        }
    }
    Ok(())
}

fn is_prose(path: &Path) -> bool {
    let ending = |path: &Path| {
        let ending = path.extension().and_then(|e| e.to_str());
        ending.map(str::to_ascii_lowercase)
    };
    let own = ending(path);
    // What is packed is told by the ending before that of the packing.
    let inside = match own.as_deref() {
        Some("gz" | "xz" | "zst") => path.file_stem().and_then(|stem| ending(Path::new(stem))),
        _ => own,
    };
    inside.is_some_and(|e| PROSE.contains(&e.as_str()))
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
