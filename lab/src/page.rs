//! A page under damage: blocks of text, and gold rows anchored in blocks so that later edits move
//! them along.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::base::{Article, is_subhead};
use crate::han::{first_chars, is_han, length};
use crate::random::Random;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Headline,
    Byline,
    Subhead,
    Body,
    Furniture,
}

/// One paragraph of the page.
#[derive(Clone)]
pub struct Block {
    pub id: usize,
    pub article: usize,
    pub role: Role,
    pub text: String,
    /// Holds a defect already, or is the surroundings that one needs.
    pub used: bool,
}

#[derive(Clone, Copy)]
pub struct Anchor {
    block: usize,
    offset: usize,
}

/// A gold row before the page is set.
pub struct Mark {
    pub class: &'static str,
    pub kind: &'static str,
    start: Anchor,
    end: Anchor,
    pub fix: Option<String>,
    pub score: bool,
    pub group: usize,
    pub note: String,
}

/// A gold row as it is written: byte offsets in the file. `kind` is the generator's own finer name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub file: String,
    pub class: String,
    #[serde(default)]
    pub kind: String,
    pub start: usize,
    pub end: usize,
    #[serde(default)]
    pub line: usize,
    #[serde(default)]
    pub text: String,
    pub fix: Option<String>,
    #[serde(default)]
    pub certainty: String,
    #[serde(default)]
    pub severity: String,
    #[serde(default = "scored")]
    pub score: bool,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    pub note: String,
}

fn scored() -> bool {
    true
}

/// How the newspaper sets its pages.
#[derive(Clone, Copy)]
pub struct Style {
    pub half_width: bool,
    pub hashes: bool,
    pub bylines: bool,
}

impl Style {
    pub fn any(random: &mut Random) -> Self {
        Self {
            half_width: random.chance(0.3),
            hashes: random.chance(0.5),
            bylines: random.chance(0.4),
        }
    }

    /// The text with the page's width of punctuation.
    pub fn set(self, text: &str) -> String {
        if !self.half_width {
            return text.to_owned();
        }
        let half = |c| match c {
            '，' => ',',
            '；' => ';',
            '：' => ':',
            '（' => '(',
            '）' => ')',
            '？' => '?',
            '！' => '!',
            other => other,
        };
        text.chars().map(half).collect()
    }
}

/// A document in the making.
pub struct Page {
    pub blocks: Vec<Block>,
    pub marks: Vec<Mark>,
    pub style: Style,
    /// Written between blocks: a blank line, unless the line breaks were lost.
    pub separator: &'static str,
    next_block: usize,
    next_group: usize,
}

impl Page {
    /// Sets articles one below the other: headline, byline at times, paragraphs.
    pub fn compose(articles: &[&Article], style: Style, random: &mut Random) -> Self {
        let mut page = Self {
            blocks: Vec::new(),
            marks: Vec::new(),
            style,
            separator: "\n\n",
            next_block: 0,
            next_group: 0,
        };
        for (number, article) in articles.iter().enumerate() {
            let headline = article
                .headline
                .clone()
                .unwrap_or_else(|| headline_of(article));
            let headline = if style.hashes {
                format!("## {headline}")
            } else {
                headline
            };
            page.push(number, Role::Headline, &style.set(&headline));
            if style.bylines && random.chance(0.8) {
                page.push(number, Role::Byline, &byline(random));
            }
            for paragraph in &article.paragraphs {
                let role = if is_subhead(paragraph) {
                    Role::Subhead
                } else {
                    Role::Body
                };
                page.push(number, role, &style.set(paragraph));
            }
        }
        page
    }

    fn push(&mut self, article: usize, role: Role, text: &str) {
        let block = self.block(article, role, text.to_owned());
        self.blocks.push(block);
    }

    /// A new block that is not on the page yet; it counts as used.
    pub fn block(&mut self, article: usize, role: Role, text: String) -> Block {
        self.next_block += 1;
        Block {
            id: self.next_block,
            article,
            role,
            text,
            used: !matches!(role, Role::Headline | Role::Byline | Role::Body),
        }
    }

    /// Replaces a stretch of one block; rows behind it move along.
    pub fn replace(&mut self, index: usize, range: Range<usize>, with: &str) {
        let id = self.blocks[index].id;
        for anchor in self
            .marks
            .iter_mut()
            .flat_map(|mark| [&mut mark.start, &mut mark.end])
        {
            if anchor.block == id && anchor.offset >= range.end {
                anchor.offset = anchor.offset + with.len() - range.len();
            }
        }
        self.blocks[index].text.replace_range(range, with);
    }

