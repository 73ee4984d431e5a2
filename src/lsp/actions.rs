//! Code actions: fix this, fix all, ignore here, add to the vocabulary.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use lsp_types::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, CreateFile,
    DocumentChangeOperation, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier,
    Position, Range, ResourceOp, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use super::answers::diagnostics;
use super::judging;
use super::text::{Encoding, Text};
use super::uri;
use crate::config;
use crate::finding::{Finding, Fix, Safety};
use crate::language::{Lang, Message};
use crate::regular_file;
use crate::text::{Span, is_han};
use crate::told;

/// `source.fixAll.kanwu`: what editors run on save.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.kanwu");

const FIX_ALL_TITLE: [&str; 2] = [
    "Fix all that kanwu fixes safely",
    "修复所有可安全修复的问题",
];

/// Characters of text that a title quotes.
const QUOTED: usize = 16;
/// Longest word that is offered for the vocabulary, in characters.
const WORD: usize = 12;

/// A document and what was found in it.
pub(super) struct View<'a> {
    pub(super) uri: &'a Uri,
    pub(super) text: &'a Text,
    pub(super) findings: &'a [Finding],
    /// The configuration file that applies, or the folder where one would be made.
    pub(super) config: Result<&'a Path, &'a Path>,
    /// The file of judgements that the configuration names first.
    pub(super) judgements: Option<PathBuf>,
    /// The units in which the client counts columns.
    pub(super) encoding: Encoding,
    /// Whether the client can create files.
    pub(super) creates: bool,
    /// Whether the client asks for an edit when its action is chosen.
    pub(super) resolves: bool,
    /// The language that titles are in.
    pub(super) lang: Lang,
    /// Whether a comment can be set into the document.
    pub(super) comments: bool,
}

