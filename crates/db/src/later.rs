//! Statements that wait for the commit, because nobody reads what they answer.

use crate::{Engine, Result};
use sqlx::{AnyConnection, AssertSqlSafe};

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
}

/// Up to so many values, statements travel together.
///
/// SQLite runs on a thread of its own, and handing a statement over costs more than most take to
/// run. For large groups that no longer matters, while every new combination would be another
/// text for the statement cache.
const TOGETHER: usize = 600;

impl Statement {
    /// The parameters must be numbered in the order in which they stand, each once.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            values: Vec::new(),
        }
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
    let values: usize = statements.iter().map(|statement| statement.values.len()).sum();
    if engine == Engine::Sqlite && statements.len() > 1 && values <= TOGETHER {
        let all = together(statements);
        debug_assert_eq!(
            all.sql.matches('?').count(),
            all.values.len(),
            "parameters not in order: {}",
            all.sql
        );
        return all.run(conn).await;
    }
    for statement in statements {
        statement.run(conn).await?;
    }
    Ok(())
}

/// The driver runs the statements of one text one after the other, and each takes its values
/// where the one before it stopped.
fn together(statements: Vec<Statement>) -> Statement {
    let mut all = Statement::new("");
    for Statement { sql, values } in statements {
        if !all.sql.is_empty() {
            all.sql.push_str("; ");
        }
        all.sql.push_str(&crate::in_order(Engine::Sqlite, sql));
        all.values.extend(values);
    }
    all
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
