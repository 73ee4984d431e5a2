//! LaTeX: the text between commands. Formulas stay in the sentence as what is no prose.

use std::ops::Range;

use super::builder::Builder;
use super::escape::Escape;
use super::map::Hidden;

/// Environments without prose.
const SKIPPED: &[&str] = &[
    "align",
    "alignat",
    "displaymath",
    "eqnarray",
    "equation",
    "filecontents",
    "gather",
    "lstlisting",
    "math",
    "minted",
    "multline",
    "picture",
    "thebibliography",
    "tikzpicture",
    "verbatim",
];

/// Commands whose arguments are names, lengths and addresses.
const NO_TEXT: &[&str] = &[
    "addbibresource",
    "autoref",
    "bibliography",
    "bibliographystyle",
    "cite",
    "citep",
    "citet",
    "color",
    "cref",
    "documentclass",
    "eqref",
    "fontsize",
    "hspace",
    "hspace*",
    "include",
    "includegraphics",
    "input",
    "label",
    "lstinputlisting",
    "newcommand",
    "newenvironment",
    "pagenumbering",
    "pageref",
    "pagestyle",
    "ref",
    "renewcommand",
    "setcounter",
    "setlength",
    "setmainfont",
    "setCJKmainfont",
    "thispagestyle",
    "url",
    "usepackage",
    "vspace",
    "vspace*",
];

/// Commands whose first argument alone is no text.
const FIRST_NO_TEXT: &[&str] = &["href", "textcolor", "colorbox", "multicolumn", "raisebox"];

/// Commands that open a heading, and its mark.
const HEADINGS: &[(&str, &str)] = &[
    ("title", "# "),
    ("part", "# "),
    ("chapter", "# "),
    ("section", "## "),
    ("subsection", "### "),
    ("subsubsection", "#### "),
    ("paragraph", "#### "),
];

/// No argument, option or formula is longer, in bytes: one that nothing closes must not be looked
/// for to the end of the file each time.
const LONGEST: usize = 64 * 1024;

/// Commands that stand for a character.
const CHARACTERS: &[(&str, &str)] = &[
    ("textbackslash", "\\"),
    ("textasciitilde", "~"),
    ("textasciicircum", "^"),
    ("ldots", "…"),
    ("dots", "…"),
];

/// Reads a document, or a part of one.
pub(super) fn read<'s>(source: &'s str, builder: &mut Builder<'s>) {
    const BEGIN: &str = "\\begin{document}";
    const END: &str = "\\end{document}";
    let start = source.find(BEGIN).map_or(0, |at| at + BEGIN.len());
    let end = source.find(END).filter(|end| *end >= start);
    let mut reader = Latex {
        source,
        at: start,
        end: end.unwrap_or(source.len()),
        builder,
        notes: Vec::new(),
        headings: Vec::new(),
        depth: 0,
    };
    reader.run();
    reader.paragraph();
}

struct Latex<'b, 's> {
    source: &'s str,
    at: usize,
    /// Where the stretch that is read ends.
    end: usize,
    builder: &'b mut Builder<'s>,
    /// Footnotes of the paragraph: they are read behind it.
    notes: Vec<Range<usize>>,
    /// How deep the braces of open headings stand.
    headings: Vec<usize>,
    depth: usize,
}

