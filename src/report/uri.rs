//! File names as URI references.

use std::fmt::Write;

/// A file name as a URI reference: relative names stay relative, absolute ones get the scheme
/// `file`. Everything beyond the unreserved ASCII characters is percent-encoded.
pub(crate) fn reference(name: &str) -> String {
    let mut uri = String::with_capacity(name.len() + 8);
    let name = if cfg!(windows) {
        name.replace('\\', "/")
    } else {
        name.to_owned()
    };
    if name.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn names_become_references() {
        assert_eq!(reference("docs/a b.txt"), "docs/a%20b.txt");
        assert_eq!(reference("/srv/报.txt"), "file:///srv/%E6%8A%A5.txt");
        assert_eq!(reference("a:b"), "a%3Ab");
    }
}
