//! Text inside XML.

use std::fmt;

/// Shows text as XML character data, good in elements and in attributes: markup is escaped, line
/// breaks and tabs are kept as references, and characters that XML 1.0 cannot hold become U+FFFD.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(special) {
            f.write_str(&rest[..at])?;
            let mut chars = rest[at..].chars();
            match chars.next() {
                Some('&') => f.write_str("&amp;")?,
                Some('<') => f.write_str("&lt;")?,
                Some('>') => f.write_str("&gt;")?,
                Some('"') => f.write_str("&quot;")?,
                Some(c @ ('\n' | '\r' | '\t')) => write!(f, "&#{};", u32::from(c))?,
                _ => f.write_str("\u{fffd}")?,
            }
            rest = chars.as_str();
        }
        f.write_str(rest)
    }
}

fn special(c: char) -> bool {
    matches!(
        c,
        '&' | '<' | '>' | '"' | '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn nothing_breaks_out() {
        let text = Escaped("<“县&\"\n\u{0}>").to_string();
        assert_eq!(text, "&lt;“县&amp;&quot;&#10;\u{fffd}&gt;");
    }
}
