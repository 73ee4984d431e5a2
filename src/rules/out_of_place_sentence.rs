//! `out-of-place-sentence`: a sentence that belongs to another article of the document.
//! `out-of-place-paragraph` is found in the same pass.

use super::loose::{Place, beginning, grade};
use super::out_of_place_paragraph;
use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::language::Message;
use crate::levels::{Levels, NEVER, Writing};
use crate::reading::{Reading, Register, Stray};
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::told;

pub(super) static CARD: Card = Card {
    name: "out-of-place-sentence",
    group: Group::Structure,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    default: true,
    summary: "a sentence that belongs to another article",
    docs: "Each sentence is weighed against the rest of its article and against the other articles of the document: the words it shares with them, \
above all the rare ones, and how near it is to them in topic. A fitted combination of some thirty measures gives the probability that it stands in the wrong \
place; where another article of the document is plainly nearer it is named as the home. Unrelated articles side by side are no damage. A sentence that no other article \
claims, as in a document of one article, is compared with the range of its own article's sentences. Names weigh most: a town that the other article names often, and this one never. The message names the words that tell, so that a reader can check them.",
    chinese: Chinese {
        name: "串文（句）",
        summary: "属于另一篇文章的句子",
        docs: "每句都与本篇其余部分和文中其他各篇相比：共有哪些词（尤其少见的词），主题远近如何。三十余项度量拟合出它放错地方的概率；\
若另一篇明显更近，则指为所属。互不相干的文章并列不算错。没有另一篇可归的句子（如只有一篇文章的文档），则看它与本篇各句的常态相差多远。名称最有分量：那篇常提而这篇从不提的地名。\
消息列出作为依据的词，便于核对。",
    },
    bad: &[
        "## 山里的桃园\n\n三月的桃园里，桃花开得正好。果农们忙着疏花、施肥，蜜蜂在花枝间飞来飞去。\n\n县里的桃树种了四十年，桃园从两百亩发展到三千亩，桃子成了当地果农的主要收入。\n\n春分前后，合作社给果农送去新品种的桃树苗和有机肥料。技术员走进果园，手把手教大家修剪枝条。\n\n果农老周种了三十年桃树，从前全凭经验，如今学会了看土壤湿度和温度。“剪枝要留三分之一，果子才甜。”他说。\n\n今年桃园装上了滴灌设备，每亩桃树节水一半，果子也更大。气象台预计，台风登陆后沿海地区还有大暴雨，防汛抗旱指挥部已启动防台风应急响应，沿海渔船全部回港。合作社还请来农学院的专家，给果农讲病虫害防治。\n\n秋天桃子上市，批发商的卡车开到了桃园门口。每亩桃园比去年增收三千元，果农们脸上都是笑。\n\n## 台风今夜登陆\n\n中央气象台发布台风橙色预警，预计台风将于今夜在沿海登陆，登陆时中心附近最大风力十三级。\n\n受台风影响，沿海地区将出现暴雨到大暴雨，局地有特大暴雨。省防汛抗旱指挥部启动防台风二级应急响应。\n\n沿海渔船全部回港避风，海上作业人员已撤离上岸。水库提前预泄，低洼地带的群众连夜转移。\n\n气象专家提醒，台风登陆后强降雨还将持续两天，山区要防范山洪和滑坡。",
        "山村小学的操场上，孩子们正在练习跳绳。教练是刚从体育学院毕业的李老师，他说乡村孩子的身体素质并不差，缺的只是器材和专业的指导。\n\n去年秋天，学校申请到了一笔体育专项资金，购置了跳绳、篮球和乒乓球桌。本次央行降准将释放长期资金约五千亿元，有助于降低银行的资金成本。从那以后，每天下午四点，操场上都热闹非凡。\n\n家长们也慢慢转变了观念。过去他们总担心锻炼耽误学习，现在看到孩子吃得香、睡得好，成绩也没有落下，便都支持了。\n\n今年五月，学校的跳绳队参加了县里的比赛，拿回了三块奖牌。孩子们把奖牌挂在教室的墙上，每天都要看上几眼。",
    ],
    good: &["村里修通了水泥路。游客一年比一年多。"],
    fix: None,
    yields_to: &[
        "out-of-place-paragraph",
        "misordered-block",
        "duplicate-paragraph",
        "page-furniture",
        "widget-text",
        "injected-phrase",
    ],
    levels: &[
        (
            Writing::Usual,
            Levels {
                info: 0.6,
                warning: 0.8,
                error: 0.97,
            },
        ),
        (
            Writing::Free,
            Levels {
                info: 0.8,
                warning: 0.97,
                error: NEVER,
            },
        ),
        (Writing::Unended, Levels::SILENT),
        (Writing::Unmarked, Levels::SILENT),
    ],
};

/// The rule.
#[derive(Default)]
pub(super) struct OutOfPlaceSentence {
    scales: Scales,
}

