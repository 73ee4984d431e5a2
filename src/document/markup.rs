//! Where a piece of markup ends that begins at some byte. Each search is bounded, so that a stray
//! mark costs no search of the whole file.

use memchr::{memchr, memmem};

use crate::text::Span;

/// The link reference definition (`[name]: address`, on the line or the next) whose label closes at
/// a byte; a footnote is none.
pub(super) fn definition(bytes: &[u8], closes: usize) -> Option<Span> {
    // a label is short
    let near = closes.saturating_sub(REACH);
    let start = match memchr::memrchr(b'\n', &bytes[near..closes]) {
        Some(at) => near + at + 1,
        None if near == 0 => 0,
        None => return None,
    };
    let line = |from: usize| memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at);
    let label = bytes[start..closes].trim_ascii_start();
    if label.first() != Some(&b'[') || label.get(1) == Some(&b'^') {
        return None;
    }
    let mut end = line(closes);
    if bytes[closes + 2..end].trim_ascii().is_empty() && end < bytes.len() {
        end = line(end + 1);
    }
    Some(Span::new(closes - label.len(), end))
}

/// How far a code span, tag or formula may reach, in bytes: keeps a stray mark from a search of the
/// whole file.
const REACH: usize = 2000;

/// The end of a code span that opens at `at`: the same number of backticks again, before a blank
/// line.
pub(super) fn code_span(bytes: &[u8], at: usize) -> Option<usize> {
    let ticks = bytes[at..].iter().take_while(|b| **b == b'`').count();
    let limit = bytes.len().min(at + REACH);
    let mut from = at + ticks;
    while from < limit {
        let next = from + memchr(b'`', &bytes[from..limit])?;
        if memmem::find(&bytes[from..next], b"\n\n").is_some() {
            return None;
        }
        let run = bytes[next..].iter().take_while(|b| **b == b'`').count();
        if run == ticks {
            return Some(next + run);
        }
        from = next + run;
    }
    None
}

/// The end of an HTML tag or comment that opens at `at`. A tag does not reach across a blank line:
/// what looks so is a stray `<`.
pub(super) fn tag(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    if rest.starts_with(b"<!--") {
        return memmem::find(rest, b"-->").map(|end| at + end + 3);
    }
    let name = rest
        .get(1..)
        .map(|r| if r.first() == Some(&b'/') { &r[1..] } else { r })?;
    if !name.first()?.is_ascii_alphabetic() && name.first() != Some(&b'!') {
        return None;
    }
    let end = memchr(b'>', rest)?;
    let inside = &rest[1..end];
    let plain = memchr(b'<', inside).is_none() && memmem::find(inside, b"\n\n").is_none();
    plain.then_some(at + end + 1)
}

/// What closes the elements of HTML in Markdown whose text is code: those that may be long first.
const CODE: [&str; 7] = [
    "</script", "</style", "</pre", "</code", "</kbd", "</samp", "</var",
];
const LONG: usize = 3;

/// Finds the ends of elements whose text is code.
pub(super) struct CodeElements {
    /// Whether one of each name may still be closed.
    closed: [bool; CODE.len()],
}

impl CodeElements {
    pub(super) fn new() -> Self {
        Self {
            closed: [true; CODE.len()],
        }
    }

    /// The end of the element whose tag opens at `at`, with its closing tag.
    pub(super) fn end(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let opens = |closing: &&str| bytes[at + 1..].starts_with(&closing.as_bytes()[2..]);
        let number = CODE.iter().position(opens)?;
        let closing = CODE[number].as_bytes();
        let after = bytes.get(at + closing.len() - 1)?;
        if after.is_ascii_alphanumeric() || !self.closed[number] {
            return None;
        }
        let inside = tag(bytes, at)?;
        let reach = match number {
            ..LONG => bytes.len(),
            _ => bytes.len().min(inside + REACH),
        };
        let found = memmem::find(&bytes[inside..reach], closing);
        let end = found.and_then(|found| tag(bytes, inside + found));
        // nothing closes those that follow either
        self.closed[number] = end.is_some() || number >= LONG;
        end
    }
}

/// The end of a character reference that begins at `at`: &amp;, &#8230;, &#x4e00;.
pub(super) fn entity(bytes: &[u8], at: usize) -> Option<usize> {
    /// Longer names are rare.
    const LONGEST: usize = 12;
    let rest = &bytes[at + 1..bytes.len().min(at + 1 + LONGEST)];
    let end = memchr(b';', rest)?;
    let name = rest[..end].strip_prefix(b"#").unwrap_or(&rest[..end]);
    let plain = name.len() > 1 && name.iter().all(u8::is_ascii_alphanumeric);
    plain.then_some(at + 1 + end + 1)
}

