//! How a recurring phrase stands in its document: alone, at the ends of paragraphs, before
//! sentences that it is no part of.

use std::cell::Cell;
use std::collections::HashSet;

use memchr::memmem;

use super::beginnings::{Member, OFTEN};
use crate::document::Paragraph;
use crate::model::segment::Word;
use crate::model::sentence_openings::Openings;
use crate::reading::Reading;
use crate::text::{content, has_han, is_han, is_sentence_end};

/// Words of sites, libraries and those who pass on texts: what holds one is no sentence of the
/// text.
const SITE: [&str; 52] = [
    "www",
    "WWW",
    "http",
    ".com",
    ".cn",
    ".net",
    ".org",
    ".cc",
    "网站",
    "網站",
    "网址",
    "文学网",
    "小说网",
    "书网",
    "中文网",
    "阅读网",
    "官网",
    "版权",
    "版權",
    "转载",
    "轉載",
    "公众号",
    "微信",
    "扫码",
    "扫描",
    "掃描",
    "下载",
    "下載",
    "点击",
    "點擊",
    "首发",
    "首發",
    "电子书",
    "電子書",
    "书友",
    "书吧",
    "图书馆",
    "圖書館",
    "数据库",
    "知识库",
    "馆藏",
    "水印",
    "未经许可",
    "书屋",
    "手打",
    "精校",
    "本书由",
    "本文由",
    "本站",
    "无弹窗",
    "免费阅读",
    "全文阅读",
];

/// What follows a subject, and begins hardly any sentence.
const PREDICATE: [char; 34] = [
    '之', '的', '是', '也', '已', '将', '將', '就', '都', '又', '还', '還', '会', '會', '为', '為',
    '应', '應', '与', '與', '和', '及', '被', '把', '于', '於', '等', '说', '說', '道', '，', '、',
    '：', ':',
];

/// How a phrase stands.
#[derive(Debug, Default)]
pub(super) struct Stand {
    /// After a sentence, at the end of its paragraph, without a full stop.
    tails: usize,
    /// As a paragraph of its own.
    alone: usize,
    /// As a sentence among others.
    among: usize,
    /// Followed by more text without a mark between.
    followed: usize,
    /// Followed by what goes on after a subject.
    predicates: usize,
    /// Places before which a sentence has ended.
    running: usize,
    /// Texts before and after, different ones.
    contexts: usize,
    /// Paragraphs that it stands in or between.
    paragraphs: usize,
}

/// What the document as a whole says about its phrases.
pub(super) struct Surroundings<'a, 'd> {
    document: &'a Reading<'d>,
    openings: Option<Openings<'a>>,
    /// Paragraphs of running text.
    bodies: usize,
    /// Short lines that stand alone more than once: a document with several of them is built so.
    refrains: HashSet<&'a str>,
    /// How often the whole text may still be looked through.
    looks: Cell<usize>,
}

/// Times that the whole text is looked through at most: keeps rubbish from taking long.
const LOOKS: usize = 200;

impl<'a, 'd> Surroundings<'a, 'd> {
    pub(super) fn of(document: &'a Reading<'d>) -> Self {
        const LINE: usize = 120;
        let mut seen = HashSet::new();
        let mut refrains = HashSet::new();
        let mut bodies = 0;
        for paragraph in document.paragraphs() {
            let text = document.slice(paragraph.content);
            bodies += usize::from(is_running(text));
            if text.len() <= LINE && !seen.insert(text) {
                refrains.insert(text);
            }
        }
        Self {
            document,
            openings: Openings::of(document.model()),
            bodies,
            refrains,
            looks: Cell::new(LOOKS),
        }
    }

