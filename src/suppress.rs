//! Takes away the findings that comments in the text silence, and tells of comments that silence
//! none.

use std::collections::{HashMap, HashSet};

use memchr::memmem;

use crate::finding::Finding;
use crate::ignore_comments::{Comment, MARK, Reach, comments};
use crate::reading::Reading;
use crate::rule::{Card, Group};
use crate::rules::unused_suppression::{CARD, removal, renaming};
use crate::selection::UnknownRule;
use crate::text::{Places, Span};
use crate::told;

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

/// What is silenced by which name, and what was found there. However many scopes lie within each
/// other, each is looked at once.
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

/// Takes away the findings that comments silence, and adds one for each comment that silences none.
/// `cards` are those of all rules there are, `enabled` the names of the selected ones.
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
    // What rules make of the comments themselves is no concern of anybody, and no use of the
    // comments around them.
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
        let idle: Vec<Finding> = scopes
            .iter()
            .filter_map(|scope| scope.complaint(document, cards, enabled))
            .collect();
        // what silences nothing need not be closed
        let told: HashSet<Span> = idle.iter().map(|f| f.span).collect();
        added.retain(|f| !told.contains(&f.span));
        added.extend(idle);
        kept.extend(added);
        kept.sort_by_key(|f| (f.span, f.card.name));
    }
    kept
}

/// The scopes of all comments in the order of their beginnings, and findings about blocks that are
/// not closed or not opened.
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
                // Whoever wrote the comment meant something by it: a slip in the name is mended,
                // never the comment deleted.
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
            "<!-- kanwu-ignore-start -->\n各地把工作做实。\n",
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
