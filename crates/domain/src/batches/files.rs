//! The rows that will be sent, in `<data>/batches/<id>`: one line of JSON each, in order, under a
//! first line with the text for all, which is put together with a row's cells when it is read.
//!
//! A file, because a list of a hundred thousand is written once, read once and then forgotten.

use super::{
    Batches,
    read::{Kept, Template},
    store_open,
};
use crate::{Result, Shared};
use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use types::{BatchId, Timestamp, batches::BatchRow};

/// How long a draft waits to be confirmed, in milliseconds.
const KEPT: i64 = 24 * 3_600_000;
/// How many rows a look shows.
const SHOWN: usize = 5;

fn folder(data: &Path) -> PathBuf {
    data.join("batches")
}

fn path_of(data: &Path, id: BatchId) -> PathBuf {
    folder(data).join(id.key())
}

/// Writes the rows so that they survive a power cut.
pub async fn write(data: &Path, id: BatchId, common: Option<Template>, rows: Vec<Kept>) -> Result<()> {
    let (folder, path) = (folder(data), path_of(data, id));
    let written = spawn_blocking(move || {
        crate::make_private(&folder)?;
        let mut file = BufWriter::new(File::create_new(&path)?);
        serde_json::to_writer(&mut file, &common)?;
        file.write_all(b"\n")?;
        for row in &rows {
            serde_json::to_writer(&mut file, row)?;
            file.write_all(b"\n")?;
        }
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()?;
        if cfg!(unix) {
            File::open(&folder)?.sync_all()?;
        }
        io::Result::Ok(())
    });
    Ok(written.await.map_err(io::Error::other)??)
}

/// Some rows from that byte on, and the byte after them; from 0 on is from the first.
pub async fn read(data: &Path, id: BatchId, from: i64, most: usize) -> Result<(Vec<BatchRow>, i64)> {
    let path = path_of(data, id);
    let read = spawn_blocking(move || {
        let mut file = BufReader::new(File::open(path)?);
        let mut line = String::new();
        let first = file.read_line(&mut line)? as i64;
        let common: Option<Template> = serde_json::from_str(&line)?;
        let (mut rows, mut at) = (Vec::new(), from.max(first));
        file.seek(SeekFrom::Start(at as u64))?;
        while rows.len() < most {
            line.clear();
            let length = file.read_line(&mut line)?;
            if length == 0 {
                break;
            }
            rows.push(serde_json::from_str::<Kept>(&line)?.filled(common.as_ref()));
            at += length as i64;
        }
        io::Result::Ok((rows, at))
    });
    Ok(read.await.map_err(io::Error::other)??)
}

/// The first rows; none once the file is gone.
pub async fn sample(data: &Path, id: BatchId) -> Result<Vec<BatchRow>> {
    match read(data, id, 0, SHOWN).await {
        Ok((rows, _)) => Ok(rows),
        Err(crate::Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What those lists take on disk together.
pub async fn bytes_of(data: &Path, ids: Vec<BatchId>) -> Result<u64> {
    let data = data.to_owned();
    let summed = spawn_blocking(move || {
        let lengths = ids
            .into_iter()
            .filter_map(|id| fs::metadata(path_of(&data, id)).ok());
        lengths.map(|file| file.len()).sum()
    });
    Ok(summed.await.map_err(io::Error::other)?)
}

pub async fn remove(data: &Path, id: BatchId) {
    let removed = tokio::fs::remove_file(path_of(data, id)).await;
    if let Err(error) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, batch = %id, "the rows of a batch could not be removed; they are tried again");
    }
}

/// Forgets drafts that nobody confirmed within a day, and files that nothing needs any more; at
/// the start and then once an hour.
pub async fn sweep(batches: Batches, stop: CancellationToken) {
    loop {
        if let Err(error) = forget(&batches.shared).await {
            tracing::warn!(%error, "old drafts could not be removed");
        }
        let hour = batches.shared.clock.sleep(3_600_000);
        if stop.run_until_cancelled(hour).await.is_none() {
            return;
        }
    }
}

pub async fn forget(shared: &Shared) -> Result<()> {
    let before = shared.now() + -KEPT;
    let mut tx = shared.begin().await?;
    store_open::forget_drafts(tx.conn(), before, None).await?;
    tx.commit().await?;
    let folder = folder(&shared.config.data);
    let listed = spawn_blocking(move || old_files(&folder, before));
    for id in listed.await.map_err(io::Error::other)?? {
        if !store_open::is_open(shared.read(), id).await? {
            remove(&shared.config.data, id).await;
        }
    }
    Ok(())
}

/// Younger files may be of a batch whose row is not there yet; an id tells its age.
fn old_files(folder: &Path, before: Timestamp) -> io::Result<Vec<BatchId>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut old = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| BatchId::from_key(name).ok()) else {
            continue;
        };
        // The first 48 bits of such an id are milliseconds.
        let made_at = (id.0.as_u128() >> 80) as i64;
        if made_at < before.0 {
            old.push(id);
        }
    }
    Ok(old)
}