    /// How the members of a group stand.
    fn stand(&self, members: &[Member<'_>]) -> Stand {
        let document = self.document;
        let mut stand = Stand::default();
        let mut contexts = HashSet::new();
        let mut paragraphs = HashSet::new();
        for member in members {
            let rest = &member.text[member.length..];
            let paragraph = &document.paragraphs()[member.sentence.paragraph as usize];
            stand.place(member, rest, paragraph);
            if !rest.trim().is_empty() {
                stand.predicates += usize::from(rest.trim_start().starts_with(PREDICATE));
            }
            let (before, after) = self.around(member);
            let ended = before.chars().next_back().is_none_or(ends_sentence);
            stand.running += usize::from(ended);
            contexts.insert((
                last(before),
                head(after).chars().take(4).collect::<String>(),
            ));
            paragraphs.insert(member.sentence.paragraph);
        }
        stand.contexts = contexts.len();
        stand.paragraphs = paragraphs.len();
        stand
    }

    /// What is told by the texts that follow a phrase: the sum of how much likelier they go on
    /// after it than on their own, in nats, and the sum of the log-odds that they are the rest of a
    /// sentence.
    fn followed(&self, phrase: &str, members: &[Member<'_>]) -> (f32, f32) {
        let model = self.document.model();
        let reader = model.reader();
        let ids = |text: &str, count: usize| -> Vec<_> {
            let characters = text.chars().take(count);
            characters.map(|c| reader.characters.id(c)).collect()
        };
        let own = ids(phrase, usize::MAX);
        let mut segmenter = model.segmenter();
        let mut words: Vec<Word> = Vec::new();
        let (mut continued, mut sum) = (0.0, 0.0);
        let rests = members.iter().map(|member| &member.text[member.length..]);
        for rest in rests.filter(|rest| !rest.trim().is_empty()) {
            continued += reader.continuation(&own, &ids(rest, 2));
            if let Some(openings) = self.openings {
                segmenter.cut(head(rest), &mut words);
                sum += openings.rest(head(rest), &words);
            }
        }
        (continued, sum)
    }

    /// The text before a member and after it, without blanks and without copies of it.
    fn around(&self, member: &Member<'_>) -> (&str, &str) {
        let text = self.document.text();
        let start = member.sentence.span.start();
        let phrase = &member.text[..member.length];
        let before = text[..start].trim_end().trim_end_matches(phrase).trim_end();
        let after = text[start + member.length..].trim_start();
        (before, after.trim_start_matches(phrase).trim_start())
    }

    /// How sure it is that a phrase was planted; nothing where it was not, or need not have been.
    pub(super) fn verdict(&self, phrase: &str, members: &[Member<'_>]) -> Option<Certainty> {
        if !has_substance(phrase) {
            return None;
        }
        let stand = &self.stand(members);
        let all = stand.all();
        let most = |part: usize| part * 100 >= all * 60;
        if !most(stand.running) || !most(stand.contexts) || all < 3 {
            return None;
        }
        let of_site = SITE
            .iter()
            .any(|word| phrase.contains(word) && !self.speaks_of(word, phrase));
        // What stands between nearly all paragraphs is no way of writing.
        let throughout =
            all >= 5 && stand.paragraphs >= 4 && stand.paragraphs * 10 >= self.bodies * 6;
        let complete = phrase.ends_with(is_sentence_end);
        let lines = stand.alone + stand.tails;
        if is_credit(phrase) && (is_signed(phrase) || !throughout)
            || leads_elsewhere(phrase, members)
            || directs_the_stage(phrase)
        {
            return None;
        }
        // Titles of journals, with their years and pages.
        if phrase.contains(|c: char| c.is_numeric())
            && !of_site
            && !(throughout && stand.alone >= 5)
        {
            return None;
        }
        if complete {
            return self.complete(phrase, stand, of_site, throughout);
        }
        // Headings recur where a text is built of parts; those end in a colon, or stand in
        // brackets, or are several.
        let heading = phrase.ends_with(['：', ':', '】', '〗', ')', '）', '》', '”', '」'])
            || self.refrains.iter().filter(|r| !r.contains(phrase)).count() > 1;
        if of_site && lines >= 3 {
            return Some(Certainty::Sure);
        }
        if !heading && (stand.tails >= 2 || stand.alone >= 3) && all >= 4 && lines * 2 >= all {
            let ends_paragraphs = stand.tails * 2 >= all && has_han(phrase, 5);
            return Some(match () {
                () if throughout && has_han(phrase, 4) || ends_paragraphs => Certainty::Sure,
                () if has_han(phrase, 5) => Certainty::Likely,
                () => Certainty::Possible,
            });
        }
        let followed = || self.followed(phrase, members);
        self.before_sentences(phrase, stand, of_site, throughout, followed)
    }

    /// A sentence with its mark: an author may say it again and again.
    fn complete(
        &self,
        phrase: &str,
        stand: &Stand,
        of_site: bool,
        throughout: bool,
    ) -> Option<Certainty> {
        let long = content(phrase).count() >= 6;
        let again = stand.alone + stand.among;
        match () {
            () if !long || again < 3 => None,
            () if of_site => Some(Certainty::Sure),
            () if throughout && stand.alone >= 5 => Some(Certainty::Sure),
            () if again >= 5 && throughout => Some(Certainty::Possible),
            () => None,
        }
    }

    /// A phrase that sentences follow as if it were not there.
    fn before_sentences(
        &self,
        phrase: &str,
        stand: &Stand,
        of_site: bool,
        throughout: bool,
        followed: impl Fn() -> (f32, f32),
    ) -> Option<Certainty> {
        let predicates = stand.predicates * 5 >= stand.followed;
        if stand.followed < 4 || predicates || phrase.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let closes = phrase.chars().next_back().is_some_and(|c| {
            c.is_alphanumeric() && !PREDICATE.contains(&c)
                || matches!(
                    c,
                    '）' | '】' | ')' | ']' | '》' | '〗' | '★' | '☆' | '◆' | '●'
                )
        });
        let enough = stand.all() >= 6 && has_han(phrase, 6)
            || of_site
            || throughout && stand.paragraphs >= 6 && has_han(phrase, 3);
        if !closes || !enough {
            return None;
        }
        let mean = |sum: f32| sum / stand.followed as f32;
        let (continued, rest) = followed();
        let (continued, rest) = (mean(continued), mean(rest));
        let ends = stand.tails + stand.alone;
        let titled = || {
            let first = self.document.paragraphs().first();
            first.is_some_and(|p| self.document.slice(p.span).contains(phrase))
        };
        let loose = stand.all() >= 6 && continued < 0.0 && has_han(phrase, 6);
        let planted = loose && (ends > 0 || continued < -1.0 && titled())
            || of_site && continued < 1.0 && rest < 1.0
            || throughout
                && stand.paragraphs >= 6
                && has_han(phrase, 3)
                && continued < 1.0
                && rest < 1.5;
        (planted && (of_site || !self.is_spoken_of(phrase, stand.all()))).then_some(Certainty::Sure)
    }

    /// Whether the text itself speaks of what a word of sites means, as a manual does of 点击: it
    /// stands outside of the phrase as often as in it.
    fn speaks_of(&self, word: &str, phrase: &str) -> bool {
        let counts = self.times(word).zip(self.times(phrase));
        counts.is_some_and(|(words, phrases)| words > 2 * phrases.max(OFTEN))
    }

    /// Whether a phrase stands inside sentences as well, as a name does that many of them begin
    /// with: a third as often as at their borders.
    fn is_spoken_of(&self, phrase: &str, at_borders: usize) -> bool {
        let all = self.times(phrase);
        all.is_some_and(|all| all.saturating_sub(at_borders) * 3 >= at_borders)
    }

    /// How often something stands in the text; nothing where that was asked too often.
    fn times(&self, what: &str) -> Option<usize> {
        self.looks.set(self.looks.get().checked_sub(1)?);
        let text = self.document.text().as_bytes();
        Some(memmem::find_iter(text, what).count())
    }
}

/// How sure it is that a phrase was planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    Sure,
    Likely,
    /// A formula, a refrain or a heading as well.
    Possible,
}

impl Stand {
    fn all(&self) -> usize {
        self.tails + self.alone + self.among + self.followed
    }

    fn place(&mut self, member: &Member<'_>, rest: &str, paragraph: &Paragraph) {
        let span = member.sentence.span;
        if !rest.trim().is_empty() {
            self.followed += 1;
        } else if span.start() == paragraph.content.start() && span.end() >= paragraph.content.end()
        {
            self.alone += 1;
        } else if member.text.trim_end().ends_with(is_sentence_end) {
            self.among += 1;
        } else {
            self.tails += 1;
        }
    }
}

/// Whether a paragraph is running text: it ends as sentences do.
fn is_running(text: &str) -> bool {
    text.len() > 60 && text.chars().next_back().is_some_and(ends_sentence)
}

fn ends_sentence(c: char) -> bool {
    is_sentence_end(c) || matches!(c, '”' | '」' | '』' | '）' | ')' | '…' | '.' | '"')
}

/// At least three Han characters, or five Latin letters.
fn has_substance(phrase: &str) -> bool {
    let han = phrase.chars().filter(|c| is_han(*c)).count();
    let latin = phrase.chars().filter(char::is_ascii_alphabetic).count();
    let digits = phrase.chars().filter(|c| c.is_numeric()).count();
    han >= 3 || latin >= 5 || han * 2 + latin + digits >= 6
}

/// Whether it is a link in Markdown that leads to another place each time, as what names the
/// source of an item does.
fn leads_elsewhere(phrase: &str, members: &[Member<'_>]) -> bool {
    let same = |member: &Member<'_>| member.text[..member.length].trim_end() == phrase;
    phrase.contains("](") && !members.iter().all(same)
}

/// Whether a phrase begins with what a play has between the speeches: who speaks, sings or acts, in
/// brackets. （旦唱）, (净做笑科).
fn directs_the_stage(phrase: &str) -> bool {
    const ACTS: [char; 14] = [
        '云', '雲', '唱', '曰', '白', '念', '说', '說', '道', '介', '科', '笑', '问', '下',
    ];
    let inside = phrase.strip_prefix(['(', '（']);
    let inside = inside.and_then(|rest| rest.split_once([')', '）']));
    inside.is_some_and(|(inside, _)| inside.ends_with(ACTS))
}

/// Lines that name a photographer, a source or an agency stand below every picture.
fn is_credit(phrase: &str) -> bool {
    is_signed(phrase) || phrase.ends_with('图') || phrase.contains("图片")
}

fn is_signed(phrase: &str) -> bool {
    const MARKS: [&str; 9] = [
        "供图",
        "来源",
        "记者",
        "编辑",
        "截图",
        "图源",
        "/图",
        "资料图",
        "图：",
    ];
    let bare = phrase.trim_end_matches(['。', '）', ')']);
    bare.ends_with('摄') || MARKS.iter().any(|m| phrase.contains(m))
}

/// The first characters of a text, as many as openings are told by.
fn head(text: &str) -> &str {
    const WINDOW: usize = 24;
    let end = text
        .char_indices()
        .nth(WINDOW)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// The last characters of a text.
fn last(text: &str) -> &str {
    let start = text.char_indices().rev().nth(4).map_or(0, |(at, _)| at);
    &text[start..]
}
