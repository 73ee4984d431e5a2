//! `kanwu init`: a commented configuration to start from.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use miette::{Context, IntoDiagnostic, miette};

use super::output;
use crate::config::{self, FILE_NAME};
use crate::language::spoken;
use crate::said;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder to write kanwu.toml in
    #[arg(default_value = ".")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let path = arguments.folder.join(FILE_NAME);
    let shown = path.strip_prefix("./").unwrap_or(&path).display();
    // Somebody's configuration is never written over.
    if path.symlink_metadata().is_ok() {
        return Err(miette!(
            help = said!("`kanwu config show FILE` says what it makes of a file"; "`kanwu config show 文件` 显示它对某文件的作用"),
            "{}",
            said!("{shown} is there already: left alone"; "{shown} 已存在：未动")
        ));
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .into_diagnostic()
        .wrap_err_with(|| said!("cannot write {shown}"; "无法写入 {shown}"))?;
    file.write_all(config::template(spoken()).as_bytes())
        .into_diagnostic()?;
    output::note(
        &said!("wrote {shown}: every key explained, none set"; "已写出 {shown}：每个键都有说明，都未设置"),
    );
    Ok(ExitCode::SUCCESS)
}
