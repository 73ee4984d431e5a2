//! What was found in files before, by their content and all that a check depends on, so that a
//! second audit of an unchanged collection does not check it again.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use super::FileRecord;

/// The file in the cache's folder.
const NAME: &str = "audit.jsonl";
/// Hexadecimal digits of a key.
const KEY: usize = 32;

/// A cache in a folder: a line for each stretch of a file, its key and the records of its
/// documents. Only places are held in memory.
pub struct Cache {
    folder: PathBuf,
    settings: u64,
    old: Option<Mutex<File>>,
    places: HashMap<u128, (u64, usize)>,
    new: Mutex<BufWriter<NamedTempFile>>,
}

impl Cache {
    /// Opens the cache of a folder for a check with some settings; a cache that cannot be read is
    /// an empty one.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be made or written to.
    pub fn open(folder: &Path, settings: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let new = NamedTempFile::new_in(folder)?;
        let mut places = HashMap::new();
        let old = File::open(folder.join(NAME)).ok();
        if let Some(file) = &old {
            let mut reader = BufReader::new(file);
            let (mut at, mut line) = (0, Vec::new());
            while let Ok(length) = reader.read_until(b'\n', &mut line) {
                if length == 0 {
                    break;
                }
                let key = line.get(..KEY).and_then(|k| std::str::from_utf8(k).ok());
                if let Some(key) = key.and_then(|k| u128::from_str_radix(k, 16).ok()) {
                    places.insert(key, (at + KEY as u64, length - KEY));
                }
                at += length as u64;
                line.clear();
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            settings,
            old: old.map(Mutex::new),
            places,
            new: Mutex::new(BufWriter::new(new)),
        })
    }

    /// The key of what was read of a file of which the collection tells something.
    #[must_use]
    pub fn key(&self, bytes: impl Hash, told: impl Hash) -> u128 {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, self.settings).hash(&mut hasher);
            bytes.hash(&mut hasher);
            told.hash(&mut hasher);
            u128::from(hasher.finish())
        };
        half(1) << 64 | half(2)
    }

    /// What was found before.
    #[must_use]
    pub fn get(&self, key: u128) -> Option<Vec<FileRecord>> {
        let (at, length) = *self.places.get(&key)?;
        let mut bytes = vec![0; length];
        let mut file = self
            .old
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        drop(file);
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps what was found, for the next time.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn put(&self, key: u128, documents: &[FileRecord]) -> io::Result<()> {
        let line = serde_json::to_string(documents)?;
        let mut out = self.new.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(out, "{key:0width$x}{line}", width = KEY)
    }

    /// Puts the new cache in the place of the old one.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn finish(self) -> io::Result<()> {
        let new = self
            .new
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let file = new.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.persist(self.folder.join(NAME))?;
        Ok(())
    }
}
