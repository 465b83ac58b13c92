//! Multi-row `VALUES`: few statements with many rows each are what makes inserts fast.

use crate::Engine;
use std::fmt::Write as _;

/// How many rows one statement should carry, so that the statement cache sees the same texts again
/// and again: a small group in one statement, of a large one the largest of a few fixed sizes.
pub fn rows_per_statement(rows: usize, columns: usize, bind_limit: usize) -> usize {
    const SMALL: usize = 64;
    const SIZES: [usize; 2] = [256, 128];
    SIZES
        .into_iter()
        .chain([rows.min(SMALL)])
        .find(|size| *size <= rows && size * columns <= bind_limit)
        .unwrap_or(1)
}

/// How long a list of `count` values is made in `IN (…)`, by repeating its last one: few texts
/// for the statement cache, which would otherwise see a new one for each length.
pub fn padded_len(count: usize) -> usize {
    count.next_power_of_two()
}

/// `INSERT INTO {into} VALUES ($1,$2),($3,$4)` for that many rows, and the suffix, which binds nothing.
///
/// SQLite gets `?` instead: it keeps the names of numbered parameters in a list that is searched
/// from the start for each value, so that a statement's cost would grow with the square of its values.
pub fn insert_sql(engine: Engine, into: &str, columns: usize, rows: usize, suffix: &str) -> String {
    let mut sql = String::with_capacity(into.len() + suffix.len() + rows * columns * 6 + 24);
    let _ = write!(sql, "INSERT INTO {into} VALUES ");
    for row in 0..rows {
        if row > 0 {
            sql.push(',');
        }
        sql.push('(');
        for column in 0..columns {
            if column > 0 {
                sql.push(',');
            }
            match engine {
                Engine::Sqlite => sql.push('?'),
                Engine::Postgres => {
                    let _ = write!(sql, "${}", row * columns + column + 1);
                }
            }
        }
        sql.push(')');
    }
    if !suffix.is_empty() {
        sql.push(' ');
        sql.push_str(suffix);
    }
    sql
}

/// The same for a log that is followed by its numbers, which are taken before the commit: on
/// PostgreSQL the writers of such a log take turns until they have committed, so that a reader
/// never passes over a number that comes late. The lock must be the last one of a transaction.
pub fn log_sql(engine: Engine, into: &str, columns: usize, rows: usize) -> String {
    let sql = insert_sql(engine, into, columns, rows, "");
    match engine.log_turn() {
        None => sql,
        Some(turn) => format!(
            "{}) AS line, (SELECT {turn}) AS turn",
            sql.replacen(" VALUES ", " SELECT line.* FROM (VALUES ", 1)
        ),
    }
}

/// A statement with a long list, in the engine's spelling: its parameters must be `$1`, `$2`, … in the order in
/// which they stand, each once. Otherwise it is left as it is.
pub fn in_order(engine: Engine, sql: String) -> String {
    if engine == Engine::Postgres {
        return sql;
    }
    let mut plain = String::with_capacity(sql.len());
    let mut parts = sql.split('$');
    plain.push_str(parts.next().unwrap_or_default());
    for (index, part) in parts.enumerate() {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if part[..digits].parse() != Ok(index + 1) {
            return sql;
        }
        plain.push('?');
        plain.push_str(&part[digits..]);
    }
    plain
}

/// `$from,$from+1,…` for a list of `count` values, as in `IN (…)`.
pub fn placeholders(from: usize, count: usize) -> String {
    let mut sql = String::with_capacity(count * 5);
    for n in 0..count {
        if n > 0 {
            sql.push(',');
        }
        let _ = write!(sql, "${}", from + n);
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_through() {
        let sql = |engine| insert_sql(engine, "t (a, b)", 2, 2, "");
        assert_eq!(
            sql(Engine::Postgres),
            "INSERT INTO t (a, b) VALUES ($1,$2),($3,$4)"
        );
        assert_eq!(sql(Engine::Sqlite), "INSERT INTO t (a, b) VALUES (?,?),(?,?)");
        assert_eq!(placeholders(3, 2), "$3,$4");
    }

    #[test]
    fn sizes_are_few_and_fit() {
        assert_eq!(rows_per_statement(10_000, 24, 32_000), 256);
        assert_eq!(rows_per_statement(200, 24, 32_000), 128);
        assert_eq!(rows_per_statement(90, 24, 32_000), 64);
        assert_eq!(rows_per_statement(7, 24, 32_000), 7);
        assert_eq!(rows_per_statement(10_000, 1_000, 64_000), 64);
    }

    #[test]
    fn only_parameters_in_order_lose_their_numbers() {
        let check = |sql: &str, expect: &str| assert_eq!(in_order(Engine::Sqlite, sql.into()), expect);
        check("a = $1 AND b IN ($2,$3)", "a = ? AND b IN (?,?)");
        check("a = $2 AND b = $1", "a = $2 AND b = $1");
        check("a = $1 AND b = $1", "a = $1 AND b = $1");
        check("no parameter", "no parameter");
        assert_eq!(in_order(Engine::Postgres, "a = $1".into()), "a = $1");
    }
}
