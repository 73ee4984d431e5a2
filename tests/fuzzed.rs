//! The fuzz targets, over fixtures that are cut, repeated, spliced and flipped. `fuzz/run.sh` looks
//! where coverage leads.
//!
//! `PROPTEST_CASES=100000 cargo test --test fuzzed` looks longer.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "it is a library of its own for the fuzzer")]
mod targets;

/// What to begin with: the fixtures, the rules, configurations.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = vec![
        b"select = [\"repeat\"]\n[severity]\nstray-latin = \"info\"\n".to_vec(),
        b"{\"version\": 1, \"findings\": {\"a.txt\": {\"stray-latin 0\": 1}}}\n".to_vec(),
    ];
    for folder in ["fixtures", "rules"] {
        collect(&root.join(folder), &mut seeds);
    }
    seeds
});

fn collect(folder: &Path, seeds: &mut Vec<Vec<u8>>) {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, seeds);
        } else {
            let mut bytes = fs::read(path).expect("a file");
            bytes.truncate(4000);
            seeds.push(bytes);
        }
    }
}

/// What breaks careless code.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\n\n",
    b"<!--kanwu-ignore-->",
    b"<!-- kanwu-ignore-start: all -->",
    b"https://a.b/",
    b"\x1b[31m",
    b"$ x $",
    b"[[",
    b"-{zh:",
    b"&amp;",
    b"```\n",
    "“".as_bytes(),
    "，，".as_bytes(),
    "县县政府".as_bytes(),
    "\u{202e}".as_bytes(),
    "一是".as_bytes(),
    b" = [",
    b"\"\"\"",
    b"[[patterns]]\n",
];

#[derive(Clone, Debug)]
enum Change {
    Insert(Index, &'static [u8]),
    Flip(Index, u8),
    Cut(Index, Index),
    Repeat(Index, Index),
    Splice(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Cut(a, b)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Repeat(a, b)),
        (any::<Index>(), any::<Index>()).prop_map(|(seed, at)| Change::Splice(seed, at)),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let place = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
        match change {
            Change::Insert(at, piece) => {
                let at = place(at, &bytes);
                bytes.splice(at..at, piece.iter().copied());
            }
            Change::Flip(at, bits) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= bits;
            }
            Change::Flip(..) => {}
            Change::Cut(a, b) | Change::Repeat(a, b) => {
                let (a, b) = (place(a, &bytes), place(b, &bytes));
                let range = a.min(b)..a.max(b).min(a.min(b) + 300);
                if matches!(change, Change::Cut(..)) {
                    bytes.drain(range);
                } else {
                    let piece = bytes[range.clone()].to_vec();
                    bytes.splice(range.end..range.end, piece);
                }
            }
            Change::Splice(seed, at) => {
                let other = seed.get(&SEEDS);
                let at = place(at, &bytes);
                let from = at.min(other.len());
                bytes.splice(at.., other[from..].iter().copied());
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_target_fails(seed in any::<Index>(), changes in vec(change(), 0..6)) {
        let bytes = changed(seed.get(&SEEDS).clone(), &changes);
        for (name, target) in targets::TARGETS {
            let outcome = std::panic::catch_unwind(|| target(&bytes));
            prop_assert!(outcome.is_ok(), "{name}: {bytes:?}");
        }
    }
}
