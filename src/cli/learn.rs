//! `kanwu learn`: a wrong word for the project's own pack.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miette::{Context, IntoDiagnostic, bail};

use super::output;
use crate::config::FILE_NAME;
use crate::pattern;

/// The pack of a project, beside its configuration.
const PACK: &str = "kanwu-words";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The form that is wrong
    wrong: String,
    /// What it should read
    right: String,
    /// The folder of the project: where kanwu.toml is, or will be
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let Arguments {
        wrong,
        right,
        project,
    } = arguments;
    let (list, rule) = (format!("{PACK}.tsv"), format!("{PACK}.toml"));
    let list_path = project.join(&list);
    let known = match fs::read_to_string(&list_path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(error)
                .into_diagnostic()
                .wrap_err_with(|| format!("cannot read {}", list_path.display()));
        }
    };
    let Some(text) = pattern::learn(&known, wrong, right).map_err(miette::Report::msg)? else {
        output::note(&format!("{list} has {wrong} already"));
        return Ok(ExitCode::SUCCESS);
    };
    // Whatever cannot be used is told before anything is written.
    let config = named(&project.join(FILE_NAME), &rule)?;
    let rule_path = project.join(&rule);
    if !rule_path.exists() {
        write(&rule_path, &pattern::pack_of(PACK, &list))?;
    }
    write(&list_path, &text)?;
    if let Some(config) = config {
        write(&project.join(FILE_NAME), &config)?;
        output::note(&format!("{FILE_NAME} names {rule}"));
    }
    output::note(&format!("{list}: {wrong} should read {right}"));
    Ok(ExitCode::SUCCESS)
}

/// The configuration with the pack among its packs; nothing if it is there already.
fn named(path: &Path, rule: &str) -> miette::Result<Option<String>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(error)
                .into_diagnostic()
                .wrap_err_with(|| format!("cannot read {}", path.display()));
        }
    };
    let table: toml::Table = toml::from_str(&text)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot use {}", path.display()))?;
    match table.get("packs") {
        // A key of the top level stands before the first table.
        None => Ok(Some(format!("packs = [\"{rule}\"]\n{text}"))),
        Some(toml::Value::Array(packs)) if packs.iter().any(|p| p.as_str() == Some(rule)) => {
            Ok(None)
        }
        Some(_) => bail!(
            help = format!("add \"{rule}\" to `packs`, then learn again"),
            "{} names other packs: it is not changed",
            path.display()
        ),
    }
}

fn write(path: &Path, text: &str) -> miette::Result<()> {
    fs::write(path, text)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", path.display()))
}
