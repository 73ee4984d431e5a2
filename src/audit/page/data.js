// The data of the page: columns, as JSON, deflated, in base64.
async function load() {
  const text = $('data').textContent;
  let bytes;
  if (Uint8Array.fromBase64) {
    bytes = Uint8Array.fromBase64(text);
  } else {
    const binary = atob(text);
    bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).json();
}
const SEVERITIES = ['info', 'warning', 'error'];
// One finding out of the columns.
function finding(i) {
  const c = data.findings;
  return {
    index: i, file: c.file[i], rule: data.rules[c.rule[i]], severity: SEVERITIES[c.severity[i]], probability: c.probability[i] / 100,
    line: c.line[i], column: c.column[i], text: c.text[i], before: c.before[i], after: c.after[i],
    message: data.messages[c.message[i]], replacement: c.replacement[i], other: c.other[i], fingerprint: c.fingerprint[i],
  };
}