impl View<'_> {
    /// What can be done in a range.
    pub(super) fn actions(
        &self,
        range: Range,
        context: &CodeActionContext,
    ) -> Vec<CodeActionOrCommand> {
        let wanted = |kind: &CodeActionKind| {
            context.only.as_ref().is_none_or(|only| {
                only.iter().any(|o| {
                    kind == o
                        || kind
                            .as_str()
                            .strip_prefix(o.as_str())
                            .is_some_and(|rest| rest.starts_with('.'))
                })
            })
        };
        let span = self.text.span(range);
        let mut actions = Vec::new();
        if wanted(&CodeActionKind::QUICKFIX) {
            let here = self.findings.iter().filter(|f| f.touches(span));
            let here: Vec<_> = here.collect();
            for finding in &here {
                actions.extend(
                    finding
                        .fixes
                        .iter()
                        .take(3)
                        .map(|fix| self.fix(finding, fix)),
                );
            }
            for finding in &here {
                actions.extend(self.add_word(finding));
                actions.extend(self.right_here(finding));
                actions.extend(self.comments.then(|| self.ignore(finding)));
            }
        }
        if wanted(&FIX_ALL) {
            // Asked for at each movement of the cursor: the edits of the whole document can wait
            // until somebody wants them.
            let later = self.resolves && context.only.is_none();
            let fix_all = if later {
                self.promise_fix_all()
            } else {
                self.fix_all()
            };
            actions.extend(fix_all);
        }
        actions
            .into_iter()
            .map(CodeActionOrCommand::CodeAction)
            .collect()
    }

    fn edit(&self, edits: Vec<TextEdit>) -> WorkspaceEdit {
        WorkspaceEdit::new(HashMap::from([(self.uri.clone(), edits)]))
    }

    fn edits_of(&self, fix: &Fix) -> Vec<TextEdit> {
        fix.edits
            .iter()
            .map(|e| TextEdit::new(self.text.range(e.span), e.replacement.clone()))
            .collect()
    }

    fn quick(&self, title: String, finding: &Finding, edit: WorkspaceEdit) -> CodeAction {
        CodeAction {
            title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(diagnostics(self.uri, self.text, finding, self.lang).collect()),
            edit: Some(edit),
            ..CodeAction::default()
        }
    }

    fn fix(&self, finding: &Finding, fix: &Fix) -> CodeAction {
        let title = match fix.edits.as_slice() {
            [edit] if edit.replacement.is_empty() => {
                let what = self.quote(edit.span);
                told!("Delete {}", what.en(); "删去{}", what.zh())
            }
            [edit] if edit.span.is_empty() => {
                let new = shortened(&edit.replacement);
                told!("Insert “{new}”"; "插入“{new}”")
            }
            [edit] => {
                let (what, new) = (self.quote(edit.span), shortened(&edit.replacement));
                told!(
                    "Replace {} by “{new}”", what.en();
                    "把{}换成“{new}”", what.zh()
                )
            }
            edits => {
                let (card, n) = (finding.card, edits.len());
                told!(
                    "Fix {} ({n} edits)", card.name;
                    "修复“{}”（{n}处修改）", card.chinese.name
                )
            }
        };
        let title = title.read(self.lang).to_owned();
        let mut action = self.quick(title, finding, self.edit(self.edits_of(fix)));
        action.is_preferred = Some(fix.safety == Safety::Safe);
        action
    }

    fn quote(&self, span: Span) -> Message {
        let text = &self.text.as_str()[span.range()];
        if text.trim().is_empty() {
            told!("white space"; "空白")
        } else {
            let text = shortened(text);
            told!("“{text}”"; "“{text}”")
        }
    }

    /// A comment at the end of the line, which silences the rule there.
    fn ignore(&self, finding: &Finding) -> CodeAction {
        let at = self.text.position(self.text.line_end(finding.span.start()));
        let comment = format!(" <!-- kanwu-ignore: {} -->", finding.card.name);
        let edit = self.edit(vec![TextEdit::new(Range::new(at, at), comment)]);
        let card = finding.card;
        let title = told!(
            "Ignore {} on this line", card.name;
            "本行忽略“{}”", card.chinese.name
        );
        self.quick(title.read(self.lang).to_owned(), finding, edit)
    }

    /// A judgement, by which checks pass over the finding and the text stays as it is.
    fn right_here(&self, finding: &Finding) -> Option<CodeAction> {
        let path = self.judgements.as_deref()?;
        let text = self.text.as_str();
        let edit = judging::right_here(path, text, finding, self.encoding, self.creates)?;
        let rule = finding.card.name;
        let title = told!("This is right here: no {rule}"; "此处无误：不是 {rule}");
        Some(self.quick(title.read(self.lang).to_owned(), finding, edit))
    }

    /// The action without its edits, which `codeAction/resolve` asks for.
    fn promise_fix_all(&self) -> Option<CodeAction> {
        let safe = |f: &Finding| f.fixes.first().is_some_and(|f| f.safety == Safety::Safe);
        self.findings.iter().any(safe).then(|| CodeAction {
            title: self
                .lang
                .pick(FIX_ALL_TITLE[0], FIX_ALL_TITLE[1])
                .to_owned(),
            kind: Some(FIX_ALL),
            data: Some(self.uri.as_str().into()),
            ..CodeAction::default()
        })
    }

    /// All safe fixes that do not overlap.
    pub(super) fn fix_all(&self) -> Option<CodeAction> {
        let mut done = 0;
        let mut edits = Vec::new();
        for finding in self.findings {
            let Some(fix) = finding.fixes.first().filter(|f| f.safety == Safety::Safe) else {
                continue;
            };
            let (Some(first), Some(last)) = (fix.edits.first(), fix.edits.last()) else {
                continue;
            };
            if first.span.start() >= done {
                done = last.span.end().max(first.span.start() + 1);
                edits.extend(self.edits_of(fix));
            }
        }
        (!edits.is_empty()).then(|| CodeAction {
            title: self
                .lang
                .pick(FIX_ALL_TITLE[0], FIX_ALL_TITLE[1])
                .to_owned(),
            kind: Some(FIX_ALL),
            edit: Some(self.edit(edits)),
            ..CodeAction::default()
        })
    }

    /// A short Chinese word that a finding is about can be declared right.
    fn add_word(&self, finding: &Finding) -> Option<CodeAction> {
        let word = &self.text.as_str()[finding.span.range()];
        let long = word.chars().nth(WORD).is_some();
        if word.is_empty() || long || !word.chars().all(is_han) {
            return None;
        }
        let edit = match self.config {
            Ok(path) => {
                let config = regular_file::read_text(path, regular_file::WRITTEN).ok()?;
                let text = Text::new(config, super::text::Encoding::Utf16);
                let (at, insertion) = vocabulary_insertion(text.as_str(), path, word)?;
                let at = text.position(at);
                let edit = TextEdit::new(Range::new(at, at), insertion);
                WorkspaceEdit::new(HashMap::from([(uri::of_path(path)?, vec![edit])]))
            }
            Err(folder) if self.creates => {
                let uri = uri::of_path(&folder.join(config::FILE_NAME))?;
                let start = Position::new(0, 0);
                let edit = TextEdit::new(
                    Range::new(start, start),
                    format!("vocabulary = [\"{word}\"]\n"),
                );
                WorkspaceEdit {
                    document_changes: Some(DocumentChanges::Operations(vec![
                        DocumentChangeOperation::Op(ResourceOp::Create(CreateFile {
                            uri: uri.clone(),
                            options: None,
                            annotation_id: None,
                        })),
                        DocumentChangeOperation::Edit(TextDocumentEdit {
                            text_document: OptionalVersionedTextDocumentIdentifier {
                                uri,
                                version: None,
                            },
                            edits: vec![OneOf::Left(edit)],
                        }),
                    ])),
                    ..WorkspaceEdit::default()
                }
            }
            Err(_) => return None,
        };
        let title = told!("Add “{word}” to the vocabulary"; "把“{word}”加入词汇表");
        Some(self.quick(title.read(self.lang).to_owned(), finding, edit))
    }
}

