//! Kinds of file: what there is to read in each, and where it stands.
//!
//! A reader gives the rules [`Prose`]: text with its paragraphs apart, and a [`Map`] from it to the
//! file, through escapes. The rules know nothing of tags, quotation marks and time codes, so they
//! never speak of them; an edit goes back through the map, is written as the file writes such text,
//! and is refused where it would touch anything else. [`same_syntax`] reads the outcome again.

mod builder;
mod entity;
mod escape;
mod html;
mod json;
mod latex;
mod map;
mod packed;
mod page;
mod sniff;
mod subtitles;
mod table;
mod xml;
mod xml_tokens;

use std::fmt;
use std::hash::{DefaultHasher, Hasher};
use std::str::FromStr;
use std::sync::OnceLock;

pub use map::{Hidden, Map, Place, Prose};
pub use packed::{Member, Packing, UnpackError};

use builder::Builder;
use subtitles::Notation;

use crate::language::Lang;
use crate::said;
use crate::text::{Census, LineIndex, is_han};

/// The kinds of file that are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text and nothing else.
    #[default]
    Plain,
    /// Markdown.
    Markdown,
    /// HTML and XHTML.
    Html,
    /// What a recogniser writes as HTML: words, lines and pages.
    Hocr,
    /// XML with text in it: TEI and the like.
    Xml,
    /// What recognisers write as ALTO.
    Alto,
    /// What recognisers write as PAGE.
    Page,
    /// One JSON value.
    Json,
    /// A JSON value a line.
    JsonLines,
    /// A table, its fields apart by commas or by what its first records show.
    Csv,
    /// A table, its fields apart by tabs.
    Tsv,
    /// Subtitles, SRT.
    Srt,
    /// Subtitles, `WebVTT`.
    Vtt,
    /// Subtitles, ASS and SSA.
    Ass,
    /// LaTeX.
    Latex,
}

impl Kind {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::Plain,
        Self::Markdown,
        Self::Html,
        Self::Hocr,
        Self::Xml,
        Self::Alto,
        Self::Page,
        Self::Json,
        Self::JsonLines,
        Self::Csv,
        Self::Tsv,
        Self::Srt,
        Self::Vtt,
        Self::Ass,
        Self::Latex,
    ];

    /// The name used on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Hocr => "hocr",
            Self::Xml => "xml",
            Self::Alto => "alto",
            Self::Page => "page",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Ass => "ass",
            Self::Latex => "latex",
        }
    }

    /// The kind of a file: by the ending of its name, else by what is in it.
    #[must_use]
    pub fn of(name: &str, text: &str) -> Self {
        sniff::kind(name, text)
    }

    /// Whether comments in the text are read, those that silence rules among them.
    #[must_use]
    pub fn has_comments(self) -> bool {
        self.is_text() || matches!(self, Self::Html | Self::Hocr | Self::Xml)
    }

    /// Whether the rules read the file as it is.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Plain | Self::Markdown)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|kind| kind.name() == name);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            said!("unknown kind of file `{name}`: one of {names}"; "未知的文件类型 `{name}`；可用的有：{names}")
        })
    }
}

/// How files are to be read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The kind of all files, instead of what each looks like.
    pub kind: Option<Kind>,
    /// The fields of records that are read, by key, name or number of their column; all that hold
    /// prose where there are none.
    pub fields: Vec<String>,
}

impl Options {
    /// These, and where they do not say, those.
    #[must_use]
    pub fn over(self, those: Self) -> Self {
        Self {
            kind: self.kind.or(those.kind),
            fields: if self.fields.is_empty() {
                those.fields
            } else {
                self.fields
            },
        }
    }

    /// The kind that a file is read as.
    #[must_use]
    pub fn kind_of(&self, name: &str, text: &str) -> Kind {
        self.kind.unwrap_or_else(|| Kind::of(name, text))
    }
}

/// A stretch of a file that is not of its kind, and was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where it is seen, in bytes of the decoded file.
    pub offset: usize,
    /// What is wrong, in English and in Chinese.
    reason: [&'static str; 2],
}

impl Malformed {
    /// What is wrong, in a language.
    #[must_use]
    pub fn reason(&self, lang: Lang) -> &'static str {
        lang.pick(self.reason[0], self.reason[1])
    }
}

