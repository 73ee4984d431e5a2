//! What the terminal shows of an audit: thirty lines. Where there is more to say, as when findings
//! were judged or another audit is compared with, its lists are shorter.

mod cells;
mod repeats;
mod room;
mod since;

use std::io;

use super::{Audit, FileTotals};
use crate::language::{Lang, Message};
use crate::registry::Registry;
use crate::text::visible;
use crate::told;
pub(crate) use cells::count;
use cells::{left, right};
use repeats::Across;
use room::Room;

const SOURCES: usize = 3;
/// Lines of the screen.
const LINES: usize = 30;
/// Cells of the column of rules.
const NAME: usize = 26;

/// What an audit was asked to do besides showing the screen.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What was audited, as the command line has it.
    pub paths: String,
    /// Whether a page was written.
    pub page: bool,
    /// Whether what was learned was written.
    pub profile: bool,
    /// Whether everything was counted into a file that a later audit is compared with.
    pub counts: bool,
}

/// The screen.
///
/// # Errors
///
/// Those of reading again what was found.
pub fn screen(audit: &Audit, lang: Lang, asked: &Asked) -> io::Result<String> {
    let mut room = Room::default();
    let worst = audit.worst(room.files)?;
    let across = Across::of(&audit.repeats)?;
    loop {
        let mut screen = Screen {
            lang,
            room,
            out: String::new(),
        };
        screen.head(audit);
        screen.rules(audit);
        screen.worst(&worst);
        screen.sources(audit);
        screen.repeats(&audit.repeats, &across);
        audit.precision.iter().for_each(|p| screen.judged(p));
        audit.comparison.iter().for_each(|c| screen.changed(c));
        screen.next(audit, asked);
        if screen.out.lines().count() <= LINES || !room.shrink() {
            return Ok(screen.out);
        }
    }
}

struct Screen {
    lang: Lang,
    room: Room,
    out: String,
}

impl Screen {
    fn say(&mut self, line: &Message) {
        self.out.push_str(line.read(self.lang));
        self.out.push('\n');
    }

    fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A line of a table: the first cell to the left, the others as wide as they are to be.
    fn row(&mut self, name: &str, cells: &[(&str, usize)]) {
        self.out.push_str(&left(name, NAME));
        for (cell, width) in cells {
            self.out.push(' ');
            self.out.push_str(&right(cell, *width));
        }
        self.out.push('\n');
    }

    /// The name of a rule in the language of the screen, where it has one.
    fn rule(&self, name: &str) -> String {
        let cards = Registry::builtin().cards();
        let card = cards.iter().find(|card| card.name == name);
        match (self.lang, card) {
            (Lang::Zh, Some(card)) => card.chinese.name.to_owned(),
            _ => name.to_owned(),
        }
    }

    fn head(&mut self, audit: &Audit) {
        let c = &audit.collection;
        let [files, documents, characters, sources] =
            [c.opened, c.files, c.characters, audit.sources.len()].map(count);
        let [in_files, of_documents, of_sources] = [
            many(c.opened, "file", "files"),
            many(c.files, "document", "documents"),
            many(audit.sources.len(), "source", "sources"),
        ];
        let not_checked = match audit.skipped.len() {
            0 => Message::default(),
            n => told!("; {} not checked", count(n); "；未检查{}个", count(n)),
        };
        let what = if c.opened == c.files {
            told!("{in_files}"; "{files}个文件")
        } else {
            told!("{of_documents} in {in_files}"; "{files}个文件中的{documents}个文档")
        };
        let rest = told!(
            ", {characters} characters, {of_sources}";
            "，{characters}字，{sources}个来源"
        );
        self.say(&what.and(&rest).and(&not_checked));
        let [share, low, high] = c.damaged_share.map(|s| s * 100.0);
        let (score, median) = (c.score, c.median_score);
        self.say(&told!(
            "score {score:.1} (median of files {median:.1}): {share:.2} % of the characters stand in damaged paragraphs (95 %: {low:.2} to {high:.2})";
            "得分{score:.1}（文件中位数{median:.1}）：{share:.2}%的字在受损段落中（95%区间 {low:.2}～{high:.2}）"
        ));
        let expected = c.expected.round() as usize;
        let [errors, warnings, files, expected, infos] =
            [c.errors, c.warnings, c.damaged_files, expected, c.infos].map(count);
        self.say(&told!(
            "{} and {} in {}, {expected} of them expected to be right; {}",
            many(c.errors, "error", "errors"), many(c.warnings, "warning", "warnings"),
            many(c.damaged_files, "file", "files"), many(c.infos, "note", "notes");
            "{files}个文件中错误{errors}处、警告{warnings}处，预计{expected}处属实；提示{infos}处"
        ));
    }

