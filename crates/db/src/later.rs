//! Statements that wait for the commit, because nobody reads what they answer.

use crate::{Engine, Result};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::{collections::HashSet, fmt::Write as _};

/// What a column of the portable subset takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(Option<String>),
    Number(Option<i64>),
}

/// One statement and its values, in the order of its parameters.
#[derive(Clone, Debug)]
pub struct Statement {
    sql: String,
    values: Vec<Value>,
    alone: bool,
}

/// Up to so many values, statements travel together.
///
/// A statement is a trip to another thread (SQLite) or process (PostgreSQL), which costs more
/// than most take to run. For large groups that no longer matters, while every new combination
/// would be another text for the statement cache.
const TOGETHER: usize = 2_000;

impl Statement {
    /// The parameters must be numbered in the order in which they stand, each once. It must not
    /// read what another statement that waits for the same commit writes.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            values: Vec::new(),
            alone: false,
        }
    }

    /// One that reads tables: on PostgreSQL it must not see them as they were before the others.
    pub fn alone(sql: impl Into<String>) -> Self {
        Self {
            alone: true,
            ..Self::new(sql)
        }
    }

    /// The table that it writes and that no other part of the same query may write; `None` for one
    /// that stands alone.
    fn table(&self) -> Option<&str> {
        let mut words = self.sql.split_ascii_whitespace();
        let table = match (words.next()?, words.next()?) {
            _ if self.alone => None,
            ("INSERT", "INTO") => words.next(),
            ("UPDATE", table) => Some(table),
            _ => None,
        };
        // A list of columns may follow without a blank.
        table.and_then(|table| table.split('(').next())
    }

    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    async fn run(self, conn: &mut AnyConnection) -> Result<()> {
        let mut query = sqlx::query(AssertSqlSafe(self.sql));
        for value in self.values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
            };
        }
        query.execute(conn).await?;
        Ok(())
    }
}

pub(crate) async fn run(engine: Engine, conn: &mut AnyConnection, statements: Vec<Statement>) -> Result<()> {
    for statement in gathered(engine, statements) {
        statement.run(conn).await?;
    }
    Ok(())
}

fn gathered(engine: Engine, statements: Vec<Statement>) -> Vec<Statement> {
    let values: usize = statements.iter().map(|statement| statement.values.len()).sum();
    if statements.len() < 2 || values > TOGETHER {
        return statements;
    }
    match engine {
        Engine::Sqlite => vec![one_text(statements)],
        Engine::Postgres => by_table(statements).into_iter().map(one_query).collect(),
    }
}

/// The driver runs the statements of one text one after the other, and each takes its values
/// where the one before it stopped.
fn one_text(statements: Vec<Statement>) -> Statement {
    let mut all = Statement::new("");
    for Statement { sql, values, .. } in statements {
        if !all.sql.is_empty() {
            all.sql.push_str("; ");
        }
        all.sql.push_str(&crate::in_order(Engine::Sqlite, sql));
        all.values.extend(values);
    }
    debug_assert_eq!(
        all.sql.matches('?').count(),
        all.values.len(),
        "parameters not in order: {}",
        all.sql
    );
    all
}

/// Groups of statements of which no two write the same table: one query sees each row as it was
/// before it, so that a second change of a row would be lost.
fn by_table(statements: Vec<Statement>) -> Vec<Vec<Statement>> {
    let mut groups: Vec<Vec<Statement>> = Vec::new();
    let mut tables = HashSet::new();
    for statement in statements {
        let table = statement.table().map(str::to_owned);
        let joins = table.is_some_and(|table| tables.insert(table));
        let open = |group: &&mut Vec<Statement>| joins && group[0].table().is_some();
        if let Some(group) = groups.last_mut().filter(open) {
            group.push(statement);
        } else {
            tables.clear();
            tables.extend(statement.table().map(str::to_owned));
            groups.push(vec![statement]);
        }
    }
    groups
}

/// One query whose parts PostgreSQL runs from the last to the first, so that locks are still
/// taken in the order in which the statements were given.
fn one_query(mut group: Vec<Statement>) -> Statement {
    if group.len() == 1 {
        return group.remove(0);
    }
    let mut all = Statement::new("WITH ");
    for (index, Statement { sql, values, .. }) in group.into_iter().rev().enumerate() {
        if index > 0 {
            all.sql.push_str(", ");
        }
        let _ = write!(all.sql, "part{index} AS ({})", renumbered(&sql, all.values.len()));
        all.values.extend(values);
    }
    all.sql.push_str(" SELECT 1");
    all
}

