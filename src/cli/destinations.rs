//! Where an audit writes to: looked at before anything is read, so that a mistake does not cost an
//! hour.

use std::path::Path;

use miette::miette;

use crate::said;

/// A complaint about a file that cannot be written, as far as that is seen without writing it.
pub(super) fn look_at(path: &Path) -> miette::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let reason = if path.is_dir() {
        said!("it is a folder"; "它是文件夹")
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        said!("there is no such folder"; "没有此文件夹")
    } else {
        return Ok(());
    };
    Err(miette!(
        "{}",
        said!("cannot write {}: {reason}", path.display(); "无法写入 {}：{reason}", path.display())
    ))
}

/// The same of a table of findings, beside which `files.csv` is written.
pub(super) fn look_at_table(path: &Path) -> miette::Result<()> {
    if path.file_name().is_some_and(|name| name == "files.csv") {
        return Err(miette!(
            "{}",
            said!(
                "files.csv is written beside the table of findings: give that another name";
                "findings 表旁另写 files.csv：请换一个文件名"
            )
        ));
    }
    look_at(path)
}
