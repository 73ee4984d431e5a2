//! JSON and JSON Lines: the strings that hold prose, each record a document.
//!
//! A tokenizer of our own, because what is needed of each string is where it stands in the file
//! with its escapes, and no more than that: a value is never built, and a file of any size is read
//! record by record.

use std::ops::Range;

use super::builder::Builder;
use super::escape::Escape;
use super::{Each, Malformed, Options, holds_prose};

/// Objects and arrays inside each other; more are no data.
const DEEPEST: usize = 512;

/// Strings of a record that others are compared with.
const COMPARED: usize = 64;

/// What is open around a value.
enum Open<'s> {
    /// An object, and the key of the value at hand.
    Object(&'s str),
    Array,
}

/// Reads a file of JSON values, one after the other. `lines`: each value is a record; else the
/// objects of the outermost array are.
pub(super) fn read<'s>(
    source: &'s str,
    lines: bool,
    options: &Options,
    builder: &mut Builder<'s>,
    each: &mut Each<'_, 's>,
) -> Vec<Malformed> {
    let mut reader = Reader {
        source,
        at: 0,
        open: Vec::new(),
        record: usize::MAX,
        seen: Vec::new(),
        ascii: source.is_ascii(),
        options,
        builder,
        each,
    };
    let mut malformed = Vec::new();
    loop {
        reader.skip_space();
        if reader.at >= source.len() {
            break;
        }
        let begun = reader.at;
        if let Err(problem) = reader.values(lines) {
            malformed.push(Malformed {
                offset: problem.0,
                reason: problem.1,
            });
            reader.open.clear();
            // What was read of a broken record is not checked. The next line may be right again.
            reader.builder.take();
            reader.record = usize::MAX;
            let line = memchr::memchr(b'\n', &source.as_bytes()[problem.0..]);
            match line.filter(|_| lines) {
                Some(line) => reader.at = (problem.0 + line + 1).max(begun + 1),
                None => break,
            }
        }
        reader.flush();
    }
    malformed
}

