// The page of `kanwu audit` in a real browser: it opens, filters, sorts, is worked by keyboard,
// judges and exports; nothing is fetched, nothing is complained of. KANWU is the program, CHROMIUM
// the browser, SHOTS a folder for screenshots, if they are wanted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, mkdirSync, statSync, writeFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = new URL('../..', import.meta.url).pathname;
const kanwu = process.env.KANWU || join(root, 'target/release/kanwu');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'kanwu-page-'));
let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function audit(name, collection, ...options) {
  const page = join(folder, name);
  execFileSync(kanwu, ['audit', collection, '--html', page, '--quiet', ...options], { cwd: root });
  return page;
}
const small = () => audit('small.html', 'fixtures/collection');

async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', ...options });
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  page.on('request', (request) => { if (!/^(file|blob):/.test(request.url())) requests.push(request.url()); });
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(pathToFileURL(path).href);
  if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]', { timeout: 20000 });
  return { page, context, requests, complaints };
}
function quiet({ requests, complaints }) {
  assert.deepEqual(requests, [], 'nothing is fetched');
  assert.deepEqual(complaints, [], 'nothing is complained of');
}
async function shoot(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, name), fullPage: true });
}
const rows = (page, list = 'list') => page.locator(`#${list} .row`);

test('opens, filters, searches and sorts', async () => {
  const opened = await open(small());
  const { page } = opened;
  await shoot(page, 'wide.png');
  await page.selectOption('#severity', 'error');
  const all = await page.locator('#count').textContent();
  const [shown, total] = all.match(/\d+/g).map(Number);
  assert.ok(shown > 5 && total > shown, all);
  await page.selectOption('#severity', 'all');
  assert.equal(await page.locator('#count').textContent(), `${total} of ${total}`);
  await page.selectOption('#source', { label: 'fixtures/collection/qingshan' });
  assert.ok(await rows(page).count() < total);
  await page.selectOption('#source', '');
  await page.selectOption('#rule', { label: 'stray-latin' });
  assert.equal(await rows(page).count(), 1);
  assert.match(await rows(page).first().textContent(), /and/);
  await page.selectOption('#rule', '');
  await page.fill('#search', '自已');
  await page.waitForFunction(() => document.querySelectorAll('#list .row').length === 1);
  await page.fill('#search', '');
  await page.selectOption('#severity', 'damages');
  await page.selectOption('#order', 'rule');
  const first = await rows(page).first().textContent();
  await page.selectOption('#order', 'certainty');
  assert.notEqual(await rows(page).first().textContent(), first);
  quiet(opened);
});

test('is worked by the keyboard alone', async () => {
  const opened = await open(small());
  const { page } = opened;
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'list');
  await page.keyboard.press('j');
  const second = page.locator('#list .row[aria-selected="true"]');
  assert.equal(await second.getAttribute('aria-posinset'), '2');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'detail');
  assert.equal(await page.locator('#detail mark').count(), 1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  assert.match(await rows(page).first().textContent(), /right as it stands/);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  quiet(opened);
});

test('documents open with their marks', async () => {
  const opened = await open(small());
  const { page } = opened;
  await page.fill('#document-search', 'qingshan/05');
  await rows(page, 'document-list').first().click();
  assert.match(await page.locator('#document-detail').textContent(), /stray-latin/);
  assert.equal(await page.locator('#document-detail mark').first().textContent(), ' and ');
  quiet(opened);
});

test('what is judged is kept, exported, and read by kanwu', async () => {
  const path = small();
  const opened = await open(path, { acceptDownloads: true });
  const { page } = opened;
  await page.fill('#reviewer', '小林');
  await page.locator('#card').focus();
  await page.keyboard.press('n');
  await page.keyboard.press('z');
  let judged = 0;
  while (!/All of the sample/.test(await page.locator('#card').textContent())) {
    await page.keyboard.press(judged++ % 5 === 4 ? 'n' : 'y');
    assert.ok(judged < 100);
  }
  await page.reload();
  await page.waitForSelector('html[data-ready]');
  assert.match(await page.locator('#progress').textContent(), new RegExp(`^${judged} of ${judged} `));
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export-jsonl')]);
  const lines = join(folder, 'kanwu.judgements.jsonl');
  await download.saveAs(lines);
  assert.equal(readFileSync(lines, 'utf8').trim().split('\n').length, judged);
  const json = join(folder, 'audit.json');
  audit('judged.html', 'fixtures/collection', '--judgements', lines, '--json', json);
  const { precision } = JSON.parse(readFileSync(json, 'utf8'));
  assert.equal(precision.gone, 0);
  assert.ok(precision.unflagged.judged > 0 && precision.overall[0] > 0.5);
  const [table] = await Promise.all([page.waitForEvent('download'), page.click('#export-csv')]);
  await table.saveAs(join(folder, 'judgements.csv'));
  assert.equal(readFileSync(join(folder, 'judgements.csv'))[0], 0xef, 'Excel wants a mark');
  quiet(opened);
});

