//! What a paragraph is in the layout of its page: headline, byline, note. Decided by its look and
//! by what stands around it.

use crate::text::{CharClass, is_closing, is_han, is_sentence_end};

use super::{Document, Paragraph, ParagraphKind};

/// A heading has at most this many characters; headlines of two halves come to 45.
const HEADING: usize = 46;
/// More lines than this in a row that look like headings are a list, a table or verse.
const RUN: usize = 3;
/// No headline, byline or note is longer than this many bytes.
const SHORT: usize = 360;

/// Sets the kinds that the look of a paragraph and its neighbours show.
#[inline(never)] // its instructions are counted
pub(super) fn settle(document: &Document<'_>, paragraphs: &mut [Paragraph]) {
    let looks: Vec<Look> = paragraphs.iter().map(|p| look(document, p)).collect();
    let plain = |look: &Look| matches!(look, Look::Body | Look::Heading | Look::Name);
    let lines = looks.iter().filter(|l| plain(l)).count();
    let short = looks.iter().filter(|l| **l == Look::Heading).count();
    // Verse, a list of names, a text without punctuation: nearly all lines look like headings, so
    // none is.
    let headings = short * 5 <= lines * 3 || lines <= 4;
    let mut at = 0;
    while at < paragraphs.len() {
        let alike = |l: &Look| matches!(l, Look::Heading);
        let run = looks[at..].iter().take_while(|l| alike(l)).count();
        for paragraph in &mut paragraphs[at..at + run] {
            if headings && run <= RUN {
                paragraph.kind = ParagraphKind::Heading(0);
            }
        }
        match looks.get(at + run) {
            Some(Look::Byline) => paragraphs[at + run].kind = ParagraphKind::Byline,
            Some(Look::Note) => paragraphs[at + run].kind = ParagraphKind::Note,
            Some(Look::Name) => {
                let below_heading = at + run > 0 && paragraphs[at + run - 1].is_heading();
                let above_text = matches!(looks.get(at + run + 1), Some(Look::Body));
                if below_heading && above_text {
                    paragraphs[at + run].kind = ParagraphKind::Byline;
                } else if headings && !above_text {
                    paragraphs[at + run].kind = ParagraphKind::Heading(0);
                }
            }
            _ => {}
        }
        at += run + 1;
    }
}

/// What a paragraph looks like by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Body,
    Heading,
    Byline,
    /// Two to four characters that may be a person's name: a byline below a headline, a heading
    /// elsewhere.
    Name,
    Note,
    /// Settled already: marked headings, list items, code.
    Settled,
}

fn look(document: &Document<'_>, paragraph: &Paragraph) -> Look {
    if paragraph.kind != ParagraphKind::Body {
        return Look::Settled;
    }
    if paragraph.content.len() > SHORT {
        return Look::Body;
    }
    let text = document.slice(paragraph.content);
    if is_note(text) {
        Look::Note
    } else if text.len() > 4 * HEADING || text.chars().count() > HEADING {
        // too long for what else is no running text
        match are_names(text) {
            true => Look::Name,
            false => Look::Body,
        }
    } else if is_byline(text) {
        Look::Byline
    } else if are_names(text) {
        Look::Name
    } else if looks_like_heading(text) {
        Look::Heading
    } else {
        Look::Body
    }
}

