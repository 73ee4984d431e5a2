#!/usr/bin/env python3
"""Writes fixtures/programs: one short text with four planted defects, as real programs write it.

usage: written_by_programs.py fixtures/programs

Needs tesseract with chi_sim, ffmpeg, and from PyPI pillow, pandas, ebooklib; the Markdown is of the shape that MinerU gives. The page that Tesseract reads is drawn with WenQuanYi Micro Hei.
The defects: 统筹 and 调度 (stray-latin), 迫不急待 (known-wrong-word), ，， (repeated-punctuation), 已经经 (doubled-character).
"""
import os, subprocess, sys, tempfile
import pandas
from ebooklib import epub
from PIL import Image, ImageDraw, ImageFont

out = sys.argv[1]
TITLE = '河湾镇抓紧春耕'
TEXT = [
    '今年开春以来，河湾镇的农户早早备好种子和化肥。镇里统筹 and 调度农机，保证春耕不误农时。',
    '几位老把式迫不急待地下了田。合作社的技术员每天都到地头查看墒情，，随时解答大家的问题。',
    '截至昨天，全镇的早稻育秧已经经完成，下一步要把水渠清理干净，迎接第一场春雨。',
]
path = lambda name: os.path.join(out, name)

font = ImageFont.truetype('/usr/share/fonts/truetype/wqy/wqy-microhei.ttc', 36)
lines = [TITLE]
for paragraph in TEXT:
    paragraph = '　　' + paragraph
    while paragraph:
        end = max(n for n in range(1, len(paragraph) + 1) if font.getlength(paragraph[:n]) <= 1000)
        lines.append(paragraph[:end]); paragraph = paragraph[end:]
image = Image.new('L', (1200, 120 + 64 * len(lines)), 255)
for n, line in enumerate(lines): ImageDraw.Draw(image).text((90, 60 + 64 * n), line, 0, font)
with tempfile.TemporaryDirectory() as folder:
    page = os.path.join(folder, 'page.png'); image.save(page)
    for kind in ('hocr', 'alto', 'txt'):
        subprocess.run(['tesseract', 'page.png', 'page', '-l', 'chi_sim+eng', '--psm', '6', kind], check=True, cwd=folder, capture_output=True)
    for written, name in (('page.hocr', 'tesseract.hocr'), ('page.xml', 'tesseract.alto.xml'), ('page.txt', 'tesseract.txt')):
        open(path(name), 'wb').write(open(os.path.join(folder, written), 'rb').read())
    cues = [c for p in TEXT for c in p.replace('。', '。\n').split('\n') if c]
    made = os.path.join(folder, 'cues.srt')
    time = lambda s: f'00:00:{s:02},000'
    open(made, 'w').write(''.join(f'{n + 1}\n{time(n * 4)} --> {time(n * 4 + 3)}\n{c}\n\n' for n, c in enumerate(cues)))
    for name in ('ffmpeg.srt', 'ffmpeg.vtt', 'ffmpeg.ass'):
        subprocess.run(['ffmpeg', '-loglevel', 'error', '-y', '-i', made, path(name)], check=True)

frame = pandas.DataFrame([dict(id=1, title=TITLE, text='\n'.join(TEXT)), dict(id=2, title='说明', text='他说：“今年的雨水正好。”大家听了都很高兴，各自回家准备。')])
frame.to_csv(path('pandas.csv'), index=False)
frame.to_json(path('pandas.json'), orient='records', force_ascii=True)
frame.to_json(path('pandas.jsonl'), orient='records', lines=True, force_ascii=False)

book = epub.EpubBook(); book.set_identifier('hewan'); book.set_title(TITLE); book.set_language('zh')
chapter = epub.EpubHtml(title=TITLE, file_name='one.xhtml', lang='zh')
chapter.content = f'<h1>{TITLE}</h1>' + ''.join(f'<p>{p}</p>' for p in TEXT)
book.add_item(chapter); book.toc = [chapter]; book.spine = [chapter]
book.add_item(epub.EpubNcx()); book.add_item(epub.EpubNav())
epub.write_epub(path('ebooklib.epub'), book)

# MinerU writes images by their hash, formulas in dollars, tables as HTML
FORMULA = r'$\theta = \frac { m _ { w } } { m _ { s } } \times 1 0 0 \%$'
TABLE = '<html><body><table><tr><td>村</td><td>育秧（亩）</td></tr><tr><td>上河</td><td>120</td></tr></table></body></html>'
parts = [f'# {TITLE}', TEXT[0], '![](images/5f3c0e9a7b.jpg)\n图1 河湾镇的水渠', f'{TEXT[1]}墒情按 {FORMULA} 计算。', TABLE, TEXT[2]]
open(path('mineru.md'), 'w').write('\n\n'.join(parts) + '\n')
