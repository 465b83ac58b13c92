//! Attachments: what may be sent, where it comes from, and where it lies.
//!
//! Owns the judgement of files by content ([`check`]), fetching by URL through the guarded
//! client, the files on disk and their rows. Files are named by their SHA-256 and never change,
//! so that the same picture for ten thousand recipients lies there once. Never decides whether a
//! message may leave; a message only points at a row here.
//!
//! A file is on disk, synced, before the row that names it is committed: a crash in between
//! leaves a file that nobody names, never a message without its attachment.

mod check;
mod decode;
mod detect;
mod disk;
mod fetch;
mod kept;
mod problem;
mod store;
#[cfg(test)]
mod tests;

pub use check::{MediaProblem, check};
pub use decode::{DecodeError, clean_filename, decode_base64};
pub use detect::{Detected, detect};
pub use disk::Stored;
pub use fetch::{FetchProblem, FetchedMedia};

use crate::{Ctx, Result, Shared, Tx};
use bytes::Bytes;
use outbound::Outbound;
use sqlx::AnyConnection;
use std::{collections::HashMap, sync::Arc};
use types::{AppError, MediaId, OrganizationId, Permission, media::Media};

#[derive(Clone)]
pub struct MediaRoom {
    shared: Arc<Shared>,
    outbound: Outbound,
}

impl MediaRoom {
    pub fn new(shared: Arc<Shared>) -> Self {
        let outbound = fetch::client(&shared.config.allow_net);
        Self { shared, outbound }
    }

    /// An attachment and its content, for whoever may see messages. Another organization's does
    /// not exist, and neither does any for the key of one session: a file does not say which
    /// session it belongs to.
    pub async fn open(&self, ctx: &Ctx, id: MediaId) -> Result<(Media, Vec<u8>)> {
        let organization = ctx
            .require(Permission::ChatsView)
            .or_else(|_| ctx.require(Permission::QueueView))?;
        if ctx.session.is_some() {
            return Err(AppError::not_found("attachment").into());
        }
        self.read(organization, id).await
    }

    /// The same for background work: the content that is about to be sent.
    pub async fn read(&self, organization: OrganizationId, id: MediaId) -> Result<(Media, Vec<u8>)> {
        let row = store::many(self.shared.read(), organization, &[id])
            .await?
            .into_iter()
            .next();
        let row = row.ok_or_else(|| AppError::not_found("attachment"))?;
        let bytes = disk::read(&self.shared.config.data, &row.sha256).await?;
        Ok((row.media, bytes))
    }

    /// What is known of these attachments; those of others are left out.
    pub async fn many(
        &self,
        organization: OrganizationId,
        ids: &[MediaId],
    ) -> Result<HashMap<MediaId, Media>> {
        let rows = store::many(self.shared.read(), organization, ids).await?;
        Ok(rows.into_iter().map(|row| (row.media.id, row.media)).collect())
    }

    /// Puts a file on disk and returns its name there. Slow (it waits for the disk), hence
    /// apart: do this first, then begin the transaction and name it with [`Self::record_in`].
    pub async fn put(&self, bytes: impl Into<Bytes>) -> Result<Stored> {
        let temporary = self.shared.ids.uuid().simple().to_string();
        let now = kept::moment(self.shared.now());
        disk::put(&self.shared.config.data, bytes.into(), temporary, now).await
    }

    /// Gives a file on disk to an organization, within the transaction of the message.
    pub async fn record_in(
        &self,
        conn: &mut AnyConnection,
        organization: OrganizationId,
        stored: &Stored,
        found: &Detected,
        filename: Option<&str>,
    ) -> Result<Media> {
        let media = Media {
            id: MediaId(self.shared.ids.uuid()),
            kind: found.kind,
            mime: found.mime.into(),
            filename: filename.and_then(clean_filename),
            bytes: stored.bytes,
        };
        if let Some(same) = store::same(conn, organization, &stored.sha256, &media).await? {
            return Ok(Media { id: same, ..media });
        }
        store::insert(conn, organization, &stored.sha256, &media, self.shared.now()).await?;
        Ok(media)
    }

    /// [`Self::put`] and [`Self::record_in`] in one, for small files: the write transaction
    /// stands still until the disk has them.
    pub async fn save_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        bytes: &[u8],
        found: &Detected,
        filename: Option<&str>,
    ) -> Result<Media> {
        let stored = self.put(Bytes::copy_from_slice(bytes)).await?;
        self.record_in(tx.conn(), organization, &stored, found, filename)
            .await
    }
}
