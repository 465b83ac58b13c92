//! Multi-row `VALUES`: few statements with many rows each are what makes inserts fast.

use std::fmt::Write as _;

/// How many rows one statement should carry: the largest of a few fixed sizes, so that the
/// statement cache sees the same texts again and again.
pub fn rows_per_statement(rows: usize, columns: usize, bind_limit: usize) -> usize {
    const SIZES: [usize; 7] = [256, 128, 64, 32, 16, 4, 1];
    SIZES
        .into_iter()
        .find(|size| *size <= rows && size * columns <= bind_limit)
        .unwrap_or(1)
}

/// `INSERT INTO {into} VALUES ($1,$2),($3,$4){suffix}` for that many rows.
pub fn insert_sql(into: &str, columns: usize, rows: usize, suffix: &str) -> String {
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
            let _ = write!(sql, "${}", row * columns + column + 1);
        }
        sql.push(')');
    }
    if !suffix.is_empty() {
        sql.push(' ');
        sql.push_str(suffix);
    }
    sql
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
        assert_eq!(
            insert_sql("t (a, b)", 2, 2, ""),
            "INSERT INTO t (a, b) VALUES ($1,$2),($3,$4)"
        );
        assert_eq!(placeholders(3, 2), "$3,$4");
    }

    #[test]
    fn sizes_are_few_and_fit() {
        assert_eq!(rows_per_statement(10_000, 24, 32_000), 256);
        assert_eq!(rows_per_statement(200, 24, 32_000), 128);
        assert_eq!(rows_per_statement(3, 24, 32_000), 1);
        assert_eq!(rows_per_statement(10_000, 1_000, 32_000), 32);
    }
}
