//! What repeats across files, and what belongs elsewhere, a line for each kind.

use std::io;

use super::cells::count;
use super::{Screen, many};
use crate::audit::{CopiedFile, FoundHome, Repeats, SharedPassage};
use crate::corpus::Question;
use crate::language::Message;
use crate::text::visible;
use crate::told;

/// Of long lists what the screen shows.
#[derive(Default)]
pub(super) struct Across {
    /// Copies that are the same to the letter.
    exact: usize,
    copy: Option<CopiedFile>,
    longest: Option<SharedPassage>,
    /// What stands in the wrong file, and what goes on in another: how often, and the first.
    strays: (usize, Option<FoundHome>),
    cuts: (usize, Option<FoundHome>),
}

impl Across {
    pub(super) fn of(repeats: &Repeats) -> io::Result<Self> {
        let mut across = Self::default();
        for copy in repeats.duplicates.iter() {
            let copy = copy?;
            across.exact += usize::from(copy.exact);
            across.copy.get_or_insert(copy);
        }
        for passage in repeats.passages.iter() {
            let passage = passage?;
            let longest = across.longest.as_ref();
            if longest.is_none_or(|longest| passage.characters >= longest.characters) {
                across.longest = Some(passage);
            }
        }
        for home in repeats.homes.iter() {
            let home = home?;
            let (times, first) = match home.kind {
                Question::Home => &mut across.strays,
                Question::Rest | Question::Beginning => &mut across.cuts,
            };
            *times += 1;
            first.get_or_insert(home);
        }
        Ok(across)
    }
}

impl Screen {
    pub(super) fn repeats(&mut self, repeats: &Repeats, across: &Across) {
        let masked = repeats.lines.iter().filter(|l| l.masked).count();
        let confusions = repeats.confusions.len();
        if masked
            + confusions
            + repeats.watermarks.len()
            + repeats.duplicates.len()
            + repeats.passages.len()
            + repeats.homes.len()
            == 0
        {
            return;
        }
        self.gap();
        let elsewhere = match repeats.homes.is_empty() {
            true => Message::default(),
            false => told!(", what belongs elsewhere"; "与错置"),
        };
        self.say(&told!("what repeats across files"; "跨文件重复").and(&elsewhere));
        let mut said = self.said_of_repeats(repeats, across);
        said.truncate(self.room.repeats);
        said.iter().for_each(|line| self.say(line));
    }

    /// A line for each kind, what is surest to be damage first.
    fn said_of_repeats(&self, repeats: &Repeats, across: &Across) -> Vec<Message> {
        let masked = repeats.lines.iter().filter(|l| l.masked).count();
        let confusions = repeats.confusions.len();
        let mut all_said = Vec::new();
        all_said.extend(homes(across));
        if let Some(c) = repeats.confusions.first() {
            let (wrong, right, source) = (&c.wrong, &c.right, visible(&c.source));
            let words = many(confusions, "word", "words");
            let (often, seldom) = (
                many(c.times, "time", "times"),
                many(c.right_times, "time", "times"),
            );
            let [confusions, times, right_times] = [confusions, c.times, c.right_times].map(count);
            all_said.push(told!(
                "{words} written wrong again and again, first of them {wrong} {often} in {source} (kanwu learn {wrong} {right}), and {right} {seldom}";
                "反复写错的词{confusions}个，最多的是 {source} 的“{wrong}”{times}次（kanwu learn {wrong} {right}），“{right}”{right_times}次"
            ));
        }
        for w in repeats.watermarks.iter().take(1) {
            let text = visible(&w.text);
            let (files, often) = (
                many(w.documents, "file", "files"),
                many(w.times, "time", "times"),
            );
            let [documents, times] = [w.documents, w.times].map(count);
            all_said.push(told!(
                "the watermark {text} is planted in {files}, {often}";
                "水印“{text}”插入{documents}个文件，共{times}次"
            ));
        }
        if let Some(line) = repeats.lines.iter().find(|l| l.masked) {
            let (text, source) = (shorten(&line.text), visible(&line.source));
            let text = visible(&text);
            let of_sites = many(masked, "line", "lines");
            let [lines, documents, of] = [masked, line.documents, line.of].map(count);
            all_said.push(told!(
                "{of_sites} of sites, first of them {text} in {documents} of {of} files of {source}";
                "站点套话{lines}行，最多的是 {source} 的“{text}”：{of}个文件中有{documents}个"
            ));
        }
        if let Some(copy) = &across.copy {
            let all = many(repeats.duplicates.len(), "copy", "copies");
            let [copies, exact] = [repeats.duplicates.len(), across.exact].map(count);
            let [first, second] = [0, 1].map(|i| visible(&copy.files[i]));
            all_said.push(told!(
                "{all}, {exact} of them exact, such as {second} of {first}";
                "副本{copies}份，完全相同的{exact}份，如 {second} 与 {first}"
            ));
        }
        if let Some(p) = &across.longest {
            let all = many(repeats.passages.len(), "shared passage", "shared passages");
            let [passages, characters] = [repeats.passages.len(), p.characters].map(count);
            let [first, second] = [0, 1].map(|i| visible(&p.files[i]));
            all_said.push(told!(
                "{all}, the longest of {characters} characters in {first} and {second}";
                "共有段落{passages}处，最长{characters}字，见 {first} 与 {second}"
            ));
        }
        all_said
    }
}

/// What stands in the wrong file, and what goes on in another.
fn homes(across: &Across) -> Vec<Message> {
    let files = |home: &FoundHome| {
        let [first, second] = &home.files;
        (visible(first).into_owned(), visible(second).into_owned())
    };
    let mut lines = Vec::new();
    if let (strays, Some(home)) = &across.strays {
        let all = many(*strays, "stretch stands", "stretches stand");
        let (n, (first, second)) = (count(*strays), files(home));
        lines.push(told!(
            "{all} in the wrong file, the first in {first} for {second}";
            "错置的文字{n}处，第一处在 {first}，应属于 {second}"
        ));
    }
    if let (cuts, Some(home)) = &across.cuts {
        let all = many(*cuts, "cut sentence has", "cut sentences have");
        let (n, (first, second)) = (count(*cuts), files(home));
        lines.push(told!(
            "{all} the other half in another file, the first of {first} in {second}";
            "断句{n}处的另一半在别的文件中，第一处 {first} 的在 {second}"
        ));
    }
    lines
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(24) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
