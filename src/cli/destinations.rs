//! Where reports go: looked at before anything is read, so that a mistake does not cost an hour,
//! and never where what is checked stands.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use miette::miette;

use crate::said;
use crate::text::visible;

/// A complaint about a file that cannot be written, as far as that is seen without writing it.
pub(super) fn look_at(path: &Path) -> miette::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let reason = if path.is_dir() {
        said!("it is a folder"; "它是文件夹")
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        said!("there is no such folder"; "没有此文件夹")
    } else if fs::metadata(path).is_ok_and(|meta| meta.permissions().readonly()) {
        said!("it is read-only"; "它是只读的")
    } else {
        return Ok(());
    };
    Err(miette!(
        "{}",
        said!("cannot write {}: {reason}", path.display(); "无法写入 {}：{reason}", path.display())
    ))
}

/// A complaint about a file that is one of those to check.
pub(super) fn look_beside<'i>(
    path: &Path,
    inputs: impl Iterator<Item = &'i Path>,
) -> miette::Result<()> {
    let Ok(place) = path.canonicalize() else {
        return Ok(());
    };
    for input in inputs {
        if input.canonicalize().is_ok_and(|input| input == place) {
            let place = place.display().to_string();
            let place = visible(&place);
            return Err(miette!(
                help = said!("name another file for the report"; "请为报告另写一个文件名"),
                "{}",
                said!("{place} is one of the files to check: the report would take its place"; "{place} 是要检查的文件之一：报告会取代它")
            ));
        }
    }
    Ok(())
}

/// As [`look_at`], of a table of findings, beside which `files.csv` is written.
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

/// A new file at a path, in place of one that is there.
pub(super) fn create(path: &Path) -> miette::Result<BufWriter<File>> {
    let file = File::create(path).map_err(|e| {
        miette!(
            "{}",
            said!("cannot write {}: {e}", path.display(); "无法写入 {}：{e}", path.display())
        )
    })?;
    Ok(BufWriter::new(file))
}
