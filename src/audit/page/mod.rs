//! The page of an audit: one file that opens anywhere, fetches nothing and holds all findings, or a
//! sample of them where they are many.
//!
//! What works without JavaScript is made by the template; single findings are columns of JSON,
//! deflated, of which the browser draws a screenful at a time. Texts come from pages that nobody
//! vouches for: they are escaped here and are text nodes there, and what is not seen stands in a
//! box.

mod columns;
mod summary;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use minijinja::value::Value;
use minijinja::{Environment, context};
use sha2::{Digest, Sha256};

use super::{Audit, FileRecord, Record};
use crate::finding::Severity;
use crate::language::Lang;
use columns::{Choice, Columns, Counts};

/// The largest page, in bytes.
const LARGEST: usize = 8 << 20;
/// Findings in a page at most.
const MOST: usize = 100_000;
/// Characters on either side of a finding: as many as there is room for.
const AROUND: [usize; 3] = [160, 80, 30];
/// How often it is tried to make the page small enough.
const ROUNDS: usize = 10;
/// Bytes that are packed at a time.
const PIECE: usize = 64 << 10;
/// Bytes that are left for the part of the page that works without JavaScript.
const SUMMARY: usize = 256 << 10;

const STYLE: &str = include_str!("style.css");
const TEMPLATE: &str = include_str!("page.html");
const SCRIPT: &str = concat!(
    include_str!("words.js"),
    include_str!("text.js"),
    include_str!("data.js"),
    include_str!("list.js"),
    include_str!("findings.js"),
    include_str!("documents.js"),
    include_str!("review.js"),
    include_str!("main.js"),
);

/// Where a page comes from.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// What was audited.
    pub paths: String,
    /// The command.
    pub command: String,
    /// The day.
    pub date: String,
    /// The language in which the page opens where no script chooses another.
    pub lang: Lang,
    /// A hash of all that the findings depend on besides the files.
    pub settings: u64,
}

/// Findings on their way to a page, kept in a file.
pub struct Page {
    spill: BufWriter<File>,
    files: usize,
    sources: Vec<usize>,
    counts: Counts,
}

impl Page {
    /// An empty page.
    ///
    /// # Errors
    ///
    /// Where no temporary file can be made.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            spill: BufWriter::new(tempfile::tempfile()?),
            files: 0,
            sources: Vec::new(),
            counts: Counts::default(),
        })
    }

    /// Takes the next file, of a source with a number.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn take(&mut self, source: usize, file: &FileRecord) -> io::Result<()> {
        // the notes on what repeats stand in tables of their own
        let corpus_note = |f: &&Record| f.is_damage() || f.severity > Severity::Info;
        for finding in file.findings.iter().filter(corpus_note) {
            self.counts.add(finding);
            serde_json::to_writer(&mut self.spill, &(self.files, finding))?;
            self.spill.write_all(b"\n")?;
        }
        self.files += 1;
        self.sources.push(source);
        Ok(())
    }

    /// Writes the page.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn finish(
        self,
        audit: &Audit,
        sources: &[String],
        provenance: &Provenance,
        mut out: impl Write,
    ) -> io::Result<()> {
        let mut spill = self
            .spill
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        let choice = Choice::new(audit, self.counts, MOST);
        let data = embedded(&mut spill, audit, (sources, &self.sources), choice)?;
        let summary = summary::Summary::new(audit)?;
        let page = render(&summary, provenance, data).map_err(io::Error::other)?;
        out.write_all(page.as_bytes())
    }
}

/// The columns of as many findings as there is room for, with as much around them as there is room
/// for.
fn embedded(
    spill: &mut File,
    audit: &Audit,
    sources: (&[String], &[usize]),
    mut choice: Choice,
) -> io::Result<String> {
    let room = LARGEST - SCRIPT.len() - STYLE.len() - SUMMARY;
    let worst = columns::worst(audit)?;
    let mut around = AROUND[0];
    let mut round = 0;
    loop {
        round += 1;
        spill.rewind()?;
        let columns = Columns::read(spill, audit, (sources, &worst), &choice, around)?;
        let packing = DeflateEncoder::new(Vec::new(), Compression::new(8));
        let mut json = BufWriter::with_capacity(PIECE, packing);
        serde_json::to_writer(&mut json, &columns)?;
        let packing = json.into_inner().map_err(io::IntoInnerError::into_error)?;
        let packed = packing.finish()?;
        let size = packed.len().div_ceil(3) * 4;
        // long names of files alone may take more room than there is: a large page is better than
        // none
        if size <= room || round == ROUNDS {
            return Ok(STANDARD.encode(packed));
        }
        // first less of each finding, then fewer notes, then still less, then fewer findings
        let part = 0.95 * room as f64 / size as f64;
        around = match around {
            n if n == AROUND[0] => AROUND[1],
            n if n == AROUND[1] && choice.drop_notes(part) => n,
            _ => {
                choice.reduce(if around == AROUND[2] { part } else { 1.0 });
                AROUND[2]
            }
        };
    }
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

fn render(
    summary: &summary::Summary<'_>,
    provenance: &Provenance,
    data: String,
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.add_filter("boxed", |text: Cow<'_, str>| {
        Value::from_safe_string(boxed(&text))
    });
    environment.add_filter("count", |n: u64| {
        super::screen::count(usize::try_from(n).unwrap_or(0))
    });
    environment.add_filter("one", |x: f64| format!("{x:.1}"));
    environment.add_filter("two", |x: f64| format!("{x:.2}"));
    environment.add_filter("percent", |x: f64| format!("{:.0} %", x * 100.0));
    environment.add_filter("fine", |x: f64| format!("{:.2} %", x * 100.0));
    environment.add_template("page.html", TEMPLATE)?;
    let summary = Value::from_serialize(summary);
    let page = context! {
        ui => match provenance.lang {
            Lang::En => "en",
            Lang::Zh => "zh",
        },
        style => STYLE,
        script => SCRIPT,
        style_hash => Value::from_safe_string(hash(STYLE)),
        script_hash => Value::from_safe_string(hash(SCRIPT)),
        data => data,
        paths => provenance.paths,
        command => provenance.command,
        date => provenance.date,
        settings => format!("{:016x}", provenance.settings),
        ..summary
    };
    environment.get_template("page.html")?.render(page)
}

/// Text as HTML, in which whatever is not seen or turns the direction of writing stands in a box by
/// its code point.
fn boxed(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' => html.push(' '),
            c if crate::text::visible(c.encode_utf8(&mut [0; 4]))
                .chars()
                .ne([c]) =>
            {
                html.push_str(&format!(
                    "<span class=\"box\">U+{:04X}</span>",
                    u32::from(c)
                ));
            }
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, boxed};

    #[test]
    fn no_text_is_markup_and_nothing_is_hidden() {
        assert_eq!(
            boxed("<b a=\"1\">'&"),
            "&lt;b a=&quot;1&quot;&gt;&#39;&amp;"
        );
        assert_eq!(
            boxed("甲\u{202e}乙"),
            "甲<span class=\"box\">U+202E</span>乙"
        );
        assert_eq!(boxed("\u{1b}"), "<span class=\"box\">U+001B</span>");
    }

    #[test]
    fn what_is_set_into_the_page_does_not_end_its_element() {
        assert!(!SCRIPT.to_lowercase().contains("</script") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.to_lowercase().contains("</style"));
    }
}
