//! How text is written where it stands.

/// What has to be escaped in a place of a file, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// Inside the quotation marks of a JSON string.
    Json {
        /// Whether the file keeps to ASCII.
        ascii: bool,
    },
    /// A field of a table inside quotation marks.
    Quoted,
    /// A field of a table without them; the mark between fields.
    Bare(u8),
    /// The text of HTML or XML.
    Markup,
    /// An attribute of XML.
    Attribute,
    /// `<![CDATA[ … ]]>`.
    Verbatim,
    /// A line of SRT.
    Cue,
    /// The text of a line of ASS.
    Dialogue,
    /// LaTeX.
    Latex,
}

impl Escape {
    /// The text as it is written there; `None` where it cannot stand there.
    pub(super) fn write(self, text: &str) -> Option<String> {
        let broken = text.contains(['\n', '\r']);
        let may_stand = match self {
            Self::Json { .. } | Self::Quoted | Self::Markup | Self::Latex => true,
            Self::Bare(mark) => !broken && !text.contains(['"', char::from(mark)]),
            Self::Attribute => !broken,
            Self::Verbatim => !text.contains("]]>"),
            Self::Cue => !broken && !text.contains("-->"),
            Self::Dialogue => !broken && !text.contains(['{', '}', '\\']),
        };
        if !may_stand {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self {
                Self::Json { ascii } => json(c, ascii, &mut out),
                Self::Quoted if c == '"' => out.push_str("\"\""),
                Self::Markup | Self::Attribute => markup(c, &mut out),
                Self::Latex => latex(c, &mut out),
                _ => out.push(c),
            }
        }
        Some(out)
    }
}

fn json(c: char, ascii: bool, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if c < ' ' || ascii && !c.is_ascii() => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
        c => out.push(c),
    }
}

fn markup(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => out.push(c),
    }
}

fn latex(c: char, out: &mut String) {
    match c {
        '%' | '&' | '#' | '$' | '_' | '{' | '}' => {
            out.push('\\');
            out.push(c);
        }
        '~' => out.push_str("\\textasciitilde{}"),
        '^' => out.push_str("\\textasciicircum{}"),
        '\\' => out.push_str("\\textbackslash{}"),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::Escape;

    #[test]
    fn what_cannot_stand_somewhere_is_not_written_there() {
        let json = |ascii| Escape::Json { ascii };
        assert_eq!(json(false).write("村\"\n").as_deref(), Some("村\\\"\\n"));
        assert_eq!(
            json(true).write("村𠮷").as_deref(),
            Some("\\u6751\\ud842\\udfb7")
        );
        assert_eq!(Escape::Quoted.write("a\"b").as_deref(), Some("a\"\"b"));
        assert_eq!(Escape::Bare(b',').write("甲,乙"), None);
        assert_eq!(Escape::Bare(b'\t').write("甲,乙").as_deref(), Some("甲,乙"));
        assert_eq!(Escape::Markup.write("<甲&").as_deref(), Some("&lt;甲&amp;"));
        assert_eq!(Escape::Cue.write("甲\n乙"), None);
        assert_eq!(Escape::Dialogue.write("{甲}"), None);
        assert_eq!(Escape::Latex.write("5%").as_deref(), Some("5\\%"));
        assert_eq!(Escape::Verbatim.write("]]>"), None);
    }
}
