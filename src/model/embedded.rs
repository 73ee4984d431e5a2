//! The model that lies in the binary.

use std::sync::LazyLock;

use super::Model;
use super::container::Container;

/// Bytes from the start of a cache line on: the parts are laid out for that.
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/zh.model")));

static EMBEDDED: LazyLock<Model> = LazyLock::new(|| {
    // a test opens the same bytes and checks all of them
    let container = Container::read(&BYTES.0).expect("the embedded model has a readable table");
    Model::of(container)
});

impl Model {
    /// The model of Chinese that comes with the program. Costs nothing: its bytes are used where
    /// the program was loaded.
    pub fn embedded() -> &'static Model {
        &EMBEDDED
    }
}