impl Rule for OutOfPlaceSentence {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD, &out_of_place_paragraph::CARD] }
    }

    fn scales(&mut self) -> Option<&mut Scales> {
        Some(&mut self.scales)
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        for stray in document.strays() {
            let p = stray.probability();
            // Documentation opens paragraphs inside what reads like a sentence.
            let sure = stray.torn.is_none() || !document.is_markdown();
            let card = if stray.whole {
                &out_of_place_paragraph::CARD
            } else {
                &CARD
            };
            let severity = match grade(document, card, &self.scales, p) {
                Some(severity) if sure => severity,
                Some(_) => Severity::Info,
                None => continue,
            };
            // verse and classical text have other words in each line
            let register = document.registers().at(stray.span.start());
            let strange = stray.home.is_none() && stray.torn.is_none();
            if strange && matches!(register, Register::Verse | Register::Classical) {
                continue;
            }
            let only = document.articles().len() == 1;
            if only && stray.torn.is_some() && severity < Severity::Warning {
                continue;
            }
            let message = about(document, stray, severity == Severity::Info)
                .and(&evidence(&stray.words, stray.home.is_some()));
            let mut finding = Finding::new(card, stray.span, message)
                .severity(severity)
                .probability(p)
                .weighed(stray.loudest(document.model()));
            if let Some(article) = stray.home.and_then(|h| document.articles().get(h as usize)) {
                let first = &document.paragraphs()[article.paragraphs.start as usize];
                finding = finding
                    .label(
                        first.content,
                        told!("the article it belongs to"; "所属的文章"),
                    )
                    .evidence("home-line", document.line(article.span.start()));
            }
            if let Some(torn) = stray.torn {
                finding = finding.evidence("last-line", document.line(stray.span.end()));
                if let Some(on) = torn.resumes(document) {
                    let on = &document.paragraphs()[on as usize];
                    finding = finding
                        .label(
                            Place::Beginning.of(document, on),
                            told!("the article goes on here"; "文章在此接上"),
                        )
                        .evidence("goes-on-at-line", document.line(on.span.start()));
                }
            }
            for (word, there, own) in &stray.words {
                finding = finding
                    .evidence("word", word.as_str())
                    .evidence("in-the-home", *there)
                    .evidence("elsewhere-here", *own);
            }
            findings.push(finding);
        }
    }
}

/// What is out of place, and whether another article is its home; a mere guess says so.
fn about(document: &Reading<'_>, stray: &Stray, guess: bool) -> Message {
    let home = home_line(document, stray);
    if let Some(torn) = stray.torn {
        let opening = beginning(document, &document.paragraphs()[torn.first as usize]);
        let what = if torn.first == torn.last {
            told!("this paragraph "; "此段")
        } else {
            let last = document.line(stray.span.end());
            told!("the text from here to line {last} "; "从此处到第{last}行的文字")
        };
        let from = match home {
            None => told!("is torn in from elsewhere"; "是从别处混入的"),
            Some(line) => told!(
                "belongs to the article at line {line} rather than here";
                "不属于此处，而属于第{line}行的文章"
            ),
        };
        return what.and(&from).and(&told!(
            "; it begins inside a sentence: “{opening}”";
            "；它从半句话开始：“{opening}”"
        ));
    }
    let (what, what_zh) = match stray.whole {
        true => ("paragraph", "此段"),
        false => ("sentence", "此句"),
    };
    let (belongs, has) = match guess {
        true => ("may belong", "may have"),
        false => ("belongs", "has"),
    };
    let may = if guess { "可能" } else { "" };
    match home {
        Some(line) => told!(
            "this {what} {belongs} to the article at line {line} rather than here";
            "{what_zh}{may}不属于此处，而属于第{line}行的文章"
        ),
        None => told!(
            "this {what} {has} nothing to do with the text around it";
            "{what_zh}{may}与上下文无关"
        ),
    }
}

fn home_line(document: &Reading<'_>, stray: &Stray) -> Option<usize> {
    let article = document.articles().get(stray.home? as usize)?;
    Some(document.line(article.span.start()))
}

/// The words that tell, said once for all of them.
fn evidence(words: &[(String, usize, usize)], home: bool) -> Message {
    if words.is_empty() {
        return Message::default();
    }
    let list = |between: &str| {
        let words: Vec<&str> = words.iter().map(|(word, ..)| word.as_str()).collect();
        words.join(between)
    };
    let (list, list_zh) = (list(", "), list("、"));
    let new_here = words.iter().all(|(_, _, own)| *own == 0);
    match (home, new_here) {
        (true, true) => told!(
            "; words of that article that stand nowhere else in this one: {list}";
            "；那篇中有而本篇他处没有的词：{list_zh}"
        ),
        (true, false) => told!(
            "; words of that article rather than of this one: {list}";
            "；那篇多见而本篇少见的词：{list_zh}"
        ),
        (false, true) => told!(
            "; words that stand nowhere else in this article: {list}";
            "；本篇他处没有的词：{list_zh}"
        ),
        (false, false) => told!(
            "; words that are rare in this article: {list}";
            "；本篇少见的词：{list_zh}"
        ),
    }
}
