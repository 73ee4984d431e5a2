//! From the bytes of a file to text, with every spot that did not decode recorded.

use crate::said;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, GB18030};

use super::{OffsetMap, Span};

/// How much of a file the guesses look at, in bytes.
const SAMPLE: usize = 64 * 1024;

/// The encodings that Chinese text files come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    #[default]
    Utf8,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// GB18030, which holds GBK and GB2312.
    Gb18030,
    /// Big5 with the Hong Kong extension, as browsers read it.
    Big5,
}

impl Encoding {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 5] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Gb18030,
        Self::Big5,
    ];

    /// The name used on the command line and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
        }
    }

    /// Encodes text, without a byte-order mark. `None` where a character has no place in the
    /// encoding.
    #[must_use]
    pub fn encode<'t>(self, text: &'t str) -> Option<Cow<'t, [u8]>> {
        let units = || text.encode_utf16();
        match self {
            Self::Utf8 => Some(Cow::Borrowed(text.as_bytes())),
            Self::Utf16Le => Some(Cow::Owned(units().flat_map(u16::to_le_bytes).collect())),
            Self::Utf16Be => Some(Cow::Owned(units().flat_map(u16::to_be_bytes).collect())),
            Self::Gb18030 | Self::Big5 => {
                let (bytes, _, lossy) = if self == Self::Big5 {
                    BIG5.encode(text)
                } else {
                    GB18030.encode(text)
                };
                (!lossy).then_some(bytes)
            }
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "utf-16le" | "utf16le" | "utf-16" => Ok(Self::Utf16Le),
            "utf-16be" | "utf16be" => Ok(Self::Utf16Be),
            "gb18030" | "gbk" | "gb2312" => Ok(Self::Gb18030),
            "big5" | "big5-hkscs" => Ok(Self::Big5),
            _ => Err(said!(
                "unknown encoding `{name}`: one of utf-8, utf-16le, utf-16be, gb18030, big5";
                "未知的编码 `{name}`；可用的有：utf-8, utf-16le, utf-16be, gb18030, big5"
            )),
        }
    }
}

/// Bytes that are no text in the file's encoding; U+FFFD stands for them in the decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidBytes {
    /// The replacement character in the decoded text.
    pub span: Span,
    /// The bytes themselves (the first eight of them).
    pub bytes: Vec<u8>,
}

/// A decoded file.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The text; borrowed from the file's bytes where they are UTF-8.
    pub text: Cow<'a, str>,
    /// What it was decoded as.
    pub encoding: Encoding,
    /// Whether the file begins with a byte-order mark (not part of `text`).
    pub bom: bool,
    /// From offsets in `text` to offsets in the file.
    pub offsets: OffsetMap,
    /// What did not decode, in order.
    pub invalid: Vec<InvalidBytes>,
}

impl<'a> Decoded<'a> {
    /// Text that is at hand as a string.
    #[must_use]
    pub fn of_text(text: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            encoding: Encoding::Utf8,
            bom: false,
            offsets: OffsetMap::default(),
            invalid: Vec::new(),
        }
    }
}

/// Why a file is no text at all.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DecodeError {
    /// It holds NUL bytes as programs, pictures and archives do.
    #[error("{}", said!("this is a binary file"; "这是二进制文件"))]
    Binary,
    /// It is of a kind that holds text in a way that is not read.
    #[error("{}", said!("this is {} and is not read: convert it to text first", .0; "这是 {}，不读：请先转换为文本", .0))]
    Foreign(&'static str),
    /// Offsets are kept in 32 bits.
    #[error("{}", said!("the file is larger than 4 GiB: split it"; "文件超过 4 GiB：请拆分"))]
    TooLarge,
}

