//! The list of those who want no messages, as a whole. It may have ten thousand entries, so what is
//! different is worked out before the transaction, which then writes many rows at once.

use super::store;
use crate::{Result, Tx};
use sqlx::AnyPool;
use types::OrganizationId;

/// The list as it was read.
#[derive(Debug)]
pub struct Known {
    /// In order.
    pub jids: Vec<String>,
    mark: store::Mark,
}

impl Known {
    pub async fn read(pool: &AnyPool, organization: OrganizationId) -> Result<Self> {
        let mut conn = pool.acquire().await?;
        // The mark first: what changes in between makes it an old one, and the list is read again.
        let mark = store::opt_outs_mark(&mut conn, organization).await?;
        let jids = in_order(store::opt_outs(&mut *conn, organization).await?);
        Ok(Self { jids, mark })
    }

    pub fn is(&self, jids: &[String]) -> bool {
        self.jids == jids
    }

    /// Makes the list that one, which is in order; answers whether it was another. The
    /// organization's row must be locked.
    pub async fn make_in(&self, tx: &mut Tx, organization: OrganizationId, jids: &[String]) -> Result<bool> {
        let fresh;
        let before = if store::opt_outs_mark(tx.conn(), organization).await? == self.mark {
            &self.jids
        } else {
            fresh = in_order(store::opt_outs(&mut *tx.conn(), organization).await?);
            &fresh
        };
        let gone = missing_from(jids, before);
        let new = missing_from(before, jids);
        store::remove_opt_outs(tx, organization, &gone).await?;
        store::add_opt_outs(tx, organization, &new).await?;
        Ok(!gone.is_empty() || !new.is_empty())
    }
}

/// Databases have orders of their own.
fn in_order(mut jids: Vec<String>) -> Vec<String> {
    jids.sort();
    jids
}

/// What the first of two lists in order lacks of the second.
fn missing_from<'a>(list: &[String], of: &'a [String]) -> Vec<&'a str> {
    of.iter()
        .filter(|jid| list.binary_search(jid).is_err())
        .map(String::as_str)
        .collect()
}
