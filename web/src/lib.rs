//! The engine as the page calls it: text in, findings out as JSON, with positions as JavaScript
//! counts them.

use std::borrow::Cow;

use kanwu::document::Document;
use kanwu::engine::Linter;
use kanwu::explain;
use kanwu::finding::{Finding, Safety, Severity, carried};
use kanwu::fix::{Allowed, mend};
use kanwu::formats::{self, Kind, Options, WholeFile};
use kanwu::language::{self, Lang};
use kanwu::model::Model;
use kanwu::reading::Reading;
use kanwu::text::{self, Decoded, Encoding, Span};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// What a text without a name is called.
const NAMELESS: &str = "text.txt";

/// A linter with the model that it weighs text with.
#[wasm_bindgen]
pub struct Checker {
    model: Model,
    linter: Linter,
}

/// What a page shows of a text.
#[derive(Serialize)]
struct Report<'a> {
    /// What the text was read as.
    kind: &'a str,
    findings: Vec<Told>,
    /// What could not be read, as messages.
    malformed: Vec<&'a str>,
}

/// A finding as a page shows it. All positions are UTF-16 code units, as JavaScript counts.
#[derive(Serialize)]
struct Told {
    rule: &'static str,
    title: Cow<'static, str>,
    severity: Severity,
    /// In hundredths, where the rule has a probability.
    percent: Option<u8>,
    message: String,
    help: Option<String>,
    /// How sure it is and why, as lines of Markdown.
    reasons: String,
    /// All places of the defect, as start and end.
    places: Vec<[usize; 2]>,
    labels: Vec<Marked>,
    fix: Option<Mending>,
}

/// Another place that belongs to a finding.
#[derive(Serialize)]
struct Marked {
    start: usize,
    end: usize,
    message: String,
}

/// The best fix of a finding.
#[derive(Serialize)]
struct Mending {
    /// Whether it may be applied unseen.
    safe: bool,
    /// In ascending order: start, end, and what stands there afterwards.
    edits: Vec<(usize, usize, String)>,
}

#[wasm_bindgen]
impl Checker {
    /// A checker of all default rules with the model of a file's bytes, packed by xz or not.
    /// What goes wrong is said in `lang`, `en` or `zh`.
    ///
    /// # Errors
    ///
    /// If the bytes are no model that this version reads.
    #[wasm_bindgen(constructor)]
    pub fn new(model: Vec<u8>, lang: &str) -> Result<Self, String> {
        language::speak(Lang::of_locale(lang));
        let model = Model::from_bytes(model).map_err(|error| error.to_string())?;
        let linter = Linter::standard();
        Ok(Self { model, linter })
    }

    /// The names of the kinds of file that a text can be read as.
    pub fn kinds(&self) -> Vec<String> {
        Kind::ALL.map(|kind| kind.name().to_owned()).to_vec()
    }

    /// The text of a file, in whichever encoding it is.
    ///
    /// # Errors
    ///
    /// If the bytes are no text.
    pub fn read(&self, bytes: &[u8]) -> Result<String, String> {
        let decoded = text::decode(bytes, None).map_err(|error| error.to_string())?;
        Ok(decoded.text.into_owned())
    }

    /// What is found in a text, as JSON. Messages are in `lang`, `en` or `zh`; the text is read as
    /// `kind`, by the name that `--as` of the command line has for it, or as what it looks like.
    ///
    /// # Errors
    ///
    /// If there is no such kind.
    pub fn check(&self, text: &str, kind: &str, lang: &str) -> Result<String, String> {
        let lang = Lang::of_locale(lang);
        let options = options(kind)?;
        let decoded = decode(text)?;
        let kind = options.kind_of(NAMELESS, &decoded.text);
        let (findings, malformed) = self.find(kind, &decoded);
        let units = Units::new(&decoded.text);
        let told = findings.iter().map(|finding| told(finding, &units, lang));
        let report = Report {
            kind: kind.name(),
            findings: told.collect(),
            malformed: malformed.iter().map(|m| m.reason(lang)).collect(),
        };
        serde_json::to_string(&report).map_err(|error| error.to_string())
    }

