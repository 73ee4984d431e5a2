//! Pages to fit on: three articles one below the other, and damage done to them.

use std::path::PathBuf;

use super::super::TrainError;
use crate::text::{is_closing, is_han, is_sentence_end};

/// An article: its paragraphs.
pub(crate) type Article = Vec<String>;

/// Reads articles: of each document the paragraphs of fair length and its subheads. What several documents share is no text of theirs.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Article>, TrainError> {
    let mut articles = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|source| TrainError::Io {
            path: path.clone(),
            source,
        })?;
        for document in text.split("\n\n") {
            let lines: Vec<&str> = document
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .collect();
            // A transcript of television news: each long paragraph is a story.
            let long = lines.iter().filter(|l| l.len() > 1300).count();
            if long >= 5 {
                for story in lines.iter().filter(|l| l.len() > 1300) {
                    let sentences = sentences(story);
                    articles.push(sentences.chunks(3).map(|c| c.concat()).collect());
                }
            } else if (4..60).contains(&lines.len()) && document.len() > 900 {
                articles.push(lines.into_iter().map(str::to_owned).collect());
            }
        }
    }
    Ok(articles)
}

/// The sentences of a paragraph.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_sentence_end(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, c)| is_sentence_end(*c) || is_closing(*c)) {
            end = at + c.len_utf8();
        }
        sentences.push(&text[start..end]);
        start = end;
    }
    if start < text.len() {
        sentences.push(&text[start..]);
    }
    sentences
}

/// Chance that can be repeated (xorshift64*, Vigna 2016).
pub(crate) struct Chance(u64);

impl Chance {
    /// The chance of one page.
    pub(crate) fn of(seed: u64, page: usize) -> Self {
        let mut chance = Self((seed ^ (page as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)) | 1);
        for _ in 0..4 {
            chance.next();
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    /// A number below `n`, which is not zero.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// What was done to one edge of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Nothing.
    #[default]
    Whole,
    /// It was cut; the other half bears the same number.
    Cut(usize),
    /// It was cut, and the other half is gone.
    Lost,
}

/// A paragraph of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) text: String,
    /// The article that it belongs to; none for what comes from elsewhere.
    pub(crate) article: Option<usize>,
    /// A headline or byline.
    pub(crate) set: bool,
    pub(crate) start: Edge,
    pub(crate) end: Edge,
}

/// A page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) blocks: Vec<Block>,
}

impl Page {
    /// Three articles, each under a headline.
    pub(crate) fn compose(articles: &[Article], chance: &mut Chance) -> Self {
        let (half, marked, signed) = (chance.percent(30), chance.percent(50), chance.percent(40));
        let mut page = Self::default();
        for number in 0..3 {
            let article = &articles[chance.below(articles.len())];
            let set = |text: String, line: bool| Block {
                text: if half { half_width(&text) } else { text },
                article: Some(number),
                set: line,
                ..Block::default()
            };
            let headline = headline(article);
            page.blocks.push(set(
                if marked {
                    format!("## {headline}")
                } else {
                    headline
                },
                true,
            ));
            if signed && chance.percent(80) {
                let family = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄"][chance.below(8)];
                let given = ["晓峰", "静", "志远", "海燕", "磊", "思源"][chance.below(6)];
                let form = ["□", "本报记者 ", "新华社记者 "][chance.below(3)];
                page.blocks
                    .push(set(format!("{form}{family}{given}"), true));
            }
            page.blocks
                .extend(article.iter().take(24).map(|p| set(p.clone(), false)));
        }
        page
    }

    /// Cuts paragraphs in two, moves halves away, drops heads and tails.
    pub(crate) fn cut(&mut self, chance: &mut Chance) {
        let wanted = if chance.percent(40) {
            0
        } else {
            1 + chance.below(8)
        };
        for number in 0..wanted {
            let at = chance.below(self.blocks.len());
            let block = &self.blocks[at];
            if block.set
                || block.start != Edge::Whole
                || block.end != Edge::Whole
                || block.text.len() < 60
            {
                continue;
            }
            let Some(place) = seam(&block.text, chance) else {
                continue;
            };
            let (head, tail) = block.text.split_at(place);
            let (head, tail) = (head.to_owned(), tail.to_owned());
            let half = |text: String| Block {
                text,
                article: block.article,
                ..Block::default()
            };
            let (mut first, mut second) = (half(head), half(tail));
            match chance.below(10) {
                0..4 => {
                    (first.end, second.start) = (Edge::Cut(number), Edge::Cut(number));
                    self.blocks.splice(at..=at, [first, second]);
                }
                4..6 => {
                    (first.end, second.start) = (Edge::Cut(number), Edge::Cut(number));
                    self.blocks[at] = first;
                    let more = chance.below(3);
                    let moves =
                        |b: &Block| !b.set && b.start == Edge::Whole && b.end == Edge::Whole;
                    let end = (at + 1..self.blocks.len().min(at + 1 + more))
                        .take_while(|i| moves(&self.blocks[*i]))
                        .last()
                        .map_or(at + 1, |i| i + 1);
                    let mut moved = vec![second];
                    moved.extend(self.blocks.drain(at + 1..end));
                    let mut to = chance.below(self.blocks.len() + 1);
                    if to == at + 1 {
                        to = 0;
                    }
                    self.blocks.splice(to..to, moved);
                }
                6..8 => {
                    second.start = Edge::Lost;
                    self.blocks[at] = second;
                }
                _ => {
                    first.end = Edge::Lost;
                    self.blocks[at] = first;
                }
            }
        }
    }

    /// The text of the page.
    pub(crate) fn text(&self) -> String {
        let texts: Vec<&str> = self.blocks.iter().map(|b| b.text.as_str()).collect();
        texts.join("\n\n")
    }
}

/// A place inside a sentence: between two Han characters, at times after a comma.
fn seam(text: &str, chance: &mut Chance) -> Option<usize> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let pause = chance.percent(15);
    let fits = |i: usize| {
        let (before, after) = (chars[i - 1].1, chars[i].1);
        let right = is_han(after) || "“‘《（".contains(after);
        if pause {
            matches!(before, '，' | '、' | ',' | '；') && right
        } else {
            (is_han(before) || "”》".contains(before)) && is_han(after) || is_han(before) && right
        }
    };
    let places: Vec<usize> = (2..chars.len().saturating_sub(2))
        .filter(|i| fits(*i))
        .map(|i| chars[i].0)
        .collect();
    (!places.is_empty()).then(|| places[chance.below(places.len())])
}

fn half_width(text: &str) -> String {
    const FULL: &str = "，；：（）？！";
    const HALF: &str = ",;:()?!";
    let half = |c| {
        FULL.chars()
            .position(|f| f == c)
            .and_then(|i| HALF.chars().nth(i))
            .unwrap_or(c)
    };
    text.chars().map(half).collect()
}

/// A clause of the article's opening, short of function words, as a headline.
fn headline(article: &Article) -> String {
    let clauses = article
        .iter()
        .take(4)
        .flat_map(|p| p.split(['，', '。', '；', '：', '！', '？', ',', '“', '”']));
    let short = |clause: &str| -> String {
        clause
            .chars()
            .filter(|c| !"的了也就还".contains(*c))
            .collect()
    };
    clauses
        .map(short)
        .find(|c| {
            (9..=26).contains(&c.chars().count()) && !c.contains("记者") && !c.contains("日电")
        })
        .unwrap_or_else(|| article[0].chars().take(14).filter(|c| is_han(*c)).collect())
}
