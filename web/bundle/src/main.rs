//! Puts the page together that checks pasted text in the browser.
//!
//! ```text
//! cargo run -p kanwu-web-bundle -- target/site
//! ```
//!
//! builds the library for WebAssembly and writes a folder that any web server can hand out: the
//! page, the engine, the model as a file of its own, and an example.

#![allow(clippy::print_stdout, reason = "a command-line tool of its own")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use clap::Parser;
use wasm_bindgen_cli_support::Bindgen;

#[derive(Parser)]
#[command(about = "Puts the page together that checks pasted text in the browser")]
struct Options {
    /// The folder to write
    #[arg(default_value = "target/site")]
    folder: PathBuf,
}

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "web";
/// What the page consists of besides the engine: from where, and under which name.
const FILES: [(&str, &str); 7] = [
    ("web/page/index.html", "index.html"),
    ("web/page/style.css", "style.css"),
    ("web/page/main.js", "main.js"),
    ("web/page/worker.js", "worker.js"),
    ("web/page/offline.js", "offline.js"),
    ("model/zh.model.xz", "zh.model.xz"),
    ("fixtures/example/page.txt", "example.txt"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let Options { folder } = Options::parse();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let root = root.ok_or("this program lies in web/bundle of the project")?;
    let module = build(root)?;
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        .generate(&folder)?;
    for (from, name) in FILES {
        let from = root.join(from);
        fs::copy(&from, folder.join(name)).map_err(|e| format!("{}: {e}", from.display()))?;
    }
    let folder = folder.display();
    println!("{folder} is ready: `python3 -m http.server --directory {folder}` shows it");
    Ok(())
}

/// Builds the library for the browser; gives back where it lies.
fn build(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = root.join("target");
    let status = Command::new(cargo)
        .current_dir(root)
        // Vectors are part of WebAssembly in all browsers since 2023.
        .env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+simd128")
        .args(["build", "--locked", "--package", "kanwu-web", "--lib"])
        .args(["--target", TARGET, "--profile", PROFILE, "--target-dir"])
        .arg(&target)
        .status()?;
    if !status.success() {
        return Err(format!("the library does not build for {TARGET}; `rustup target add {TARGET}` brings the standard library for it").into());
    }
    Ok(target.join(TARGET).join(PROFILE).join("kanwu_web.wasm"))
}
