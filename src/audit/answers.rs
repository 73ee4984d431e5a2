//! What a collection answers about findings: where that belongs which is out of place, and where
//! the rest of a cut sentence is.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};

use serde::{Deserialize, Serialize};

use super::{FileRecord, FoundHome, Record};
use crate::corpus::{Ask, Home, Question};
use crate::finding::Severity;
use crate::language::{Lang, Message};
use crate::text::visible_name;
use crate::told;

/// A question about a document, and the finding that it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// The question.
    pub ask: Ask,
    /// The finding.
    pub about: About,
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// A finding of the document, by its number.
    Finding(usize),
    /// What is told only where there is an answer.
    Draft(Box<Record>),
}

impl FileRecord {
    /// Takes the answers to its questions, and gives each with what was said; findings stay in the
    /// order of the text. The names are those of the other documents.
    pub fn answer(&mut self, homes: &[Home], lang: Lang, name: &dyn Fn(usize) -> String) {
        for home in homes {
            let Some(asked) = self.asks.get(home.ask) else {
                continue;
            };
            let other = name(home.other);
            let said = answer(asked.ask.question, home, &visible_name(&other));
            let other = format!("{other}:{}", home.line);
            match &asked.about {
                About::Finding(number) => {
                    let Some(finding) = self.findings.get_mut(*number) else {
                        continue;
                    };
                    finding.message = format!(
                        "{}{}{}",
                        finding.message,
                        lang.pick("; ", "；"),
                        said.read(lang)
                    );
                    finding.other = Some(other);
                    finding.probability = finding.probability.max(home.probability);
                    soften(finding, home);
                }
                About::Draft(draft) => {
                    let mut finding = (**draft).clone();
                    said.read(lang).clone_into(&mut finding.message);
                    finding.other = Some(other);
                    finding.probability = home.probability;
                    finding.severity = Severity::Warning;
                    soften(&mut finding, home);
                    self.findings.push(finding);
                }
            }
        }
        self.asks.clear();
        self.findings.sort_by_key(|f| f.span);
    }
}

/// A sentence that goes on at the top of the next file is no damage: the files are its pages.
fn soften(finding: &mut Record, home: &Home) {
    if home.turns_page {
        finding.severity = Severity::Info;
    }
    finding.weigh();
}

/// What there is to say.
fn answer(question: Question, home: &Home, other: &str) -> Message {
    let line = home.line;
    let words = home.words.join(", ");
    let zh = home.words.join("、");
    let known = match home.words.is_empty() {
        true => Message::default(),
        false => told!(" (in both: {words})"; "（两处都有：{zh}）"),
    };
    let place = match question {
        Question::Home => told!(
            "it probably belongs to {other}, near line {line}";
            "应属于 {other}，第{line}行附近"
        ),
        Question::Rest => told!(
            "it goes on in {other} at line {line}";
            "下文在 {other} 第{line}行"
        ),
        Question::Beginning => told!(
            "it begins in {other} at the end of line {line}";
            "上文在 {other} 第{line}行末尾"
        ),
    };
    place.and(&known)
}

/// Documents of an audit that wait in a file for what the collection answers.
pub struct Spool(BufWriter<File>);

impl Spool {
    /// An empty one.
    ///
    /// # Errors
    ///
    /// Where no temporary file can be made.
    pub fn new() -> io::Result<Self> {
        tempfile::tempfile().map(|file| Self(BufWriter::new(file)))
    }

    /// Takes the next document.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn put(&mut self, file: &FileRecord) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, file)?;
        self.0.write_all(b"\n")
    }

    /// Hands the documents out in their order.
    ///
    /// # Errors
    ///
    /// Those of reading, and of `each`.
    pub fn read(self, mut each: impl FnMut(FileRecord) -> io::Result<()>) -> io::Result<()> {
        let mut file = self
            .0
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut reader = BufReader::with_capacity(64 * 1024, file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            each(serde_json::from_slice(&line)?)?;
            line.clear();
        }
        Ok(())
    }
}

impl FoundHome {
    /// An answer, with the names of the documents.
    #[must_use]
    pub fn of(home: &Home, name: &dyn Fn(usize) -> String) -> Self {
        Self {
            kind: home.question,
            files: [name(home.document), name(home.other)],
            span: home.stretch,
            other_line: home.line,
            other_span: [home.span.start(), home.span.end()],
            probability: home.probability,
            turns_page: home.turns_page,
            words: home.words.clone(),
        }
    }
}
