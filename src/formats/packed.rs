//! Files inside files: compressed text, and the chapters of an EPUB.

use crate::said;
use std::io::{self, Read};

/// More text than this is not unpacked, in bytes: a few kilobytes can be made to hold any amount.
const MOST: u64 = 1 << 30;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// gzip.
    Gzip,
    /// xz.
    Xz,
    /// Zstandard.
    Zstd,
    /// An EPUB: a zip archive of pages.
    Epub,
}

/// A file inside a packed one.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path inside the archive; `None` where the packed file holds one file only.
    pub path: Option<String>,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why a packed file was not read.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// The packing itself is damaged, or not what it says.
    #[error("{}", said!("cannot be unpacked: {}", .0; "无法解包：{}", .0))]
    Damaged(String),
    /// There is more in it than is read.
    #[error("{}", said!("holds more than 1 GiB of text: unpack it"; "含超过 1 GiB 的文本：请先解包"))]
    TooLarge,
}

impl From<io::Error> for UnpackError {
    fn from(error: io::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<rawzip::Error> for UnpackError {
    fn from(error: rawzip::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Packing {
    /// How a file is packed, by its first bytes; `None` where it is not, or as nothing that holds
    /// text.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        // An EPUB begins with its kind as an uncompressed member, so that it stands at a fixed
        // place.
        let zip = bytes.starts_with(b"PK\x03\x04");
        let head = &bytes[..bytes.len().min(128)];
        if zip && memchr::memmem::find(head, b"application/epub+zip").is_some() {
            return Some(Self::Epub);
        }
        match bytes {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What a packed file holds, in the order in which it holds it.
    ///
    /// # Errors
    ///
    /// [`UnpackError`] where it is damaged or holds too much.
    pub fn unpack(self, bytes: &[u8]) -> Result<Vec<Member>, UnpackError> {
        let one = |bytes| vec![Member { path: None, bytes }];
        match self {
            Self::Gzip => Ok(one(all(flate2::read::MultiGzDecoder::new(bytes), MOST)?)),
            Self::Xz => Ok(one(all(lzma_rust2::XzReader::new(bytes, true), MOST)?)),
            Self::Zstd => Ok(one(zstd(bytes)?)),
            Self::Epub => epub(bytes),
        }
    }
}

/// Everything that a reader gives, up to a limit.
fn all(reader: impl Read, limit: u64) -> Result<Vec<u8>, UnpackError> {
    let mut bytes = Vec::new();
    let read = reader.take(limit + 1).read_to_end(&mut bytes)? as u64;
    if read > limit {
        return Err(UnpackError::TooLarge);
    }
    Ok(bytes)
}

/// Frame after frame: a file may be several that were put together.
fn zstd(mut bytes: &[u8]) -> Result<Vec<u8>, UnpackError> {
    let mut text = Vec::new();
    while !bytes.is_empty() {
        let frame = ruzstd::decoding::StreamingDecoder::new(&mut bytes)
            .map_err(|error| UnpackError::Damaged(error.to_string()))?;
        let left = MOST - text.len() as u64;
        text.append(&mut all(frame, left)?);
    }
    Ok(text)
}

/// The pages of an EPUB.
fn epub(bytes: &[u8]) -> Result<Vec<Member>, UnpackError> {
    let archive = rawzip::ZipArchive::from_slice(bytes)?;
    let mut entries = archive.entries();
    let mut members = Vec::new();
    let mut left = MOST;
    while let Some(entry) = entries.next_entry()? {
        let path = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        let ending = path
            .rsplit('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !matches!(ending.as_str(), "xhtml" | "html" | "htm") {
            continue;
        }
        let data = archive.get_entry(entry.wayfinder())?;
        let page = match entry.compression_method() {
            rawzip::CompressionMethod::STORE => all(data.verifying_reader(data.data()), left)?,
            rawzip::CompressionMethod::DEFLATE => {
                let inflated = flate2::read::DeflateDecoder::new(data.data());
                all(data.verifying_reader(inflated), left)?
            }
            other => {
                let reason = said!("`{path}` is packed in an unknown way ({other:?})"; "`{path}` 的压缩方式未知（{other:?}）");
                return Err(UnpackError::Damaged(reason));
            }
        };
        left -= page.len() as u64;
        members.push(Member {
            path: Some(path),
            bytes: page,
        });
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{Packing, UnpackError};

    const TEXT: &str = "各地抓紧春耕，农户备好种子。\n";

    fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, UnpackError> {
        let packing = Packing::of(bytes).expect("packed");
        Ok(packing.unpack(bytes)?.swap_remove(0).bytes)
    }

    fn gzip() -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(TEXT.as_bytes()).expect("memory");
        encoder.finish().expect("memory")
    }

    fn zstd() -> Vec<u8> {
        let level = ruzstd::encoding::CompressionLevel::Uncompressed;
        ruzstd::encoding::compress_to_vec(TEXT.as_bytes(), level)
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let mut twice = gzip();
        twice.extend(gzip());
        assert_eq!(unpacked(&twice).expect("whole"), TEXT.repeat(2).as_bytes());
        let mut twice = zstd();
        twice.extend(zstd());
        assert_eq!(unpacked(&twice).expect("whole"), TEXT.repeat(2).as_bytes());
        assert_eq!(Packing::of(TEXT.as_bytes()), None);
        assert_eq!(
            Packing::of(b"PK\x03\x04 a document of another program"),
            None
        );
    }

    #[test]
    fn what_is_damaged_is_an_error() {
        for whole in [gzip(), zstd()] {
            for length in 8..whole.len() {
                assert!(unpacked(&whole[..length]).is_err(), "{length}");
            }
        }
    }

    #[test]
    fn the_pages_of_an_epub_are_its_members() {
        let mut book = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut book);
        for (path, text) in [
            ("mimetype", "application/epub+zip"),
            ("OEBPS/style.css", "p {}"),
            ("OEBPS/one.xhtml", TEXT),
        ] {
            let (mut entry, config) = archive.new_file(path).start().expect("memory");
            let mut writer = config.wrap(&mut entry);
            writer.write_all(text.as_bytes()).expect("memory");
            let (_, descriptor) = writer.finish().expect("memory");
            entry.finish(descriptor).expect("memory");
        }
        archive.finish().expect("memory");
        assert_eq!(Packing::of(&book), Some(Packing::Epub));
        let members = Packing::Epub.unpack(&book).expect("whole");
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].path.as_deref(), Some("OEBPS/one.xhtml"));
        assert_eq!(members[0].bytes, TEXT.as_bytes());
    }
}
