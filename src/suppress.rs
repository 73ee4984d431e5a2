//! Comments in the text that silence rules: `<!-- kanwu-ignore: rule, rule -- reason -->`.
//!
//! | comment | silences |
//! |---|---|
//! | `kanwu-ignore` | its own line; standing alone on a line, the next line that is not blank |
//! | `kanwu-ignore-start` … `kanwu-ignore-end` | everything between |
//! | `kanwu-ignore-file` | the whole file |
//!
//! Names are of rules or groups; without names every rule is silenced. They work in text as in Markdown, except inside code. A comment that
//! silences nothing is a finding itself, and so is one that is not understood.

use std::collections::{HashMap, HashSet};

use memchr::memmem;

use crate::document::MaskKind;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::registry::UnknownRule;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Places, Span};
use crate::told;

/// What every such comment holds.
const MARK: &str = "kanwu-ignore";
/// How far a comment may reach, in bytes.
const REACH: usize = 1000;

static CARD: Card = Card {
    name: "unused-suppression",
    group: Group::Residue,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a kanwu-ignore comment that silences nothing or is not understood",
    docs: "A comment `<!-- kanwu-ignore: rule -- reason -->` outlives the damage it was written for: once the text is mended it is residue, and it would \
hide the next fault in its place. Reported are comments whose rules find nothing there, names of rules that there are not, blocks without a \
beginning, and comments that are not understood. Rules that are not selected in a run are not held against a comment. The fix removes a comment \
that is of no use at all, and mends the name where it is clear which rule was meant.",
    chinese: Chinese {
        name: "无用的忽略注释",
        summary: "没有屏蔽任何问题，或看不懂的 kanwu-ignore 注释",
        docs: "文本改好之后，`<!-- kanwu-ignore: 规则 -- 理由 -->` 注释便成了残留，还会掩盖同一处的新错误。\
报告：所列规则在那里没有问题的注释、不存在的规则名、没有开头的区块、看不懂的注释。本次未选用的规则不追究。修复删去全然无用的注释；\
能断定所指规则时改正规则名。",
    },
    bad: &[
        "<!-- kanwu-ignore: stray-lattin -- 原文如此 -->\n各地要统筹发展和安全，把工作做实。\n",
        "<!-- kanwu-ignore stray-latin -->\n各地要统筹发展 and 安全，把工作做实。\n",
        "各地要把工作做实。\n<!-- kanwu-ignore-end -->\n",
    ],
    good: &[
        "<!-- kanwu-ignore: stray-latin -- 原文如此 -->\n各地要统筹发展 and 安全，把工作做实。\n",
        "在行内写kanwu-ignore不算注释。\n",
    ],
    fix: Some(Safety::Safe),
    yields_to: &[],
    levels: &[],
};

/// `unused-suppression`: by itself it speaks of comments that are not understood; [`apply`] adds those that are of no use.
pub(crate) struct Suppressions;

impl Rule for Suppressions {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        for comment in comments(document) {
            if let Err(problem) = &comment.meaning {
                findings.push(
                    Finding::new(
                        &CARD,
                        comment.span,
                        told!(
                            "this kanwu-ignore comment is not understood: {}", problem[0];
                            "看不懂这条 kanwu-ignore 注释：{}", problem[1]
                        ),
                    )
                    .help(told!(
                        "write <!-- kanwu-ignore: rule, rule -- reason -->, or kanwu-ignore-start, kanwu-ignore-end, kanwu-ignore-file in its place";
                        "写作 <!-- kanwu-ignore: 规则, 规则 -- 理由 -->，或改用 kanwu-ignore-start、kanwu-ignore-end、kanwu-ignore-file"
                    )),
                );
            }
        }
    }
}

/// Why a comment is not understood, in English and in Chinese.
type Problem = [&'static str; 2];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Line,
    Start,
    End,
    File,
}

/// A comment as it stands in the text.
struct Comment<'t> {
    span: Span,
    /// How far it reaches and the names in it, or what is wrong with it.
    meaning: Result<(Reach, Vec<&'t str>), Problem>,
}

