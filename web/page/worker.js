// The engine, beside the page: however long a text takes, the page stays alive.
import load, { Checker } from './kanwu_web.js';

let checker;

const answers = {
  async load({ lang }) {
    await load({ module_or_path: 'kanwu_web_bg.wasm' });
    const response = await fetch('zh.model.xz');
    if (!response.ok) throw new Error(`zh.model.xz: ${response.status} ${response.statusText}`);
    checker = new Checker(await bytes(response), lang);
    return checker.kinds();
  },
  read({ bytes }) {
    return checker.read(bytes);
  },
  check({ text, kind, lang }) {
    return JSON.parse(checker.check(text, kind, lang));
  },
  fix({ text, kind, all }) {
    return checker.fix(text, kind, all);
  },
};

// What a response holds; tells how much of it has come.
async function bytes(response) {
  const total = Number(response.headers.get('content-length'));
  const pieces = [];
  let length = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
    postMessage({ progress: { length, total } });
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

onmessage = async ({ data: { id, ask, ...more } }) => {
  try {
    postMessage({ id, answer: await answers[ask](more) });
  } catch (error) {
    // The engine throws its messages as they are.
    postMessage({ id, error: error?.message ?? String(error) });
  }
};