/// The end of MediaWiki's markup for words that differ between scripts,
/// -{zh-hans:网络;zh-hant:網路}-, on one line.
pub(super) fn conversion(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    let end = memmem::find(rest, b"}-")?;
    let one_line = memchr(b'\n', &rest[..end]).is_none();
    one_line.then_some(at + end + 2)
}

/// The end of a Markdown link destination that begins at `from`: the closing parenthesis, on the
/// same line.
pub(super) fn destination(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 1;
    for (i, b) in bytes[from..bytes.len().min(from + REACH)]
        .iter()
        .enumerate()
    {
        match b {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'\n' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(from + i + 1);
        }
    }
    None
}

/// The end of a TeX formula that opens at `at`: $…$ within a line, with blanks inside as
/// recognisers of pages set them ($ x _ { 1 } $), or $$…$$ across lines. Pairs are made from the
/// left. Money is told by its digits ($5 and $6), prose by Chinese outside of braces. Where
/// formulas are not usual they must look like one.
pub(super) fn formula(bytes: &[u8], at: usize, usual: bool) -> Option<usize> {
    if at > 0 && bytes[at - 1] == b'\\' {
        return None;
    }
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    let looks_so = |body: &[u8]| usual || body.iter().any(|b| matches!(b, b'\\' | b'^' | b'_'));
    if rest.starts_with(b"$$") {
        let end = memmem::find(&rest[2..], b"$$")?;
        return looks_so(&rest[2..2 + end]).then_some(at + end + 4);
    }
    let line = &rest[1..];
    let line = &line[..memchr(b'\n', line).unwrap_or(line.len())];
    let end = memchr::memchr_iter(b'$', line).find(|end| *end == 0 || line[end - 1] != b'\\')?;
    let body = line[..end].trim_ascii();
    let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    let money = digit(body.first()) && digit(line.get(end + 1));
    let is_formula = !body.is_empty() && !money && looks_so(body) && !is_prose(body);
    is_formula.then_some(at + 1 + end + 1)
}

/// The end of a formula of LaTeX that opens with the backslash at `at`: \(…\), \[…\],
/// \begin{…}…\end{…}.
pub(super) fn latex(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    let inside = |close: &[u8]| {
        let end = memmem::find(&rest[2..], close)?;
        (!is_prose(&rest[2..2 + end])).then_some(at + 2 + end + close.len())
    };
    match rest.get(1)? {
        b'(' => inside(b"\\)"),
        b'[' => inside(b"\\]"),
        b'b' => {
            let name = rest.strip_prefix(b"\\begin{")?;
            let name = &name[..memchr(b'}', &name[..name.len().min(32)])?];
            let close = [b"\\end{", name, b"}"].concat();
            memmem::find(rest, &close).map(|end| at + end + close.len())
        }
        _ => None,
    }
}

/// Whether there is Chinese outside of braces: that is no formula.
fn is_prose(body: &[u8]) -> bool {
    let mut depth = 0_usize;
    body.iter().any(|b| {
        match b {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(b, 0xe3..=0xe9 | 0xef)
    })
}

/// The end of a citation of Pandoc that opens with the bracket at `at`: [@key, 第3页], [-@key].
pub(super) fn citation(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    let end = memchr(b']', rest)?;
    memchr(b'\n', &rest[..end])
        .is_none()
        .then_some(at + end + 1)
}

/// What is no prose of a link of Obsidian that opens at `at`: the target of [[target|name]], all of
/// an embedded file ![[…]], else the brackets.
pub(super) fn wiki_link(bytes: &[u8], at: usize) -> Option<[Span; 2]> {
    /// Longer names are none.
    const LONGEST: usize = 300;
    let rest = &bytes[at..bytes.len().min(at + LONGEST)];
    let end = memmem::find(&rest[2..], b"]]")? + 2;
    let inside = &rest[2..end];
    if inside.iter().any(|b| matches!(b, b'[' | b'\n')) {
        return None;
    }
    let shown = if at > 0 && bytes[at - 1] == b'!' {
        end + 2
    } else {
        memchr(b'|', inside).map_or(2, |bar| 2 + bar + 1)
    };
    Some([Span::new(at, at + shown), Span::new(at + end, at + end + 2)])
}

/// The end of a comment of Obsidian that opens at `at`: %%…%%, not across a blank line.
pub(super) fn note(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    let end = memmem::find(&rest[2..], b"%%")?;
    let whole = memmem::find(&rest[..2 + end], b"\n\n").is_none() && end > 0;
    whole.then_some(at + 2 + end + 2)
}
