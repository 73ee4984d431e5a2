//! Reading the training text: files and folders, compressed or not, plain or JSON lines, into
//! documents; and dealing the documents out.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::TrainError;
use crate::model::provenance::Source;

/// Of so many documents one is kept to measure on, and [`FITTED`] are kept to fit on.
const DEALT: usize = 25;
/// Which of them is measured on.
const MEASURED: usize = 12;
/// Which of them are fitted on: text that the n-grams have not seen, as is every text that the
/// rules will see.
const FITTED: [usize; 2] = [4, 20];
/// Fewer characters to fit on say too little: then what is counted is fitted on as well.
const ENOUGH: usize = 200_000;

/// The documents of one register.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    pub(super) name: String,
    /// To count: n-grams, words, topics, phrases.
    pub(super) counted: Vec<String>,
    /// To fit on.
    pub(super) fitted: Vec<String>,
    /// To measure on.
    pub(super) measured: Vec<String>,
    /// Characters of what is counted that topics are found in at most; without a number, all.
    pub(super) topics: Option<usize>,
    /// The files that they came from.
    pub(super) sources: Vec<Source>,
}

impl Texts {
    /// Reads files and folders and deals the documents out. At most `most` characters are counted.
    pub(super) fn read(
        name: &str,
        paths: &[PathBuf],
        most: usize,
        joined: usize,
    ) -> Result<Self, TrainError> {
        let mut texts = Texts {
            name: name.to_owned(),
            ..Texts::default()
        };
        let mut documents = Vec::new();
        for path in files(paths)? {
            let from = documents.len();
            let mut source = read_file(&path, &mut documents).map_err(|source| TrainError::Io {
                path: path.clone(),
                source,
            })?;
            source.characters = documents[from..].iter().map(|d| count(d)).sum::<usize>() as u64;
            texts.sources.push(source);
        }
        for (number, document) in join(documents, joined).into_iter().enumerate() {
            match number % DEALT {
                MEASURED => texts.measured.push(document),
                n if FITTED.contains(&n) => texts.fitted.push(document),
                _ => texts.counted.push(document),
            }
        }
        texts.keep_evenly(most);
        Ok(texts)
    }

    /// Leaves so many characters to count, documents taken evenly from the whole.
    fn keep_evenly(&mut self, most: usize) {
        let all: usize = self.counted.iter().map(|d| count(d)).sum();
        let mut due = 0;
        self.counted.retain(|_| {
            due += most.min(all);
            let kept = due >= all;
            due -= if kept { all } else { 0 };
            kept
        });
    }

    /// Where there is too little set apart to fit on, what is counted serves.
    pub(super) fn share(&mut self) {
        if self.fitted.iter().map(|d| count(d)).sum::<usize>() < ENOUGH {
            self.fitted.extend(self.counted.iter().cloned());
        }
    }
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// Joins short documents that stand side by side up to so many characters each.
fn join(documents: Vec<String>, up_to: usize) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut last = usize::MAX;
    for document in documents {
        let length = count(&document);
        match joined.last_mut().filter(|_| last < up_to) {
            Some(open) => {
                open.push('\n');
                open.push_str(&document);
                last += length;
            }
            None => {
                joined.push(document);
                last = length;
            }
        }
    }
    joined
}

