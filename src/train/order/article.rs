//! The articles that pages are composed of.

use crate::text::{is_closing, is_sentence_end};

/// An article: its paragraphs.
pub(super) type Article = Vec<String>;

/// Articles of documents: of each the paragraphs of fair length and its subheads.
pub(super) fn articles<'d>(documents: impl Iterator<Item = &'d String>) -> Vec<Article> {
    let mut articles = Vec::new();
    for document in documents {
        let lines = document.lines().map(str::trim);
        let lines: Vec<&str> = lines.filter(|l| !l.is_empty()).collect();
        // A transcript of television news: each long paragraph is a story.
        let long = lines.iter().filter(|l| l.len() > 1300).count();
        if long >= 5 {
            for story in lines.iter().filter(|l| l.len() > 1300) {
                let sentences = sentences(story);
                articles.push(sentences.chunks(3).map(|c| c.concat()).collect());
            }
            continue;
        }
        // A chapter of a book is as many articles as it has pages.
        let long = if lines.len() < 60 { lines.len() } else { 30 };
        for part in lines.chunks(long.max(1)) {
            let characters: usize = part.iter().map(|line| line.len()).sum();
            if part.len() >= 4 && characters > 900 {
                articles.push(part.iter().map(|&line| line.to_owned()).collect());
            }
        }
    }
    articles
}

/// The sentences of a paragraph.
pub(super) fn sentences(text: &str) -> Vec<&str> {
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