    /// The text with its fixes applied: the safe ones, or with `all` those of errors and warnings
    /// that need a look, too.
    ///
    /// # Errors
    ///
    /// If there is no such kind.
    pub fn fix(&self, text: &str, kind: &str, all: bool) -> Result<String, String> {
        let kind = options(kind)?.kind_of(NAMELESS, text);
        let allowed = match all {
            true => Allowed {
                level: Severity::Warning,
                ..Allowed::ALL
            },
            false => Allowed::SAFE,
        };
        let mended = mend(
            text.as_bytes(),
            Some(Encoding::Utf8),
            allowed,
            |decoded| self.find(kind, decoded).0,
            |old, new| formats::same_syntax(kind, old, new),
        );
        let mended = mended.map_err(|error| error.to_string())?;
        String::from_utf8(mended.bytes.into_owned()).map_err(|error| error.to_string())
    }

    fn find(&self, kind: Kind, decoded: &Decoded<'_>) -> (Vec<Finding>, Vec<formats::Malformed>) {
        let lines = WholeFile::new(&decoded.text);
        let mut findings = Vec::new();
        let options = Options::default();
        let malformed = formats::read(kind, &options, &decoded.text, &mut |prose| {
            let invalid = prose.invalid(decoded);
            let record = (&prose, invalid.as_slice());
            let document = Document::of_record(kind, NAMELESS, decoded, record, &lines);
            let reading = Reading::new(&document, &self.model);
            let found = self.linter.check_reading(&reading, 1);
            findings.extend(
                carried(found, &prose)
                    .into_iter()
                    .map(|(_, finding)| finding),
            );
        });
        (findings, malformed)
    }
}

fn options(kind: &str) -> Result<Options, String> {
    Ok(Options {
        kind: match kind {
            "" => None,
            kind => Some(kind.parse()?),
        },
        fields: Vec::new(),
    })
}

fn decode(text: &str) -> Result<Decoded<'_>, String> {
    text::decode(text.as_bytes(), Some(Encoding::Utf8)).map_err(|error| error.to_string())
}

fn told(finding: &Finding, units: &Units<'_>, lang: Lang) -> Told {
    let range = |span: Span| [units.before(span.start()), units.before(span.end())];
    let fix = finding.fixes.first().map(|fix| Mending {
        safe: fix.safety == Safety::Safe,
        edits: fix
            .edits
            .iter()
            .map(|edit| {
                let [start, end] = range(edit.span);
                (start, end, edit.replacement.clone())
            })
            .collect(),
    });
    let here = finding.labels.iter().filter(|label| label.file.is_none());
    Told {
        rule: finding.card.name,
        title: finding.card.title(lang),
        severity: finding.severity,
        percent: finding.probability.map(explain::percent),
        message: finding.told(lang).into_owned(),
        help: finding.help.as_ref().map(|help| help.read(lang).to_owned()),
        reasons: explain::reasons(finding, lang),
        places: finding
            .all_places()
            .iter()
            .map(|span| range(*span))
            .collect(),
        labels: here
            .map(|label| {
                let [start, end] = range(label.span);
                let message = label.message.read(lang).to_owned();
                Marked {
                    start,
                    end,
                    message,
                }
            })
            .collect(),
        fix,
    }
}

/// How many UTF-16 code units stand before a place of a text.
struct Units<'t> {
    text: &'t str,
    /// How many there are before each stretch of [`STRETCH`] bytes.
    before: Vec<usize>,
}

const STRETCH: usize = 1024;

impl<'t> Units<'t> {
    fn new(text: &'t str) -> Self {
        let mut before = vec![0];
        let mut units = 0;
        for (at, c) in text.char_indices() {
            while at >= before.len() * STRETCH {
                before.push(units);
            }
            units += c.len_utf16();
        }
        Self { text, before }
    }

    fn before(&self, offset: usize) -> usize {
        let stretch = (offset / STRETCH).min(self.before.len() - 1);
        // A character may begin in the stretch before: its units count where it begins.
        let from = self.text.ceil_char_boundary(stretch * STRETCH);
        let rest = self.text.get(from..offset).unwrap_or_default();
        self.before[stretch] + rest.chars().map(char::len_utf16).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::{STRETCH, Units};

    #[test]
    fn units_are_those_of_javascript() {
        let text = "勘误𠮷a".repeat(STRETCH);
        let units = Units::new(&text);
        let mut expected = 0;
        for (at, c) in text.char_indices() {
            assert_eq!(units.before(at), expected, "byte {at}");
            expected += c.len_utf16();
        }
        assert_eq!(units.before(text.len()), expected);
    }
}