/// Decodes a file's bytes: by its byte-order mark, else as `forced`, else as what it looks like.
///
/// # Errors
///
/// [`DecodeError`] where the bytes are no text. Undecodable bytes inside a text are no error: they
/// are recorded.
pub fn decode(bytes: &[u8], forced: Option<Encoding>) -> Result<Decoded<'_>, DecodeError> {
    // The decoded text may be up to three times as long as the file (a legacy byte becomes U+FFFD).
    if u32::try_from(bytes.len()).is_err() {
        return Err(DecodeError::TooLarge);
    }
    if let Some(name) = foreign(bytes) {
        return Err(DecodeError::Foreign(name));
    }
    let (marked, bom) = byte_order_mark(bytes);
    let encoding = match marked.or(forced) {
        Some(encoding) => encoding,
        None => guess(bytes)?,
    };
    let decoded = match encoding {
        Encoding::Utf8 => decode_utf8(bytes, bom),
        Encoding::Utf16Le => decode_utf16(bytes, bom, u16::from_le_bytes, encoding),
        Encoding::Utf16Be => decode_utf16(bytes, bom, u16::from_be_bytes, encoding),
        Encoding::Gb18030 | Encoding::Big5 => decode_legacy(bytes, encoding),
    };
    if u32::try_from(decoded.text.len()).is_err() {
        return Err(DecodeError::TooLarge);
    }
    Ok(decoded)
}

/// What a file is whose first bytes no text has. Some such files hold no NUL bytes, and a mended
/// one could not be opened any more.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [b'P', b'K', 3, 4, ..] => Some("ZIP"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("PDF"),
        [b'P', b'A', b'R', b'1', ..] => Some("Parquet"),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some("RTF"),
        _ => None,
    }
}

fn byte_order_mark(bytes: &[u8]) -> (Option<Encoding>, usize) {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => (Some(Encoding::Utf8), 3),
        [0xff, 0xfe, ..] => (Some(Encoding::Utf16Le), 2),
        [0xfe, 0xff, ..] => (Some(Encoding::Utf16Be), 2),
        _ => (None, 0),
    }
}

fn guess(bytes: &[u8]) -> Result<Encoding, DecodeError> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let nul = memchr::memchr(0, sample).is_some();
    let utf8 = simdutf8::basic::from_utf8(bytes).is_ok();
    if utf8 && !nul {
        return Ok(Encoding::Utf8);
    }
    if let Some(encoding) = guess_utf16(sample) {
        return Ok(encoding);
    }
    if nul {
        return Err(DecodeError::Binary);
    }
    if mostly_utf8(sample) {
        return Ok(Encoding::Utf8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == BIG5 {
        Ok(Encoding::Big5)
    } else {
        Ok(Encoding::Gb18030)
    }
}

/// UTF-16 without a mark: in one of the two byte orders nearly every unit is a Han character, CJK
/// punctuation or ASCII, and in the other one is not. Chinese text in a legacy encoding read as
/// UTF-16 falls into Hangul, private use and surrogates.
fn guess_utf16(sample: &[u8]) -> Option<Encoding> {
    let units = sample.len() / 2;
    if units < 8 {
        return None;
    }
    let usual = |unit: u16| matches!(unit, 9 | 10 | 13 | 0x20..=0x7e | 0x2010..=0x2030 | 0x3000..=0x303f | 0x4e00..=0x9fff | 0xff00..=0xff5e);
    let count = |read: fn([u8; 2]) -> u16| {
        sample
            .chunks_exact(2)
            .filter(|p| usual(read([p[0], p[1]])))
            .count()
    };
    let (le, be) = (count(u16::from_le_bytes), count(u16::from_be_bytes));
    if le * 10 >= units * 9 && le > be {
        Some(Encoding::Utf16Le)
    } else if be * 10 >= units * 9 && be > le {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// Whether these bytes are UTF-8 with some damage rather than another encoding: at least ten good
/// multi-byte characters for each bad spot.
fn mostly_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad * 10
}

fn decode_utf8(bytes: &[u8], bom: usize) -> Decoded<'_> {
    let body = &bytes[bom..];
    let done = |text, offsets, invalid| Decoded {
        text,
        encoding: Encoding::Utf8,
        bom: bom > 0,
        offsets,
        invalid,
    };
    if let Ok(text) = simdutf8::basic::from_utf8(body) {
        return done(Cow::Borrowed(text), OffsetMap::shifted(bom), Vec::new());
    }
    let mut text = String::with_capacity(body.len() + 64);
    let mut offsets = OffsetMap::default();
    let mut invalid = Vec::new();
    let mut file = bom;
    for chunk in body.utf8_chunks() {
        if !chunk.valid().is_empty() {
            offsets.push(text.len(), file, 1, 1);
            text.push_str(chunk.valid());
            file += chunk.valid().len();
        }
        if !chunk.invalid().is_empty() {
            replace(&mut text, &mut offsets, &mut invalid, file, chunk.invalid());
            file += chunk.invalid().len();
        }
    }
    offsets.push(text.len(), bytes.len(), 1, 1);
    done(Cow::Owned(text), offsets, invalid)
}

fn decode_utf16(
    bytes: &[u8],
    bom: usize,
    read: fn([u8; 2]) -> u16,
    encoding: Encoding,
) -> Decoded<'_> {
    let body = &bytes[bom..];
    let mut text = String::with_capacity(body.len() + body.len() / 2);
    let mut offsets = OffsetMap::default();
    let mut invalid = Vec::new();
    let mut file = bom;
    let units = body.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(c) => {
                offsets.push(text.len(), file, c.len_utf8(), c.len_utf16() * 2);
                text.push(c);
                file += c.len_utf16() * 2;
            }
            Err(_) => {
                replace(
                    &mut text,
                    &mut offsets,
                    &mut invalid,
                    file,
                    &bytes[file..file + 2],
                );
                file += 2;
            }
        }
    }
    if file < bytes.len() {
        replace(&mut text, &mut offsets, &mut invalid, file, &bytes[file..]);
    }
    offsets.push(text.len(), bytes.len(), 1, 1);
    Decoded {
        text: Cow::Owned(text),
        encoding,
        bom: bom > 0,
        offsets,
        invalid,
    }
}

