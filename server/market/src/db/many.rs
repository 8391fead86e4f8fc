//! One statement for many rows: what makes a full desk cheap.
//!
//! Rows go in pieces of 128, 64, 32 … 1, so that however many there are, only eight texts of each
//! statement are ever prepared and kept by a connection. What is looked up is padded to such a size
//! by asking for the last one again, which finds nothing new.

use super::Tx;

/// Rows of the largest statement: 21 columns of 128 rows are far below both databases' limits on
/// parameters (SQLite 32 766, PostgreSQL 65 535).
pub(crate) const MOST_ROWS: usize = 128;

/// `items` in pieces whose sizes are powers of two, the largest first.
pub(crate) fn pieces<T>(items: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let size = match rest.len() {
            0 => return None,
            length => 1 << length.min(MOST_ROWS).ilog2(),
        };
        let (piece, after) = rest.split_at(size);
        rest = after;
        Some(piece)
    })
}

/// `items` in pieces of at most [`MOST_ROWS`], each padded to a power of two by its last item.
pub(crate) fn padded<T>(items: &[T]) -> impl Iterator<Item = Vec<&T>> {
    items.chunks(MOST_ROWS).map(|chunk| {
        let mut piece: Vec<_> = chunk.iter().collect();
        if let Some(last) = chunk.last() {
            piece.resize(chunk.len().next_power_of_two(), last);
        }
        piece
    })
}

/// `head` (ending in VALUES), then `rows` rows of `columns` parameters, then `tail`.
///
/// PostgreSQL wants its parameters numbered. SQLite takes numbers for names and looks each up among
/// all others, which for thousands takes longer than the rows do: there they are plain.
pub(crate) fn statement(tx: &Tx, head: &str, columns: usize, rows: usize, tail: &str) -> String {
    write(matches!(tx, Tx::Postgres(_)), head, columns, rows, tail)
}

fn write(numbered: bool, head: &str, columns: usize, rows: usize, tail: &str) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * columns * 6);
    sql.push_str(head);
    for row in 0..rows {
        sql.push_str(if row == 0 { " (" } else { ", (" });
        for column in 1..=columns {
            sql.push_str(if column == 1 { "" } else { ", " });
            if numbered {
                sql.push('$');
                sql.push_str(&(row * columns + column).to_string());
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
    }
    sql.push_str(tail);
    sql
}

/// Writes a row for each of `$items` by `$head … VALUES … $tail`, with `$bound` binding the
/// `$columns` values of one; answers how many rows changed.
macro_rules! write_many {
    ($tx:expr, $head:expr, $columns:expr, $tail:expr, $items:expr, |$query:ident, $item:ident| $bound:expr) => {{
        let mut changed = 0;
        for piece in $crate::db::many::pieces($items) {
            let sql = $crate::db::many::statement($tx, $head, $columns, piece.len(), $tail);
            changed += $crate::db::rows!($tx, {
                let mut $query = sqlx::query(&sql);
                for $item in piece {
                    $query = $bound;
                }
                $query
            })?;
        }
        changed
    }};
}

/// Reads what belongs to `$items` by `$head … VALUES … $tail`; answers all rows found. A row may
/// come more than once.
macro_rules! read_many {
    ($tx:expr, $row:ty, $head:expr, $columns:expr, $tail:expr, $items:expr, |$query:ident, $item:ident| $bound:expr) => {{
        let mut found: Vec<$row> = Vec::new();
        for piece in $crate::db::many::padded($items) {
            let sql = $crate::db::many::statement($tx, $head, $columns, piece.len(), $tail);
            found.extend($crate::db::on!($tx, c => {
                let mut $query = sqlx::query_as::<_, $row>(&sql);
                for $item in piece {
                    $query = $bound;
                }
                $query.fetch_all(c)
            })?);
        }
        found
    }};
}
pub(crate) use {read_many, write_many};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_powers_of_two_and_all_there_is() {
        for length in [0, 1, 2, 3, 7, 128, 129, 300, 511] {
            let items: Vec<_> = (0..length).collect();
            let sizes: Vec<_> = pieces(&items).map(<[_]>::len).collect();
            assert!(sizes.iter().all(|size| size.is_power_of_two() && *size <= MOST_ROWS));
            assert!(sizes.is_sorted_by(|one, other| one >= other));
            assert_eq!(pieces(&items).flatten().copied().collect::<Vec<_>>(), items);
        }
    }

    #[test]
    fn what_is_looked_up_is_padded_with_its_last() {
        let items: Vec<_> = (0..133).collect();
        let all: Vec<_> = padded(&items).collect();
        assert_eq!(all.iter().map(Vec::len).collect::<Vec<_>>(), [128, 8]);
        assert_eq!(all[1], [&128, &129, &130, &131, &132, &132, &132, &132]);
        assert_eq!(padded::<u8>(&[]).count(), 0);
    }

    #[test]
    fn parameters_are_numbered_through_or_plain() {
        let sql = |numbered| {
            write(
                numbered,
                "INSERT INTO t (a, b) VALUES",
                2,
                2,
                " ON CONFLICT (a) DO NOTHING",
            )
        };
        assert_eq!(
            sql(true),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT (a) DO NOTHING"
        );
        assert_eq!(
            sql(false),
            "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) ON CONFLICT (a) DO NOTHING"
        );
    }
}
