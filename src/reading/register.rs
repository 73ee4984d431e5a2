//! The register of a text: which kind of Chinese it is, by cheap counts of grammar words and marks.
//!
//! What is unusual in one register is ordinary in another: a word of one character is half a word
//! in news and a whole one in classical Chinese. Each paragraph is judged with its neighbours,
//! never with the whole document: a classical text bound into one volume with a modern chapter
//! changes nothing in the chapter.

use std::ops::Range;

use crate::model::variants::{self, Variants};
use crate::text::is_han;

/// Kinds of Chinese that differ in what is usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Register {
    /// News, reports, essays, textbooks.
    #[default]
    Modern,
    /// A story in modern Chinese: much of it is said by somebody.
    Fiction,
    /// Classical Chinese, prose that is close to it, and verse in its metres.
    Classical,
    /// Cantonese as it is spoken.
    Cantonese,
    /// Lines of a poem or a song.
    Verse,
    /// Rows and items without sentences.
    Table,
    /// Text in which much is code or English.
    Documentation,
}

impl Register {
    /// As the outline names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Modern => "modern prose",
            Self::Fiction => "fiction",
            Self::Classical => "classical",
            Self::Cantonese => "Cantonese",
            Self::Verse => "verse",
            Self::Table => "tables and lists",
            Self::Documentation => "documentation",
        }
    }
}

/// The script of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Simplified characters.
    Simplified,
    /// Traditional characters.
    Traditional,
    /// Nothing in it belongs to one script alone.
    Either,
}

impl Script {
    /// The script of most characters that belong to one alone.
    #[must_use]
    pub fn of(text: &str, variants: Variants<'_>) -> Self {
        let mut balance = 0_i64;
        for c in text.chars() {
            balance += match variants.script(c) {
                variants::Script::Any => 0,
                variants::Script::Simplified => 1,
                variants::Script::Foreign => -1,
            };
        }
        match balance {
            0 => Self::Either,
            1.. => Self::Simplified,
            _ => Self::Traditional,
        }
    }

    /// As the outline names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Simplified => "simplified",
            Self::Traditional => "traditional",
            Self::Either => "either script",
        }
    }
}

/// Grammar words of classical Chinese; counted in classical texts at least eight times as often as
/// in modern ones, and none of them in the names of foreigners (尔, 莫, 盖).
const LITERARY: &str = "曰矣焉哉吾乃皆遂亦岂豈弗孰奚兮谓謂欲惟耳尝嘗俱";
/// Words that modern writing knows as well, though less: four of them weigh as much as one of the
/// others.
const HALF_LITERARY: &str = "之其而者则則于於乎汝";
/// Grammar words of modern Chinese, of the spoken language and of legal texts.
const MODERN: &str = "的们們你这這了个個么麼很些它什她吗嗎是样樣想该該您就哪看没沒找吧啊和对對在到会會要把被让讓给給裡里還还都能及或定應应第條条";
/// Words by which people speak to each other and of each other, those that are in [`MODERN`] and
/// the others; four stretches of novels in five have 8 of them in 1,000 characters, of news
/// broadcasts none.
const SPOKEN: [&str; 2] = ["你她您吗嗎吧啊", "他呢妳俺咱哦嘛呀"];
/// Words that only Cantonese writes.
const CANTONESE: &str = "嘅冇咗佢喺嚟哋嗰唔啲乜睇咁俾瞓攞嘢";

const FIRST: u32 = 0x4E00;
const COUNT: usize = 0xA000 - FIRST as usize;
const NONE: u8 = 0;
const OF_LITERARY: u8 = 1;
const OF_HALF_LITERARY: u8 = 2;
const OF_MODERN: u8 = 3;
const OF_CANTONESE: u8 = 4;
const OF_SPOKEN_MODERN: u8 = 5;
const OF_SPOKEN: u8 = 6;