for (const [name, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 320, height: 700 }, locale: 'zh-CN' }],
]) {
  test(`nothing stands in the way of anybody: ${name}`, async () => {
    const opened = await open(small(), options);
    const { page, context } = opened;
    await rows(page).first().click();
    await rows(page, 'document-list').first().click();
    await shoot(page, `${name}.png`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px too wide`);
    // by the debugger, since the page lets no other script in
    const session = await context.newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axe });
    const { result } = await session.send('Runtime.evaluate', {
      expression: 'axe.run().then((r) => JSON.stringify(r.passes.length < 20 ? ["axe did not run"] : r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 120) + n.failureSummary)])))',
      awaitPromise: true,
    });
    assert.deepEqual(JSON.parse(result.value), []);
    quiet(opened);
  });
}

test('without JavaScript it is a summary, and so it prints', async () => {
  const { page } = await open(small(), { javaScriptEnabled: false });
  const text = await page.locator('body').innerText();
  assert.match(text, /河湾书斋整理欢迎转发收藏/);
  assert.match(text, /Without JavaScript/);
  assert.equal(await page.locator('#list').isVisible(), false);
  assert.ok(await page.locator('#worst').isVisible());
  await shoot(page, 'plain.png');
});

test('a hostile text attacks nobody', async () => {
  const bad = join(folder, 'bad');
  mkdirSync(bad);
  const text = '招牌上写着<img src=x onerror=alert(1)></script><script>alert(2)</script>茶 and 酒\u202e两样\u0007，客人都认得。\n';
  writeFileSync(join(bad, '<b>坏\u202e.txt'), text.repeat(3));
  const opened = await open(audit('bad.html', bad));
  const { page } = opened;
  page.on('dialog', () => assert.fail('a script ran'));
  await page.selectOption('#severity', 'all');
  await page.locator('#list').focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('main img, main b, main script').count(), 0);
  assert.ok(await page.locator('.box').count() > 0);
  const hidden = await page.evaluate(() => /[\u202a-\u202e\u0007]/.test(document.body.innerText));
  assert.equal(hidden, false);
  quiet(opened);
});

test('a hundred thousand findings are ready in a second, in eight megabytes', async () => {
  const many = join(folder, 'many');
  const signs = ['茶', '酒', '米', '布', '油', '盐', '糖', '纸', '墨', '笔'];
  // all numbers differ, so that neither text nor fingerprints are alike
  for (let source = 0; source < 20; source++) {
    mkdirSync(join(many, `s${source}`), { recursive: true });
    for (let file = 0; file < 50; file++) {
      let text = '';
      for (let line = 0; line < 100; line++) {
        const at = source * 5000 + file * 100 + line;
        const sign = (n) => signs[n % 10] + signs[Math.floor(n / 10) % 10];
        text += `第${at}号铺子的招牌上写着${sign(at)} and ${sign(at * 7 + 3)}，掌柜姓${sign(Math.floor(at / 100))}。\n`;
      }
      writeFileSync(join(many, `s${source}`, `${file}.txt`), text);
    }
  }
  const path = audit('many.html', many, '--select', 'stray-latin');
  assert.ok(statSync(path).size <= 8 << 20, `${statSync(path).size} bytes`);
  const times = [];
  for (let round = 0; round < 3; round++) {
    const opened = await open(path);
    const { page, context } = opened;
    assert.match(await page.locator('#count').textContent(), /100,000/);
    times.push(Number(await page.locator('html').getAttribute('data-ready')));
    const nodes = await page.evaluate(() => document.querySelectorAll('#list .row').length);
    assert.ok(nodes < 40, `${nodes} rows`);
    await page.locator('#list').focus();
    await page.keyboard.press('End');
    await page.waitForSelector('#list .row[aria-posinset="100000"]');
    quiet(opened);
    await context.close();
  }
  times.sort((a, b) => a - b);
  console.log(`ready in ${times.join(', ')} ms; ${(statSync(path).size / 1048576).toFixed(1)} MiB`);
  assert.ok(times[1] <= 1000 * Number(process.env.SLOWER || 1), `ready in ${times.join(', ')} ms`);
});
