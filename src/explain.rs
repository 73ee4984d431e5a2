//! A card as a page to read, as data, and as diagnostics.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::finding::{Evidence, EvidenceValue, Finding, Safety};
use crate::language::Lang;
use crate::levels::number;
use crate::rule::{Card, Group};
use crate::text::visible;
use crate::told;

/// The card with what stands for its damaged examples: the page of the terminal shows what the rule
/// says of them.
#[must_use]
pub fn with_demonstration(card: &Card, demonstration: &str, lang: Lang) -> String {
    let mut page = head(card, lang);
    page.push_str(demonstration);
    examples(&mut page, lang.pick("Right", "正确"), card.good);
    levels(&mut page, card, lang);
    page
}

/// The bytes of an example: bytes that are no text are written as `\xFF` in it.
#[must_use]
pub fn example_bytes(example: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(example.len());
    let mut pieces = example.split("\\x");
    bytes.extend(pieces.next().unwrap_or_default().bytes());
    for piece in pieces {
        match piece.get(..2).map(|hex| u8::from_str_radix(hex, 16)) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                bytes.extend(piece[2..].bytes());
            }
            _ => bytes.extend(format!("\\x{piece}").bytes()),
        }
    }
    bytes
}

/// The card as data.
#[must_use]
pub fn json(card: &Card) -> Value {
    let levels: Vec<_> = card
        .levels
        .iter()
        .map(|(writing, levels)| {
            // what cannot be is null
            let named = levels
                .named()
                .map(|(severity, level)| (severity.name().to_owned(), json!(number(level))));
            let mut row: Map<String, Value> = named.into_iter().collect();
            row.insert("writing".into(), writing.name().into());
            row
        })
        .collect();
    json!({
        "name": card.name, "group": card.group, "severity": card.severity, "confidence": card.confidence, "default": card.default,
        "summary": card.summary, "docs": card.docs,
        "zh": {"name": card.chinese.name, "summary": card.chinese.summary, "docs": card.chinese.docs},
         "bad": card.bad, "good": card.good, "fix": card.fix, "yields_to": card.yields_to,
        "levels": levels,
    })
}

/// All cards as one page of Markdown: the rule reference.
#[must_use]
pub fn reference(cards: &[&'static Card], lang: Lang) -> String {
    let mut page = String::from(lang.pick(
        "# Rules\n\n<!-- Written by `kanwu rules --format markdown`; a test compares. -->\n\n\
         Rules that are *on* are in the default set; the others are switched on with `--extend-select` or in `kanwu.toml`.\n\n\
         Rules that weigh state a probability, and it means the same for each: that the text is damaged as the finding says. Their *levels* say from which \
         probability on that is a note, a warning, an error. They are set so that of errors at least 97 in 100 are right, of warnings 85, of notes 50; what is \
         fitted on reports is too sure of itself in fiction or verse, so there it takes more.\n\n\
         | group | rule | 规则 | severity | on | fix | what it finds |\n|---|---|---|---|---|---|---|\n",
        "# 规则\n\n<!-- Written by `kanwu rules --format markdown --lang zh`; a test compares. -->\n\n\
         *默认*开启的规则在缺省规则集里；其他的用 `--extend-select` 或在 `kanwu.toml` 里开启。\n\n\
         权衡的规则给出概率，含义相同：文本如报告所说有误的可能。其*级别*规定概率达到多少为提示、警告、错误，设定的目标是：错误一百处至少九十七处属实，\
         警告八十五处，提示五十处；用报道拟合的概率在小说、诗词等文本中偏高，所以那里要求更严。\n\n\
         | 组 | 规则 | 名称 | 级别 | 默认 | 修复 | 找什么 |\n|---|---|---|---|---|---|---|\n",
    ));
    for card in cards {
        let name = card.name;
        let fix = match card.fix {
            Some(Safety::Safe) => lang.pick("safe", "安全"),
            Some(Safety::Unsafe) => lang.pick("unsafe", "需过目"),
            None => "",
        };
        let anchor = anchor(card, lang);
        let _ = writeln!(
            page,
            "| {} | [`{name}`](#{anchor}) | {} | {} | {} | {fix} | {} |",
            card.group,
            card.chinese.name,
            card.severity,
            if card.default {
                lang.pick("on", "开")
            } else {
                ""
            },
            card.summary(lang).replace('|', "\\|"),
        );
    }
    for group in Group::ALL {
        for card in cards.iter().filter(|c| c.group == group) {
            // Headings go one level down: the page has a title of its own.
            for line in markdown(card, lang).lines() {
                let deeper = if line.starts_with("# ") || line.starts_with("## ") {
                    "#"
                } else {
                    ""
                };
                let _ = write!(page, "\n{deeper}{line}");
            }
            page.push('\n');
        }
    }
    page
}

/// What a heading of the rule is linked by.
fn anchor(card: &Card, lang: Lang) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | ' ');
    let title = card.title(lang);
    title
        .chars()
        .filter(kept)
        .collect::<String>()
        .replace(' ', "-")
}

/// The card as Markdown.
#[must_use]
pub fn markdown(card: &Card, lang: Lang) -> String {
    let mut page = head(card, lang);
    examples(&mut page, lang.pick("Damaged", "有误"), card.bad);
    examples(&mut page, lang.pick("Right", "正确"), card.good);
    levels(&mut page, card, lang);
    page
}

