//! Fixes: which may be applied together, and how the file's bytes take them.
//!
//! Edits are spans of the decoded text. They are carried over to the bytes on disk by the offset
//! map, so that what is not edited stays as it is to the byte: the encoding, a byte-order mark,
//! line ends, and bytes that did not decode.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use crate::finding::{Edit, Finding, Fix, Safety, Severity};
use crate::text::{self, DecodeError, Decoded, Encoding, Span};

/// How often a file is checked anew for fixes that became possible.
const ROUNDS: usize = 10;

/// Which fixes may be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Safe fixes only, or the others too.
    pub safety: Safety,
    /// Unsafe fixes of findings that are at least this severe.
    pub level: Severity,
}

impl Allowed {
    /// The fixes that cannot change the meaning.
    pub const SAFE: Self = Self {
        safety: Safety::Safe,
        level: Severity::Warning,
    };
    /// All of them.
    pub const ALL: Self = Self {
        safety: Safety::Unsafe,
        level: Severity::Info,
    };

    /// The best fix of a finding that may be applied.
    #[must_use]
    pub fn best(self, finding: &Finding) -> Option<&Fix> {
        finding.fixes.iter().find(|fix| {
            fix.safety == Safety::Safe
                || self.safety == Safety::Unsafe && finding.severity >= self.level
        })
    }
}

/// How mending ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// No fix was left to apply.
    Settled,
    /// The text was one that it had been before: the fixes undo each other.
    Quarrel,
    /// There is more to do, for another run.
    Unfinished,
}

/// A file's bytes with fixes applied.
#[derive(Debug)]
pub struct Mended<'a> {
    /// The bytes; borrowed where nothing was to be done.
    pub bytes: Cow<'a, [u8]>,
    /// What they are encoded in.
    pub encoding: Encoding,
    /// Number of fixes applied.
    pub applied: usize,
    /// Number of fixes that cannot be written in the file's encoding.
    pub refused: usize,
    /// Number of fixes that would have changed more than text.
    pub harmful: usize,
    /// How it ended.
    pub end: End,
}

/// Applies the fixes of what `check` finds, and those of what it finds then, until nothing changes.
/// What only an unsafe fix brought up is not mended by another one: a guess is not built on a
/// guess. Nothing is applied where `keeps` denies that the text before and the one after are alike
/// in all that is the file's own syntax.
///
/// # Errors
///
/// Those of decoding.
pub fn mend<'a>(
    bytes: &'a [u8],
    encoding: Option<Encoding>,
    allowed: Allowed,
    check: impl Fn(&Decoded<'_>) -> Vec<Finding>,
    keeps: impl Fn(&str, &str) -> bool,
) -> Result<Mended<'a>, DecodeError> {
    let mut mended = Mended {
        bytes: Cow::Borrowed(bytes),
        encoding: Encoding::Utf8,
        applied: 0,
        refused: 0,
        harmful: 0,
        end: End::Unfinished,
    };
    // The unsafe fixes of the file as it was.
    let mut offered: Option<HashSet<u64>> = None;
    let mut seen = HashSet::new();
    for _ in 0..ROUNDS {
        let decoded = text::decode(&mended.bytes, encoding)?;
        mended.encoding = decoded.encoding;
        if !seen.insert(hash(&decoded.text)) {
            mended.end = End::Quarrel;
            break;
        }
        let mut findings = check(&decoded);
        let is_unsafe = |fix: &Fix| fix.safety == Safety::Unsafe;
        let name = |finding: &Finding, fix: &Fix| guess(&decoded.text, finding, fix);
        match &offered {
            None if allowed.safety == Safety::Unsafe => {
                let fixes = findings.iter().flat_map(|f| {
                    let guesses = f.fixes.iter().filter(|fix| is_unsafe(fix));
                    guesses.map(|fix| name(f, fix))
                });
                offered = Some(fixes.collect());
            }
            None => {}
            Some(offered) => {
                for finding in &mut findings {
                    let mut fixes = std::mem::take(&mut finding.fixes);
                    fixes.retain(|f| !is_unsafe(f) || offered.contains(&name(finding, f)));
                    finding.fixes = fixes;
                }
            }
        }
        let chosen = choose(&findings, &decoded, allowed);
        mended.refused = chosen.refused;
        if chosen.edits.is_empty() {
            mended.end = End::Settled;
            break;
        }
        let next = splice(&mended.bytes, &decoded, &chosen.edits);
        // Bytes that mean something else beside new neighbours would damage the file, and so would
        // a file that looks like one of another encoding from now on.
        let expected = apply(&decoded.text, chosen.edits.values());
        let same = text::decode(&next, encoding)
            .is_ok_and(|new| new.encoding == decoded.encoding && new.text == expected);
        if !same {
            mended.refused += chosen.fixes;
            mended.end = End::Settled;
            break;
        }
        if !keeps(&decoded.text, &expected) {
            mended.harmful += chosen.fixes;
            mended.end = End::Settled;
            break;
        }
        mended.applied += chosen.fixes;
        mended.bytes = Cow::Owned(next);
    }
    Ok(mended)
}