/// The comments of a document, in order.
fn comments<'t>(document: &Reading<'t>) -> Vec<Comment<'t>> {
    let text = document.text();
    let mut list = Vec::new();
    let mut from = 0;
    for at in memmem::find_iter(text.as_bytes(), MARK) {
        if at < from {
            continue;
        }
        let before = text[..at].trim_end_matches([' ', '\t']);
        let Some(opening) = before.strip_suffix("<!--") else {
            continue;
        };
        if document.mask().at(opening.len()) == Some(MaskKind::Code) {
            continue;
        }
        let body = &text[at + MARK.len()..];
        let end = memmem::find(&body.as_bytes()[..body.len().min(REACH)], b"-->");
        let (length, meaning) = match end {
            Some(end) => (end + 3, parse(&body[..end])),
            None => (
                body.find(['\n', '\r']).unwrap_or(body.len()),
                Err(["it does not end with -->", "没有以 --> 结束"]),
            ),
        };
        from = at + MARK.len() + length;
        list.push(Comment {
            span: Span::new(opening.len(), from),
            meaning,
        });
    }
    list
}

/// What follows `kanwu-ignore` in a comment.
fn parse(body: &str) -> Result<(Reach, Vec<&str>), Problem> {
    let said = body.split_once("--").map_or(body, |(said, _)| said).trim();
    // A suffix follows at once and is a word of its own: `-start`, and not the `--` of a reason.
    let suffixed = body.starts_with('-') && !body.starts_with("--");
    let (word, rest) = match said.find([':', ' ', '\t', '\n']) {
        Some(end) if suffixed => said.split_at(end),
        None if suffixed => (said, ""),
        _ => ("", said),
    };
    let reach = match word {
        "" => Reach::Line,
        "-start" => Reach::Start,
        "-end" => Reach::End,
        "-file" => Reach::File,
        _ => return Err(["there is no such kind of comment", "没有这种注释"]),
    };
    let rest = rest.trim_start();
    let names = match rest.strip_prefix(':') {
        Some(names) => names,
        None if rest.is_empty() => return Ok((reach, Vec::new())),
        None => {
            return Err([
                "there is no colon before the names of the rules",
                "规则名前面没有冒号",
            ]);
        }
    };
    let names: Vec<_> = names.split(',').map(str::trim).collect();
    let plain = |n: &&str| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && !n.is_empty();
    if names.iter().all(plain) {
        Ok((reach, names))
    } else {
        Err([
            "names of rules are separated by commas, and a reason follows after --",
            "规则名以逗号分隔，理由写在 -- 之后",
        ])
    }
}

/// A stretch in which a comment silences rules.
struct Scope<'t> {
    span: Span,
    comment: Span,
    names: Vec<&'t str>,
    /// Whether each name (or the comment, where it names none) has silenced anything.
    used: Vec<bool>,
}

impl<'t> Scope<'t> {
    /// The names; `""` where there are none and every rule is meant.
    fn named(&self) -> &[&'t str] {
        if self.names.is_empty() {
            &[""]
        } else {
            &self.names
        }
    }
}

/// What is silenced by which name, and what was found there. However many scopes lie within each other, each is looked at once.
struct Silence<'t> {
    scopes: HashMap<&'t str, Places>,
    taken: HashMap<&'static str, Vec<Span>>,
}

