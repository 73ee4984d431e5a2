//! Between URIs and file names.

use std::path::{Path, PathBuf};

use lsp_types::Uri;

use crate::report;

/// The path of a document. One that is not a file (`untitled:` and the like) gets the path it would
/// have.
pub(super) fn path(uri: &Uri) -> PathBuf {
    let text = uri.as_str();
    let rest = match text.split_once(':') {
        Some(("file", rest)) => rest.strip_prefix("//").map_or(rest, |after| {
            // What stands before the path is a host: there is none, or it is this machine.
            after.find('/').map_or(after, |at| &after[at..])
        }),
        Some((_, rest)) => rest,
        None => text,
    };
    let decoded = percent_decoded(rest);
    // `/c:/folder` is `c:/folder`.
    if cfg!(windows) && decoded.as_bytes().get(2) == Some(&b':') {
        return PathBuf::from(&decoded[1..]);
    }
    PathBuf::from(decoded)
}

/// The URI of a file.
pub(super) fn of_path(path: &Path) -> Option<Uri> {
    report::uri_reference(&path.to_string_lossy()).parse().ok()
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded)
        .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{of_path, path};
    use std::path::Path;

    #[test]
    fn paths_come_back() {
        let file = Path::new("/srv/报 纸/100%.txt");
        assert_eq!(path(&of_path(file).expect("uri")), file);
        assert_eq!(
            path(&"untitled:Untitled-1".parse().expect("uri")),
            Path::new("Untitled-1")
        );
    }
}