fn hash(what: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// What an unsafe fix puts in the place of what, wherever that stands now.
fn guess(text: &str, finding: &Finding, fix: &Fix) -> u64 {
    let edits = fix.edits.iter();
    let edits: Vec<_> = edits
        .map(|e| (&text[e.span.range()], &e.replacement))
        .collect();
    hash(&(finding.card.name, &text[finding.span.range()], edits))
}

#[derive(Default)]
struct Chosen {
    /// By where they begin (and, for insertions, by where they end).
    edits: BTreeMap<(usize, usize), Prepared>,
    fixes: usize,
    refused: usize,
}

struct Prepared {
    span: Span,
    text: String,
    bytes: Vec<u8>,
}

/// The fixes that can be applied at once: the best allowed one of each finding, as far as it does
/// not overlap with those before it.
fn choose(findings: &[Finding], decoded: &Decoded<'_>, allowed: Allowed) -> Chosen {
    let mut chosen = Chosen::default();
    let crlf = decoded.text.contains("\r\n");
    for finding in findings {
        let Some(fix) = allowed.best(finding) else {
            continue;
        };
        let free = |edit: &Edit| {
            is_free(&chosen.edits, edit.span)
                && (fix.safety == Safety::Unsafe || !touches_invalid(decoded, edit.span))
        };
        if fix.edits.is_empty() || !fix.edits.iter().all(free) {
            continue;
        }
        let prepared: Option<Vec<_>> = fix
            .edits
            .iter()
            .map(|edit| {
                let text = if crlf {
                    edit.replacement.replace("\r\n", "\n").replace('\n', "\r\n")
                } else {
                    edit.replacement.clone()
                };
                let bytes = decoded.encoding.encode(&text)?.into_owned();
                Some(Prepared {
                    span: edit.span,
                    text,
                    bytes,
                })
            })
            .collect();
        let Some(prepared) = prepared else {
            chosen.refused += 1;
            continue;
        };
        chosen.fixes += 1;
        for edit in prepared {
            let key = (edit.span.start(), edit.span.end());
            chosen.edits.insert(key, edit);
        }
    }
    chosen
}

/// Whether an edit can be made beside the others: it shares no byte with them and does not insert
/// where another one begins or ends.
fn is_free(edits: &BTreeMap<(usize, usize), Prepared>, span: Span) -> bool {
    let before = edits.range(..(span.start(), usize::MAX)).next_back();
    let after = edits.range((span.start(), 0)..).next();
    let apart = |other: &Prepared| {
        let (a, b) = if other.span < span {
            (other.span, span)
        } else {
            (span, other.span)
        };
        a.end() < b.start() || a.end() == b.start() && !a.is_empty() && !b.is_empty()
    };
    before
        .into_iter()
        .chain(after)
        .all(|(_, other)| apart(other))
}

fn touches_invalid(decoded: &Decoded<'_>, span: Span) -> bool {
    let next = decoded
        .invalid
        .partition_point(|bad| bad.span.end() <= span.start());
    decoded
        .invalid
        .get(next)
        .is_some_and(|bad| bad.span.start() < span.end())
}

fn apply<'e>(text: &str, edits: impl Iterator<Item = &'e Prepared>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        out.push_str(&text[from..edit.span.start()]);
        out.push_str(&edit.text);
        from = edit.span.end();
    }
    out.push_str(&text[from..]);
    out
}

fn splice(
    bytes: &[u8],
    decoded: &Decoded<'_>,
    edits: &BTreeMap<(usize, usize), Prepared>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for edit in edits.values() {
        out.extend_from_slice(&bytes[from..decoded.offsets.to_file(edit.span.start())]);
        out.extend_from_slice(&edit.bytes);
        from = decoded.offsets.to_file(edit.span.end());
    }
    out.extend_from_slice(&bytes[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::{Allowed, End, mend};
    use crate::document::Document;
    use crate::engine::Linter;
    use crate::text::Encoding;

    fn mended(bytes: &[u8]) -> (Vec<u8>, usize) {
        let linter = Linter::standard();
        let mended = mend(
            bytes,
            None,
            Allowed::ALL,
            |decoded| linter.check(&Document::of_decoded("a.txt", decoded)),
            |_, _| true,
        )
        .expect("text");
        assert_eq!(mended.end, End::Settled);
        (mended.bytes.into_owned(), mended.applied)
    }

    const DAMAGED: &str =
        "各地要统筹发展 and 安全，把工作做实。\r\n农户抓紧春耕 and 备耕，不误农时。\r\n";
    const RIGHT: &str = "各地要统筹发展和安全，把工作做实。\r\n农户抓紧春耕和备耕，不误农时。\r\n";

    #[test]
    fn encoding_mark_and_line_ends_stay() {
        for encoding in [
            Encoding::Utf8,
            Encoding::Utf16Le,
            Encoding::Utf16Be,
            Encoding::Gb18030,
        ] {
            let bytes = |text: &str| encoding.encode(text).expect("encodable").into_owned();
            assert_eq!(mended(&bytes(DAMAGED)), (bytes(RIGHT), 2), "{encoding}");
            if encoding != Encoding::Gb18030 {
                let marked = |text: &str| bytes(&format!("\u{feff}{text}"));
                assert_eq!(mended(&marked(DAMAGED)), (marked(RIGHT), 2), "{encoding}");
            }
        }
    }

    #[test]
    fn bytes_that_do_not_decode_stay() {
        let with = |text: &str| {
            let mut bytes = "前面的话写得很清楚，没有一处难懂，".as_bytes().to_vec();
            bytes.extend_from_slice(b"\xff\xfe\xe5\x8f");
            bytes.extend_from_slice(text.as_bytes());
            bytes
        };
        let (bytes, _) = mended(&with(DAMAGED));
        assert_eq!(bytes, with(RIGHT));
    }

    #[test]
    fn mending_twice_changes_nothing() {
        let (once, _) = mended(DAMAGED.as_bytes());
        assert_eq!(mended(&once), (once, 0));
    }
}