/// Pieces of evidence that are told of a finding.
const TOLD: usize = 3;

/// How sure a finding is and what spoke loudest for it, as Markdown that reads well on a terminal,
/// too.
#[must_use]
pub fn reasons(finding: &Finding, lang: Lang) -> String {
    let mut page = String::new();
    if let Some(p) = finding.probability {
        let percent = percent(p);
        let said = told!("How likely: {percent} %."; "可能性：{percent}%。");
        page.push_str(said.read(lang));
        page.push('\n');
    }
    let weight = |e: &&Evidence| e.weight.map_or(0.0, |w| w.share.abs());
    let told = finding.evidence.iter().filter(|e| e.means(lang).is_some());
    let mut told: Vec<&Evidence> = told.collect();
    told.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    told.truncate(TOLD);
    if told.is_empty() {
        if finding.probability.is_none() {
            let said = told!(
                "It is known to be wrong, or follows from a rule: nothing was weighed.";
                "这是已知的错误或由规则直接判定，未经权衡。"
            );
            page.push_str(said.read(lang));
            page.push('\n');
        }
        return page;
    }
    page.push_str(lang.pick("The strongest evidence:\n", "最有力的依据：\n"));
    for piece in told {
        page.push_str(&reason(piece, lang));
    }
    page
}

/// A piece of evidence in a line: its name, its value, what it means, and how much it speaks for or
/// against.
fn reason(piece: &Evidence, lang: Lang) -> String {
    let value = match &piece.value {
        EvidenceValue::Count(n) => n.to_string(),
        EvidenceValue::Number(x) if x.is_nan() => lang.pick("none", "无").to_owned(),
        EvidenceValue::Number(x) => format!("{}", (x * 100.0).round() / 100.0),
        EvidenceValue::Text(text) => format!("“{}”", visible(text)),
    };
    let means = piece.means(lang).unwrap_or_default();
    let share = piece.weight.map(|w| w.share);
    let said = share.map_or("", |share| match share > 0.0 {
        true => lang.pick("; speaks for it", "；支持此判断"),
        false => lang.pick("; speaks against it", "；不利于此判断"),
    });
    let share = share.map_or_else(String::new, |share| format!("{said} ({share:+.2})"));
    let name = piece.name;
    let line = told!(
        "- {name} = {value}: {means}{share}\n";
        "- {name} = {value}：{means}{share}\n"
    );
    line.read(lang).to_owned()
}

/// A probability in full percents; nothing is quite certain.
#[must_use]
pub fn percent(probability: f32) -> u8 {
    (probability * 100.0).round().clamp(1.0, 99.0) as u8
}

/// What the rule finds and how.
fn head(card: &Card, lang: Lang) -> String {
    let mut page = String::new();
    let state = if card.default {
        lang.pick("on by default", "默认开启")
    } else {
        lang.pick("off by default", "默认关闭")
    };
    let fix = match card.fix {
        Some(Safety::Safe) => lang.pick("safe", "安全"),
        Some(Safety::Unsafe) => lang.pick("unsafe: look at each", "须逐个过目"),
        None => lang.pick("none", "无"),
    };
    let Card {
        group, severity, ..
    } = card;
    let confidence = card.confidence.name();
    let title = card.title(lang);
    let _ = match lang {
        Lang::En => writeln!(
            page,
            "# {title}\n\n{}.\n\nGroup `{group}`, severity `{severity}`, confidence `{confidence}`, {state}; fix: {fix}.\n",
            capital(card.summary),
        ),
        Lang::Zh => writeln!(
            page,
            "# {title}\n\n{}。\n\n组 `{group}`，级别 `{severity}`，把握 `{confidence}`，{state}；修复：{fix}。\n",
            card.chinese.summary,
        ),
    };
    let _ = writeln!(page, "{}\n", card.docs(lang).trim_end());
    page
}

/// From which probability on the rule speaks.
fn levels(page: &mut String, card: &Card, lang: Lang) {
    if card.levels.is_empty() {
        return;
    }
    let name = card.name;
    let said = told!(
        "## Levels\n\nFrom which probability on it is said; `levels` in `[rules.{name}]` sets them.\n\n\
         | in | info | warning | error |\n|---|---|---|---|\n";
        "## 级别\n\n概率达到多少才报；可在 `[rules.{name}]` 中用 `levels` 设定。\n\n\
         | 文本 | info | warning | error |\n|---|---|---|---|\n"
    );
    page.push_str(said.read(lang));
    for (writing, levels) in card.levels {
        let _ = write!(page, "| {} |", writing.called(lang));
        for (_, level) in levels.named() {
            let _ = match number(level) {
                None => write!(page, " – |"),
                Some(level) => write!(page, " {level} |"),
            };
        }
        page.push('\n');
    }
}

fn examples(page: &mut String, title: &str, examples: &[&str]) {
    if examples.is_empty() {
        return;
    }
    let _ = writeln!(page, "## {title}\n");
    for example in examples {
        let _ = writeln!(page, "```text\n{}\n```\n", example.trim_end());
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
