//! Accept: many requests, one transaction, an answer to each after the commit.

use super::{
    Messages,
    check::{Attachment, Checked, Judged, check},
    choose::Book,
    idempotency,
    outlook::Outlook,
    store,
};
use crate::{Actor, Ctx, Error, NewEvent, Result, Tx, media::Stored};
use db::GroupWriter;
use std::collections::{HashMap, HashSet};
use types::{
    AppError, BatchId, MediaId, OrganizationId, SessionId, Timestamp,
    events::EventType,
    messages::{Accept, Accepted, Class, Idempotency},
};

pub type Writer = GroupWriter<Job, Result<Accepted, AppError>>;

/// How many requests may wait for the writer before it says that it is busy.
const WAITING: usize = 20_000;
/// How many rows share a transaction at most; a bulk of more is a transaction of its own.
const GROUP: usize = 500;

/// One call on its way through the writer.
#[derive(Clone)]
pub struct Job {
    pub organization: OrganizationId,
    /// Whose idempotency keys these are.
    pub caller: String,
    /// A key that belongs to one session sends through it alone.
    pub pin: Option<SessionId>,
    pub rows: Vec<Result<Ready, AppError>>,
    pub once: bool,
    pub class: Class,
    pub batch: Option<BatchId>,
    pub idempotency: Option<Idempotency>,
    /// What its messages are told about when they leave.
    pub outlook: Outlook,
}

/// A checked draft whose attachment, if it was handed over, lies on disk.
#[derive(Clone)]
pub struct Ready {
    pub draft: Checked,
    pub file: Option<Stored>,
}

impl Messages {
    pub(super) async fn accept_checked(
        &self,
        ctx: &Ctx,
        organization: OrganizationId,
        input: Accept,
        batch: Option<BatchId>,
    ) -> Result<Accepted> {
        let mut rows = Vec::with_capacity(input.drafts.len());
        let (mut judged, mut stored) = (Judged::new(), HashMap::new());
        for draft in input.drafts {
            rows.push(match check(draft, &self.media, &mut judged) {
                Ok(draft) => Ok(self.store_attachment(draft, &mut stored).await?),
                Err(error) => Err(error),
            });
        }
        // Nothing to write and nothing to remember: only 2xx answers are kept under a key.
        if input.idempotency.is_none() && rows.iter().all(Result::is_err) {
            let rows = rows.into_iter().filter_map(Result::err).map(Err).collect();
            return Ok(Accepted {
                rows,
                replayed: false,
            });
        }
        let caller = match ctx.actor {
            Actor::Key(key) => key.key(),
            Actor::User(user) => user.key(),
            Actor::System => String::new(),
        };
        let weight = rows.len().max(1);
        let outlook = self
            .outlook(organization, input.class, ctx.session, &rows)
            .await?;
        let job = Job {
            organization,
            caller,
            pin: ctx.session,
            rows,
            once: input.once,
            class: input.class,
            batch,
            idempotency: input.idempotency,
            outlook,
        };
        let writer = self.writer.get_or_init(|| {
            let (opening, messages) = (self.clone_for_writer(), self.clone_for_writer());
            GroupWriter::start(
                WAITING,
                GROUP,
                move || opening.clone().open(),
                move |opened, jobs| {
                    let messages = messages.clone();
                    async move { messages.commit_group(opened, jobs).await }
                },
            )
        });
        Ok(writer.submit(job, weight).await??)
    }

    /// The writer must not hold the cell it lives in, or it would never end.
    fn clone_for_writer(&self) -> Self {
        Self {
            writer: std::sync::Arc::default(),
            ..self.clone()
        }
    }

    /// Before the transaction: nobody waits in it for a file to reach the disk.
    async fn store_attachment(
        &self,
        mut draft: Checked,
        stored: &mut HashMap<usize, Stored>,
    ) -> Result<Ready> {
        let Some(Attachment::Bytes { data, .. }) = &mut draft.attachment else {
            return Ok(Ready { draft, file: None });
        };
        // From here on the file's name stands for it; the bytes need not wait with the call.
        let data = std::mem::take(data);
        let place = data.as_ptr().addr();
        let file = if let Some(file) = stored.get(&place) {
            file.clone()
        } else {
            let file = self.media.put(data).await?;
            stored.insert(place, file.clone());
            file
        };
        Ok(Ready {
            draft,
            file: Some(file),
        })
    }

    /// Names the files of a call in its organization. When nothing of the group is queued the
    /// transaction is given up; otherwise a refused row may leave a name that no message uses.
    async fn name_files(&self, tx: &mut Tx, job: &Job) -> Result<Vec<Option<MediaId>>> {
        let mut named = Vec::new();
        for row in &job.rows {
            let media = match row {
                Ok(Ready {
                    draft,
                    file: Some(file),
                }) => match &draft.attachment {
                    Some(Attachment::Bytes { found, filename, .. }) => {
                        let name = filename.as_deref();
                        Some(
                            self.media
                                .record_in(tx.conn(), job.organization, file, found, name)
                                .await?
                                .id,
                        )
                    }
                    _ => None,
                },
                _ => None,
            };
            named.push(media);
        }
        Ok(named)
    }