fn decode_legacy(bytes: &[u8], encoding: Encoding) -> Decoded<'_> {
    let label = if encoding == Encoding::Big5 {
        BIG5
    } else {
        GB18030
    };
    let mut decoder = label.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 3 / 2 + 16);
    let mut offsets = OffsetMap::default();
    let mut invalid = Vec::new();
    let mut file = 0;
    loop {
        let begin = text.len();
        text.reserve(
            decoder
                .max_utf8_buffer_length_without_replacement(bytes.len() - file)
                .unwrap_or(0),
        );
        let (result, read) =
            decoder.decode_to_string_without_replacement(&bytes[file..], &mut text, true);
        let (bad, extra) = match result {
            DecoderResult::Malformed(bad, extra) => (usize::from(bad), usize::from(extra)),
            DecoderResult::InputEmpty | DecoderResult::OutputFull => (0, 0),
        };
        let good = read - bad - extra;
        walk_legacy(
            &text[begin..],
            begin,
            &bytes[file..file + good],
            file,
            encoding,
            &mut offsets,
        );
        file += good;
        if bad == 0 {
            break;
        }
        replace(
            &mut text,
            &mut offsets,
            &mut invalid,
            file,
            &bytes[file..file + bad],
        );
        file += bad;
        // What the decoder had read beyond the bad bytes is read again by a fresh one: both
        // encodings keep no state.
        decoder = label.new_decoder_without_bom_handling();
    }
    offsets.push(text.len(), bytes.len(), 1, 1);
    Decoded {
        text: Cow::Owned(text),
        encoding,
        bom: false,
        offsets,
        invalid,
    }
}

/// Pairs decoded characters with the bytes they came from; all of them are valid, so the lead bytes
/// say how long each is.
fn walk_legacy(
    text: &str,
    mut at: usize,
    bytes: &[u8],
    base: usize,
    encoding: Encoding,
    offsets: &mut OffsetMap,
) {
    let mut file = 0;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let width = match (bytes.get(file), bytes.get(file + 1)) {
            (Some(0..=0x80), _) | (Some(0xff), _) => 1,
            (_, Some(0x30..=0x39)) if encoding == Encoding::Gb18030 => 4,
            _ => 2,
        };
        offsets.push(at, base + file, c.len_utf8(), width);
        at += c.len_utf8();
        // Four Big5 codes stand for a letter and a combining mark.
        let pair = encoding == Encoding::Big5
            && matches!(
                bytes.get(file..file + 2),
                Some([0x88, 0x62 | 0x64 | 0xa3 | 0xa5])
            );
        if pair && let Some(mark) = chars.next() {
            offsets.push(at, base + file, mark.len_utf8(), 0);
            at += mark.len_utf8();
        }
        file += width;
    }
}

