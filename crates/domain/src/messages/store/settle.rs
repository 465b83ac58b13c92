//! SQL of what people settle by hand.

use crate::{Result, Tx};
use types::{MessageId, OrganizationId};

/// Holds an uncertain message until the transaction ends; `false` when it is not uncertain any more.
pub async fn take(tx: &mut Tx, organization: OrganizationId, id: MessageId, why: &str) -> Result<bool> {
    let changed = sqlx::query(
        "UPDATE messages SET error = $3 \
         WHERE organization_id = $1 AND id = $2 AND state = 'uncertain'",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(why)
    .execute(tx.conn())
    .await?
    .rows_affected();
    Ok(changed > 0)
}
