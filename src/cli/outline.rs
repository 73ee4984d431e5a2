//! `kanwu outline`: the structure of a document as the rules see it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use miette::{IntoDiagnostic, WrapErr};

use super::output::Written;
use crate::formats::{Kind, Options, Packing};
use crate::outline::FileOutline;
use crate::regular_file;
use crate::said;
use crate::text::{self, visible, visible_name};

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
    Ok(FileOutline::new(name, &decoded, options))
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
            .map_or_else(|| said!("no headline"; "无标题"), head);
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
