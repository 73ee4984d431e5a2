//! `full`: graphical diagnostics in the manner of rustc, drawn by miette.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpt;
use super::{FileReport, Reporter, Summary};
use crate::explain::percent;
use crate::finding::{Finding, Label, Severity};
use crate::language::Lang;

/// Related places shown of one finding; the message counts all of them.
const RELATED: usize = 4;
/// Lines named of a defect that stands in many places.
const FURTHER: usize = 5;

/// The graphical reporter.
pub struct Terminal {
    handler: GraphicalReportHandler,
    width: usize,
}

impl Terminal {
    /// With or without colour, for a terminal of `width` cells.
    #[must_use]
    pub fn new(color: bool, width: usize) -> Self {
        let theme = if color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_context_lines(0)
            .with_links(false);
        Self { handler, width }
    }
}

impl Reporter for Terminal {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        let mut page = String::new();
        for finding in report.shown() {
            page.clear();
            let (view, related) = View::finding(report, finding, self.width);
            for view in std::iter::once(view).chain(related) {
                let from = page.len();
                self.handler
                    .render_report(&mut page, &view)
                    .map_err(io::Error::other)?;
                if report.lang == Lang::Zh && view.help.is_some() {
                    name_help(&mut page, from);
                }
            }
            page.push('\n');
            out.write_all(page.as_bytes())?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// miette names the help in English; the Chinese name takes as many cells.
fn name_help(page: &mut String, from: usize) {
    const HELP: &str = "  help: ";
    let at_line_start = |at: &usize| {
        let before = &page[from..*at];
        before.ends_with('\n') || before.ends_with('m') && !before.ends_with("  m")
    };
    let places = page[from..].match_indices(HELP).map(|(at, _)| from + at);
    if let Some(at) = places.filter(at_line_start).last() {
        page.replace_range(at..at + HELP.len(), "  帮助：");
    }
}

/// A finding or one of its related places, as miette wants to see it.
#[derive(Debug)]
struct View<'a> {
    code: Option<String>,
    severity: miette::Severity,
    message: Cow<'a, str>,
    help: Option<Cow<'a, str>>,
    source: Excerpt,
    labels: Vec<LabeledSpan>,
}

impl<'a> View<'a> {
    /// A finding, and those of its related places that its window does not show.
    fn finding(report: &'a FileReport, finding: &'a Finding, width: usize) -> (Self, Vec<Self>) {
        let source = Excerpt::new(report, finding.span, width);
        let mut labels: Vec<LabeledSpan> = source
            .locate(finding.span)
            .map(|at| LabeledSpan::new_primary_with_span(Some(caption(finding, report.lang)), at))
            .into_iter()
            .collect();
        let mut related = Vec::new();
        for label in finding.labels.iter().take(RELATED) {
            match source.locate(label.span).filter(|_| label.file.is_none()) {
                Some(at) => labels.push(LabeledSpan::new_with_span(
                    Some(label.message.read(report.lang).to_owned()),
                    at,
                )),
                None if label.file.is_none() => related.push(Self::place(report, label, width)),
                None => {}
            }
        }
        let view = Self {
            code: Some(format!(
                "{}[{}]",
                finding.severity.called(report.lang),
                finding.card.title(report.lang)
            )),
            severity: match finding.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Info => miette::Severity::Advice,
            },
            message: with_probability(finding, report.lang),
            help: advice(report, finding),
            source,
            labels,
        };
        (view, related)
    }

    fn place(report: &'a FileReport, label: &'a Label, width: usize) -> Self {
        let source = Excerpt::new(report, label.span, width);
        let labels = source
            .locate(label.span)
            .map(|at| LabeledSpan::new_primary_with_span(None, at))
            .into_iter()
            .collect();
        Self {
            code: None,
            severity: miette::Severity::Advice,
            message: Cow::Borrowed(label.message.read(report.lang)),
            help: None,
            source,
            labels,
        }
    }
}

/// The message of a finding, and how likely it is where that was weighed.
fn with_probability(finding: &Finding, lang: Lang) -> Cow<'_, str> {
    let told = finding.told(lang);
    let Some(percent) = finding.probability.map(percent) else {
        return told;
    };
    Cow::Owned(match lang {
        Lang::En => format!("{told} ({percent} % likely)"),
        Lang::Zh => format!("{told}（可能性{percent}%）"),
    })
}

/// The help of a finding, and where else the defect stands.
fn advice<'a>(report: &FileReport, finding: &'a Finding) -> Option<Cow<'a, str>> {
    let lang = report.lang;
    let help = finding.help.as_ref().map(|h| Cow::Borrowed(h.read(lang)));
    let mut further: Vec<usize> = finding
        .all_places()
        .iter()
        .skip(1)
        .map(|place| report.position(place.start()).line)
        .collect();
    further.dedup();
    if further.is_empty() {
        return help;
    }
    let named: Vec<_> = further.iter().take(FURTHER).map(usize::to_string).collect();
    let more = further.len().saturating_sub(FURTHER);
    let mut also = match lang {
        Lang::En => format!("also on line {}", named.join(", ")),
        Lang::Zh => format!("另见第{}行", named.join("、")),
    };
    if more > 0 {
        also.push_str(&match lang {
            Lang::En => format!(" and on {more} more"),
            Lang::Zh => format!("等，还有{more}行"),
        });
    }
    Some(Cow::Owned(match help {
        Some(help) => format!("{help}\n{also}"),
        None => also,
    }))
}

/// What stands at the carets: the replacement where there is one, else the rule's name says enough.
fn caption(finding: &Finding, lang: Lang) -> String {
    match finding.fixes.first().map(|f| f.edits.as_slice()) {
        Some([edit]) if edit.replacement.is_empty() && edit.span == finding.span => {
            lang.pick("delete this", "删去").to_owned()
        }
        Some([edit]) if edit.span == finding.span && edit.replacement.chars().count() <= 12 => {
            format!("→ {}", edit.replacement.trim())
        }
        _ => lang.pick("here", "此处").to_owned(),
    }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.code
            .as_ref()
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help
            .as_ref()
            .map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
