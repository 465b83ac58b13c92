//! The look before anything is queued.

use super::{
    Batches, changed, files,
    read::{self, Source},
    store,
};
use crate::{Actor, Ctx, Result};
use std::{collections::HashSet, io};
use tokio::task::spawn_blocking;
use types::{
    AppError, BatchId, OrganizationId, Permission, SessionId,
    batches::{Batch, BatchDetail, BatchState, MAX_BYTES},
};

/// Longest name, in characters.
const NAME: usize = 80;

/// A list as a caller hands it over.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// Blank: the file's.
    pub name: String,
    pub file_name: Option<String>,
    /// For rows that have no message of their own; `{column}` stands for a cell.
    pub text: Option<String>,
    /// For rows that name no session.
    pub session: Option<String>,
    pub source: Source,
}

impl Batches {
    /// Reads a list and keeps it: what can be sent, what cannot and why. Queues nothing.
    pub async fn preview(&self, ctx: &Ctx, input: NewBatch) -> Result<BatchDetail> {
        let organization = ctx.require(Permission::MessagesSend)?;
        let bytes = match &input.source {
            Source::Csv(bytes) => bytes.len(),
            Source::Paste(text) => text.len(),
            Source::Rows(_) => 0,
        };
        if bytes as i64 > MAX_BYTES {
            return Err(AppError::TooLarge {
                limit_bytes: MAX_BYTES,
            }
            .into());
        }
        let name = name_of(&input)?;
        let sessions = store::sessions(self.shared.read(), organization).await?;
        let session = session_of(ctx, input.session.as_deref(), &sessions)?;
        // Held until the list stands among the drafts, so that many at once are counted too.
        let _reading = self.reading.acquire().await.map_err(io::Error::other)?;
        self.make_room(organization).await?;
        let asked = session.map(|id| id.to_string());
        let (text, source, messages) = (input.text, input.source, self.messages.clone());
        let prepared = spawn_blocking(move || {
            let asked = read::Asked {
                text: text.as_deref(),
                session: asked.as_deref(),
                sessions: &sessions,
            };
            read::prepare(source, &asked, |draft| messages.judge(draft))
        });
        let prepared = prepared.await.map_err(io::Error::other)??;
        let now = self.shared.now();
        let batch = Batch {
            id: BatchId(self.shared.ids.uuid()),
            name,
            file_name: input.file_name.map(|name| name.chars().take(255).collect()),
            made_by: self.maker(ctx, organization).await?,
            session,
            state: BatchState::Draft,
            rows: prepared.row_count,
            valid: prepared.rows.len() as i64,
            duplicates: prepared.duplicates,
            invalid: prepared.invalid,
            accepted: 0,
            refused: 0,
            problem: None,
            created_at: now,
            confirmed_at: None,
            finished_at: None,
        };
        // On disk before the row that speaks of it.
        files::write(&self.shared.config.data, batch.id, prepared.common, prepared.rows).await?;
        let mut tx = self.shared.begin().await?;
        store::insert(tx.conn(), organization, ctx.session, &batch, &prepared.found).await?;
        store::insert_errors(&mut tx, organization, batch.id, &prepared.errors, 0);
        changed(&mut tx, organization, batch.id);
        tx.commit().await?;
        self.detail(ctx, organization, batch.id).await
    }

    /// Whose name stands beside the batch.
    async fn maker(&self, ctx: &Ctx, organization: OrganizationId) -> Result<Option<String>> {
        match ctx.actor {
            Actor::User(user) => store::user_name(self.shared.read(), user).await,
            Actor::Key(key) => store::key_name(self.shared.read(), organization, key).await,
            Actor::System => Ok(None),
        }
    }
}

fn name_of(input: &NewBatch) -> Result<String, AppError> {
    let name = input.name.replace('\0', "").trim().to_owned();
    if name.chars().count() > NAME {
        return Err(AppError::field(
            "name",
            format!("A name has at most {NAME} characters"),
        ));
    }
    if !name.is_empty() {
        return Ok(name);
    }
    let file = input.file_name.as_deref().unwrap_or_default().replace('\0', "");
    let stem = file
        .rsplit_once('.')
        .map_or(file.as_str(), |(stem, _)| stem)
        .trim();
    Ok(if stem.is_empty() {
        "Pasted list".into()
    } else {
        stem.chars().take(NAME).collect()
    })
}

fn session_of(
    ctx: &Ctx,
    wanted: Option<&str>,
    sessions: &HashSet<SessionId>,
) -> Result<Option<SessionId>, AppError> {
    let Some(text) = wanted.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(ctx.session);
    };
    let id = text.parse::<SessionId>().ok();
    id.filter(|id| sessions.contains(id) && ctx.may_touch(*id).is_ok())
        .map(Some)
        .ok_or_else(|| {
            AppError::field(
                "session",
                "There is no such session in this organization. Leave it out to let one be chosen.",
            )
        })
}
