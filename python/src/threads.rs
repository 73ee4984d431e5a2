//! Work on several threads, in order.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Items that a thread takes at a time: a text is long, a queue is not.
const BATCH: usize = 4;

/// What `work` makes of the numbers below `count`, in their order.
pub(crate) fn in_order<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let threads = threads.clamp(1, count.div_ceil(BATCH).max(1));
    if threads == 1 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let from = next.fetch_add(BATCH, Ordering::Relaxed);
                    if from >= count {
                        return;
                    }
                    let batch: Vec<T> = (from..count.min(from + BATCH)).map(&work).collect();
                    let mut done = done.lock().unwrap_or_else(|e| e.into_inner());
                    done.push((from, batch));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|e| e.into_inner());
    done.sort_unstable_by_key(|(from, _)| *from);
    done.into_iter().flat_map(|(_, batch)| batch).collect()
}
