// The page that checks pasted text, in a real browser: the engine runs there as WebAssembly and finds
// what the command line finds; nothing leaves the machine; it opens again without a network. SITE is
// the folder that `kanwu-web-bundle` wrote, KANWU the program, CHROMIUM the browser, SHOTS a folder
// for screenshots, if they are wanted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const root = new URL('../..', import.meta.url).pathname;
const kanwu = process.env.KANWU || join(root, 'target/release/kanwu');
const site = process.env.SITE || join(root, 'target/site');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
let browser;
let server;
let address;

before(async () => {
  server = createServer((request, response) => {
    const name = join(site, decodeURIComponent(new URL(request.url, 'http://site').pathname));
    const file = name.endsWith('/') ? `${name}index.html` : name;
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-length': statSync(file).size });
    return createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
});
after(async () => {
  await browser?.close();
  server?.close();
  server?.closeAllConnections();
});

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', ...options });
  const page = await context.newPage();
  const complaints = [];
  const strangers = [];
  page.on('request', (request) => { if (!request.url().startsWith(address)) strangers.push(request.url()); });
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(address);
  await ready(page);
  return { page, context, complaints, strangers };
}
const ready = (page) => page.waitForSelector('html[data-ready][data-checked="yes"]', { timeout: 60000 });
const rows = (page) => page.locator('#list li');

async function paste(page, text) {
  await page.evaluate(() => { document.documentElement.dataset.checked = 'no'; });
  await page.fill('#text', text);
  await ready(page);
}
async function shoot(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, name) });
}
function quiet({ complaints, strangers }) {
  assert.deepEqual(strangers, [], 'nothing is fetched from elsewhere');
  assert.deepEqual(complaints, [], 'nothing is complained of');
}

// What the command line finds in a file of the project, as rule and damaged text.
function commandLine(file) {
  let out;
  try {
    out = execFileSync(kanwu, ['check', '--quiet', '--no-config', '--format', 'json', file], { cwd: root, encoding: 'utf8' });
  } catch (error) {
    out = error.stdout;
  }
  const { findings } = JSON.parse(out);
  return findings.filter((f) => f.severity !== 'info').map((f) => `${f.severity} ${f.rule}`);
}

test('finds what the command line finds', async () => {
  const opened = await open();
  const { page } = opened;
  await page.evaluate(() => { document.documentElement.dataset.checked = 'no'; });
  await page.click('#example');
  await page.waitForFunction(() => document.querySelector('#text').value.length > 0);
  await ready(page);
  const found = await rows(page).evaluateAll((all) => all.map((row) => `${row.className} ${row.querySelector('code').textContent}`));
  const expected = commandLine('fixtures/example/page.txt');
  assert.ok(expected.length >= 5, 'the example is damaged');
  assert.deepEqual(found, expected);
  await shoot(page, 'web.png');
  quiet(opened);
  await opened.context.close();
});

test('marks stand under their characters, also behind those of two code units', async () => {
  const opened = await open();
  const { page } = opened;
  await paste(page, '𠮷野家在城里开了新店。\n县县政府召开会议，讨论这个关健的问题。\n');
  const marked = await page.locator('#marks mark').allTextContents();
  assert.ok(marked.includes('关健'), marked.join());
  await page.locator('#list li', { hasText: '关健' }).locator('.go').click();
  const chosen = await page.evaluate(() => { const t = document.querySelector('#text'); return t.value.slice(t.selectionStart, t.selectionEnd); });
  assert.equal(chosen, '关健');
  quiet(opened);
  await opened.context.close();
});

test('fixes one finding, what is safe, and what needs a look', async () => {
  const opened = await open();
  const { page } = opened;
  const damaged = '各地要统筹发展 and 安全，把工作做实。\n这是一个关健的问题。\n';
  await paste(page, damaged);
  await page.locator('#list li', { hasText: '关健' }).getByRole('button', { name: 'Fix this' }).click();
  await page.waitForFunction(() => document.querySelector('#text').value.includes('关键的问题'));
  await ready(page);
  await page.click('#fix-all');
  await page.waitForFunction(() => document.querySelector('#text').value === '各地要统筹发展和安全，把工作做实。\n这是一个关键的问题。\n');
  await ready(page);
  assert.equal(await rows(page).count(), 0);
  assert.match(await page.textContent('#status'), /Nothing found/);
  assert.ok(await page.isDisabled('#fix-safe'));
  quiet(opened);
  await opened.context.close();
});

test('reads kinds of file and encodings', async () => {
  const opened = await open();
  const { page } = opened;
  await page.setInputFiles('#file', { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from([0xd5, 0xe2, 0xca, 0xc7, 0xd2, 0xbb, 0xb8, 0xf6, 0xb9, 0xd8, 0xbd, 0xa1, 0xb5, 0xc4, 0xce, 0xca, 0xcc, 0xe2, 0xa1, 0xa3]) });
  await page.waitForFunction(() => document.querySelector('#text').value === '这是一个关健的问题。');
  await ready(page);
  assert.equal(await rows(page).count(), 1);
  await page.selectOption('#kind', 'json');
  await paste(page, '{"id": "健关", "text": "这是一个\\u5173健的问题，我们讨论过很多次了。"}\n');
  assert.match(await page.textContent('#status'), /read as json/);
  await page.locator('#list li', { hasText: '关健' }).getByRole('button', { name: 'Fix this' }).click();
  await page.waitForFunction(() => JSON.parse(document.querySelector('#text').value).text.startsWith('这是一个关键'));
  quiet(opened);
  await opened.context.close();
});

test('speaks Chinese, and keeps it', async () => {
  const opened = await open();
  const { page } = opened;
  await page.click('#language');
  await paste(page, '这是一个关健的问题。\n');
  assert.match(await page.textContent('#status'), /错误1处/);
  assert.match(await rows(page).first().textContent(), /[已应]|误|疑/);
  await page.reload();
  await ready(page);
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-Hans');
  await shoot(page, 'web-zh.png');
  quiet(opened);
  await opened.context.close();
});

test('can be used by everybody', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const opened = await open({ colorScheme, viewport: { width: 375, height: 700 } });
    const { page } = opened;
    await paste(page, '各地要统筹发展 and 安全，把工作做实。\n这是一个关健的问题。\n');
    // The page lets no script of others in; the browser itself may.
    const session = await opened.context.newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axe });
    const { result } = await session.send('Runtime.evaluate', {
      expression: 'axe.run().then((r) => JSON.stringify(r.passes.length < 15 ? ["axe did not run"] : r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 120) + n.failureSummary)])))',
      awaitPromise: true,
    });
    assert.equal(result.value, '[]', colorScheme);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    assert.ok(!wide, 'nothing hangs over on a small screen');
    await shoot(page, `web-small-${colorScheme}.png`);
    await opened.context.close();
  }
});

test('opens without a network once it was open', async () => {
  const { page, context } = await open();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  await paste(page, '这是一个关健的问题。\n');
  assert.equal(await rows(page).count(), 1);
  await context.close();
});