/// Where in a configuration a word goes, and what to insert there.
fn vocabulary_insertion(text: &str, path: &Path, word: &str) -> Option<(usize, String)> {
    let is_pyproject = path.file_name().is_some_and(|n| n == "pyproject.toml");
    // Top-level keys end at the first table; in pyproject.toml they stand in a table of their own.
    let begin = if is_pyproject {
        let header = text.find("[tool.kanwu]")?;
        text[header..]
            .find('\n')
            .map_or(text.len(), |n| header + n + 1)
    } else {
        0
    };
    let mut at = begin;
    for line in text[begin..].split_inclusive('\n') {
        if line.starts_with('[') {
            break;
        }
        if let Some(rest) = line.strip_prefix("vocabulary")
            && rest.trim_start().starts_with('=')
            && let Some(bracket) = line.find('[')
        {
            return Some((at + bracket + 1, format!("\"{word}\", ")));
        }
        at += line.len();
    }
    Some((begin, format!("vocabulary = [\"{word}\"]\n")))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::vocabulary_insertion;
    use std::path::Path;

    fn with(config: &str, name: &str) -> String {
        let (at, insertion) =
            vocabulary_insertion(config, Path::new(name), "县县通").expect("a place");
        format!("{}{insertion}{}", &config[..at], &config[at..])
    }

    #[test]
    fn words_go_where_words_stand() {
        for (before, after) in [
            ("", "vocabulary = [\"县县通\"]\n"),
            ("vocabulary = []\n", "vocabulary = [\"县县通\", ]\n"),
            (
                "# mine\nvocabulary = [\n  \"村村通\",\n]\n",
                "# mine\nvocabulary = [\"县县通\", \n  \"村村通\",\n]\n",
            ),
            (
                "[severity]\nvocabulary = []\n",
                "vocabulary = [\"县县通\"]\n[severity]\nvocabulary = []\n",
            ),
        ] {
            let now = with(before, "kanwu.toml");
            assert_eq!(now, after);
            now.parse::<toml::Table>().expect("toml");
        }
        assert_eq!(
            with("[tool.kanwu]\n", "pyproject.toml"),
            "[tool.kanwu]\nvocabulary = [\"县县通\"]\n"
        );
    }
}
