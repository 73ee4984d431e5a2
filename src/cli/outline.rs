//! `kanwu outline`: the structure of a document as the rules see it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use miette::{IntoDiagnostic, WrapErr};

use super::output::Written;
use serde::Serialize;

use crate::document::{Document, Paragraph, ParagraphKind};
use crate::formats::{self, FileLines, Kind, Options, Packing, Prose};
use crate::reading::Reading;
use crate::reading::register::Script;
use crate::regular_file;
use crate::text::{self, LineIndex, Positions, visible, visible_name};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How to write the outline
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show every sentence
    #[arg(long)]
    sentences: bool,
    /// Read the files as this kind [default: by the name, else by the content, each file]
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<Kind>,
    /// The fields of JSON and table records that are read, by name [default: those that hold prose]
    #[arg(long = "field", value_delimiter = ',', value_name = "FIELDS")]
    fields: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A tree to read
    #[default]
    Text,
    /// An array of objects
    Json,
}

#[derive(Serialize)]
struct FileOutline {
    file: String,
    kind: &'static str,
    articles: Vec<ArticleOutline>,
}

#[derive(Serialize)]
struct ArticleOutline {
    line: usize,
    last_line: usize,
    heading: Option<String>,
    byline: Option<String>,
    /// The register of most of the text.
    register: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<&'static str>,
    paragraphs: Vec<ParagraphOutline>,
}

#[derive(Serialize)]
struct ParagraphOutline {
    line: usize,
    kind: &'static str,
    /// Where it is another one than that of most of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    register: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    characters: usize,
    text: String,
    sentences: Vec<SentenceOutline>,
}

#[derive(Serialize)]
struct SentenceOutline {
    line: usize,
    column: usize,
    text: String,
}

pub(super) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let mut outlines = Vec::new();
    for path in &arguments.files {
        let options = Options {
            kind: arguments.kind,
            fields: arguments.fields.clone(),
        };
        let read = read(path, &options)?;
        match arguments.format {
            Format::Text => {
                for outline in &read {
                    print(&mut out, outline, arguments.sentences).written()?;
                }
            }
            Format::Json => outlines.extend(read),
        }
    }
    if matches!(arguments.format, Format::Json) {
        serde_json::to_writer_pretty(&mut out, &outlines).written()?;
        writeln!(out).written()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The outline of a file, or those of the files in a packed one.
fn read(path: &Path, options: &Options) -> miette::Result<Vec<FileOutline>> {
    let name = path.display().to_string();
    let bytes = regular_file::read(path, u64::from(u32::MAX))
        .into_diagnostic()
        .wrap_err_with(|| name.clone())?;
    let Some(packing) = Packing::of(&bytes) else {
        return Ok(vec![read_one(name, &bytes, options)?]);
    };
    let members = packing
        .unpack(&bytes)
        .into_diagnostic()
        .wrap_err_with(|| name.clone())?;
    let outlines = members.iter().map(|member| {
        let name = match &member.path {
            Some(path) => format!("{name}/{path}"),
            None => name.clone(),
        };
        read_one(name, &member.bytes, options)
    });
    outlines.collect()
}

fn read_one(name: String, bytes: &[u8], options: &Options) -> miette::Result<FileOutline> {
    let decoded = text::decode(bytes, None)
        .into_diagnostic()
        .wrap_err_with(|| name.clone())?;
    let kind = options.kind_of(&name, &decoded.text);
    let lines = FileLines::new(&decoded.text);
    let index = LineIndex::new(&decoded.text);
    let mut articles = Vec::new();
    formats::read(kind, options, &decoded.text, &mut |prose| {
        let invalid = prose.invalid(&decoded);
        let document = Document::of_prose(&name, &prose, &lines, decoded.encoding, &invalid);
        let document = document.with_markdown(kind == Kind::Markdown);
        let mut place = Place {
            prose: &prose,
            positions: index.positions(&decoded.text),
        };
        articles.extend(outline(&Reading::of(&document), &mut place));
    });
    Ok(FileOutline {
        file: name,
        kind: kind.name(),
        articles,
    })
}

/// Where in the file what is read stands.
struct Place<'a> {
    prose: &'a Prose<'a>,
    positions: Positions<'a>,
}