    /// Splits a block; the second half is returned and is not on the page yet.
    pub fn split_off(&mut self, index: usize, at: usize) -> Block {
        let rest = self.blocks[index].text.split_off(at);
        let (article, role) = (self.blocks[index].article, self.blocks[index].role);
        let mut block = self.block(article, role, rest);
        block.used = true;
        block
    }

    pub fn group(&mut self) -> usize {
        self.next_group += 1;
        self.next_group
    }

    /// Records a defect that lies in one block.
    pub fn mark(
        &mut self,
        class: &'static str,
        kind: &'static str,
        index: usize,
        range: Range<usize>,
    ) -> &mut Mark {
        let id = self.blocks[index].id;
        self.mark_between(class, kind, (id, range.start), (id, range.end))
    }

    /// Records a defect from a place in one block (by its id) to a place in another.
    pub fn mark_between(
        &mut self,
        class: &'static str,
        kind: &'static str,
        start: (usize, usize),
        end: (usize, usize),
    ) -> &mut Mark {
        let group = self.group();
        let anchor = |(block, offset)| Anchor { block, offset };
        self.marks.push(Mark {
            class,
            kind,
            start: anchor(start),
            end: anchor(end),
            fix: None,
            score: true,
            group,
            note: String::new(),
        });
        let last = self.marks.len() - 1;
        &mut self.marks[last]
    }

    pub fn index_of(&self, id: usize) -> Option<usize> {
        self.blocks.iter().position(|block| block.id == id)
    }

    /// Unused body paragraphs of at least `characters`, in random order.
    pub fn free(&self, characters: usize, random: &mut Random) -> Vec<usize> {
        let long = |block: &Block| {
            block.role == Role::Body && !block.used && length(&block.text) >= characters
        };
        let mut indices: Vec<usize> = (0..self.blocks.len())
            .filter(|&i| long(&self.blocks[i]))
            .collect();
        random.shuffle(&mut indices);
        indices
    }

    /// The same, where the blocks before and after are unused as well.
    pub fn free_with_neighbours(&self, characters: usize, random: &mut Random) -> Vec<usize> {
        let mut indices = self.free(characters, random);
        indices.retain(|&i| {
            [i.wrapping_sub(1), i + 1].iter().all(|&n| {
                self.blocks
                    .get(n)
                    .is_none_or(|block| !block.used || block.role == Role::Subhead)
            })
        });
        indices
    }

    /// Borders between two unused paragraphs of one article (the index of the second), in random
    /// order.
    pub fn borders(&self, random: &mut Random) -> Vec<usize> {
        let free = |i: usize| self.blocks[i].role == Role::Body && !self.blocks[i].used;
        let mut borders: Vec<usize> = (1..self.blocks.len())
            .filter(|&i| {
                free(i - 1) && free(i) && self.blocks[i - 1].article == self.blocks[i].article
            })
            .collect();
        random.shuffle(&mut borders);
        borders
    }

    /// Sets the blocks around a border aside for the defect that stands there.
    pub fn reserve_border(&mut self, border: usize) {
        self.blocks[border - 1].used = true;
        self.blocks[border].used = true;
    }

    /// The text and its gold rows.
    pub fn render(mut self, file: &str) -> (String, Vec<Row>) {
        let mut text = String::new();
        let mut starts = std::collections::HashMap::new();
        for (i, block) in self.blocks.iter().enumerate() {
            if i > 0 {
                text.push_str(self.separator);
            }
            starts.insert(block.id, text.len());
            text.push_str(&block.text);
        }
        text.push('\n');
        let marks = std::mem::take(&mut self.marks);
        let place = |anchor: Anchor| starts.get(&anchor.block).map(|start| start + anchor.offset);
        let mut rows: Vec<Row> = Vec::new();
        for mark in marks {
            if let (Some(start), Some(end)) = (place(mark.start), place(mark.end)) {
                rows.push(row(file, &text, start..end, mark));
            }
        }
        if self.separator != "\n\n" {
            rows.push(lost_breaks(
                file,
                &text,
                self.separator,
                self.blocks.len() - 1,
            ));
        }
        if self.style.half_width {
            rows.extend(half_width_rows(file, &text, &rows));
        }
        rows.sort_by_key(|row| (row.start, row.end));
        (text, rows)
    }
}

fn row(file: &str, text: &str, range: Range<usize>, mark: Mark) -> Row {
    let covered = &text[range.clone()];
    Row {
        file: file.to_owned(),
        class: mark.class.to_owned(),
        kind: mark.kind.to_owned(),
        start: range.start,
        end: range.end,
        line: 1 + text[..range.start].matches('\n').count(),
        text: covered[..first_chars(covered, 120)].to_owned(),
        fix: mark.fix,
        certainty: "sure".to_owned(),
        severity: "error".to_owned(),
        score: mark.score,
        group: Some(format!("{file}:{}", mark.group)),
        note: mark.note,
    }
}