impl<'t> Silence<'t> {
    /// The scopes come in order.
    fn new(scopes: &[Scope<'t>]) -> Self {
        let mut by_name: HashMap<&'t str, Places> = HashMap::new();
        for scope in scopes {
            for name in scope.named() {
                by_name.entry(name).or_default().push(scope.span);
            }
        }
        Self {
            scopes: by_name,
            taken: HashMap::new(),
        }
    }

    /// Whether a scope silences a rule at a place; remembers that one did.
    fn takes(&mut self, card: &'static Card, place: Span) -> bool {
        let mut taken = false;
        for name in ["", "all", card.name, card.group.name()] {
            if self.scopes.get(name).is_some_and(|s| s.overlap(place)) {
                self.taken.entry(name).or_default().push(place);
                taken = true;
            }
        }
        taken
    }

    /// Notes which scopes were of use.
    fn mark(self, scopes: &mut [Scope<'_>]) {
        let taken: HashMap<_, Places> = self
            .taken
            .into_iter()
            .map(|(name, places)| (name, places.into_iter().collect()))
            .collect();
        for scope in scopes {
            let used: Vec<_> = scope
                .named()
                .iter()
                .map(|name| taken.get(name).is_some_and(|t| t.overlap(scope.span)))
                .collect();
            scope.used = used;
        }
    }
}

/// Whether a name in a comment means the card.
fn names(name: &str, card: &Card) -> bool {
    name == "all" || name == card.name || name == card.group.name()
}

/// Takes away the findings that comments silence, and adds one for each comment that silences none. `cards` are those of all rules there
/// are, `enabled` the names of the selected ones.
pub(crate) fn apply(
    document: &Reading<'_>,
    findings: Vec<Finding>,
    cards: &[&'static Card],
    enabled: &HashSet<&'static str>,
) -> Vec<Finding> {
    if memmem::find(document.text().as_bytes(), MARK.as_bytes()).is_none() {
        return findings;
    }
    let comments = comments(document);
    let (mut scopes, mut added) = scopes(document, &comments);
    let mut kept = Vec::with_capacity(findings.len());
    let mut silence = Silence::new(&scopes);
    // What rules make of the comments themselves is no concern of anybody, and no use of the comments around them.
    let inside = |place: Span| {
        let next = comments.partition_point(|c| c.span.end() < place.end());
        comments.get(next).is_some_and(|c| c.span.contains(place))
    };
    for mut finding in findings {
        let card = finding.card;
        if card.name == CARD.name {
            kept.push(finding);
        } else if finding.places.len() > 1 {
            if finding.retain_places(|place| !inside(place) && !silence.takes(card, place)) {
                kept.push(finding);
            }
        } else if !inside(finding.span) && !silence.takes(card, finding.span) {
            kept.push(finding);
        }
    }
    silence.mark(&mut scopes);
    if enabled.contains(CARD.name) {
        for scope in &scopes {
            added.extend(scope.complaint(document, cards, enabled));
        }
        kept.extend(added);
        kept.sort_by_key(|f| (f.span, f.card.name));
    }
    kept
}

/// The scopes of all comments in the order of their beginnings, and findings about blocks that are not closed or not opened.
fn scopes<'t>(document: &Reading<'t>, comments: &[Comment<'t>]) -> (Vec<Scope<'t>>, Vec<Finding>) {
    let (text, lines) = (document.text(), document.lines());
    let mut scopes: Vec<Scope<'t>> = Vec::new();
    let mut complaints = Vec::new();
    let mut open: Vec<(Span, Vec<&'t str>)> = Vec::new();
    let mut add = |span, comment, names: Vec<&'t str>| {
        let used = vec![false; names.len().max(1)];
        scopes.push(Scope {
            span,
            comment,
            names,
            used,
        });
    };
    for comment in comments {
        let Ok((reach, names)) = &comment.meaning else {
            continue;
        };
        let names = names.clone();
        match reach {
            Reach::File => add(Span::new(0, text.len()), comment.span, names),
            Reach::Start => open.push((comment.span, names)),
            Reach::End => match open.pop() {
                Some((start, names)) => {
                    add(Span::new(start.end(), comment.span.start()), start, names);
                }
                None => complaints.push(Finding::new(
                    &CARD,
                    comment.span,
                    told!(
                        "kanwu-ignore-end without a kanwu-ignore-start before it";
                        "这条 kanwu-ignore-end 之前没有 kanwu-ignore-start"
                    ),
                )),
            },
            Reach::Line => {
                let line = lines.line_of(comment.span.start());
                let start = lines.start_of(line).unwrap_or(0);
                let end = lines
                    .start_of(lines.line_of(comment.span.end()) + 1)
                    .unwrap_or(text.len());
                let alone = text[start..comment.span.start()].trim().is_empty()
                    && text[comment.span.end()..end].trim().is_empty();
                let span = if alone {
                    let next = end + (text[end..].len() - text[end..].trim_start().len());
                    let next_line = lines.line_of(next);
                    let from = lines.start_of(next_line).unwrap_or(next);
                    Span::new(from, lines.start_of(next_line + 1).unwrap_or(text.len()))
                } else {
                    Span::new(start, end)
                };
                add(span, comment.span, names);
            }
        }
    }
    for (start, names) in open {
        complaints.push(
            Finding::new(
                &CARD,
                start,
                told!("this block of ignored text is never closed"; "忽略的区块没有结束"),
            )
            .help(told!(
                "write <!-- kanwu-ignore-end --> where it ends";
                "在结束处写 <!-- kanwu-ignore-end -->"
            )),
        );
        add(Span::new(start.end(), text.len()), start, names);
    }
    scopes.sort_by_key(|s| s.span);
    (scopes, complaints)
}

impl Scope<'_> {
    /// What there is to say against the comment, if anything.
    fn complaint(
        &self,
        document: &Reading<'_>,
        cards: &[&'static Card],
        enabled: &HashSet<&'static str>,
    ) -> Option<Finding> {
        if self.names.is_empty() {
            let message = told!(
                "this comment silences nothing: no rule speaks here";
                "这条注释没有屏蔽任何问题：此处没有发现问题"
            );
            // A comment without names may be meant for any rule that is usually on.
            let judged = cards.iter().all(|c| !c.default || enabled.contains(c.name));
            return (judged && !self.used[0]).then(|| {
                Finding::new(&CARD, self.comment, message).fix(removal(document, self.comment))
            });
        }
        let mut idle = Vec::new();
        for (name, used) in self.names.iter().zip(&self.used) {
            let mut meant = cards.iter().filter(|c| names(name, c)).peekable();
            let group = Group::ALL.iter().any(|g| g.name() == *name);
            if meant.peek().is_none() && !group && *name != "all" {
                let unknown = UnknownRule::new(name, cards);
                let finding = Finding::new(&CARD, self.comment, unknown.message());
                // Whoever wrote the comment meant something by it: a slip in the name is mended, never the comment deleted.
                return Some(match renaming(document, self.comment, name, &unknown) {
                    Some(fix) => finding.fix(fix),
                    None => finding,
                });
            }
            if !used && meant.any(|c| enabled.contains(c.name)) {
                idle.push(*name);
            }
        }
        if idle.is_empty() {
            return None;
        }
        let idle_names = idle.join(", ");
        let message = told!(
            "this comment silences nothing of {idle_names}: nothing of that is found here";
            "这条注释没有屏蔽 {idle_names} 的任何问题：此处没有发现这类问题"
        );
        let mut finding = Finding::new(&CARD, self.comment, message);
        if idle.len() == self.names.len() {
            finding = finding.fix(removal(document, self.comment));
        }
        Some(finding)
    }
}

/// The name that was meant in the place of one that there is not.
fn renaming(
    document: &Reading<'_>,
    comment: Span,
    name: &str,
    unknown: &UnknownRule,
) -> Option<Fix> {
    let meant = unknown.nearest.as_deref()?;
    let words = document.slice(comment);
    let names = words.find(MARK)? + MARK.len();
    let at = words[names..]
        .match_indices(name)
        .map(|(at, _)| names + at)
        .find(|at| {
            let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            !words[..*at].ends_with(part) && !words[at + name.len()..].starts_with(part)
        })?;
    let start = comment.start() + at;
    let span = Span::new(start, start + name.len());
    Some(Fix::replace(Safety::Safe, span, meant))
}

/// Takes a comment out, with its line where it stands alone on it.
fn removal(document: &Reading<'_>, comment: Span) -> Fix {
    let (text, lines) = (document.text(), document.lines());
    let line = lines.line_of(comment.start());
    let start = lines.start_of(line).unwrap_or(0);
    let end = lines
        .start_of(lines.line_of(comment.end()) + 1)
        .unwrap_or(text.len());
    let alone = text[start..comment.start()].trim().is_empty()
        && text[comment.end()..end].trim().is_empty();
    let span = if alone {
        Span::new(start, end)
    } else {
        comment
    };
    Fix::replace(Safety::Safe, span, "")
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::engine::Linter;

    /// Rule and line of what is found.
    fn found(name: &str, text: &str) -> Vec<String> {
        let document = Document::new(name, text);
        Linter::standard()
            .check(&document)
            .iter()
            .map(|f| format!("{} {}", f.card.name, document.line(f.span.start())))
            .collect()
    }

    const BAD: &str = "各地要统筹发展 and 安全，把工作做实。\n";

    #[test]
    fn a_comment_silences_its_line_or_the_next() {
        let next = format!("<!-- kanwu-ignore: stray-latin -- 原文 -->\n\n{BAD}{BAD}");
        assert_eq!(found("a.txt", &next), ["stray-latin 4"]);
        let same = format!(
            "{BAD}{} <!-- kanwu-ignore: script -->\n{BAD}",
            BAD.trim_end()
        );
        assert_eq!(found("a.md", &same), ["stray-latin 1", "stray-latin 3"]);
        let all = format!("<!-- kanwu-ignore -->\n{BAD}");
        assert!(found("a.txt", &all).is_empty());
    }

    #[test]
    fn blocks_and_files() {
        let block = format!(
            "{BAD}<!-- kanwu-ignore-start: stray-latin -- 引文 -->\n{BAD}\n{BAD}<!-- kanwu-ignore-end -->\n{BAD}"
        );
        assert_eq!(found("a.md", &block), ["stray-latin 1", "stray-latin 7"]);
        let file = format!("{BAD}{BAD}<!-- kanwu-ignore-file: script -->\n");
        assert!(found("a.txt", &file).is_empty());
        let open = format!("<!-- kanwu-ignore-start -->\n{BAD}{BAD}");
        assert_eq!(found("a.txt", &open), ["unused-suppression 1"]);
    }

    #[test]
    fn a_slip_in_a_name_is_mended() {
        let text =
            "各地把工作做实。<!-- kanwu-ignore: repeat, stray-lattin -- 不是stray-lattin -->\n";
        let document = Document::new("a.txt", text);
        let findings = Linter::standard().check(&document);
        let fixes: Vec<_> = findings.iter().flat_map(|f| &f.fixes).collect();
        assert_eq!(fixes.len(), 1, "{findings:?}");
        let edit = &fixes[0].edits[0];
        assert_eq!(document.slice(edit.span), "stray-lattin");
        assert_eq!(edit.replacement, "stray-latin");
    }

    #[test]
    fn comments_of_no_use_are_found() {
        for comment in [
            "<!-- kanwu-ignore: stray-latin -->\n各地把工作做实。\n",
            "<!-- kanwu-ignore: stray-lattin -->\n各地把工作做实。\n",
            "<!-- kanwu-ignore-fiel -->\n各地把工作做实。\n",
            "<!-- kanwu-ignore: 乱字 -->\n各地把工作做实。\n",
            "<!-- kanwu-ignore: stray-latin\n各地把工作做实。\n",
            "<!-- kanwu-ignore-end -->\n各地把工作做实。\n",
        ] {
            assert_eq!(
                found("a.txt", comment),
                ["unused-suppression 1"],
                "{comment}"
            );
        }
        // A comment shown as code is an example.
        assert!(found("a.md", "写作`<!-- kanwu-ignore: stray-latin -->`即可。\n").is_empty());
    }
}