    fn rules(&mut self, audit: &Audit) {
        let mut rules: Vec<_> = audit
            .rules
            .iter()
            .filter(|(_, r)| r.errors + r.warnings > 0)
            .collect();
        if rules.is_empty() {
            return;
        }
        rules.sort_by_key(|(name, r)| (usize::MAX - r.errors - r.warnings, *name));
        self.gap();
        let head = self.lang.pick(
            [
                "rule",
                "errors",
                "warnings",
                "files",
                "per 100,000",
                "right",
            ],
            ["规则", "错误", "警告", "文件", "每十万字", "预计属实"],
        );
        let [name, errors, warnings, files, rate, expected] = head;
        self.row(
            name,
            &[
                (errors, 9),
                (warnings, 9),
                (files, 9),
                (rate, 12),
                (expected, 9),
            ],
        );
        for (name, r) in rules.iter().take(self.room.rules) {
            let found = r.errors + r.warnings;
            let rate = found as f64 * 1e5 / audit.collection.characters.max(1) as f64;
            let [errors, warnings, files] = [r.errors, r.warnings, r.files].map(count);
            let rate = format!("{rate:.2}");
            let expected = format!("{:.0}%", r.expected * 100.0 / found as f64);
            let name = self.rule(name);
            self.row(
                &name,
                &[
                    (&errors, 9),
                    (&warnings, 9),
                    (&files, 9),
                    (&rate, 12),
                    (&expected, 9),
                ],
            );
        }
        if let Some(rest) = rules.get(self.room.rules..).filter(|rest| !rest.is_empty()) {
            let found: usize = rest.iter().map(|(_, r)| r.errors + r.warnings).sum();
            let more = rest.len();
            let (rules, findings) = (
                many(more, "more rule", "more rules"),
                many(found, "finding", "findings"),
            );
            let found = count(found);
            self.say(&told!(
                "and {rules} with {findings}";
                "另有{more}条规则，共{found}处"
            ));
        }
    }

    fn worst(&mut self, files: &[FileTotals]) {
        if files.is_empty() {
            return;
        }
        self.gap();
        self.say(&told!("worst files"; "受损最重的文件"));
        for f in files.iter().take(self.room.files) {
            let (file, score) = (visible(&f.file), f.score);
            let [errors, warnings, characters] = [f.errors, f.warnings, f.characters].map(count);
            let causes: Vec<_> = f.causes.iter().map(|cause| self.rule(cause)).collect();
            let causes = causes.join(self.lang.pick(", ", "、"));
            self.say(&told!(
                "{score:>5.1}  {file}  {}, {} in {characters} characters: {causes}",
                many(f.errors, "error", "errors"), many(f.warnings, "warning", "warnings");
                "{score:>5.1}  {file}  {characters}字中错误{errors}处、警告{warnings}处：{causes}"
            ));
        }
    }

    fn sources(&mut self, audit: &Audit) {
        let rate = |damage: f64, characters: usize| damage * 1000.0 / characters.max(1) as f64;
        let mut sources: Vec<_> = audit
            .sources
            .iter()
            .filter(|(_, s)| s.damages > 0)
            .map(|(name, s)| (name, rate(s.damage, s.characters)))
            .collect();
        if audit.sources.len() < 2 || sources.is_empty() {
            return;
        }
        sources.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let shown: Vec<_> = sources
            .iter()
            .take(SOURCES)
            .map(|(name, rate)| {
                let name = visible(name);
                told!("{name} ({rate:.2} a 1,000 characters)"; "{name}（每千字{rate:.2}）")
            })
            .collect();
        let shown: Vec<_> = shown.iter().map(|s| s.read(self.lang)).collect();
        let shown = shown.join(self.lang.pick(", ", "、"));
        self.say(&told!("worst sources: {shown}"; "受损最重的来源：{shown}"));
    }

    /// What there is to do next: what was not asked for yet, and would say more.
    fn next(&mut self, audit: &Audit, asked: &Asked) {
        let paths = visible(&asked.paths);
        let c = &audit.collection;
        let repeats = &audit.repeats;
        let learned = repeats.lines.iter().any(|l| l.masked) || !repeats.watermarks.is_empty();
        let found = c.errors + c.warnings > 0;
        let steps = [
            (!asked.page && found)
                .then(|| told!("kanwu audit {paths} --html report.html (all of it as a page)"; "kanwu audit {paths} --html report.html（生成网页）")),
            (audit.precision.is_none() && found)
                .then(|| told!("kanwu judge {paths} (is it right?)"; "kanwu judge {paths}（逐条评判）")),
            (!asked.profile && learned)
                .then(|| told!("--profile kanwu.profile (for kanwu check)"; "--profile kanwu.profile（供 kanwu check 使用）")),
            (!asked.counts && found)
                .then(|| told!("--json audit.json (to --compare with)"; "--json audit.json（供 --compare 比较）")),
        ];
        let steps: Vec<_> = steps.iter().flatten().map(|s| s.read(self.lang)).collect();
        if steps.is_empty() {
            return;
        }
        let steps = steps[..steps.len().min(3)].join(" · ");
        self.gap();
        self.say(&told!("next: {steps}"; "下一步：{steps}"));
    }
}

/// A number and what is counted.
fn many(n: usize, one: &str, more: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { more })
}
