// The extension in a stand-in for VS Code, with the real server.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");

const { host } = require("./host");

const program = process.env.KANWU ?? path.join(__dirname, "../../../target/debug/kanwu");

test("starts the server, shows what is damaged, and no longer when it is mended", { timeout: 30_000 }, async (t) => {
  assert.ok(fs.existsSync(program), `${program} is missing: run cargo build, or set KANWU`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kanwu-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const editor = host({
    folder,
    settings: { "kanwu.path": program },
    uri: `file://${folder}/page.txt`,
    languageId: "plaintext",
    text: "要统筹发展 and 安全，做好各项工作。\n",
  });
  const extension = require("../extension");
  t.after(() => extension.deactivate());

  const first = editor.shows((diagnostics) => diagnostics.length > 0);
  await extension.activate(editor.context);
  const [diagnostic] = await first;
  assert.equal(diagnostic.code, "stray-latin");
  assert.equal(diagnostic.source, "kanwu");
  assert.match(diagnostic.message, /and/);
  assert.deepEqual({ ...diagnostic.range.start }, { line: 0, character: 5 });

  const mended = editor.shows((diagnostics) => diagnostics.length === 0);
  editor.type("要统筹发展和安全，做好各项工作。\n");
  await mended;

  // A restart brings a new server that knows the document.
  const damaged = (diagnostics) => diagnostics.length === 1;
  const before = editor.shows(damaged);
  editor.type("要统筹发展 or 安全，做好各项工作。\n");
  await before;
  const after = editor.shows(damaged);
  await editor.commands.get("kanwu.restart")();
  assert.match((await after)[0].message, /or/);
});
