//! Lists page by key: a page knows where the next one begins, never its number.

use serde::{Deserialize, Serialize};

/// One page of a list, in the order the list documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    /// Give this back as `cursor` to read on; `None` on the last page.
    pub next: Option<String>,
    /// How many there are in all, where that is kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub total: Option<i64>,
}

impl<T> Page<T> {
    pub fn empty() -> Self {
        Self {
            data: Vec::new(),
            next: None,
            total: None,
        }
    }

    /// Cuts `rows`, read with one row more than `limit`, and takes the cursor from the last row kept.
    pub fn cut(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = if more { rows.last().map(cursor) } else { None };
        Self {
            data: rows,
            next,
            total: None,
        }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            data: self.data.into_iter().map(f).collect(),
            next: self.next,
            total: self.total,
        }
    }
}

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// 1 to 1,000.
    pub limit: u32,
    pub cursor: Option<String>,
    /// Also say how many rows there are in all. With a filter they are counted one by one, so only
    /// where an answer promises the number.
    pub total: bool,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            limit: 100,
            cursor: None,
            total: false,
        }
    }
}

impl PageRequest {
    pub const MAX: u32 = 1_000;

    /// A page of that many rows, kept within 1 to 1,000.
    pub fn of(limit: u32, cursor: Option<String>) -> Self {
        Self {
            limit: limit.clamp(1, Self::MAX),
            cursor: cursor.filter(|c| !c.is_empty()),
            total: false,
        }
    }

    #[must_use]
    pub fn with_total(self) -> Self {
        Self { total: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_page_points_at_the_next_one() {
        let page = Page::cut(vec![1, 2, 3], 2, ToString::to_string);
        assert_eq!((page.data, page.next.as_deref()), (vec![1, 2], Some("2")));
        let last = Page::cut(vec![3], 2, ToString::to_string);
        assert_eq!(last.next, None);
    }
}