fn outline(document: &Reading<'_>, place: &mut Place<'_>) -> Vec<ArticleOutline> {
    let paragraphs = document.paragraphs();
    let variants = document.model().variants();
    let content = |index: u32| {
        paragraphs
            .get(index as usize)
            .map(|p| document.slice(p.content).to_owned())
    };
    document
        .articles()
        .iter()
        .map(|article| ArticleOutline {
            line: document.line(article.span.start()),
            last_line: document.line(article.span.end().saturating_sub(1)),
            heading: article.heading.and_then(content),
            byline: article.byline.and_then(content),
            register: document.registers().most().name(),
            script: variants
                .map(|variants| Script::of(document.slice(article.span), variants).name()),
            paragraphs: document
                .paragraphs_of(article)
                .iter()
                .map(|p| paragraph(document, p, place))
                .collect(),
        })
        .collect()
}

fn paragraph(
    document: &Reading<'_>,
    paragraph: &Paragraph,
    place: &mut Place<'_>,
) -> ParagraphOutline {
    let text = document.slice(paragraph.content);
    let (kind, level) = match paragraph.kind {
        ParagraphKind::Body => ("body", None),
        ParagraphKind::Heading(level) => ("heading", Some(level)),
        ParagraphKind::Byline => ("byline", None),
        ParagraphKind::ListItem => ("list-item", None),
        ParagraphKind::Code => ("code", None),
        ParagraphKind::Note => ("note", None),
    };
    let registers = document.registers();
    let register = registers.at(paragraph.span.start());
    let sentences = document.sentences_of(paragraph).iter().map(|s| {
        let at = place.positions.at(place.prose.map.offset(s.span.start()));
        SentenceOutline {
            line: at.line,
            column: at.column,
            text: document.slice(s.span).to_owned(),
        }
    });
    ParagraphOutline {
        line: document.line(paragraph.span.start()),
        kind,
        register: (register != registers.most()).then(|| register.name()),
        level,
        characters: text.chars().count(),
        sentences: sentences.collect(),
        text: text.to_owned(),
    }
}

/// As much of a text as fits on a line of the tree.
fn head(text: &str) -> String {
    const WIDTH: usize = 36;
    let mut head: String = text
        .chars()
        .take(WIDTH)
        .filter(|c| !c.is_control())
        .collect();
    if text.chars().nth(WIDTH).is_some() {
        head.push('…');
    }
    visible(&head).into_owned()
}

fn print(out: &mut impl Write, outline: &FileOutline, sentences: bool) -> io::Result<()> {
    writeln!(out, "{} ({})", visible_name(&outline.file), outline.kind)?;
    for article in &outline.articles {
        let title = article
            .heading
            .as_deref()
            .map_or_else(|| "no headline".to_owned(), head);
        let kinds: Vec<&str> = std::iter::once(article.register)
            .chain(article.script)
            .collect();
        writeln!(
            out,
            "  article, lines {}–{}: {title}  ({})",
            article.line,
            article.last_line,
            kinds.join(", ")
        )?;
        for paragraph in &article.paragraphs {
            let (line, kind) = (paragraph.line, paragraph.kind);
            let count = paragraph.sentences.len();
            let plural = if count == 1 { "" } else { "s" };
            let register = paragraph.register.map(|register| format!(", {register}"));
            writeln!(
                out,
                "    {line:>5}  {kind:9}  {}  ({count} sentence{plural}{})",
                head(&paragraph.text),
                register.unwrap_or_default()
            )?;
            for sentence in paragraph.sentences.iter().filter(|_| sentences) {
                let place = format!("{}:{}", sentence.line, sentence.column);
                writeln!(out, "           {place:>9}  {}", head(&sentence.text))?;
            }
        }
    }
    Ok(())
}
