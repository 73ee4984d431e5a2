//! Pages to fit on: three articles one below the other, and damage done to them.

use super::article::Article;
use super::library::Library;
use crate::text::is_han;
use crate::train::random::Chance;

/// What was done to one edge of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Edge {
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
pub(super) struct Block {
    pub(super) text: String,
    /// The article that it belongs to; none for what comes from elsewhere.
    pub(super) article: Option<usize>,
    /// A headline or byline.
    pub(super) set: bool,
    pub(super) start: Edge,
    pub(super) end: Edge,
    /// The number of the run of blocks that it was moved here with.
    pub(super) run: Option<usize>,
}

/// Of so many pages in a hundred the articles are kin, each the nearest of so many.
const KIN_PAGES: usize = 50;
const KIN_AMONG: usize = 25;

/// A page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) blocks: Vec<Block>,
}

impl Page {
    /// Three articles, each under a headline.
    pub(super) fn compose(library: &Library, chance: &mut Chance) -> Self {
        Self::compose_of(library, chance).0
    }

    /// The same, and which articles they are: on every second page kin to the first, as in the part
    /// of a newspaper that is given to one subject.
    pub(super) fn compose_of(library: &Library, chance: &mut Chance) -> (Self, [usize; 3]) {
        let mut chosen = [0; 3];
        let kin = chance.percent(KIN_PAGES);
        let (half, marked, signed) = (chance.percent(30), chance.percent(50), chance.percent(40));
        let mut page = Self::default();
        for number in 0..3 {
            let any = library.any(chance);
            chosen[number] = if kin && number > 0 {
                let near = library.kin(chosen[0], KIN_AMONG, chance);
                near.filter(|near| !chosen[..number].contains(near))
                    .unwrap_or(any)
            } else {
                any
            };
            let article = &library.articles[chosen[number]];
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
            // Some articles open each paragraph with a slogan, some pages begin without a headline.
            let slogans = chance.percent(2);
            for paragraph in article.iter().take(24) {
                let slogan = if slogans && chance.percent(90) {
                    slogan(paragraph, chance)
                } else {
                    None
                };
                let text =
                    slogan.map_or_else(|| paragraph.clone(), |s| format!("{s}。{paragraph}"));
                page.blocks.push(set(text, false));
            }
        }
        if chance.percent(10) {
            page.blocks.remove(0);
        }
        (page, chosen)
    }

    /// Cuts paragraphs in two, moves halves away, drops heads and tails.
    pub(super) fn cut(&mut self, chance: &mut Chance) {
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
                    moved.iter_mut().for_each(|b| b.run = Some(number));
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

    /// Leaves the last mark out of the paragraphs that are whole.
    pub(super) fn leave_out_last_marks(&mut self) {
        for block in &mut self.blocks {
            if !block.set && block.end == Edge::Whole {
                let bare = block.text.trim_end_matches(['。', '！', '？', '…']);
                block.text.truncate(bare.len());
            }
        }
    }

    /// Tears runs of paragraphs in, the first of which begins inside a sentence: from another
    /// article of the page, from one of `kin` (articles on the same subject, by number of the
    /// article on the page), or from anywhere.
    pub(super) fn tear_in(
        &mut self,
        kin: &[Option<&Article>],
        articles: &[Article],
        chance: &mut Chance,
    ) {
        const FIRST_RUN: usize = 1000;
        for number in 0..chance.below(4) {
            let whole = |b: &Block| {
                !b.set && b.start == Edge::Whole && b.end == Edge::Whole && b.run.is_none()
            };
            let to = 1 + chance.below(self.blocks.len() - 1);
            // Below a paragraph of text, not below a headline.
            if !whole(&self.blocks[to - 1])
                || self.blocks[to].run.is_some()
                || self.blocks[to].start != Edge::Whole
            {
                continue;
            }
            let host = self.blocks[to - 1].article;
            let wanted = if chance.percent(80) {
                1 + chance.below(4)
            } else {
                5 + chance.below(3)
            };
            let source = chance.below(3);
            let mut texts: Vec<String> = if source == 0 {
                let from = chance.below(self.blocks.len());
                let fits = |b: &Block| whole(b) && b.article != host;
                let count = self.blocks[from..]
                    .iter()
                    .take(wanted)
                    .take_while(|b| fits(b))
                    .count();
                self.blocks[from..from + count]
                    .iter_mut()
                    .map(|b| std::mem::take(&mut b.text))
                    .collect()
            } else {
                let near = host.and_then(|h| kin.get(h).copied().flatten());
                let article = match near.filter(|_| source == 1) {
                    Some(article) => article,
                    None => &articles[chance.below(articles.len())],
                };
                let start = chance.below(article.len());
                article[start..].iter().take(wanted).cloned().collect()
            };
            let place = texts.first().and_then(|text| seam(text, chance));
            if let (Some(place), Some(text)) = (place, texts.first_mut()) {
                text.drain(..place);
            }
            let (article, half) = (
                host,
                self.blocks.iter().any(|b| !b.set && b.text.contains(',')),
            );
            let mut moved: Vec<Block> = texts
                .into_iter()
                .map(|text| Block {
                    text: if half { half_width(&text) } else { text },
                    article,
                    run: Some(FIRST_RUN + number),
                    ..Block::default()
                })
                .collect();
            if let Some(first) = moved.first_mut() {
                first.start = Edge::Lost;
            }
            self.blocks.splice(to..to, moved);
            self.blocks.retain(|b| !b.text.is_empty());
        }
    }

    /// The text of the page.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self.blocks.iter().map(|b| b.text.as_str()).collect();
        texts.join("\n\n")
    }
}

/// A place inside a sentence: between two Han characters, at times after a comma.
pub(super) fn seam(text: &str, chance: &mut Chance) -> Option<usize> {
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

/// The last words of a clause.
fn slogan(text: &str, chance: &mut Chance) -> Option<String> {
    let clauses: Vec<&str> = text
        .split(|c: char| !is_han(c))
        .filter(|clause| clause.len() > 30)
        .collect();
    let clause = (!clauses.is_empty()).then(|| clauses[chance.below(clauses.len())])?;
    let from = clause.char_indices().rev().nth(3 + chance.below(6))?.0;
    Some(clause[from..].to_owned())
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
pub(super) fn headline(article: &Article) -> String {
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
