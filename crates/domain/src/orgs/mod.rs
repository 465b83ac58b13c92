//! Organizations: the border that no data crosses.
//!
//! Owns an organization's name and time zone. Its settings live in [`crate::settings`], its
//! members in [`crate::people`].

pub(crate) mod fields;
mod store;

use crate::{Error, Result, Shared, Tx, time};
use std::sync::Arc;
use types::{AppError, OrganizationId, Zone, people::OrganizationSummary};

#[derive(Clone)]
pub struct Orgs {
    shared: Arc<Shared>,
}

impl Orgs {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Makes an organization without members; who makes one decides who joins it.
    pub async fn create_in(&self, tx: &mut Tx, name: &str, time_zone: &str) -> Result<OrganizationId> {
        let mut bad = fields::BadFields::default();
        let name = bad.take(fields::name("organization", name));
        let time_zone = bad.take(fields::time_zone("time_zone", time_zone));
        bad.done()?;
        let id = OrganizationId(self.shared.ids.uuid());
        let now = tx.now();
        store::insert(tx.conn(), id, &name, &time_zone, now).await?;
        Ok(id)
    }

    pub async fn name(&self, organization: OrganizationId) -> Result<String> {
        Ok(self.row(organization).await?.name)
    }

    /// The IANA name of its time zone.
    pub async fn time_zone(&self, organization: OrganizationId) -> Result<String> {
        Ok(self.row(organization).await?.time_zone)
    }

    /// Its time zone as data, for pages.
    pub async fn zone(&self, organization: OrganizationId) -> Result<Zone> {
        Ok(time::zone(
            &self.time_zone(organization).await?,
            self.shared.now(),
        ))
    }

    pub async fn summary(&self, organization: OrganizationId) -> Result<OrganizationSummary> {
        let row = self.row(organization).await?;
        Ok(OrganizationSummary {
            id: organization,
            name: row.name,
            zone: time::zone(&row.time_zone, self.shared.now()),
        })
    }

    /// The organization with that id or exactly that name, for the command line.
    pub async fn find(&self, text: &str) -> Result<OrganizationId> {
        let text = fields::clean(text);
        let named = store::by_name(self.shared.read(), &text).await?;
        match (text.parse::<OrganizationId>(), named.as_slice()) {
            (Ok(id), _) => self.row(id).await.map(|_| id),
            (Err(_), [id]) => Ok(*id),
            (Err(_), []) => Err(AppError::not_found("organization").into()),
            (Err(_), _) => Err(AppError::conflict(
                "AMBIGUOUS_NAME",
                "Several organizations have this name. Give the id of the one you mean.",
            )
            .into()),
        }
    }

    async fn row(&self, organization: OrganizationId) -> Result<store::Row> {
        store::get(self.shared.read(), organization)
            .await?
            .ok_or_else(|| Error::App(AppError::not_found("organization")))
    }
}
