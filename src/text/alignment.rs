//! How two strings of characters differ: the shortest list of edits, as long as it is short.

/// One place where the strings differ: `left` characters of the first stand where the second has
/// `right`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Where it begins in the first string, in characters.
    pub left_at: usize,
    /// How many characters of the first.
    pub left: usize,
    /// Where it begins in the second string, in characters.
    pub right_at: usize,
    /// How many characters of the second.
    pub right: usize,
}

/// How one string lies on the beginning of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// How many characters of the longer string are covered.
    pub covered: usize,
    /// Where the two differ, in order.
    pub hunks: Vec<Hunk>,
}

/// Lays the whole of `short` on the beginning of `long`, whose end stays free, with at most `limit`
/// insertions and deletions; `None` where that is not enough. The greedy algorithm of Myers (An
/// O(ND) difference algorithm, 1986), quadratic in `limit` only.
#[must_use]
pub fn cover<T: PartialEq>(short: &[T], long: &[T], limit: usize) -> Option<Cover> {
    // furthest[d][k] is how far into `short` d edits come on diagonal k - d (place in `short` minus
    // place in `long`).
    let mut furthest: Vec<Vec<usize>> = Vec::new();
    for d in 0..=limit {
        let mut row = vec![0; 2 * d + 1];
        for k in 0..=2 * d {
            let at = reach(&furthest, d, k);
            let Some((mut x, _)) = at.filter(|(x, _)| *x <= short.len()) else {
                row[k] = usize::MAX;
                continue;
            };
            // y = x - (k - d)
            let Some(mut y) = (x + d).checked_sub(k).filter(|y| *y <= long.len()) else {
                row[k] = usize::MAX;
                continue;
            };
            while x < short.len() && y < long.len() && short[x] == long[y] {
                x += 1;
                y += 1;
            }
            row[k] = x;
            if x == short.len() {
                furthest.push(row);
                return Some(Cover {
                    covered: y,
                    hunks: trace(&furthest, d, k, x),
                });
            }
        }
        furthest.push(row);
    }
    None
}

/// Where diagonal `k` of step `d` starts from, and whether by a character of the first string that
/// the second lacks.
fn reach(furthest: &[Vec<usize>], d: usize, k: usize) -> Option<(usize, bool)> {
    if d == 0 {
        return Some((0, false));
    }
    let before = &furthest[d - 1];
    let get = |i: usize| before.get(i).copied().filter(|x| *x != usize::MAX);
    // Diagonal k of this step is k - 1 of the one before, whose middle lies one lower.
    let leave_out = k.checked_sub(2).and_then(get).map(|x| x + 1);
    let put_in = get(k);
    match (leave_out, put_in) {
        (Some(a), Some(b)) if a >= b => Some((a, true)),
        (_, Some(b)) => Some((b, false)),
        (Some(a), None) => Some((a, true)),
        (None, None) => None,
    }
}

/// The edits that led to diagonal `k` of step `d`, joined where they touch.
fn trace(furthest: &[Vec<usize>], mut d: usize, mut k: usize, mut x: usize) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    while d > 0 {
        let Some((start, left_out)) = reach(&furthest[..d], d, k) else {
            break;
        };
        let y = start + d - k;
        let edit = if left_out {
            Hunk {
                left_at: start - 1,
                left: 1,
                right_at: y,
                right: 0,
            }
        } else {
            Hunk {
                left_at: start,
                left: 0,
                right_at: y - 1,
                right: 1,
            }
        };
        match hunks.last_mut() {
            Some(next)
                if edit.left_at + edit.left == next.left_at
                    && edit.right_at + edit.right == next.right_at =>
            {
                next.left_at = edit.left_at;
                next.left += edit.left;
                next.right_at = edit.right_at;
                next.right += edit.right;
            }
            _ => hunks.push(edit),
        }
        debug_assert!(start <= x);
        x = edit.left_at;
        (d, k) = (d - 1, if left_out { k - 2 } else { k });
    }
    hunks.reverse();
    hunks
}

#[cfg(test)]
mod tests {
    use super::{Cover, Hunk, cover};

    fn lay(short: &str, long: &str, limit: usize) -> Option<Cover> {
        let chars = |s: &str| s.chars().collect::<Vec<_>>();
        cover(&chars(short), &chars(long), limit)
    }

    #[test]
    fn the_end_of_the_longer_is_free() {
        let got = lay("春风吹绿", "春风吹绿了江岸", 4);
        assert_eq!(
            got,
            Some(Cover {
                covered: 4,
                hunks: vec![]
            })
        );
    }

    #[test]
    fn a_wrong_and_a_missing_character() {
        let got = lay("春凤吹了江岸边的柳", "春风吹绿了江岸边的柳树林", 6);
        let hunk = |left_at, left, right_at, right| Hunk {
            left_at,
            left,
            right_at,
            right,
        };
        assert_eq!(
            got,
            Some(Cover {
                covered: 10,
                hunks: vec![hunk(1, 1, 1, 1), hunk(3, 0, 3, 1)]
            })
        );
        assert_eq!(
            lay("春凤吹了江岸边的柳", "春风吹绿了江岸边的柳树林", 2),
            None
        );
        assert_eq!(lay("甲乙丙", "丁戊己", 2), None);
    }

    #[test]
    fn every_trace_mends() {
        for (short, long) in [
            ("甲乙丙丁", "乙甲丙丁戊"),
            ("一二三四五六", "二三三四六"),
            ("", "甲"),
            ("甲甲甲乙", "甲乙"),
        ] {
            let got = lay(short, long, 12).expect("enough edits");
            let (a, b): (Vec<char>, Vec<char>) = (short.chars().collect(), long.chars().collect());
            let (mut x, mut mended) = (0, String::new());
            for h in &got.hunks {
                mended.extend(&a[x..h.left_at]);
                mended.extend(&b[h.right_at..h.right_at + h.right]);
                x = h.left_at + h.left;
            }
            mended.extend(&a[x..]);
            assert_eq!(
                mended,
                b[..got.covered].iter().collect::<String>(),
                "{short} {long}"
            );
        }
    }
}
