//! Clean text to damage: articles read from files, and the test whether an article is clean enough.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::han::{is_closing, is_han, is_terminal, length, sentences};

/// An article without its headline, unless the file gave one (`# …` in the first line).
#[derive(Clone)]
pub struct Article {
    pub headline: Option<String>,
    pub paragraphs: Vec<String>,
}

/// Reads every article of a file or a directory: one paragraph a line with a blank line between the
/// articles of a `.paras.txt` file, otherwise one article a file with blank lines between its
/// paragraphs.
pub fn read(path: &Path) -> std::io::Result<Vec<Article>> {
    let mut articles = Vec::new();
    if path.is_dir() {
        let mut files: Vec<_> = std::fs::read_dir(path)?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .collect();
        files.sort();
        for file in files
            .iter()
            .filter(|file| file.extension().is_some_and(|ext| ext == "txt"))
        {
            articles.push(one_article(&std::fs::read_to_string(file)?));
        }
        return Ok(articles);
    }
    for document in std::fs::read_to_string(path)?.split("\n\n") {
        articles.extend(articles_of_document(document));
    }
    Ok(articles)
}

fn one_article(text: &str) -> Article {
    let mut paragraphs: Vec<String> = text
        .split("\n\n")
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    let headline = paragraphs
        .first()
        .and_then(|line| line.strip_prefix("# "))
        .map(str::to_owned);
    if headline.is_some() {
        paragraphs.remove(0);
    }
    Article {
        headline,
        paragraphs,
    }
}

/// A page of news is one article; of a transcript of television news, whose paragraphs are whole
/// stories, each story is an article, cut into paragraphs of three sentences.
fn articles_of_document(document: &str) -> Vec<Article> {
    let lines: Vec<&str> = document
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let total: usize = lines.iter().map(|line| length(line)).sum();
    let long: Vec<usize> = lines
        .iter()
        .map(|line| length(line))
        .filter(|&n| n > 450)
        .collect();
    if long.len() < 5 || long.iter().sum::<usize>() * 10 < total * 6 {
        return vec![Article {
            headline: None,
            paragraphs: lines.into_iter().map(str::to_owned).collect(),
        }];
    }
    let stories = lines.into_iter().filter(|line| length(line) > 450);
    stories
        .map(|story| {
            let parts = sentences(story);
            let paragraphs = parts
                .chunks(3)
                .map(|chunk| {
                    story[chunk[0].start..chunk[chunk.len() - 1].end]
                        .trim()
                        .to_owned()
                })
                .collect();
            Article {
                headline: None,
                paragraphs,
            }
        })
        .collect()
}

/// Keeps the articles that have no damage of their own and a fair length. Lines that several
/// articles share are furniture of the site and are taken out first.
pub fn keep_clean(articles: Vec<Article>) -> Vec<Article> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for line in articles.iter().flat_map(|article| &article.paragraphs) {
        *seen.entry(line).or_default() += 1;
    }
    let shared: HashSet<String> = seen
        .iter()
        .filter(|&(_, &count)| count > 1)
        .map(|(line, _)| (*line).to_owned())
        .collect();
    let mut kept = Vec::new();
    let mut openings = HashSet::new();
    for mut article in articles {
        article
            .paragraphs
            .retain(|line| !shared.contains(line) && !is_credit(line));
        let damaged = article
            .paragraphs
            .iter()
            .filter(|line| !is_clean(line))
            .count();
        let subheads = article
            .paragraphs
            .iter()
            .filter(|line| is_subhead(line))
            .count();
        if damaged * 8 > article.paragraphs.len() || subheads * 3 > article.paragraphs.len() {
            continue;
        }
        article.paragraphs.retain(|line| is_clean(line));
        while article
            .paragraphs
            .last()
            .is_some_and(|line| is_subhead(line))
        {
            article.paragraphs.pop();
        }
        let characters: usize = article.paragraphs.iter().map(|line| length(line)).sum();
        let opening: String = article
            .paragraphs
            .iter()
            .flat_map(|line| line.chars())
            .take(16)
            .collect();
        if article.paragraphs.len() >= 4
            && (350..5000).contains(&characters)
            && openings.insert(opening)
        {
            article.paragraphs.truncate(18);
            kept.push(article);
        }
    }
    kept
}

