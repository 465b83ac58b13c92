//! Many rows at once.
//!
//! The values stand in the text of the statement: binding some thirty million of them one by one
//! would take longer than everything the databases do with them.

use anyhow::Result;
use db::{AssertSqlSafe, Db, sqlx};
use std::fmt::Write as _;

/// Statements of about that length are as quick as any and stay small.
const LONG: usize = 300_000;
/// How much is committed at once.
const MUCH: usize = 12_000_000;

/// A value of a row.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    Text(&'a str),
    Number(i64),
    Null,
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row from anything that is a value.
#[macro_export]
macro_rules! row {
    ($($value:expr),* $(,)?) => { &[$($crate::pages::fill::rows::Value::from($value)),*] };
}

/// Rows on their way into one table.
#[derive(Debug)]
pub struct Rows {
    /// Table and columns.
    into: &'static str,
    text: String,
    ready: Vec<String>,
    weight: usize,
}

impl Rows {
    pub fn new(into: &'static str) -> Self {
        Self {
            into,
            text: String::new(),
            ready: Vec::new(),
            weight: 0,
        }
    }

    pub fn push(&mut self, row: &[Value<'_>]) {
        if self.text.is_empty() {
            let _ = write!(self.text, "INSERT INTO {} VALUES (", self.into);
        } else {
            self.text.push_str(",(");
        }
        for (place, value) in row.iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            match value {
                Value::Null => self.text.push_str("NULL"),
                Value::Number(number) => {
                    let _ = write!(self.text, "{number}");
                }
                Value::Text(text) => {
                    self.text.push('\'');
                    self.text.push_str(&text.replace('\'', "''"));
                    self.text.push('\'');
                }
            }
        }
        self.text.push(')');
        if self.text.len() > LONG {
            self.end_statement();
        }
    }

    fn end_statement(&mut self) {
        if !self.text.is_empty() {
            self.weight += self.text.len();
            self.ready.push(std::mem::take(&mut self.text));
        }
    }

    /// Writes what has come together, once that is much.
    pub async fn flow(&mut self, db: &Db) -> Result<()> {
        if self.weight > MUCH {
            self.write(db).await?;
        }
        Ok(())
    }

    /// Writes everything.
    pub async fn write(&mut self, db: &Db) -> Result<()> {
        self.end_statement();
        if self.ready.is_empty() {
            return Ok(());
        }
        let mut tx = db.begin().await?;
        for text in self.ready.drain(..) {
            run(tx.conn(), text).await?;
        }
        self.weight = 0;
        Ok(tx.commit().await?)
    }
}

/// A statement whose text is seen once only.
pub async fn run(conn: &mut db::AnyConnection, text: String) -> Result<()> {
    sqlx::query(AssertSqlSafe(text))
        .persistent(false)
        .execute(conn)
        .await?;
    Ok(())
}
