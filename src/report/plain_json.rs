//! JSON in which nothing steers a terminal: logs show reports as they are, and JSON lets C1
//! controls and marks of direction stand in strings.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::text::steers;

/// Writes a value with such characters escaped (`\u202e`); it reads back as it was.
pub(crate) fn write(out: impl Write, value: &impl Serialize) -> serde_json::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Plain))
}

struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| steers(*c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_steers_is_escaped_and_reads_back() {
        let text = "一\u{9b}31m二\u{202e}三\u{e0041}四\u{1b}";
        let mut written = Vec::new();
        super::write(&mut written, &text).expect("memory");
        let written = String::from_utf8(written).expect("text");
        assert_eq!(written, r#""一\u009b31m二\u202e三\udb40\udc41四\u001b""#);
        assert_eq!(
            serde_json::from_str::<String>(&written).expect("json"),
            text
        );
    }
}
