//! From bytes to text: decoding, spans, lines, character classes.
//!
//! The lowest floor of the house: nothing here knows about documents or rules.

mod alignment;
mod census;
mod class;
mod counts;
mod decode;
mod ends;
mod fingerprint;
pub(crate) mod hashing;
pub(crate) mod item_marks;
mod lines;
mod loops;
pub mod numerals;
mod offsets;
mod page_number;
mod places;
mod span;
mod visible;

pub use alignment::{Cover, Hunk, cover};
pub use census::Census;
pub use class::{CharClass, is_closing, is_common_han, is_han, is_opening, is_sentence_end};
pub use counts::CharCounts;
pub use decode::{DecodeError, Decoded, Encoding, InvalidBytes, decode};
pub(crate) use ends::{around, first_chars, last_chars};
pub use fingerprint::{ContentHash, Winnower, content, has_han};
pub(crate) use lines::bare_lines;
pub use lines::{LineIndex, Position, Positions, line_around};
pub use loops::{Loop, loops};
pub use numerals::is_numeral;
pub use offsets::OffsetMap;
pub(crate) use page_number::is_page_number;
pub use places::Places;
pub use span::Span;
pub(crate) use visible::{steers, visible_char, visible_excerpt};
pub use visible::{visible, visible_name};
