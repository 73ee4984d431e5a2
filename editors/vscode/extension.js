// Starts `kanwu lsp` and shows what it finds.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** @type {LanguageClient | undefined} */
let client;

async function start() {
  const command = vscode.workspace.getConfiguration("kanwu").get("path", "kanwu");
  client = new LanguageClient(
    "kanwu",
    "kanwu",
    { command, args: ["lsp"] },
    {
      documentSelector: ["plaintext", "markdown"].flatMap((language) =>
        ["file", "untitled"].map((scheme) => ({ language, scheme })),
      ),
    },
  );
  await client.start();
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
  const restart = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("kanwu.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("kanwu.path")) {
        void restart();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
