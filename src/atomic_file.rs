//! Files that are replaced whole or not at all.
//!
//! The new content goes to a temporary file in the same folder, named after kanwu and the process,
//! which takes the place of the old one at the end. What a killed process left is removed by the
//! next one that writes in the folder, what this one has open at a signal.

use crate::said;
use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

use tempfile::NamedTempFile;

/// What the names of temporary files begin with; the number of the process and a random part
/// follow.
const PREFIX: &str = ".kanwu-";
const SUFFIX: &str = ".tmp";

/// The temporary files that are open.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Why a file was not replaced. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// Its mode forbids it.
    #[error("{}", said!("the file is read-only: left alone"; "文件只读：未动"))]
    ReadOnly,
    /// A new file has one name: the other names would keep the old content.
    #[error("{}", said!("the file has {} hard links, which would be torn apart: left alone", .0; "文件有{}个硬链接，写入会使其分离：未动", .0))]
    Linked(u64),
    /// A new file would belong to somebody else.
    #[error("{}", said!("the file belongs to another user, and cannot be given back to them: left alone"; "文件属于其他用户，且无法归还：未动"))]
    Owner,
    /// It is a device, a pipe or a folder.
    #[error("{}", said!("this is no regular file: left alone"; "这不是普通文件：未动"))]
    Special,
    /// The disk, or the folder, does not allow it.
    #[error("{}", said!("cannot be written: {}", .0; "无法写入：{}", .0))]
    Io(#[from] io::Error),
}

/// A file in the making. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    file: NamedTempFile,
    target: PathBuf,
}