    /// Waits for the turn to write.
    async fn open(self) -> Result<Tx> {
        self.shared.begin().await
    }

    /// Commits a group; when that fails, each call alone, so that one does not sink the others.
    async fn commit_group(&self, opened: Result<Tx>, jobs: Vec<Job>) -> Vec<Result<Accepted, AppError>> {
        let request = types::RequestId(self.shared.ids.uuid());
        let mut opened = Some(opened);
        for attempt in 0..3 {
            let result = match opened.take() {
                Some(opened) => self.commit_in(opened, &jobs).await,
                None => self.commit(&jobs).await,
            };
            match result {
                Ok(answers) => return answers,
                Err(Error::Db(error)) if error.is_retryable() && attempt < 2 => {}
                // When the connection broke, the commit may have happened: nothing is tried again,
                // and the callers hear that it failed on our side.
                Err(error) if jobs.len() == 1 || !refused(&error) => {
                    let error = error.into_app(request);
                    return jobs.iter().map(|_| Err(error.clone())).collect();
                }
                Err(error) => {
                    tracing::warn!(%error, calls = jobs.len(), "a group could not be committed; trying its calls alone");
                    break;
                }
            }
        }
        let mut answers = Vec::with_capacity(jobs.len());
        for job in jobs {
            let answer = match self.commit(std::slice::from_ref(&job)).await {
                Ok(mut answers) => answers.pop().unwrap_or(Err(AppError::Internal {
                    request_id: Some(request),
                })),
                Err(error) => Err(error.into_app(request)),
            };
            answers.push(answer);
        }
        answers
    }

    async fn commit(&self, jobs: &[Job]) -> Result<Vec<Result<Accepted, AppError>>> {
        let opened = self.clone().open().await;
        self.commit_in(opened, jobs).await
    }

    async fn commit_in(&self, opened: Result<Tx>, jobs: &[Job]) -> Result<Vec<Result<Accepted, AppError>>> {
        let mut tx = opened?;
        let now = tx.now();
        let mut memory = idempotency::Memory::load(&mut tx, jobs, now).await?;
        let mut book = Book::load(&mut tx, jobs).await?;
        let mut answers = Vec::with_capacity(jobs.len());
        let mut new_rows = Vec::new();
        for job in jobs {
            let answer = match memory.recall(job) {
                Some(answer) => answer,
                None => match self.place_job(
                    job,
                    &self.name_files(&mut tx, job).await?,
                    &mut book,
                    now,
                    &mut new_rows,
                ) {
                    Ok(accepted) => {
                        memory.remember(job, &accepted);
                        Ok(accepted)
                    }
                    Err(error) => Err(error),
                },
            };
            answers.push(answer);
        }
        if !new_rows.is_empty() {
            self.write(&mut tx, &book, &memory, &new_rows, now).await?;
            tx.commit().await?;
            self.wake_for(&new_rows);
        }
        Ok(answers)
    }

    async fn write(
        &self,
        tx: &mut Tx,
        book: &Book,
        memory: &idempotency::Memory,
        rows: &[store::insert::NewMessage],
        now: Timestamp,
    ) -> Result<()> {
        store::insert::messages(tx, rows);
        book.save(tx);
        memory.save(tx, now).await?;
        for row in rows {
            tx.record(queued_event(row));
        }
        Ok(())
    }

    fn wake_for(&self, rows: &[store::insert::NewMessage]) {
        /// From so many rows on, estimates count the queue anew.
        const MANY: usize = 100;
        if rows.len() >= MANY {
            let organizations: HashSet<OrganizationId> = rows.iter().map(|row| row.organization).collect();
            for organization in organizations {
                self.outlooks.forget_queue(organization);
            }
        }
        let mut lanes: HashSet<SessionId> = HashSet::new();
        let mut pools: HashSet<OrganizationId> = HashSet::new();
        for row in rows {
            if row.fetching {
                self.wake.fetch.notify_one();
            }
            match row.session {
                Some(session) => {
                    lanes.insert(session);
                }
                None => {
                    pools.insert(row.organization);
                }
            }
        }
        for session in lanes {
            self.wake.notify(session);
        }
        for organization in pools {
            self.wake.notify_pool(organization);
        }
    }
}

/// Whether the database itself said no, so that nothing of the group can have been written.
fn refused(error: &Error) -> bool {
    match error {
        Error::Db(db::Error::Sql(error)) => matches!(error, sqlx::Error::Database(_)),
        Error::App(_) | Error::Damaged(_) => true,
        _ => false,
    }
}

fn queued_event(row: &store::insert::NewMessage) -> NewEvent {
    NewEvent {
        organization: row.organization,
        session: row.session,
        kind: EventType::MessageQueued,
        data: super::record::event_data(
            row.id,
            Some(i64::from(row.queue_id)),
            &row.recipient,
            "pending",
            None,
        ),
    }
}
