//! The tokens of XML, with the stretch of the file that each is.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Malformed;

/// A token, and the stretch of the file that it is.
pub(super) struct Token<'s> {
    pub(super) event: Event<'s>,
    pub(super) range: Range<usize>,
}

/// Hands out the tokens of a file. Text comes with its entities as it stands.
pub(super) fn tokens<'s>(source: &'s str, mut each: impl FnMut(Token<'s>)) -> Vec<Malformed> {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    loop {
        let start = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Eof) => return Vec::new(),
            Ok(event) => {
                let end = reader.buffer_position() as usize;
                each(Token {
                    event,
                    range: start..end,
                });
            }
            Err(_) => {
                return vec![Malformed {
                    offset: (reader.error_position() as usize).min(source.len()),
                    reason: ["this is no XML from here on", "从此处起不是 XML"],
                }];
            }
        }
    }
}

/// Where the value of an attribute stands in the file, without its quotation marks.
pub(super) fn attribute(
    token: &BytesStart<'_>,
    range: &Range<usize>,
    name: &str,
) -> Option<Range<usize>> {
    let mut attributes = token.attributes();
    for attribute in attributes.with_checks(false).flatten() {
        if attribute.key.as_ref() == name {
            // Both are pieces of the same text: how far apart they stand says where the value is.
            let offset =
                attribute.value.as_ptr() as usize - token.name().as_ref().as_ptr() as usize;
            let start = range.start + 1 + offset;
            return Some(start..start + attribute.value.len());
        }
    }
    None
}