/// A short line without the marks of a sentence.
fn looks_like_heading(text: &str) -> bool {
    let (mut count, mut commas, mut words, mut open) = (0, 0, 0, 0i32);
    for c in text.chars() {
        count += 1;
        if count > HEADING {
            return false;
        }
        match c {
            '。' | '；' | ';' | '…' | '\u{fffd}' => return false,
            '，' | ',' => commas += 1,
            '“' | '「' | '『' | '《' | '（' | '(' => open += 1,
            '”' | '」' | '』' | '》' | '）' | ')' => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
        words += usize::from(matches!(
            CharClass::of(c),
            CharClass::Han | CharClass::Letter
        ));
    }
    let last = text.chars().next_back();
    let ended = last.is_some_and(|c| {
        let class = CharClass::of(c);
        let mark = matches!(class, CharClass::Mark | CharClass::AsciiMark);
        mark && !is_closing(c) && !matches!(c, '？' | '！' | '?' | '!' | '"' | '%')
    });
    let first = text.chars().next();
    let opens_badly = first.is_some_and(|c| is_closing(c) || is_sentence_end(c) || is_pause(c));
    (2..=HEADING).contains(&count)
        && words >= 2
        && commas <= 2
        && open == 0
        && !ended
        && !opens_badly
}

/// A mark inside a sentence.
fn is_pause(c: char) -> bool {
    matches!(c, '，' | '、' | '；' | '：' | ',' | ';' | ':')
}

/// Who wrote it: words that open a byline.
const WRITERS: &[&str] = &[
    "本报记者",
    "本刊记者",
    "本报通讯员",
    "本报评论员",
    "本报特约",
    "新华社记者",
    "本报首席记者",
    "记者",
    "通讯员",
    "特约记者",
    "特约评论员",
    "实习生",
    "作者：",
    "作者:",
    "作者 ",
    "文/",
    "文｜",
    "文|",
    "文／",
    "文：",
    "撰文",
    "撰稿",
    "执笔",
    "本网记者",
    "见习记者",
    "□",
];

/// Organs that put their name before 记者.
const ORGANS: &[&str] = &[
    "人民网",
    "新华网",
    "中新网",
    "央视",
    "本报",
    "日报",
    "晚报",
    "时报",
    "周刊",
    "新闻",
    "通讯社",
    "社",
];

/// □作者, 本报记者 甲 乙, 记者：甲.
fn is_byline(text: &str) -> bool {
    // Of more than 44 characters it is none, whatever else it has.
    let in_sentence = |c: char| is_sentence_end(c) || matches!(c, '，' | ',' | '；' | ';');
    if (0..)
        .zip(text.chars())
        .any(|(i, c)| i == 44 || in_sentence(c))
    {
        return false;
    }
    if let Some(names) = text.strip_prefix(['□', '◎', '○', '■']) {
        return names.trim().chars().count() <= 24 && names.chars().any(is_han);
    }
    let names = WRITERS
        .iter()
        .find_map(|w| text.strip_prefix(w))
        .or_else(|| {
            let (organ, names) = text.split_once("记者")?;
            (organ.chars().count() <= 12 && ORGANS.iter().any(|o| organ.ends_with(o)))
                .then_some(names)
        });
    names.is_some_and(|rest| {
        let rest = rest.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '：' | ':' | '/' | '／' | '|' | '｜' | '·')
        });
        rest.is_empty()
            || rest
                .split([' ', '\u{3000}', '、', '/', '：', ':'])
                .filter(|p| !p.is_empty())
                .all(|part| {
                    let count = part.chars().count();
                    (2..=4).contains(&count) && part.chars().all(is_han)
                        || WRITERS.contains(&part)
                        || part.contains('·')
                })
    })
}

/// Surnames that cover nine people in ten and more.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文牛樊殷施颜倪左季俞章鲁葛岳齐梅庄辛管祝涂谷祁时舒耿卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习麻皮亢仉幸晁宓蔺聂胥缪邝麦鹿逯逄漆滑郗郝那佘佟冼厉展岳帅库于荣闫肇禹柳滕翦敬束郇郏隗凤岩";
const LONG_SURNAMES: &[&str] = &[
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "令狐", "慕容", "公孙",
];

/// One or a few names of persons, with spaces between them.
fn are_names(text: &str) -> bool {
    let mut parts = 0;
    // 王 毅: a name of two characters is set with a space in the middle.
    let joined: String;
    let text = if text.chars().count() == 3 && text.contains([' ', '\u{3000}']) {
        joined = text.chars().filter(|c| is_han(*c)).collect();
        &joined
    } else {
        text
    };
    let between = |c: char| matches!(c, ' ' | '\u{3000}' | '、');
    // A name has four characters at most.
    let mut head = text.chars().take(5);
    if head.clone().count() == 5 && !head.any(between) {
        return false;
    }
    for part in text.split(between).filter(|p| !p.is_empty()) {
        parts += 1;
        let count = part.chars().count();
        let surname = || part.chars().next().is_some_and(|c| SURNAMES.contains(c));
        let long = || LONG_SURNAMES.iter().any(|s| part.starts_with(s));
        let named = (2..=3).contains(&count) && surname() || (3..=4).contains(&count) && long();
        if !named || !part.chars().all(is_han) {
            return false;
        }
    }
    (1..=4).contains(&parts)
}