/// The kind of each character, so that a text is counted as fast as it is read.
static KINDS: [u8; COUNT] = {
    let mut table = [NONE; COUNT];
    mark(&mut table, LITERARY, OF_LITERARY);
    mark(&mut table, HALF_LITERARY, OF_HALF_LITERARY);
    mark(&mut table, MODERN, OF_MODERN);
    mark(&mut table, CANTONESE, OF_CANTONESE);
    mark(&mut table, SPOKEN[0], OF_SPOKEN_MODERN);
    mark(&mut table, SPOKEN[1], OF_SPOKEN);
    table
};

/// Sets a kind for each character of a list; all of them take three bytes.
const fn mark(table: &mut [u8; COUNT], list: &str, kind: u8) {
    let bytes = list.as_bytes();
    let mut at = 0;
    while at + 2 < bytes.len() {
        let (a, b, c) = (bytes[at] as u32, bytes[at + 1] as u32, bytes[at + 2] as u32);
        let code = (a & 0x0F) << 12 | (b & 0x3F) << 6 | c & 0x3F;
        if code >= FIRST && ((code - FIRST) as usize) < COUNT {
            table[(code - FIRST) as usize] = kind;
        }
        at += 3;
    }
}

/// What was counted in a stretch of text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    han: u32,
    latin: u32,
    literary: u32,
    half_literary: u32,
    modern: u32,
    cantonese: u32,
    spoken: u32,
    clauses: Clauses,
}

/// The stretches of Chinese characters between marks.
#[derive(Clone, Copy, Debug, Default)]
struct Clauses {
    count: u32,
    /// The characters of all, of the shortest and of the longest.
    han: u32,
    shortest: u32,
    longest: u32,
    /// Whether letters or digits of other scripts stand among them.
    mixed: bool,
}

impl Clauses {
    /// One clause of so many characters, or none.
    #[inline]
    fn push(&mut self, length: u32) {
        if length == 0 {
            return;
        }
        if self.count == 0 || length < self.shortest {
            self.shortest = length;
        }
        self.longest = self.longest.max(length);
        self.count += 1;
        self.han += length;
    }

    fn add(&mut self, other: Self) {
        if self.count == 0 || other.count > 0 && other.shortest < self.shortest {
            self.shortest = other.shortest;
        }
        self.longest = self.longest.max(other.longest);
        self.count += other.count;
        self.han += other.han;
        self.mixed |= other.mixed;
    }

    /// Whether clauses with so many modern words are lines of a classical metre: all of five or of
    /// seven characters, or of four, if they are many. Of 150,000 paragraphs of modern prose
    /// hardly one is so, and quotes verse; of poems of the Tang 17 in 20.
    fn are_lines(self, modern: u32) -> bool {
        let most_modern = match self.longest {
            5 | 7 if self.count >= 4 => self.han / 8,
            4 if self.count >= 6 => self.han / 16,
            _ => return false,
        };
        self.is_even() && modern <= most_modern && !self.mixed
    }

    /// Whether all are of one length.
    fn is_even(self) -> bool {
        self.count > 0 && self.shortest == self.longest
    }

    /// Whether they are as short as those of songs are whose lines differ: of songs of the Song 4
    /// in 5, of paragraphs of modern prose one in 2,000, and most of those quote verse.
    fn are_sung(self, modern: u32) -> bool {
        let short = self.longest <= 9 && self.han <= 7 * self.count;
        let enough = self.count >= 6 && self.han >= 40;
        enough && short && modern * 12 <= self.han && !self.mixed
    }
}

