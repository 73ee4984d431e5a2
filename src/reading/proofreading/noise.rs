//! Long stretches that are noise: characters at random, as a recogniser makes them of a picture.
//!
//! Each of their characters looks wrong and no mend makes text of them. So they are told as one
//! stretch and not looked into: neither does a reader gain by a hundred guesses, nor may such a
//! page take many times as long as another.
//!
//! In language of any kind a character says something of the next one. So what knows the two before
//! finds a character likelier than what knows nothing: in news by 2 nats on average, in classical
//! texts, lists of names and the lines of a dictionary still by 1. In noise it is less likely, by 1
//! nat. Over a window as long as this one the two do not meet: of 120 million characters of twenty
//! registers none but a few lines of counting in old books of medicine (一曰… 二曰…) come as low as
//! half a nat, and noise does not rise so high.
//!
//! The window reaches back over short paragraphs but not forward: what is added to a text changes
//! nothing before it.

use std::ops::Range;

use super::scored_paragraph::Passage;
use crate::model::Reader;
use crate::model::characters::FIRST;
use crate::text::is_han;

/// Chinese characters of the window.
const WINDOW: usize = 64;
/// Steps of a nat: whole numbers add up to the same in any order.
const STEPS: f32 = 256.0;
/// What the characters of a window gain together by what stands before them where noise begins: no
/// more than this, in steps …
const NOISE: i32 = total(-0.55);
/// … and no less than this where it is over.
const TEXT: i32 = total(-0.25);
/// More than characters at random gain in a row by chance, in steps: 12 nats, as half a dozen of a
/// text do.
const REGAINED: i32 = 12 * STEPS as i32;
/// What one character gains or loses counts no more than this, in nats.
const MOST: f32 = 4.0;
/// Stretches with no more Chinese characters than this between them are one; with no more in them
/// they are none.
const BETWEEN: usize = 12;

/// A gain of so many nats on average, over a window, in steps.
const fn total(average: f32) -> i32 {
    (average * STEPS) as i32 * WINDOW as i32
}

/// Looks for noise, paragraph by paragraph.
#[derive(Debug)]
pub(crate) struct Noise {
    /// What the last characters gained, in steps.
    window: [i32; WINDOW],
    next: usize,
    sum: i32,
    /// How many characters were read.
    read: usize,
    /// Whether the text is noise at present.
    inside: bool,
    /// The characters of the paragraph: where each stands, and what it gained.
    gains: Vec<(usize, i32)>,
    /// What was found, in bytes of the text.
    found: Vec<Range<usize>>,
}

impl Default for Noise {
    fn default() -> Self {
        Self {
            window: [0; WINDOW],
            next: 0,
            sum: 0,
            read: 0,
            inside: false,
            gains: Vec::new(),
            found: Vec::new(),
        }
    }
}

impl Noise {
    /// Takes what is noise out of what is to be looked into of a paragraph that begins at the byte
    /// `start` of the text.
    pub(crate) fn paragraph(&mut self, reader: Reader<'_>, start: usize, passage: &mut Passage) {
        let (ids, log_probs) = (passage.ids(), passage.log_probs());
        // Where noise begins and where it is over; it may have begun before, and go on behind.
        let mut noise: Vec<(Option<usize>, Option<usize>)> = Vec::new();
        if self.inside {
            noise.push((None, None));
        }
        self.gains.clear();
        let mut behind_han = false;
        for (i, (&id, &log_prob)) in ids.iter().zip(log_probs).enumerate() {
            let han = id >= FIRST && reader.characters.character(id).is_some_and(is_han);
            // Behind anything else little says what comes: a text with a blank or something unseen
            // behind each character is none the worse for it.
            if !std::mem::replace(&mut behind_han, han) || !han {
                continue;
            }
            let gain = (log_prob - reader.ngram.frequency(id)).clamp(-MOST, MOST);
            let gain = (gain * STEPS) as i32;
            self.gains.push((i, gain));
            self.sum += gain - std::mem::replace(&mut self.window[self.next], gain);
            self.next = (self.next + 1) % WINDOW;
            self.read += 1;
            if self.inside && self.sum > TEXT {
                self.inside = false;
                noise
                    .last_mut()
                    .into_iter()
                    .for_each(|last| last.1 = Some(i));
            } else if !self.inside && self.sum <= NOISE && self.read >= WINDOW {
                self.inside = true;
                noise.push((Some(i), None));
            }
        }
        if noise.is_empty() {
            return;
        }
        let mut left_out: Vec<Range<usize>> = Vec::new();
        for (seen, over) in noise {
            let before = left_out.last().map_or(0, |last| last.end);
            let start = seen.map_or(0, |seen| self.beginning(before, seen));
            let end = match over {
                Some(over) => self.end(start, over).0,
                // it goes on behind, unless what follows its end here is plainly text
                None => match self.end(start, ids.len()) {
                    (end, regained) if regained > REGAINED => end,
                    _ => ids.len(),
                },
            };
            if start < end {
                left_out.push(start..end);
            }
        }
        for range in &left_out {
            let bytes = start + passage.offset(range.start)..start + passage.offset(range.end);
            self.found.push(bytes);
        }
        passage.leave_out(&left_out);
    }