/// The same text with its parameters counted from there on.
fn renumbered(sql: &str, from: usize) -> String {
    let mut pieces = sql.split('$');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        let number = number.parse::<usize>().unwrap_or_default();
        let _ = write!(text, "${}{rest}", number + from);
    }
    text
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestDb;
    use sqlx::Row as _;

    #[test]
    fn no_two_parts_of_a_query_write_one_table() {
        let groups = |all: &[&str]| -> Vec<usize> {
            let all = all.iter().map(|sql| match sql.strip_prefix("alone ") {
                Some(sql) => Statement::alone(sql),
                None => Statement::new(*sql),
            });
            by_table(all.collect()).iter().map(Vec::len).collect()
        };
        assert_eq!(
            groups(&["INSERT INTO a (n) VALUES (1)", "UPDATE b SET n = 1"]),
            [2]
        );
        assert_eq!(
            groups(&["INSERT INTO a(n) VALUES (1)", "UPDATE a SET n = 1"]),
            [1, 1]
        );
        assert_eq!(
            groups(&[
                "UPDATE a SET n = 1",
                "alone UPDATE b SET n = 1",
                "UPDATE c SET n = 1"
            ]),
            [1, 1, 1]
        );
        assert_eq!(
            groups(&["SELECT 1", "UPDATE a SET n = 1", "UPDATE b SET n = 1"]),
            [1, 2]
        );
    }

    #[tokio::test]
    async fn statements_wait_for_the_commit_and_keep_their_order() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let test = TestDb::new(engine).await;
            for rows in [2_i64, 700] {
                let mut tx = test.db.begin().await.unwrap();
                sqlx::query("CREATE TABLE late (n BIGINT, t TEXT)")
                    .execute(tx.conn())
                    .await
                    .unwrap();
                for n in 0..rows {
                    let text = (n % 2 == 0).then(|| n.to_string());
                    tx.at_commit(
                        Statement::new("INSERT INTO late (n, t) VALUES ($1, $2)")
                            .bind(n)
                            .bind(text),
                    );
                }
                tx.at_commit(
                    Statement::new("UPDATE late SET n = n + $1 WHERE n < $2")
                        .bind(1_000_i64)
                        .bind(2_i64),
                );
                tx.commit().await.unwrap();
                let read = "SELECT CAST(COUNT(t) AS BIGINT), CAST(SUM(CASE WHEN n >= 1000 THEN 1 ELSE 0 END) AS BIGINT) FROM late";
                let row = sqlx::query(read).fetch_one(test.db.read()).await.unwrap();
                assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (rows / 2, 2));
                let mut tx = test.db.begin().await.unwrap();
                sqlx::query("DROP TABLE late").execute(tx.conn()).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
    }

    /// Locks are taken in the order of the statements, which keeps two transactions from waiting
    /// for each other. PostgreSQL does not promise the order, so it is watched here.
    #[tokio::test]
    async fn postgres_runs_the_parts_in_the_order_given() {
        let test = TestDb::new(Engine::Postgres).await;
        let mut tx = test.db.begin().await.unwrap();
        for sql in [
            "CREATE SEQUENCE tick",
            "CREATE TABLE one (n BIGINT, at BIGINT DEFAULT nextval('tick'))",
            "CREATE TABLE two (n BIGINT, at BIGINT DEFAULT nextval('tick'))",
            "CREATE TABLE three (n BIGINT, at BIGINT DEFAULT nextval('tick'))",
            "INSERT INTO one (n) VALUES (7)",
        ] {
            sqlx::query(sql).execute(tx.conn()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = test.db.begin().await.unwrap();
        tx.at_commit(
            Statement::new("INSERT INTO two (n) VALUES ($1), ($2)")
                .bind(1_i64)
                .bind(2_i64),
        );
        tx.at_commit(
            Statement::new("UPDATE one SET at = nextval('tick'), n = $1 WHERE n = $2")
                .bind(8_i64)
                .bind(7_i64),
        );
        tx.at_commit(Statement::new("INSERT INTO three (n) VALUES ($1)").bind(3_i64));
        tx.at_commit(Statement::new("UPDATE one SET n = n + $1").bind(1_i64));
        tx.commit().await.unwrap();
        let read = "SELECT (SELECT MAX(at) FROM two), (SELECT MAX(at) FROM one), (SELECT MAX(at) FROM three), (SELECT MAX(n) FROM one)";
        let row = sqlx::query(read).fetch_one(test.db.read()).await.unwrap();
        let found: Vec<i64> = (0..4).map(|i| row.get(i)).collect();
        assert!(found[0] < found[1] && found[1] < found[2], "{found:?}");
        assert_eq!(found[3], 9, "the same row twice: two queries");
    }

    #[tokio::test]
    async fn one_bad_statement_undoes_the_others() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let test = TestDb::new(engine).await;
            let mut tx = test.db.begin().await.unwrap();
            sqlx::query("CREATE TABLE late (n BIGINT PRIMARY KEY)")
                .execute(tx.conn())
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let mut tx = test.db.begin().await.unwrap();
            for n in [1_i64, 2, 2] {
                tx.at_commit(Statement::new("INSERT INTO late (n) VALUES ($1)").bind(n));
            }
            assert!(tx.commit().await.unwrap_err().is_unique_violation());
            let row = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) FROM late")
                .fetch_one(test.db.read())
                .await
                .unwrap();
            assert_eq!(row.get::<i64, _>(0), 0);
        }
    }
}
