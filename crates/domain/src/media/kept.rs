//! Files that nobody sent: those of forms that were refused, and those without a message.

use super::{MediaRoom, Stored, disk, store};
use crate::{Actor, Ctx, Result};
use bytes::Bytes;
use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio::task::spawn_blocking;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{AppError, Timestamp};

const HOUR: i64 = 3_600_000;
/// How long a file lies without anybody naming it, in milliseconds.
const KEPT: i64 = 24 * HOUR;
/// Folders that are looked through in an hour, so that a day goes through all 256.
const FOLDERS: i64 = 11;

impl MediaRoom {
    /// Lays a file aside for somebody whose form was refused: one for each member, the last.
    pub async fn keep(&self, ctx: &Ctx, bytes: Bytes) -> Result<Stored> {
        let path = self.path_of(ctx)?;
        let now = moment(self.shared.now());
        let temporary = format!(".{}", self.shared.ids.uuid().simple());
        let kept = spawn_blocking(move || {
            let stored = disk::name(&bytes);
            let folder = path.parent().unwrap_or(&path);
            crate::make_private(folder)?;
            let temporary = folder.join(temporary);
            let written =
                disk::write_synced(&temporary, &bytes, now).and_then(|()| fs::rename(&temporary, &path));
            if written.is_err() {
                let _ = fs::remove_file(&temporary);
            }
            written.map(|()| stored)
        });
        Ok(kept.await.map_err(io::Error::other)??)
    }

    /// What [`Self::keep`] laid aside, unless it was replaced since.
    pub async fn kept(&self, ctx: &Ctx, stored: &Stored) -> Result<Bytes> {
        let (path, expected) = (self.path_of(ctx)?, stored.clone());
        let read = spawn_blocking(move || {
            let bytes = Bytes::from(fs::read(path)?);
            io::Result::Ok((disk::name(&bytes) == expected).then_some(bytes))
        });
        let read = read.await.map_err(io::Error::other)??;
        Ok(read.ok_or_else(|| AppError::not_found("file"))?)
    }

    fn path_of(&self, ctx: &Ctx) -> Result<PathBuf> {
        let (Some(organization), Actor::User(user)) = (ctx.organization, ctx.actor) else {
            return Err(AppError::Unauthenticated.into());
        };
        Ok(folder(&self.shared.config.data).join(format!("{}-{}", organization.key(), user.key())))
    }

    /// Removes what nobody needs any more, at the start and then once an hour.
    pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
        let room = self.clone();
        tasks.spawn(async move {
            loop {
                if let Err(error) = room.sweep().await {
                    tracing::warn!(%error, "files that no message names could not be removed");
                }
                let hour = room.shared.clock.sleep(HOUR);
                if stop.run_until_cancelled(hour).await.is_none() {
                    return;
                }
            }
        });
    }

    async fn sweep(&self) -> Result<()> {
        let now = self.shared.now();
        let first = (now.0 / HOUR).rem_euclid(KEPT / HOUR) * FOLDERS;
        self.sweep_folders(first, first + FOLDERS).await
    }

    /// Looks at the rows after the files: one that was written since has its row there, or is young.
    pub(super) async fn sweep_folders(&self, first: i64, end: i64) -> Result<()> {
        let before = moment(self.shared.now() + -KEPT);
        let data = self.shared.config.data.clone();
        let listed = spawn_blocking(move || {
            for file in old_files(&folder(&data), before)? {
                remove_if_old(&file, before);
            }
            let mut old = Vec::new();
            for number in first..end.min(256) {
                old.extend(old_files(
                    &data.join("media").join(format!("{number:02x}")),
                    before,
                )?);
            }
            io::Result::Ok(old)
        });
        let old = listed.await.map_err(io::Error::other)??;
        if old.is_empty() {
            return Ok(());
        }
        let bound = |number: i64| {
            if number < 256 {
                format!("{number:02x}")
            } else {
                "g".into()
            }
        };
        let named = store::named(self.shared.read(), &bound(first), &bound(end)).await?;
        let removed = spawn_blocking(move || remove_unnamed(&old, &named, before));
        Ok(removed.await.map_err(io::Error::other)?)
    }
}

fn folder(data: &Path) -> PathBuf {
    data.join("kept")
}

/// The domain's clock, as files have it.
pub fn moment(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(at.0.max(0) as u64)
}

fn old_files(folder: &Path, before: SystemTime) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut old = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if is_old(&path, before) {
            old.push(path);
        }
    }
    Ok(old)
}

fn is_old(path: &Path, before: SystemTime) -> bool {
    let modified = fs::metadata(path).and_then(|file| file.modified());
    modified.is_ok_and(|modified| modified < before)
}

/// Who writes a file that is there makes it young again, also between the list and now.
fn remove_if_old(path: &Path, before: SystemTime) {
    if is_old(path, before)
        && let Err(error) = fs::remove_file(path)
    {
        tracing::warn!(%error, "a file that no message names could not be removed");
    }
}

fn remove_unnamed(old: &[PathBuf], named: &HashSet<String>, before: SystemTime) {
    let is_named = |path: &Path| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| named.contains(name))
    };
    for path in old.iter().filter(|path| !is_named(path)) {
        remove_if_old(path, before);
    }
}