impl Tally {
    /// Counts a stretch.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::with(text, |_| {})
    }

    /// Counts a stretch, and shows what stands in it that is no common Chinese character.
    fn with(text: &str, mut other: impl FnMut(char)) -> Self {
        let mut counts = [0_u32; 7];
        let mut tally = Self::default();
        let mut clause = 0;
        for c in text.chars() {
            let slot = (c as u32).wrapping_sub(FIRST) as usize;
            if let Some(kind) = KINDS.get(slot) {
                counts[usize::from(*kind)] += 1;
                clause += 1;
                continue;
            }
            tally.latin += u32::from(c.is_ascii_alphabetic());
            tally.clauses.mixed |= c.is_ascii_alphanumeric();
            // A rare character is as good as another.
            match c >= '\u{3400}' && is_han(c) {
                true => clause += 1,
                false => tally.clauses.push(std::mem::take(&mut clause)),
            }
            other(c);
        }
        tally.clauses.push(clause);
        let han = counts.iter().sum();
        let [
            _,
            literary,
            half_literary,
            modern,
            cantonese,
            spoken_modern,
            spoken,
        ] = counts;
        Self {
            han,
            literary,
            half_literary,
            modern: modern + spoken_modern,
            cantonese,
            spoken: spoken_modern + spoken,
            ..tally
        }
    }

    fn add(&mut self, other: &Self) {
        self.han += other.han;
        self.latin += other.latin;
        self.literary += other.literary;
        self.half_literary += other.half_literary;
        self.modern += other.modern;
        self.cantonese += other.cantonese;
        self.spoken += other.spoken;
        self.clauses.add(other.clauses);
    }

    /// Whether the text is verse whose lines are of one length.
    fn is_metrical(&self) -> bool {
        self.clauses.are_lines(self.modern)
    }

    /// How classical the text is, from 0 to 1; what holds too few grammar words to tell is taken
    /// for modern.
    #[must_use]
    pub fn literary(&self) -> f32 {
        let literary = 2.0 * self.literary as f32 + 0.5 * self.half_literary as f32;
        literary / (literary + self.modern as f32 + 3.0)
    }

    /// The register by these counts alone.
    fn register(&self) -> Register {
        if self.literary() >= CLASSICAL {
            return Register::Classical;
        }
        if self.cantonese >= 3 && self.cantonese * 60 >= self.han {
            return Register::Cantonese;
        }
        if self.latin >= 40 && self.latin * 2 > self.han {
            return Register::Documentation;
        }
        Register::Modern
    }
}

/// From here on a text is classical: half of the paragraphs of medical classics lie above .75, of
/// textbooks of medicine none above .5.
const CLASSICAL: f32 = 0.42;

/// Chinese characters that a paragraph is judged by: those that are shorter are judged together
/// with their neighbours.
const ENOUGH: u32 = 150;
/// Neighbours on either side that are asked at most.
const NEIGHBOURS: usize = 12;
/// So many [`SPOKEN`] words in 1,000 characters make a story of paragraphs with quotation marks.
const SPOKEN_IN_STORIES: u32 = 8;
/// The most characters of a line of verse.
const VERSE_LINE: usize = 16;

/// The registers of a document, paragraph by paragraph.
#[derive(Debug, Default)]
pub struct Registers {
    /// Where each paragraph begins.
    starts: Vec<usize>,
    registers: Vec<Register>,
    metres: Vec<Metre>,
    most: Register,
}

/// What the lines of a paragraph are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Metre {
    /// No verse, or verse of today.
    Free,
    /// As short as those of songs are, of different lengths.
    Song,
    /// All of one length.
    Even,
}

/// What is known of a paragraph.
#[derive(Clone, Copy, Debug, Default)]
struct Sketch {
    tally: Tally,
    /// Characters.
    length: usize,
    speaks: bool,
    /// Whether a mark that ends sentences stands in it.
    ends: bool,
}

impl Sketch {
    fn of(text: &str) -> Self {
        let text = text.trim();
        let (mut others, mut speaks, mut ends) = (0, false, false);
        let tally = Tally::with(text, |c| {
            others += 1;
            speaks |= matches!(c, '“' | '「' | '『');
            ends |= matches!(c, '。' | '！' | '？' | '…' | '；');
        });
        Self {
            tally,
            length: tally.han as usize + others,
            speaks,
            ends,
        }
    }
}