pub fn is_subhead(line: &str) -> bool {
    let end = line.chars().last();
    length(line) <= 30
        && !end.is_some_and(|c| is_terminal(c) || is_closing(c) || c == '：' || c == ':')
}

/// Credits, sources and notices that a scraper leaves around an article.
fn is_credit(line: &str) -> bool {
    const WORDS: [&str; 29] = [
        "资料图",
        "原创",
        "图为",
        "编辑",
        "责编",
        "来源",
        "版权",
        "转载",
        "校对",
        "监制",
        "审核",
        "图源",
        "图/",
        "图／",
        "文/",
        "文／",
        "摄影",
        "供图",
        "截图",
        "点击",
        "关注",
        "公众号",
        "扫码",
        "微信",
        "视频",
        "原标题",
        "延伸阅读",
        "作者",
        "丨",
    ];
    length(line) <= 60 && WORDS.iter().any(|word| line.contains(word)) && !line.ends_with('。')
        || line.contains("未经授权")
        || line.contains("版权")
        || (line.starts_with('（') || line.starts_with('('))
            && (line.ends_with('）') || line.ends_with(')'))
}

/// Whether a paragraph shows none of the kinds of damage that are injected, so that a finding in it
/// is no true one.
pub fn is_clean(line: &str) -> bool {
    let chars: Vec<char> = line.chars().collect();
    if chars.len() < 4 || chars.iter().filter(|&&c| is_han(c)).count() * 2 < chars.len() {
        return false;
    }
    let strange = |c: char| {
        matches!(
            c,
            '<' | '>'
                | '{'
                | '}'
                | '&'
                | '|'
                | '@'
                | '#'
                | '*'
                | '_'
                | '~'
                | '\\'
                | '['
                | ']'
                | '"'
                | '\''
                | '\t'
                | '\u{3000}'
                | '■'
                | '□'
                | '▲'
                | '●'
                | '◆'
                | '\u{FFFD}'
                | '\u{AD}'
        ) || c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{E000}'..='\u{FAFF}' | '\u{FEFF}' | '\u{2E80}'..='\u{2FDF}')
            || c > '\u{FFFF}'
    };
    if chars.iter().any(|&c| strange(c))
        || !is_balanced(&chars)
        || line.contains("http")
        || line.contains("www")
    {
        return false;
    }
    let neighbours = chars.windows(2).all(|pair| {
        let (a, b) = (pair[0], pair[1]);
        let half = |c: char| matches!(c, ',' | ';' | ':' | '?' | '!' | '(' | ')' | '.' | ' ');
        let mark = |c: char| matches!(c, '，' | '；' | '：' | '、' | '。');
        !(half(a) && is_han(b)
            || is_han(a) && half(b)
            || mark(a) && (mark(b) || half(b))
            || half(a) && mark(b))
    });
    let stammer = [
        "的的", "了了", "在在", "是是", "和和", "为为", "有有", "与与",
    ]
    .iter()
    .any(|pair| line.contains(pair));
    let last = chars[chars.len() - 1];
    let ended = is_terminal(last) || is_closing(last) || matches!(last, '：' | ':');
    let opened = !is_clause_mark_or_closing(chars[0]);
    neighbours && !stammer && opened && (ended || chars.len() <= 30)
}

fn is_clause_mark_or_closing(c: char) -> bool {
    crate::han::is_clause_mark(c) || is_closing(c)
}

/// Whether all quotation marks, brackets and book-title marks close in the order in which they
/// opened.
fn is_balanced(chars: &[char]) -> bool {
    let mut open = Vec::new();
    for &c in chars {
        let closes = match c {
            '“' => Some('”'),
            '‘' => Some('’'),
            '（' => Some('）'),
            '(' => Some(')'),
            '《' => Some('》'),
            '【' => Some('】'),
            _ => None,
        };
        if let Some(close) = closes {
            open.push(close);
        } else if matches!(c, '”' | '’' | '）' | ')' | '》' | '】') && open.pop() != Some(c)
        {
            return false;
        }
    }
    open.is_empty()
}