fn replace(
    text: &mut String,
    offsets: &mut OffsetMap,
    invalid: &mut Vec<InvalidBytes>,
    file: usize,
    bytes: &[u8],
) {
    let start = text.len();
    offsets.push(start, file, 3, bytes.len());
    text.push(char::REPLACEMENT_CHARACTER);
    invalid.push(InvalidBytes {
        span: Span::new(start, start + 3),
        bytes: bytes[..bytes.len().min(8)].to_vec(),
    });
}

#[cfg(test)]
mod tests {
    use super::{DecodeError, Encoding, decode};

    const TEXT: &str = "县政府12月通知，各村（含社区）照办。\n第二行：OK。\n";

    /// Every character must map back to the bytes that encode it.
    fn assert_offsets(bytes: &[u8], encoding: Encoding) {
        let decoded = decode(bytes, None).expect("text");
        assert_eq!(decoded.encoding, encoding);
        assert_eq!(decoded.text, TEXT);
        for (at, c) in decoded.text.char_indices() {
            let (from, to) = (
                decoded.offsets.to_file(at),
                decoded.offsets.to_file(at + c.len_utf8()),
            );
            let expected = encoding
                .encode(c.encode_utf8(&mut [0; 4]))
                .expect("encodable")
                .into_owned();
            assert_eq!(&bytes[from..to], expected, "{c} in {encoding}");
        }
    }

    #[test]
    fn each_encoding_is_recognised_and_maps_back() {
        for encoding in Encoding::ALL {
            // The short sample is in simplified characters, which Big5 does not have.
            if encoding != Encoding::Big5 {
                assert_offsets(&encoding.encode(TEXT).expect("encodable"), encoding);
            }
        }
        let big5 = Encoding::Big5
            .encode("縣政府12月通知，各村（含社區）照辦。立法會議員今日討論了財政預算。")
            .expect("big5");
        let decoded = decode(&big5, None).expect("text");
        assert_eq!(decoded.encoding, Encoding::Big5);
        assert_eq!(decoded.offsets.to_file("縣政府12".len()), 8);
    }

    #[test]
    fn marks_are_not_text() {
        let mut bytes = vec![0xef, 0xbb, 0xbf];
        bytes.extend_from_slice(TEXT.as_bytes());
        assert_offsets(&bytes, Encoding::Utf8);
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend_from_slice(&Encoding::Utf16Le.encode(TEXT).expect("encodable"));
        assert_offsets(&bytes, Encoding::Utf16Le);
    }

    #[test]
    fn bad_bytes_are_recorded_where_they_stand() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.splice(9..9, [0xff, 0xfe]);
        let decoded = decode(&bytes, None).expect("text");
        assert_eq!(decoded.encoding, Encoding::Utf8);
        assert_eq!(decoded.invalid.len(), 2);
        assert_eq!(decoded.offsets.to_file(decoded.invalid[1].span.start()), 10);
        assert_eq!(decoded.offsets.to_file(decoded.text.len()), bytes.len());

        let mut bytes = Encoding::Gb18030
            .encode(TEXT)
            .expect("encodable")
            .into_owned();
        bytes.insert(6, 0xff);
        let decoded = decode(&bytes, Some(Encoding::Gb18030)).expect("text");
        assert_eq!(decoded.invalid.len(), 1);
        assert_eq!(decoded.offsets.to_file(decoded.invalid[0].span.start()), 6);
        assert_eq!(decoded.offsets.to_file(decoded.text.len()), bytes.len());
    }

    #[test]
    fn a_picture_is_no_text() {
        assert_eq!(
            decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None).err(),
            Some(DecodeError::Binary)
        );
    }

    #[test]
    fn what_holds_text_in_another_way_is_named() {
        for (bytes, name) in [
            (&b"\xff\xfe\0\0\x11\x62\0\0"[..], "UTF-32"),
            (b"\0\0\xfe\xff\0\0\x62\x11", "UTF-32"),
            (b"PK\x03\x04 docx", "ZIP"),
            (b"%PDF-1.4\n1 0 obj", "PDF"),
            (b"PAR1\x15\x04", "Parquet"),
            (b"{\\rtf1\\ansi", "RTF"),
        ] {
            let found = decode(bytes, Some(Encoding::Utf8)).err();
            assert_eq!(found, Some(DecodeError::Foreign(name)));
        }
    }
}