impl AtomicFile {
    /// A file that will take the place of `path`, or of what a link there points to, with mode and
    /// owner of the old one.
    ///
    /// # Errors
    ///
    /// [`ReplaceError`] where there is a file that may not be replaced.
    pub(crate) fn create(path: &Path) -> Result<Self, ReplaceError> {
        // A link stays a link; one that points nowhere is an error.
        let target = match fs::symlink_metadata(path) {
            Ok(_) => fs::canonicalize(path)?,
            Err(_) => path.to_owned(),
        };
        let old = fs::metadata(&target).ok();
        if let Some(old) = &old {
            replaceable(old)?;
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        sweep_once(folder);
        remove_at_signals();
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(SUFFIX);
        // A temporary file is private otherwise.
        if old.is_none()
            && let Some(permissions) = usual_permissions()
        {
            builder.permissions(permissions);
        }
        let file = builder.tempfile_in(folder)?;
        open().push(file.path().to_owned());
        let new = Self { file, target };
        if let Some(old) = &old {
            new.resemble(old)?;
        }
        Ok(new)
    }

    /// What is replaced.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Puts the file in its place.
    pub(crate) fn persist(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.as_file().sync_all()?;
        // Not removed by `drop`, which finds it gone.
        fs::rename(self.file.path(), &self.target)
    }

    /// Owner and mode of the file that is replaced. The owner first: a change of it takes special
    /// bits away.
    fn resemble(&self, old: &Metadata) -> Result<(), ReplaceError> {
        give_to_owner(self.file.as_file(), old)?;
        self.file.as_file().set_permissions(old.permissions())?;
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        open().retain(|path| path != self.file.path());
    }
}

fn open() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn replaceable(old: &Metadata) -> Result<(), ReplaceError> {
    if !old.is_file() {
        return Err(ReplaceError::Special);
    }
    if old.permissions().readonly() {
        return Err(ReplaceError::ReadOnly);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if old.nlink() > 1 {
            return Err(ReplaceError::Linked(old.nlink()));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn give_to_owner(file: &File, old: &Metadata) -> Result<(), ReplaceError> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = file.metadata()?;
    if (new.uid(), new.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    fchown(file, Some(old.uid()), Some(old.gid())).map_err(|_| ReplaceError::Owner)
}

#[cfg(not(unix))]
fn give_to_owner(_: &File, _: &Metadata) -> Result<(), ReplaceError> {
    Ok(())
}

/// What any new file gets, less the umask.
#[cfg(unix)]
fn usual_permissions() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_permissions() -> Option<fs::Permissions> {
    None
}

/// Removes what processes that run no more left in a folder, the first time that this one writes
/// there.
fn sweep_once(folder: &Path) {
    static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let mut swept = SWEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if swept.insert(folder.to_owned()) {
        sweep(folder);
    }
}

fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let process = name
            .to_str()
            .and_then(|n| n.strip_prefix(PREFIX)?.strip_suffix(SUFFIX))
            .and_then(|rest| rest.split_once('-')?.0.parse::<u32>().ok());
        if process.is_some_and(|process| is_gone(process, &entry)) {
            // Somebody else may have done it.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a process runs no more; where that cannot be asked, whether its file is old.
fn is_gone(process: u32, entry: &fs::DirEntry) -> bool {
    if process == std::process::id() {
        return false;
    }
    let processes = Path::new("/proc/self");
    if processes.exists() {
        return !Path::new("/proc").join(process.to_string()).exists();
    }
    let age = entry.metadata().and_then(|m| m.modified()).ok();
    age.and_then(|time| time.elapsed().ok())
        .is_some_and(|age| age.as_secs() > 3600)
}

/// At an interrupt, a hang-up or a request to end: no temporary file stays.
fn remove_at_signals() {
    /// What a shell makes of a death by SIGINT.
    const INTERRUPTED: i32 = 130;
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without a handler the files stay until the next run.
        let _ = ctrlc::set_handler(|| {
            // Not given back: nothing new is opened after this.
            for path in open().drain(..) {
                let _ = fs::remove_file(path);
            }
            std::process::exit(INTERRUPTED);
        });
    });
}

/// Why a file was not replaced. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Somebody else wrote to it.
    #[error("{}", said!("the file changed while it was checked: left alone"; "检查时文件有变动：未动"))]
    Changed,
    /// It cannot be replaced by one that is like it in everything else.
    #[error(transparent)]
    Replace(#[from] ReplaceError),
    /// The disk, or the folder, does not allow it.
    #[error("{}", said!("cannot be read or written: {}", .0; "无法读写：{}", .0))]
    Io(#[from] io::Error),
}

/// Puts `new` in the place of a file that held `old` when it was read. A reader sees the old file
/// or the new one, never a mixture; mode, owner and symbolic links stay, and a file of several
/// names is left alone.
///
/// # Errors
///
/// [`WriteError`]; then the file is untouched.
pub fn replace_unchanged(path: &Path, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(new)?;
    if fs::read(file.target())? != old {
        return Err(WriteError::Changed);
    }
    Ok(file.persist()?)
}

#[cfg(test)]
mod tests {
    use super::{AtomicFile, ReplaceError, WriteError, replace_unchanged};
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    fn replace(path: &Path, new: &[u8]) -> Result<(), ReplaceError> {
        let mut file = AtomicFile::create(path)?;
        file.write_all(new)?;
        Ok(file.persist()?)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        let mut names: Vec<_> = entries
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        // No process has a number so high.
        fs::write(folder.path().join(".kanwu-4294967295-x.tmp"), "旧").expect("a file");
        fs::write(folder.path().join(".kanwu-mine.tmp"), "别人的").expect("a file");
        replace(&path, "新".as_bytes()).expect("written");
        assert_eq!(names(folder.path()), [".kanwu-mine.tmp", "a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_modes_are_kept_or_the_file_is_left_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "旧").expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o751)).expect("a mode");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        replace(&link, "新".as_bytes()).expect("written");
        assert_eq!(fs::read_to_string(&path).expect("text"), "新");
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o7777, 0o751);

        fs::hard_link(&path, folder.path().join("b.txt")).expect("a link");
        let refused = replace(&path, "又".as_bytes());
        assert!(matches!(refused, Err(ReplaceError::Linked(2))));
        let nowhere = folder.path().join("nowhere");
        std::os::unix::fs::symlink("nothing", &nowhere).expect("a link");
        assert!(matches!(replace(&nowhere, b""), Err(ReplaceError::Io(_))));
        assert_eq!(fs::read_to_string(&path).expect("text"), "新");
        assert_eq!(names(folder.path()), ["a.txt", "b.txt", "link", "nowhere"]);
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "新").expect("write");
        let error = replace_unchanged(&path, "旧".as_bytes(), "改".as_bytes());
        assert!(matches!(error, Err(WriteError::Changed)));
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "新");
        replace_unchanged(&path, "新".as_bytes(), "改".as_bytes()).expect("written");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "改");
        let left = std::fs::read_dir(folder.path()).expect("folder").count();
        assert_eq!(left, 1, "no temporary file is left behind");
    }
}
