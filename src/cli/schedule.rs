//! Work on several threads, results in one order.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

/// Checks inputs on `jobs` threads and hands over the outcomes in the order of the inputs. A thread
/// that is far ahead waits, so that no more than a few outcomes are held at a time.
pub(super) fn in_order<I: Sync, O: Send>(
    inputs: &[I],
    jobs: usize,
    check: impl Fn(&I) -> O + Sync,
    mut take: impl FnMut(O) -> io::Result<()>,
) -> io::Result<()> {
    let window = jobs * 16;
    let next = AtomicUsize::new(0);
    let taken = (Mutex::new(0usize), Condvar::new());
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        let mut started = 0;
        for _ in 0..jobs {
            let send = send.clone();
            let (next, taken, check) = (&next, &taken, &check);
            let thread = std::thread::Builder::new().spawn_scoped(scope, move || {
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(input) = inputs.get(index)
                {
                    let guard = taken.0.lock().unwrap_or_else(PoisonError::into_inner);
                    drop(taken.1.wait_while(guard, |taken| index > *taken + window));
                    if send.send((index, check(input))).is_err() {
                        break;
                    }
                }
            });
            started += usize::from(thread.is_ok());
        }
        drop(send);
        if started == 0 {
            // No thread is to be had.
            return inputs.iter().try_for_each(|input| take(check(input)));
        }
        let mut waiting = BTreeMap::new();
        let mut expected = 0;
        let mut result = Ok(());
        for (index, outcome) in receive {
            waiting.insert(index, outcome);
            while let Some(outcome) = waiting.remove(&expected) {
                expected += 1;
                if result.is_ok() {
                    result = take(outcome);
                }
                if result.is_err() {
                    // Nobody reads any more: let the threads run out of inputs.
                    next.store(inputs.len(), Ordering::Relaxed);
                }
                *taken.0.lock().unwrap_or_else(PoisonError::into_inner) = expected;
                taken.1.notify_all();
            }
        }
        result
    })
}