/// The files to read, in the order given, folders by name.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, TrainError> {
    let mut found = Vec::new();
    for path in paths {
        let failed = |source| TrainError::Io {
            path: path.clone(),
            source,
        };
        if path.is_dir() {
            let mut inside = Vec::new();
            for entry in std::fs::read_dir(path).map_err(failed)? {
                inside.push(entry.map_err(failed)?.path());
            }
            inside.sort();
            found.extend(files(&inside)?);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

/// A file with what it holds, unpacked; `take` is given its lines.
pub(super) fn each_line(
    path: &Path,
    mut take: impl FnMut(&str) -> std::io::Result<()>,
) -> std::io::Result<Source> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    let mut raw = Counted {
        inner: File::open(path)?,
        bytes: 0,
        crc: flate2::Crc::new(),
    };
    {
        let buffered = BufReader::with_capacity(1 << 16, &mut raw);
        let packing = path.extension().and_then(|e| e.to_str());
        let unpacked: Box<dyn Read> = match packing {
            Some("xz") => Box::new(lzma_rust2::XzReader::new(buffered, true)),
            Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(buffered)),
            Some("zst") => Box::new(
                ruzstd::decoding::StreamingDecoder::new(buffered).map_err(std::io::Error::other)?,
            ),
            _ => Box::new(buffered),
        };
        let mut reader = BufReader::with_capacity(1 << 18, unpacked);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes)? > 0 {
            take(&String::from_utf8_lossy(&bytes))?;
            bytes.clear();
        }
    }
    std::io::copy(&mut raw, &mut std::io::sink())?;
    Ok(Source {
        name,
        bytes: raw.bytes,
        crc32: format!("{:08x}", raw.crc.sum()),
        characters: 0,
    })
}

/// Whether a file holds JSON lines, packed or not.
fn is_json_lines(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let plain = ["xz", "gz", "zst"]
        .iter()
        .find_map(|packing| name.strip_suffix(&format!(".{packing}")));
    plain.unwrap_or(&name).ends_with(".jsonl")
}

fn read_file(path: &Path, documents: &mut Vec<String>) -> std::io::Result<Source> {
    let mut document = String::new();
    let json = is_json_lines(path);
    let source = each_line(path, |line| {
        if json {
            let row: serde_json::Value = serde_json::from_str(line)?;
            let text = row.get("text").and_then(serde_json::Value::as_str);
            documents.extend(text.map(|t| t.trim().to_owned()));
        } else if line.trim().is_empty() {
            documents.push(std::mem::take(&mut document));
        } else {
            document.push_str(line.trim_start_matches('\u{feff}').trim());
            document.push('\n');
        }
        Ok(())
    })?;
    documents.push(document);
    documents.retain(|d| !d.is_empty());
    Ok(source)
}

/// Counts and sums up what passes through.
struct Counted<R> {
    inner: R,
    bytes: u64,
    crc: flate2::Crc,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.crc.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_dealt_out_evenly() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let file = folder.path().join("a.txt");
        let text: Vec<String> = (0..100).map(|n| format!("第{n}篇文章\n第二段")).collect();
        std::fs::write(&file, text.join("\n\n")).expect("writable");
        let read = |most| Texts::read("a", std::slice::from_ref(&file), most, 0).expect("readable");
        let all = read(usize::MAX);
        let sizes = |t: &Texts| [t.counted.len(), t.fitted.len(), t.measured.len()];
        assert_eq!(sizes(&all), [88, 8, 4]);
        assert_eq!(all.measured[0], "第12篇文章\n第二段\n");
        let characters: usize = all.counted.iter().map(|d| count(d)).sum();
        let half = read(characters / 2);
        assert!(
            half.counted.len().abs_diff(44) < 2,
            "{}",
            half.counted.len()
        );
        assert!(half.counted.iter().all(|d| all.counted.contains(d)));
        assert_eq!(all.sources[0].bytes, text.join("\n\n").len() as u64);
    }

    #[test]
    fn short_documents_are_joined() {
        let short = ["甲", "乙", "丙丁戊己", "庚"].map(str::to_owned).to_vec();
        assert_eq!(join(short.clone(), 2), ["甲\n乙", "丙丁戊己", "庚"]);
        assert_eq!(join(short.clone(), 0), short);
    }

    #[test]
    fn packed_json_lines_are_read() {
        use std::io::Write;
        let folder = tempfile::tempdir().expect("a temporary directory");
        let file = folder.path().join("a.jsonl.gz");
        let out = File::create(&file).expect("writable");
        let mut packed = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
        writeln!(packed, "{{\"text\": \"一\\n二\"}}\n{{\"text\": \"三\"}}").expect("writable");
        packed.finish().expect("writable");
        let mut documents = Vec::new();
        read_file(&file, &mut documents).expect("readable");
        assert_eq!(documents, ["一\n二", "三"]);
    }
}