/// What opens a note about the text: in brackets, or after ■.
const ABOUT: &[&str] = &[
    "作者",
    "新华社",
    "记者",
    "本报",
    "本文",
    "来源",
    "责任编辑",
    "责编",
    "编辑",
    "原载",
    "原题",
    "摄影",
    "图片",
    "资料图",
    "摘自",
    "据",
    "编者",
    "注",
    "通讯员",
    "人民网",
    "中新社",
    "完",
    "图",
    "文",
];
/// Lines of the imprint.
const IMPRINT: &[&str] = &[
    "——编者",
    "—编者",
    "本版责编",
    "责任编辑",
    "责编",
    "本版编辑",
    "版式设计",
    "本期编辑",
    "美术编辑",
    "校对",
    "编审",
    "本版统筹",
    "图片来源",
    "（完）",
    "(完)",
    "来源：",
    "来源:",
    "编辑：",
    "编辑:",
    "监制",
    "制图",
    "视觉设计",
];

/// （作者系…）, (新华社…电 记者 …), ■新华社发(… 摄), ——编者, 本版责编：….
fn is_note(text: &str) -> bool {
    let count = text.chars().count();
    if count > 110 {
        return false;
    }
    if IMPRINT.iter().any(|i| text.starts_with(i)) && !text.contains('。') && count <= 40 {
        return true;
    }
    if text.starts_with(['■', '▲', '△']) && text.contains(['摄', '图', '发']) && count <= 60
    {
        return true;
    }
    if (text.ends_with('摄') || text.ends_with("摄影")) && count <= 24 && !text.contains('。') {
        return true;
    }
    let inside = text
        .strip_prefix(['（', '(', '【', '['])
        .and_then(|t| t.strip_suffix(['）', ')', '】', ']']));
    inside.is_some_and(|inside| {
        !inside.contains(['）', ')']) && ABOUT.iter().any(|a| inside.trim_start().starts_with(a))
    })
}

/// Whether the text opens as a report does: 本报讯, 新华社北京12月20日电.
pub(crate) fn opens_report(text: &str) -> bool {
    let head: &str = text
        .char_indices()
        .nth(36)
        .map_or(text, |(at, _)| &text[..at]);
    let head = head.trim_start_matches(['（', '(', '【', '[']);
    let organ = [
        "本报",
        "新华社",
        "中新社",
        "中新网",
        "人民网",
        "央视网",
        "据新华社",
        "光明网",
    ];
    let dated = |mark: &str| head.find(mark).is_some();
    organ.iter().any(|o| head.starts_with(o))
        && (dated("日电")
            || dated("日讯")
            || dated("讯")
            || dated("电（")
            || dated("电(")
            || dated("电 "))
}

#[cfg(test)]
mod tests {
    use super::{are_names, is_byline, is_note, looks_like_heading, opens_report};

    #[test]
    fn bylines() {
        for line in [
            "□李青山",
            "本报记者 周远帆 吴晓",
            "记者：郑一鸣",
            "新华社记者郭平",
            "本报通讯员 何为",
        ] {
            assert!(is_byline(line), "{line}");
        }
        for line in [
            "记者在现场看到，秩序井然。",
            "记者从会上了解到",
            "□是空格的记号，不是作者",
            "作者用三年写成此书",
        ] {
            assert!(!is_byline(line), "{line}");
        }
        assert!(are_names("沈清和") && are_names("欧阳文 李明") && are_names("王 毅"));
        assert!(!are_names("春天来了") && !are_names("高质量发展"));
    }

    #[test]
    fn notes() {
        for line in [
            "（作者系某市教育局局长）",
            "(新华社广州3月2日电 记者 冯远)",
            "■新华社发(高明 摄)",
            "——编者",
            "本版责编：陶然",
        ] {
            assert!(is_note(line), "{line}");
        }
        assert!(!is_note("（一）完善制度") && !is_note("来源：多年积累的经验。它们都可靠。"));
    }

    #[test]
    fn headings() {
        for line in [
            "守住青山绿水 走好致富新路",
            "用心干，帮企业渡难关",
            "水从哪里来？",
            "一、认识意义",
        ] {
            assert!(looks_like_heading(line), "{line}");
        }
        for line in [
            "他走进村里，",
            "，走进村里",
            "“路修通了",
            "任务完成。",
            "看到他说：",
            "当”",
        ] {
            assert!(!looks_like_heading(line), "{line}");
        }
        assert!(
            opens_report("本报北京3月2日电（记者何为）近日") && !opens_report("本报记者多方了解")
        );
    }
}