/// What is wrong, and where.
type Problem = (usize, [&'static str; 2]);

struct Reader<'r, 's, 'e> {
    source: &'s str,
    at: usize,
    open: Vec<Open<'s>>,
    /// How deep the record at hand begins.
    record: usize,
    /// The strings of the record that were read.
    seen: Vec<&'s str>,
    ascii: bool,
    options: &'r Options,
    builder: &'r mut Builder<'s>,
    each: &'r mut Each<'e, 's>,
}

impl<'s> Reader<'_, 's, '_> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn flush(&mut self) {
        self.seen.clear();
        if let Some(prose) = self.builder.take() {
            (self.each)(prose);
        }
    }

    /// One value, with everything in it.
    fn values(&mut self, lines: bool) -> Result<(), Problem> {
        loop {
            self.skip_space();
            // A value, or the end of an empty object or array.
            match self.peek() {
                Some(b'{') => {
                    self.begin_record(lines);
                    self.deeper(Open::Object(""))?;
                    self.skip_space();
                    if self.peek() != Some(b'}') {
                        self.key()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.deeper(Open::Array)?;
                    self.skip_space();
                    if self.peek() != Some(b']') {
                        continue;
                    }
                }
                Some(b'"') => {
                    let string = self.string()?;
                    self.take(string);
                }
                Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'N' | b'I') => self.scalar()?,
                _ => return Err((self.at, ["a value is missing", "缺少值"])),
            }
            if self.close()? {
                return Ok(());
            }
        }
    }

    fn deeper(&mut self, open: Open<'s>) -> Result<(), Problem> {
        if self.open.len() >= DEEPEST {
            return Err((self.at, ["it is nested too deeply", "嵌套过深"]));
        }
        self.at += 1;
        self.open.push(open);
        Ok(())
    }

    /// What follows a value: a comma, or the ends of what is open. Returns whether the outermost
    /// value is at its end.
    fn close(&mut self) -> Result<bool, Problem> {
        loop {
            if self.open.is_empty() {
                return Ok(true);
            }
            self.skip_space();
            let object = matches!(self.open.last(), Some(Open::Object(_)));
            match (self.peek(), object) {
                (Some(b','), _) => {
                    self.at += 1;
                    if object {
                        self.skip_space();
                        self.key()?;
                    }
                    return Ok(false);
                }
                (Some(b'}'), true) | (Some(b']'), false) => {
                    self.at += 1;
                    self.open.pop();
                    if self.open.len() == self.record {
                        self.record = usize::MAX;
                        self.flush();
                    }
                }
                _ => {
                    return Err((
                        self.at,
                        [
                            "a comma or a closing bracket is missing",
                            "缺少逗号或右括号",
                        ],
                    ));
                }
            }
        }
    }

    /// Whether the object that begins here is a record: one of an array at the top, or of an array
    /// in the object at the top.
    fn begin_record(&mut self, lines: bool) {
        let record = match self.open.as_slice() {
            [] => lines,
            [Open::Array] | [Open::Object(_), Open::Array] => !lines,
            _ => false,
        };
        if record && self.record == usize::MAX {
            self.flush();
            self.record = self.open.len();
        }
    }

    fn key(&mut self) -> Result<(), Problem> {
        let key = self.string()?;
        let source = self.source;
        if let Some(Open::Object(last)) = self.open.last_mut() {
            *last = &source[key];
        }
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err((self.at, ["a colon is missing behind a key", "键后缺少冒号"]));
        }
        self.at += 1;
        Ok(())
    }

    /// A string: what stands between its quotation marks.
    fn string(&mut self) -> Result<Range<usize>, Problem> {
        let bytes = self.source.as_bytes();
        if self.peek() != Some(b'"') {
            return Err((self.at, ["a key is missing", "缺少键"]));
        }
        let start = self.at + 1;
        let mut at = start;
        loop {
            match memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..]).map(|n| at + n) {
                Some(end) if bytes[end] == b'"' => {
                    self.at = end + 1;
                    return Ok(start..end);
                }
                Some(escape) if bytes[escape] == b'\\' && escape + 1 < bytes.len() => {
                    at = escape + 2;
                    // The character behind a backslash may be a long one.
                    while !self.source.is_char_boundary(at) {
                        at += 1;
                    }
                }
                _ => return Err((self.at, ["a string does not end", "字符串没有结束"])),
            }
        }
    }

    fn scalar(&mut self) -> Result<(), Problem> {
        let rest = &self.source[self.at..];
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
        let length = rest.len() - rest.trim_start_matches(part).len();
        let word = &rest[..length];
        // Python writes NaN and Infinity.
        let known = matches!(word, "true" | "false" | "null") || word.parse::<f64>().is_ok();
        if !known {
            return Err((self.at, ["a value is missing", "缺少值"]));
        }
        self.at += length;
        Ok(())
    }

    /// Reads a string as prose if it is any.
    fn take(&mut self, string: Range<usize>) {
        if self.builder.wants_all() {
            return self.builder.cell(string);
        }
        let raw = &self.source[string.clone()];
        let wanted = if self.options.fields.is_empty() {
            holds_prose(characters(raw))
        } else {
            self.is_wanted()
        };
        if !wanted {
            return;
        }
        // The same text in several fields of a record is told once: answers are pieces of what they
        // were taken from.
        if self.seen.iter().any(|other| other.contains(raw)) {
            return;
        }
        self.builder.paragraph();
        decode(self.source, string, self.ascii, self.builder);
        if self.seen.len() < COMPARED {
            self.seen.push(raw);
        }
    }

    /// Whether a field of the options names the value at hand: by its key, or by its keys from the
    /// outside in, joined by dots.
    fn is_wanted(&self) -> bool {
        let keys = || {
            self.open.iter().rev().filter_map(|open| match open {
                Open::Object(key) => Some(*key),
                Open::Array => None,
            })
        };
        self.options.fields.iter().any(|field| {
            let mut own = keys();
            field
                .rsplit('.')
                .all(|part| own.next().is_some_and(|key| key == part))
        })
    }
}

/// The characters that the inside of a string stands for.
fn characters(raw: &str) -> impl Iterator<Item = char> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &raw[at..];
        let first = rest.chars().next()?;
        let (length, c) = match first {
            '\\' => escaped(rest),
            c => (c.len_utf8(), c),
        };
        at += length;
        Some(c)
    })
}

/// Reads the inside of a string.
fn decode(source: &str, string: Range<usize>, ascii: bool, builder: &mut Builder<'_>) {
    let escape = Escape::Json { ascii };
    let mut at = string.start;
    while at < string.end {
        let rest = &source[at..string.end];
        let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
        builder.verbatim(at..at + plain, escape);
        at += plain;
        if at < string.end {
            let (length, c) = escaped(&source[at..string.end]);
            builder.escaped(at..at + length, c.encode_utf8(&mut [0; 4]), escape);
            at += length;
        }
    }
}

/// The escape that `text` begins with: its length in bytes, and what it stands for.
fn escaped(text: &str) -> (usize, char) {
    let c = match text.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode(text),
        _ => match text[1..].chars().next() {
            Some(c) => return (1 + c.len_utf8(), c),
            None => return (1, '\\'),
        },
    };
    (2, c)
}

/// `\u6751`, and the two escapes of a character beyond the first 65,536.
fn unicode(text: &str) -> (usize, char) {
    let unit = |from: usize| {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(0) else {
        return (2, char::REPLACEMENT_CHARACTER);
    };
    let pair: Vec<u16> = std::iter::once(first).chain(unit(6)).collect();
    match char::decode_utf16(pair).next() {
        Some(Ok(c)) => (c.len_utf16() * 6, c),
        _ => (6, char::REPLACEMENT_CHARACTER),
    }
}
