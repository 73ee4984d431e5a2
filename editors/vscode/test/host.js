// A stand-in for VS Code: enough of its API for the language client to run in, with one open
// document. Whatever is not made here is an empty class, an event that never fires or a
// registration that does nothing.
"use strict";

const Module = require("node:module");

class Disposable {
  constructor(call = () => {}) {
    this.dispose = call;
  }
  static from(...items) {
    return new Disposable(() => items.forEach((item) => item.dispose()));
  }
}

class EventEmitter {
  #listeners = new Set();
  event = (listener, self) => {
    const call = self ? listener.bind(self) : listener;
    this.#listeners.add(call);
    return new Disposable(() => this.#listeners.delete(call));
  };
  fire(value) {
    for (const listener of [...this.#listeners]) listener(value);
  }
  dispose() {
    this.#listeners.clear();
  }
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(start, startCharacter, line, character) {
    const numbers = typeof start === "number";
    this.start = numbers ? new Position(start, startCharacter) : start;
    this.end = numbers ? new Position(line, character) : startCharacter;
  }
}

class Uri {
  constructor(text) {
    this.text = text;
    const url = new URL(text);
    this.scheme = url.protocol.slice(0, -1);
    this.path = decodeURIComponent(url.pathname);
    this.fsPath = this.path;
  }
  static parse(text) {
    return new Uri(text);
  }
  static file(path) {
    return new Uri(`file://${encodeURI(path)}`);
  }
  toString() {
    return this.text;
  }
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

class CodeActionKind {
  static Empty = new CodeActionKind("");
  static QuickFix = new CodeActionKind("quickfix");
  static Refactor = new CodeActionKind("refactor");
  static Source = new CodeActionKind("source");
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new CodeActionKind(this.value ? `${this.value}.${part}` : part);
  }
}

class TabInputText {
  constructor(uri) {
    this.uri = uri;
  }
}

class Document {
  version = 1;
  isClosed = false;
  constructor(uri, languageId, text) {
    Object.assign(this, { uri, languageId, text });
  }
  get fileName() {
    return this.uri.fsPath;
  }
  getText() {
    return this.text;
  }
}

// Anything that is asked for and was not made: callable, constructible, with members of its own
// kind.
function anything(name, known = {}) {
  const made = new Map(Object.entries(known));
  const target = class {};
  return new Proxy(target, {
    get(_, key) {
      if (key === "prototype" || typeof key === "symbol") return target[key];
      if (!made.has(key)) {
        made.set(key, /^on[A-Z]/.test(key) ? new EventEmitter().event : anything(`${name}.${key}`));
      }
      return made.get(key);
    },
    set(_, key, value) {
      made.set(key, value);
      return true;
    },
    apply: () => new Disposable(),
  });
}

// Opens a document in a host whose settings are given, and makes the host what `require("vscode")`
// returns.
function host({ folder, settings, uri, languageId, text }) {
  const document = new Document(Uri.parse(uri), languageId, text);
  const shown = new EventEmitter();
  const changed = new EventEmitter();
  const collection = () => {
    const entries = new Map();
    return {
      set: (at, diagnostics) => {
        entries.set(at.toString(), diagnostics);
        shown.fire({ uri: at.toString(), diagnostics: diagnostics ?? [] });
      },
      get: (at) => entries.get(at.toString()),
      has: (at) => entries.has(at.toString()),
      delete: (at) => entries.delete(at.toString()),
      forEach: (call) => entries.forEach((value, key) => call(Uri.parse(key), value)),
      clear: () => entries.clear(),
      dispose: () => entries.clear(),
    };
  };
  const commands = new Map();
  const channel = () => anything("channel", { append() {}, appendLine() {}, show() {}, dispose() {} });
  const editor = { document };
  const vscode = anything("vscode", {
    version: "1.91.0",
    Disposable,
    EventEmitter,
    Position,
    Range,
    Uri,
    CodeActionKind,
    Diagnostic,
    TabInputText,
    TabInputTextDiff: class {},
    TabInputCustom: class {},
    TabInputNotebook: class {},
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    DiagnosticTag: { Unnecessary: 1, Deprecated: 2 },
    CancellationTokenSource: class {
      token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
      cancel() {}
      dispose() {}
    },
    CancellationError: class extends Error {},
    env: { appName: "stand-in", language: "en", appHost: "desktop" },
    commands: anything("commands", {
      registerCommand: (name, call) => {
        commands.set(name, call);
        return new Disposable(() => commands.delete(name));
      },
      executeCommand: (name, ...rest) => commands.get(name)?.(...rest),
    }),
    languages: anything("languages", {
      createDiagnosticCollection: collection,
      match: (selector, open) =>
        [selector].flat().some((s) => s.language === open.languageId && (s.scheme ?? "file") === open.uri.scheme) ? 10 : 0,
    }),
    window: anything("window", {
      createOutputChannel: channel,
      activeTextEditor: editor,
      visibleTextEditors: [editor],
      tabGroups: {
        all: [{ tabs: [{ input: new TabInputText(document.uri) }] }],
        activeTabGroup: undefined,
        onDidChangeTabs: () => new Disposable(),
      },
      showErrorMessage: async (message) => {
        throw new Error(message);
      },
    }),
    workspace: anything("workspace", {
      textDocuments: [document],
      notebookDocuments: [],
      workspaceFolders: [{ uri: Uri.file(folder), name: "folder", index: 0 }],
      getWorkspaceFolder: () => undefined,
      getConfiguration: (section) => ({ get: (key, otherwise) => settings[`${section}.${key}`] ?? otherwise, has: () => false }),
      createFileSystemWatcher: () => anything("watcher"),
      onDidChangeTextDocument: changed.event,
    }),
  });
  const load = Module._load;
  Module._load = function (name, ...rest) {
    return name === "vscode" ? vscode : load.call(this, name, ...rest);
  };
  return {
    commands,
    context: { subscriptions: [] },
    // The diagnostics of the document, as soon as they are as wanted.
    shows: (wanted) =>
      new Promise((resolve) => {
        const listening = shown.event(({ uri: at, diagnostics }) => {
          if (at === document.uri.toString() && wanted(diagnostics)) {
            listening.dispose();
            resolve(diagnostics);
          }
        });
      }),
    // Replaces the text, as typing does.
    type(replacement) {
      const range = new Range(0, 0, document.text.split("\n").length, 0);
      document.text = replacement;
      document.version += 1;
      changed.fire({ document, contentChanges: [{ range, text: replacement }] });
    },
  };
}

module.exports = { host };