impl Registers {
    /// Judges the paragraphs of a text.
    #[must_use]
    pub fn of(text: &str, paragraphs: impl Iterator<Item = Range<usize>>) -> Self {
        let (mut starts, mut sketches) = (Vec::new(), Vec::new());
        for paragraph in paragraphs {
            starts.push(paragraph.start);
            sketches.push(Sketch::of(&text[paragraph]));
        }
        let judged = (0..sketches.len()).map(|i| judge(&sketches, i));
        let (registers, metres): (Vec<Register>, Vec<Metre>) = judged.unzip();
        let mut judged = Self {
            starts,
            registers,
            metres,
            most: Register::Modern,
        };
        judged.most = judged.of_most(&sketches);
        judged
    }

    /// The register of most characters.
    fn of_most(&self, sketches: &[Sketch]) -> Register {
        let mut counts: Vec<(Register, usize)> = Vec::new();
        for (index, sketch) in sketches.iter().enumerate() {
            let register = self.judged(index);
            match counts.iter_mut().find(|(known, _)| *known == register) {
                Some((_, count)) => *count += sketch.length,
                None => counts.push((register, sketch.length)),
            }
        }
        let most = counts.iter().max_by_key(|(_, count)| *count);
        most.map_or(Register::Modern, |(register, _)| *register)
    }

    fn index(&self, offset: usize) -> Option<usize> {
        let after = self.starts.partition_point(|start| *start <= offset);
        after.checked_sub(1)
    }

    fn metre(&self, offset: usize) -> Metre {
        self.index(offset).map_or(Metre::Free, |i| self.metres[i])
    }

    /// The register of a paragraph by its number.
    fn judged(&self, index: usize) -> Register {
        match self.metres[index] {
            Metre::Free => self.registers[index],
            Metre::Song | Metre::Even => Register::Classical,
        }
    }

    /// Whether the paragraph that holds a byte is verse in a classical metre.
    #[must_use]
    pub fn is_verse(&self, offset: usize) -> bool {
        self.metre(offset) != Metre::Free
    }

    /// Whether it is verse whose lines are of one length, and end wherever the metre has it.
    #[must_use]
    pub fn is_metrical(&self, offset: usize) -> bool {
        self.metre(offset) == Metre::Even
    }

    /// The register of the paragraph that holds a byte.
    #[must_use]
    pub fn at(&self, offset: usize) -> Register {
        self.index(offset)
            .map_or(Register::Modern, |index| self.judged(index))
    }

    /// The register of that paragraph by its words alone, whatever its metre.
    #[must_use]
    pub fn by_words(&self, offset: usize) -> Register {
        let register = self.index(offset).and_then(|i| self.registers.get(i));
        register.copied().unwrap_or_default()
    }

    /// The register of most of the text.
    #[must_use]
    pub fn most(&self) -> Register {
        self.most
    }
}

/// The register of a paragraph by its words, and its metre.
fn judge(sketches: &[Sketch], at: usize) -> (Register, Metre) {
    let own = &sketches[at];
    // Of what stands near, as far as its lines are of the same length: a title is none of them.
    let mut lines = own.tally;
    let mut tally = own.tally;
    let (mut spoken, mut asked) = (usize::from(own.speaks), 1);
    let (mut words, mut han) = (own.tally.spoken, own.tally.han);
    let (mut short, mut ended) = (usize::from(own.length <= VERSE_LINE), usize::from(own.ends));
    for near in 1..=NEIGHBOURS {
        if tally.han >= ENOUGH && near > 4 {
            break;
        }
        for other in [at.checked_sub(near), Some(at + near)] {
            let Some(other) = other.and_then(|i| sketches.get(i)) else {
                continue;
            };
            if tally.han < ENOUGH {
                tally.add(&other.tally);
            }
            let near_lines = other.tally.clauses;
            if near_lines.is_even() && near_lines.longest == lines.clauses.longest {
                lines.add(&other.tally);
            }
            asked += 1;
            spoken += usize::from(other.speaks);
            words += other.tally.spoken;
            han += other.tally.han;
            short += usize::from(other.length <= VERSE_LINE);
            ended += usize::from(other.ends);
        }
    }
    // Titles and entries of lists are single, and often of one length.
    let metre = if own.tally.clauses.count > 1 && lines.is_metrical() {
        Metre::Even
    } else if tally.clauses.are_sung(tally.modern) {
        Metre::Song
    } else {
        Metre::Free
    };
    let register = match tally.register() {
        Register::Modern if own.length <= VERSE_LINE && short * 5 >= asked * 4 && asked > 3 => {
            if ended * 2 >= asked || own.tally.han as usize * 10 >= own.length * 8 && ended > 0 {
                Register::Verse
            } else {
                Register::Table
            }
        }
        Register::Modern
            if asked > 3 && spoken * 3 >= asked && words * 1000 >= han * SPOKEN_IN_STORIES =>
        {
            Register::Fiction
        }
        register => register,
    };
    (register, metre)
}

