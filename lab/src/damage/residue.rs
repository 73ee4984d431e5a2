//! What newspapers and sites leave between the text.

use super::Sources;
use crate::han::sentences;
use crate::page::{Page, Role, person};
use crate::random::Random;

/// A line of page furniture between two paragraphs.
pub(super) fn furniture_line(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let border = *page.borders(random).first()?;
    let (number, month, day) = (
        random.between(2, 16),
        random.between(1, 12),
        random.between(1, 28),
    );
    let section = random.one_of(&[
        "要闻", "经济", "文化", "综合", "社会", "国际", "体育", "理论",
    ]);
    let line = match random.below(10) {
        0 => format!("（上接第{number}版）"),
        1 => format!("（下转第{number}版）"),
        2 => format!("本版责编：{} {}", person(random), person(random)),
        3 => format!("责任编辑：{}　版式设计：{}", person(random), person(random)),
        4 => format!(
            "2025年{month}月{day}日 星期{} 第{number}版 {section}",
            random.one_of(&["一", "二", "三", "四", "五", "六", "日"])
        ),
        5 => format!("— {number} —"),
        6 => format!(
            "本版编辑：{}　美编：{}　校对：{}",
            person(random),
            person(random),
            person(random)
        ),
        7 => format!("第{number:02}版：{section}"),
        8 => format!("下转第{}版", random.between(2, 8)),
        _ => format!("{section} {number}版 责编 {}", person(random)),
    };
    let text = page.style.set(&line);
    let mut block = page.block(page.blocks[border].article, Role::Furniture, text);
    block.used = true;
    page.reserve_border(border);
    let end = block.text.len();
    page.blocks.insert(border, block);
    page.mark("page-furniture", "line", border, 0..end);
    Some(())
}

/// A jump line that the recogniser set into the paragraph.
pub(super) fn furniture_inline(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let index = *page.free(40, random).first()?;
    let text = page.blocks[index].text.clone();
    let number = random.one_of(&["1", "2", "3", "4", "一", "二", "三", "四"]);
    let ends: Vec<usize> = sentences(&text)
        .iter()
        .map(|sentence| sentence.end)
        .collect();
    let (line, at) = if random.chance(0.5) {
        (format!("（上接第{number}版）"), 0)
    } else {
        (format!("（下转第{number}版）"), *random.pick(&ends)?)
    };
    let line = page.style.set(&line);
    page.replace(index, at..at, &line);
    page.blocks[index].used = true;
    page.mark("page-furniture", "inline", index, at..at + line.len())
        .fix = Some(String::new());
    Some(())
}

/// Tags, entities and template holes at a random place of a paragraph.
pub(super) fn markup(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    const PIECES: [&str; 18] = [
        "&nbsp;",
        "&nbsp;&nbsp;",
        "&amp;",
        "&quot;",
        "&#160;",
        "&ldquo;",
        "<br>",
        "<br/>",
        "<p>",
        "</p>",
        "</div>",
        "<div class=\"content\">",
        "<span style=\"color:red\">",
        "</span>",
        "<strong>",
        "{{article.title}}",
        "<img src=\"/uploads/1.jpg\"/>",
        "<script>var page=1;</script>",
    ];
    let index = *page.free(20, random).first()?;
    let places: Vec<usize> = page.blocks[index]
        .text
        .char_indices()
        .map(|(at, _)| at)
        .collect();
    let at = *random.pick(&places)?;
    let piece = random.one_of(&PIECES);
    page.replace(index, at..at, piece);
    page.blocks[index].used = true;
    let kind = match piece.as_bytes()[0] {
        b'&' => "entity",
        b'{' => "template",
        _ => "tag",
    };
    page.mark("markup-residue", kind, index, at..at + piece.len())
        .fix = Some(String::new());
    Some(())
}