impl<'s> Latex<'_, 's> {
    fn rest(&self) -> &'s str {
        &self.source[self.at..self.end]
    }

    /// As much of what comes as an argument may have.
    fn near(&self) -> &'s str {
        let rest = self.rest();
        &rest[..rest.floor_char_boundary(LONGEST)]
    }

    fn run(&mut self) {
        while self.at < self.end {
            self.step();
        }
    }

    /// The paragraph ends here; its notes follow.
    fn paragraph(&mut self) {
        self.builder.paragraph();
        for note in std::mem::take(&mut self.notes) {
            let whole = (self.at, self.end);
            (self.at, self.end) = (note.start, note.end);
            self.run();
            self.builder.paragraph();
            (self.at, self.end) = whole;
        }
    }

    fn step(&mut self) {
        match self.source.as_bytes()[self.at] {
            b'%' => {
                let length = self.rest().find('\n');
                self.at += length.map_or(self.rest().len(), |n| n + 1);
            }
            b'\\' => self.command(),
            b'$' => {
                let mark = if self.rest().starts_with("$$") {
                    "$$"
                } else {
                    "$"
                };
                self.formula(mark, mark);
            }
            b'{' => {
                self.depth += 1;
                self.at += 1;
            }
            b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.at += 1;
                if self.headings.last() == Some(&self.depth) {
                    self.headings.pop();
                    self.paragraph();
                }
            }
            b'~' | b'&' => {
                self.builder.blank(self.at);
                self.at += 1;
            }
            b'`' if self.ligature("``", "“") || self.ligature("`", "‘") => {}
            b'\'' if self.ligature("''", "”") => {}
            b'-' if self.ligature("---", "—") || self.ligature("--", "–") => {}
            _ => self.words(),
        }
    }

    /// Marks that stand for one character.
    fn ligature(&mut self, marks: &str, text: &str) -> bool {
        let stands = self.rest().starts_with(marks);
        if stands {
            let range = self.at..self.at + marks.len();
            self.builder.character(range, text, Escape::Latex);
            self.at += marks.len();
        }
        stands
    }

    /// Text up to the next thing that is more than text.
    fn words(&mut self) {
        let rest = self.rest();
        let own = rest.chars().next().map_or(1, char::len_utf8);
        let special = |c| {
            matches!(
                c,
                '%' | '\\' | '$' | '{' | '}' | '~' | '&' | '`' | '\'' | '-'
            )
        };
        let length = rest[own..].find(special).map_or(rest.len(), |n| n + own);
        let (mut from, end) = (self.at, self.at + length);
        self.at = end;
        // An empty line ends the paragraph.
        while let Some(gap) = blank_line(&self.source[from..end]) {
            self.builder
                .flowing_plain(from..from + gap.start, Escape::Latex);
            self.paragraph();
            from += gap.end;
        }
        self.builder.flowing_plain(from..end, Escape::Latex);
    }

    fn formula(&mut self, open: &str, close: &str) {
        let start = self.at;
        let body = start + open.len();
        let mut end = body;
        loop {
            let far = self
                .source
                .floor_char_boundary((body + LONGEST).min(self.end));
            let Some(n) = self.source.get(end..far).and_then(|t| t.find(close)) else {
                // A mark that nothing closes.
                self.at = body;
                return;
            };
            end += n + close.len();
            let before = &self.source[body..end - close.len()];
            if !before.ends_with('\\') || close.starts_with('\\') {
                break;
            }
        }
        self.at = end;
        self.builder.hidden(start..end, Hidden::Formula);
    }

    fn command(&mut self) {
        let start = self.at;
        let letters = self.rest()[1..].bytes();
        let length = letters.take_while(u8::is_ascii_alphabetic).count();
        if length == 0 {
            return self.symbol();
        }
        let source = self.source;
        let name = &source[start + 1..start + 1 + length];
        self.at = start + 1 + length;
        self.at += usize::from(self.rest().starts_with('*'));
        match name {
            "begin" => self.environment(),
            "end" => {
                self.argument();
                self.paragraph();
            }
            "item" => {
                self.paragraph();
                self.builder.paragraph_marked("- ");
                self.option();
            }
            "par" | "newpage" | "clearpage" | "maketitle" => self.paragraph(),
            "verb" => self.verb(start),
            "footnote" | "endnote" | "footnotetext" => {
                self.option();
                let note = self.argument();
                self.notes.extend(note);
            }
            _ if NO_TEXT.contains(&name) => {
                while self.option() || self.argument().is_some() {}
                // What stands for a reference is part of the sentence.
                if name.ends_with("ref") || name.starts_with("cite") || name == "url" {
                    self.builder.hidden(start..self.at, Hidden::Code);
                }
            }
            _ => match CHARACTERS.iter().find(|(character, _)| *character == name) {
                Some((_, text)) => {
                    self.at += if self.rest().starts_with("{}") { 2 } else { 0 };
                    self.builder.character(start..self.at, text, Escape::Latex);
                }
                None => self.wrapping(name),
            },
        }
    }

    /// A command whose argument is text, or one without any.
    fn wrapping(&mut self, name: &str) {
        self.option();
        if FIRST_NO_TEXT.contains(&name) {
            self.argument();
        }
        let heading = HEADINGS.iter().find(|(heading, _)| *heading == name);
        let apart = matches!(name, "caption" | "author" | "date");
        if self.rest().starts_with('{') && (heading.is_some() || apart) {
            self.paragraph();
            if let Some((_, mark)) = heading {
                self.builder.paragraph_marked(mark);
            }
            self.headings.push(self.depth);
        } else if !self.rest().starts_with('{') {
            // White space behind the name of a command only ends it.
            self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
        }
    }

    fn verb(&mut self, start: usize) {
        let mut inside = self.rest().chars();
        if let Some(mark) = inside.next()
            && let Some(length) = inside.as_str().lines().next().and_then(|l| l.find(mark))
        {
            self.at += length + 2 * mark.len_utf8();
            self.builder.hidden(start..self.at, Hidden::Code);
        }
    }

    /// A backslash and a mark: `\%`, `\\`, `\[`.
    fn symbol(&mut self) {
        let start = self.at;
        match self.rest()[1..].chars().next() {
            Some('(') => self.formula("\\(", "\\)"),
            Some('[') => {
                self.formula("\\[", "\\]");
                self.builder.soft_break(self.at);
            }
            Some('\\') => {
                self.at += 2;
                self.option();
                self.builder.line();
            }
            Some(c @ ('%' | '&' | '#' | '$' | '_' | '{' | '}')) => {
                let text = c.encode_utf8(&mut [0; 4]).to_owned();
                self.at += 2;
                self.builder.character(start..self.at, &text, Escape::Latex);
            }
            Some(',' | ' ' | ';' | ':' | '!') => {
                self.builder.blank(start);
                self.at += 2;
            }
            Some(c) => self.at += 1 + c.len_utf8(),
            None => self.at += 1,
        }
    }

    fn environment(&mut self) {
        let start = self.at;
        let name = self.argument().map_or("", |range| &self.source[range]);
        if SKIPPED.contains(&name.trim_end_matches('*')) {
            let close = format!("\\end{{{name}}}");
            let length = self.rest().find(&close).map(|n| n + close.len());
            self.at += length.unwrap_or(self.rest().len());
            let set_apart = matches!(
                name.trim_end_matches('*'),
                "filecontents"
                    | "lstlisting"
                    | "minted"
                    | "thebibliography"
                    | "tikzpicture"
                    | "verbatim"
            );
            // A formula set apart stands in the sentence around it.
            if set_apart {
                self.paragraph();
            } else {
                self.builder.soft_break(start);
            }
            return;
        }
        while self.option() {}
        if name.starts_with("tab") || name.starts_with("array") || name == "minipage" {
            self.argument();
        }
        self.paragraph();
    }

    /// Passes over `[ … ]`.
    fn option(&mut self) -> bool {
        let end = self.near().strip_prefix('[').and_then(|r| r.find(']'));
        if let Some(end) = end {
            self.at += end + 2;
        }
        end.is_some()
    }

    /// Passes over `{ … }`; returns what is in it.
    fn argument(&mut self) -> Option<Range<usize>> {
        if !self.rest().starts_with('{') {
            return None;
        }
        let mut depth = 0usize;
        for (n, b) in self.near().bytes().enumerate() {
            match b {
                b'{' => depth += 1,
                b'}' if depth == 1 => {
                    let inside = self.at + 1..self.at + n;
                    self.at += n + 1;
                    return Some(inside);
                }
                b'}' => depth -= 1,
                _ => {}
            }
        }
        None
    }
}

/// The first empty line of a text, with the line ends around it.
fn blank_line(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find('\n')?;
        let rest = &text[start + 1..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        if rest[blank..].starts_with('\n') {
            return Some(start..start + 1 + blank + 1);
        }
        from = start + 1;
    }
}