/// Whether a place stands inside what somebody says: after an opening mark of the same line that
/// nothing closed.
pub(crate) fn is_spoken(text: &str, at: usize) -> bool {
    const REACH: usize = 200;
    let before = text[..at].chars().rev().take(REACH);
    for c in before.take_while(|c| *c != '\n') {
        match c {
            '“' | '「' | '『' | '【' => return true,
            '”' | '」' | '』' | '】' => return false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODERN_TEXT: &str =
        "这座桥是去年修的，桥面比从前宽了一倍，两边还种了很多树，我们每天都会从那里走过去上班。";
    const CLASSICAL_TEXT: &str = "客曰：吾尝闻之，水不择流而能成其深，山不让土而能成其高。主人乃起而谢曰：子之言善矣，吾岂敢忘。";

    fn registers(text: &str) -> Registers {
        let mut at = 0;
        let lines = text.split('\n').map(|line| {
            let start = at;
            at += line.len() + 1;
            start..start + line.len()
        });
        Registers::of(text, lines)
    }

    #[test]
    fn classical_text_is_told_from_modern() {
        assert_eq!(registers(MODERN_TEXT).most(), Register::Modern);
        assert_eq!(registers(CLASSICAL_TEXT).most(), Register::Classical);
    }

    #[test]
    fn what_is_appended_changes_nothing_in_a_chapter() {
        let chapter = [MODERN_TEXT; 4].join("\n");
        let both = [chapter.as_str(), &[CLASSICAL_TEXT; 9].join("\n")].join("\n");
        let registers = registers(&both);
        assert_eq!(registers.at(0), Register::Modern);
        assert_eq!(registers.at(both.len() - 4), Register::Classical);
        assert_eq!(registers.most(), Register::Classical);
    }

    #[test]
    fn verse_is_told_by_its_metre() {
        let poem = "月落山村静，风来竹叶寒。孤灯照旧卷，细雨过前滩。";
        let song = "小楼东畔，几度春归燕。细雨湿罗衣，人远天涯远。灯暗影孤，长夜闻更断，雁字迟迟。\
                    独倚栏杆，残月西窗浅。";
        let letter = "你好，见信如面。山里下雪了，路不好走。我们都好，不要挂念，来信请寄原处。";
        for (text, register, metrical) in [
            (poem, Register::Classical, true),
            (song, Register::Classical, false),
            (letter, Register::Modern, false),
            (MODERN_TEXT, Register::Modern, false),
        ] {
            let registers = registers(text);
            let judged = (registers.at(0), registers.is_metrical(0));
            assert_eq!(judged, (register, metrical), "{text}");
        }
        let both = registers(&[MODERN_TEXT, poem, MODERN_TEXT].join("\n"));
        assert_eq!(both.at(0), Register::Modern);
        assert_eq!(both.at(MODERN_TEXT.len() + 4), Register::Classical);
    }

    #[test]
    fn a_story_with_much_speech_is_fiction() {
        let talk = "“你怎么现在才回来？”她放下手里的针线，走到门口来看他。";
        assert_eq!(registers(&[talk; 6].join("\n")).most(), Register::Fiction);
    }

    #[test]
    fn speech_ends_where_it_is_closed() {
        let text = "他说：“好了好了。”然后走了。";
        assert!(is_spoken(text, text.find('好').unwrap_or(0)));
        assert!(!is_spoken(text, text.find('然').unwrap_or(0)));
    }
}
