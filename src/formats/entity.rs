//! Entities of HTML and XML.

use std::borrow::Cow;

/// The longest name of an entity with its marks, in bytes: `&CounterClockwiseContourIntegral;`.
const LONGEST: usize = 33;

/// The entity that `text` begins with: its length in bytes, and what it stands for.
pub(super) fn decode(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let head = &text.as_bytes()[..text.len().min(LONGEST)];
    let length = memchr::memchr(b';', head)? + 1;
    let name = &text[1..length - 1];
    if let Some(digits) = name.strip_prefix('#') {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        let c = char::from_u32(code).filter(|c| *c != '\0')?;
        return Some((length, Cow::Owned(c.to_string())));
    }
    let known = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{a0}",
        _ if name.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            return Some((length, Cow::Owned(named(&text[..length])?)));
        }
        _ => return None,
    };
    Some((length, Cow::Borrowed(known)))
}

/// One of the two thousand names of HTML.
fn named(entity: &str) -> Option<String> {
    let Ok(html5gum::Token::String(text)) = html5gum::Tokenizer::new(entity).next()? else {
        return None;
    };
    let text = String::from_utf8(text.value.to_vec()).ok()?;
    (text != entity).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn names_and_numbers() {
        let decoded = |text| decode(text).map(|(length, text)| (length, text.into_owned()));
        assert_eq!(decoded("&#26449;庄"), Some((8, "村".to_owned())));
        assert_eq!(decoded("&#x6751;"), Some((8, "村".to_owned())));
        assert_eq!(decoded("&hellip;"), Some((8, "…".to_owned())));
        assert_eq!(decoded("&lt;p"), Some((4, "<".to_owned())));
        for none in ["& 和", "&和;", "&nosuchname;", "&#xd800;", "&#0;", "&"] {
            assert_eq!(decoded(none), None, "{none}");
        }
    }
}