    /// How many characters of the paragraph were read before a position.
    fn read_before(&self, position: usize) -> usize {
        self.gains.partition_point(|(at, _)| *at < position)
    }

    /// Where noise begins that is seen at a position: the window holds some of the text before it,
    /// which takes away from what it loses.
    fn beginning(&self, before: usize, seen: usize) -> usize {
        let [from, to] = [before, seen + 1].map(|at| self.read_before(at));
        let window = &self.gains[from.max(to.saturating_sub(WINDOW))..to];
        let (mut sum, mut least, mut start) = (0, 0, seen);
        for &(at, gain) in window.iter().rev() {
            sum += gain;
            if sum < least {
                (least, start) = (sum, at);
            }
        }
        start
    }

    /// Where noise ends that began at a position, or before, and is over at another at the latest;
    /// and what the characters behind its end gain, in steps.
    fn end(&self, start: usize, over: usize) -> (usize, i32) {
        let [from, to] = [start, over + 1].map(|at| self.read_before(at));
        let (mut sum, mut least, mut end) = (0, 0, start);
        for &(at, gain) in &self.gains[from..to] {
            sum += gain;
            if sum < least {
                (least, end) = (sum, at + 1);
            }
        }
        (end, sum - least)
    }

    /// What was found, in bytes of the text: stretches with hardly anything between them are one,
    /// and what hardly holds anything is none.
    pub(crate) fn into_found(self, text: &str) -> Vec<Range<usize>> {
        let is_short = |range: Range<usize>| {
            let characters = text[range].chars().filter(|c| is_han(*c));
            characters.take(BETWEEN + 1).count() <= BETWEEN
        };
        let mut found: Vec<Range<usize>> = Vec::new();
        for range in self.found {
            let near = |last: &Range<usize>| is_short(last.end..range.start);
            match found.last_mut().filter(|last| near(last)) {
                Some(last) => last.end = range.end,
                None => found.push(range),
            }
        }
        found.retain(|range| !is_short(range.clone()));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::Noise;
    use crate::model::Model;
    use crate::reading::proofreading::scored_paragraph::Passage;

    /// Noise of a text, its paragraphs apart by line ends.
    fn found(text: &str) -> Vec<&str> {
        let reader = Model::embedded().reader();
        let (mut noise, mut passage, mut at) = (Noise::default(), Passage::default(), 0);
        for line in text.split_inclusive('\n') {
            passage.read(reader, line.trim_end());
            noise.paragraph(reader, at, &mut passage);
            at += line.len();
        }
        let ranges = noise.into_found(text).into_iter();
        ranges.map(|range| &text[range]).collect()
    }

    /// The characters of a text in another order, a comma after each seven.
    fn shaken(text: &str) -> String {
        let han: Vec<char> = text.chars().filter(|c| crate::text::is_han(*c)).collect();
        let mut shaken = String::new();
        for i in 0..han.len() {
            // a step that has no divisor in common with any length below it visits every character
            // once
            shaken.push(han[i * 1009 % han.len()]);
            if i % 7 == 6 {
                shaken.push('，');
            }
        }
        shaken
    }

    #[test]
    fn characters_at_random_are_noise_and_text_is_none() {
        let page = include_str!("../../../fixtures/clean/orchard.txt");
        assert_eq!(found(page), [""; 0]);
        let names = "王建国、李秀兰、张伟、刘洋、陈静、杨勇、赵敏、黄磊、周杰、吴芳、徐强、孙丽、马超、朱琳、胡军、郭涛、何平、高飞、林峰、罗刚、郑洁、梁栋、谢娜、宋佳、唐嫣、许晴、韩雪、冯远、邓超、曹颖、彭博、曾黎、萧然、田亮、董洁、袁泉、潘石、于谦、蒋欣、蔡明";
        assert_eq!(found(names), [""; 0]);
        for between in [' ', '\u{200b}', '.', '，', 'a'] {
            let spaced: String = page.chars().flat_map(|c| [c, between]).collect();
            assert_eq!(found(&spaced), [""; 0], "{between:?}");
        }
        // the beginning of the table of common characters, by their strokes
        let table = "一乙二十丁厂七卜人入八九几儿了力乃刀又三于干亏士工土才寸下大丈与万上小口巾山千乞川亿个勺久凡及夕丸么广亡门义之尸弓己已子卫也女飞刃习叉马乡丰王井开夫天无元专云扎艺木五支厅不太犬区历尤友匹车巨牙屯比互切瓦止少日中冈贝内水见午牛手毛气升长仁什片仆化仇币仍仅斤爪反介父从今凶分乏公仓月氏勿欠风丹匀乌凤勾文六方火为斗忆订计户认心尺引丑巴孔队办以允予劝双书幻";
        assert_eq!(found(table), [""; 0]);
        let noise = shaken(page);
        let text = format!("{page}\n{noise}\n\n{noise}\n{page}");
        let found = found(&text);
        let [stretch] = found[..] else {
            panic!("{found:?}");
        };
        // all of it, but for a few characters at the ends
        let [ends, whole] = [stretch.len(), noise.len() * 2 + 2];
        assert!(ends.abs_diff(whole) < 40, "{ends} of {whole}: {stretch}");
    }
}
