//! `kanwu learn`: a wrong word for the project's own pack.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miette::{Context, IntoDiagnostic, bail};

use super::output;
use crate::config::FILE_NAME;
use crate::pattern;
use crate::regular_file;
use crate::said;

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
    let known = match regular_file::read_text(&list_path, regular_file::LISTED) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(error).into_diagnostic().wrap_err_with(
                || said!("cannot read {}", list_path.display(); "无法读取 {}", list_path.display()),
            );
        }
    };
    let Some(text) = pattern::learn(&known, wrong, right).map_err(miette::Report::msg)? else {
        output::note(&said!("{list} has {wrong} already"; "{list} 已有{wrong}"));
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
        output::note(&said!("{FILE_NAME} names {rule}"; "{FILE_NAME} 已列出 {rule}"));
    }
    output::note(&said!("{list}: {wrong} should read {right}"; "{list}：{wrong}应作{right}"));
    Ok(ExitCode::SUCCESS)
}

/// The configuration with the pack among its packs; nothing if it is there already.
fn named(path: &Path, rule: &str) -> miette::Result<Option<String>> {
    let text = match regular_file::read_text(path, regular_file::WRITTEN) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(error).into_diagnostic().wrap_err_with(
                || said!("cannot read {}", path.display(); "无法读取 {}", path.display()),
            );
        }
    };
    let table: toml::Table = toml::from_str(&text)
        .into_diagnostic()
        .wrap_err_with(|| said!("cannot use {}", path.display(); "无法使用 {}", path.display()))?;
    match table.get("packs") {
        // A key of the top level stands before the first table.
        None => Ok(Some(format!("packs = [\"{rule}\"]\n{text}"))),
        Some(toml::Value::Array(packs)) if packs.iter().any(|p| p.as_str() == Some(rule)) => {
            Ok(None)
        }
        Some(_) => bail!(
            help = said!("add \"{rule}\" to `packs`, then learn again"; "请把 \"{rule}\" 加入 `packs`，再运行一次"),
            "{}",
            said!("{} names other packs: it is not changed", path.display(); "{} 已列出其他规则包：未改", path.display())
        ),
    }
}

fn write(path: &Path, text: &str) -> miette::Result<()> {
    fs::write(path, text)
        .into_diagnostic()
        .wrap_err_with(|| said!("cannot write {}", path.display(); "无法写入 {}", path.display()))
}