fn document_row(
    file: &str,
    text: &str,
    range: Range<usize>,
    class: &'static str,
    kind: &'static str,
    note: String,
) -> Row {
    let at = |offset| Anchor { block: 0, offset };
    let mark = Mark {
        class,
        kind,
        start: at(range.start),
        end: at(range.end),
        fix: None,
        score: true,
        group: 0,
        note,
    };
    let mut row = row(file, text, range, mark);
    row.group = None;
    row
}

fn lost_breaks(file: &str, text: &str, separator: &str, count: usize) -> Row {
    let start = text.find(separator).unwrap_or_default();
    document_row(
        file,
        text,
        start..start + separator.len(),
        "lost-line-breaks",
        "document",
        format!("count={count}"),
    )
}

/// One row for each half-width mark of a document that is half-width throughout: its first place in
/// Chinese text outside other defects.
fn half_width_rows(file: &str, text: &str, others: &[Row]) -> Vec<Row> {
    let mut rows = Vec::new();
    for mark in [',', ';', ':', '(', ')', '?', '!'] {
        let in_chinese = |at: usize| {
            let before = text[..at]
                .chars()
                .next_back()
                .is_some_and(|c| is_han(c) || "”》）)」".contains(c));
            let after = text[at + 1..]
                .chars()
                .next()
                .is_some_and(|c| is_han(c) || "“《（(「".contains(c));
            before || after
        };
        let outside = |at: usize| {
            !others
                .iter()
                .any(|row| row.start <= at && at < row.end && row.class != "lost-line-breaks")
        };
        let places: Vec<usize> = text
            .match_indices(mark)
            .map(|(at, _)| at)
            .filter(|&at| in_chinese(at))
            .collect();
        if let Some(&first) = places.iter().find(|&&at| outside(at)) {
            rows.push(document_row(
                file,
                text,
                first..first + 1,
                "halfwidth-punctuation",
                "document",
                format!("count={}", places.len()),
            ));
        }
    }
    rows
}

/// A headline from the opening of the article: its first clause of fitting length, without function
/// words.
fn headline_of(article: &Article) -> String {
    let mut fallback = String::new();
    // A line of its own would be set twice, so only running text is drawn from.
    let running = article.paragraphs.iter().filter(|line| !is_subhead(line));
    for paragraph in running.take(4) {
        for clause in crate::han::clauses(paragraph) {
            let clause = &paragraph[clause];
            const DATELINE: [&str; 12] = [
                "报道",
                "记者",
                "日电",
                "消息",
                "近日",
                "日前",
                "今日",
                "昨日",
                "【",
                "月",
                "当地时间",
                "获悉",
            ];
            if DATELINE.iter().any(|word| clause.contains(word))
                || clause.starts_with(|c| "据在对因从由被将以于当为并而但".contains(c))
                || [
                    "表示", "称", "中", "后", "时", "以", "指出", "介绍", "认为", "下", "上", "号",
                    "显示",
                ]
                .iter()
                .any(|end| clause.ends_with(end))
            {
                continue;
            }
            let short: String = clause
                .chars()
                .filter(|c| !matches!(c, '的' | '了' | '也' | '就' | '还'))
                .collect();
            let han = short.chars().filter(|&c| is_han(c)).count();
            if (11..=24).contains(&length(&short)) && han + 4 >= length(&short) {
                return short;
            }
            if fallback.is_empty() && han >= 6 {
                fallback = short.chars().take(22).collect();
            }
        }
    }
    fallback
}

/// A reporter's line in one of the usual forms.
pub fn byline(random: &mut Random) -> String {
    let name = person(random);
    match random.below(5) {
        0 => format!("□{name}"),
        1 => format!("本报记者 {name} {}", person(random)),
        2 => format!("新华社记者 {name}"),
        3 => format!("本报记者 {name}"),
        _ => format!("□ 本报记者 {name}"),
    }
}

pub fn person(random: &mut Random) -> String {
    const FAMILY: [char; 24] = [
        '王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高',
        '林', '何', '郭', '马', '罗', '梁', '宋', '郑', '谢',
    ];
    const GIVEN: [&str; 24] = [
        "晓峰", "静", "志远", "雨桐", "海燕", "磊", "思源", "建国", "慧敏", "明", "子涵", "春梅",
        "立新", "婷", "俊杰", "国栋", "雪", "文博", "佳琪", "永强", "丹", "一鸣", "秋实", "凯",
    ];
    format!("{}{}", random.one_of(&FAMILY), random.one_of(&GIVEN))
}