/// The file that records come from: its lines, indexed when a message first names one, and its
/// characters, counted when a rule first asks.
#[derive(Debug)]
pub struct WholeFile<'a> {
    text: &'a str,
    index: OnceLock<LineIndex>,
    census: OnceLock<Census>,
}

impl<'a> WholeFile<'a> {
    /// What there is to know of a decoded file.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            index: OnceLock::new(),
            census: OnceLock::new(),
        }
    }

    /// How often each character stands in it.
    #[must_use]
    pub fn census(&self) -> &Census {
        self.census.get_or_init(|| Census::new(self.text))
    }

    /// The line (from 1) on which the byte at `offset` stands.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        let index = self.index.get_or_init(|| LineIndex::new(self.text));
        index.line_of(offset) + 1
    }
}

/// What takes the prose of a file, record by record.
pub type Each<'e, 's> = dyn FnMut(Prose<'s>) + 'e;

/// Hands out the prose of a file: of one record after the other where it has records, else of the
/// whole. Returns what could not be read.
pub fn read<'s>(
    kind: Kind,
    options: &Options,
    source: &'s str,
    each: &mut Each<'_, 's>,
) -> Vec<Malformed> {
    if kind.is_text() {
        each(Prose::whole(source));
        return Vec::new();
    }
    let mut builder = Builder::new(source);
    let malformed = fill(kind, options, source, &mut builder, each);
    if let Some(prose) = builder.take() {
        each(prose);
    }
    malformed
}

/// Has the reader of a kind fill the builder; readers of records hand out what it holds themselves.
fn fill<'s>(
    kind: Kind,
    options: &Options,
    source: &'s str,
    builder: &mut Builder<'s>,
    each: &mut Each<'_, 's>,
) -> Vec<Malformed> {
    match kind {
        Kind::Plain | Kind::Markdown => builder.cell(0..source.len()),
        Kind::Html | Kind::Hocr => html::read(source, builder),
        Kind::Xml | Kind::Alto | Kind::Page => return xml::read(source, builder),
        Kind::Json => return json::read(source, false, options, builder, each),
        Kind::JsonLines => return json::read(source, true, options, builder, each),
        Kind::Csv => {
            let mark = table::mark(source).unwrap_or(b',');
            table::read(source, mark, options, builder, each);
        }
        Kind::Tsv => table::read(source, b'\t', options, builder, each),
        Kind::Srt => subtitles::read(source, Notation::Timed { entities: false }, builder),
        Kind::Vtt => subtitles::read(source, Notation::Timed { entities: true }, builder),
        Kind::Ass => subtitles::read(source, Notation::Ass, builder),
        Kind::Latex => latex::read(source, builder),
    }
    Vec::new()
}

/// Whether two versions of a file differ in nothing but text: the same tags, keys, marks between
/// fields and time codes in the same order, and what was readable still is.
#[must_use]
pub fn same_syntax(kind: Kind, old: &str, new: &str) -> bool {
    kind.is_text() || syntax(kind, old) == syntax(kind, new)
}

/// What stands between the texts of a file, hashed, and how much of it could not be read.
fn syntax(kind: Kind, source: &str) -> (u64, usize) {
    let mut builder = Builder::of_cells(source);
    let options = Options::default();
    let malformed = fill(kind, &options, source, &mut builder, &mut |_| {});
    let mut cells = builder.into_cells();
    cells.sort_by_key(|cell| cell.start);
    let mut hash = DefaultHasher::new();
    let mut done = 0;
    for cell in cells {
        hash.write(&source.as_bytes()[done..cell.start.max(done)]);
        done = done.max(cell.end);
    }
    hash.write(&source.as_bytes()[done..]);
    (hash.finish(), malformed.len())
}

/// Whether a text is prose rather than a label, a name or a number: it has the marks of a sentence,
/// or enough Chinese characters for one.
fn holds_prose(text: impl Iterator<Item = char>) -> bool {
    const ENOUGH: usize = 8;
    let (mut han, mut marked) = (0, false);
    for c in text {
        han += usize::from(is_han(c));
        marked |= matches!(c, '。' | '，' | '！' | '？' | '；' | '：');
        if han >= ENOUGH || marked && han >= 2 {
            return true;
        }
    }
    false
}
