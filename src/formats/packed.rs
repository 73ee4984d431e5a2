//! Files inside files: compressed text, and the chapters of an EPUB.

use std::io::{self, Read};

use super::Kind;
use crate::said;
use crate::text;

/// More text than this is not unpacked, in bytes: a few kilobytes can be made to hold any amount.
const MOST: u64 = 1 << 30;
/// How often a file is packed again at most.
const DEEPEST: usize = 4;

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
    /// It is packed again and again.
    #[error("{}", said!("is packed more than {DEEPEST} times over"; "重复打包超过{DEEPEST}层"))]
    TooDeep,
    /// It is a book without pages.
    #[error("{}", said!("this EPUB has no pages"; "这个 EPUB 中没有页面"))]
    NoPages,
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
        if bytes.starts_with(b"PK\x03\x04") && is_book(bytes) {
            return Some(Self::Epub);
        }
        match bytes {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// What a packed file holds, in the order in which it holds it; what is packed again is
    /// unpacked again.
    ///
    /// # Errors
    ///
    /// [`UnpackError`] where it is damaged or holds too much.
    pub fn unpack(self, bytes: &[u8]) -> Result<Vec<Member>, UnpackError> {
        let mut packing = self;
        let mut unpacked = Vec::new();
        for depth in 0..DEEPEST {
            let bytes = if depth == 0 { bytes } else { &unpacked };
            unpacked = match packing {
                Self::Gzip => all(flate2::read::MultiGzDecoder::new(bytes), MOST)?,
                Self::Xz => all(lzma_rust2::XzReader::new(bytes, true), MOST)?,
                Self::Zstd => zstd(bytes)?,
                Self::Epub => return epub(bytes),
            };
            match Self::of(&unpacked) {
                Some(inner) => packing = inner,
                None => {
                    return Ok(vec![Member {
                        path: None,
                        bytes: unpacked,
                    }]);
                }
            }
        }
        Err(UnpackError::TooDeep)
    }
}

/// Whether a zip archive is a book. It should begin with its kind as an uncompressed member, but
/// what was zipped again by hand only says where its contents are listed.
fn is_book(archive: &[u8]) -> bool {
    let head = &archive[..archive.len().min(128)];
    let holds = |bytes, name: &[u8]| memchr::memmem::find(bytes, name).is_some();
    holds(head, b"application/epub+zip") || holds(archive, b"META-INF/container.xml")
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
        if !matches!(ending.as_str(), "xhtml" | "html" | "htm" | "xml") {
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
        if ending == "xml" && !is_page(&page) {
            continue;
        }
        members.push(Member {
            path: Some(path),
            bytes: page,
        });
    }
    match members.is_empty() {
        true => Err(UnpackError::NoPages),
        false => Ok(members),
    }
}

/// Whether what is called XML is a page: some books call all their pages so.
fn is_page(bytes: &[u8]) -> bool {
    text::decode(bytes, None).is_ok_and(|d| Kind::of("page.xml", &d.text) == Kind::Html)
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

    fn book(files: &[(&str, &str)]) -> Vec<u8> {
        let mut book = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut book);
        for (path, text) in files {
            let (mut entry, config) = archive.new_file(path).start().expect("memory");
            let mut writer = config.wrap(&mut entry);
            writer.write_all(text.as_bytes()).expect("memory");
            let (_, descriptor) = writer.finish().expect("memory");
            entry.finish(descriptor).expect("memory");
        }
        archive.finish().expect("memory");
        book
    }

    #[test]
    fn what_is_packed_twice_is_unpacked_twice() {
        let mut bytes = TEXT.as_bytes().to_vec();
        for times in 1..=5 {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(&bytes).expect("memory");
            bytes = encoder.finish().expect("memory");
            match unpacked(&bytes) {
                Ok(text) => assert!(times < 5 && text == TEXT.as_bytes(), "{times}"),
                Err(error) => assert!(times == 5 && matches!(error, UnpackError::TooDeep)),
            }
        }
        let pages = [("mimetype", "application/epub+zip"), ("one.xhtml", TEXT)];
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&book(&pages)).expect("memory");
        let packed = encoder.finish().expect("memory");
        assert_eq!(unpacked(&packed).expect("whole"), TEXT.as_bytes());
    }

    #[test]
    fn the_pages_of_an_epub_are_its_members() {
        let kind = ("mimetype", "application/epub+zip");
        let list = ("META-INF/container.xml", "<container/>");
        let page = "<?xml version=\"1.0\"?><html><p>甲</p></html>";
        for files in [
            [
                kind,
                ("OEBPS/style.css", "p {}"),
                ("OEBPS/深/one.xhtml", TEXT),
            ],
            // zipped again by hand: the kind is not at the beginning, or not there
            [list, ("OEBPS/深/one.xhtml", TEXT), kind],
            [
                ("OEBPS/深/one.xhtml", TEXT),
                ("OEBPS/style.css", "p {}"),
                list,
            ],
            [kind, list, ("OEBPS/深/one.xml", page)],
        ] {
            let book = book(&files);
            assert_eq!(Packing::of(&book), Some(Packing::Epub), "{files:?}");
            let members = Packing::Epub.unpack(&book).expect("whole");
            assert_eq!(members.len(), 1, "{files:?}");
            let path = members[0].path.as_deref().unwrap_or_default();
            assert!(path.starts_with("OEBPS/深/one."), "{path}");
        }
        let empty = book(&[kind, list]);
        assert!(matches!(
            Packing::Epub.unpack(&empty),
            Err(UnpackError::NoPages)
        ));
    }
}
