//! Files that settings are read from: regular ones of a sane size, so that nothing is waited for
//! and nothing is read without end.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::said;

/// A configuration, a rule pack: more than anybody writes.
pub(crate) const WRITTEN: u64 = 16 << 20;
/// A word list, a baseline.
pub(crate) const LISTED: u64 = 256 << 20;
/// A language model.
pub(crate) const MODEL: u64 = 1 << 30;

/// All bytes of a file.
///
/// # Errors
///
/// Those of reading, and where it is a device, a pipe or larger than `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    // Asked before it is opened: opening a pipe waits for whoever writes to it.
    let meta = fs::metadata(path)?;
    if meta.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    if !meta.is_file() {
        return Err(io::Error::other(
            said!("this is no regular file"; "这不是普通文件"),
        ));
    }
    let too_large = || {
        io::Error::other(said!("this is larger than {} MB", limit >> 20; "超过 {} MB", limit >> 20))
    };
    if meta.len() > limit {
        return Err(too_large());
    }
    // Files of the kernel say that they are empty and go on for ever.
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    Ok(bytes)
}

/// The text of a file in UTF-8.
///
/// # Errors
///
/// Those of [`read`], and where it is no UTF-8.
pub(crate) fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    let bytes = read(path, limit)?;
    String::from_utf8(bytes).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            said!("this is no text in UTF-8"; "这不是 UTF-8 文本"),
        )
    })
}

/// Where `path` leads, links followed, as long as that lies in `folder`.
///
/// # Errors
///
/// Those of following it, and where it leads out of the folder.
pub(crate) fn inside(folder: &Path, path: &Path) -> io::Result<PathBuf> {
    let (root, target) = (fs::canonicalize(folder)?, fs::canonicalize(path)?);
    if target.starts_with(root) {
        return Ok(target);
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        said!("this lies outside of the configuration's folder"; "此处在配置所在文件夹之外"),
    ))
}

#[cfg(test)]
mod tests {
    use super::{inside, read, read_text};
    use std::fs;
    use std::path::Path;

    #[test]
    fn only_regular_files_of_a_sane_size_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, [0xff; 9]).expect("a file");
        assert_eq!(read(&path, 9).expect("bytes").len(), 9);
        assert!(read(&path, 8).is_err());
        assert!(read_text(&path, 9).is_err());
        assert!(read(folder.path(), 9).is_err());
        assert!(inside(folder.path(), &path).is_ok());
        assert!(inside(&folder.path().join("b"), &path).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_what_is_outside_are_not_read() {
        assert!(read(Path::new("/dev/zero"), 9).is_err());
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/null", &link).expect("a link");
        assert!(inside(folder.path(), &link).is_err());
    }
}
