//! Files by their content: `<data>/media/ab/<sha256>`.

use crate::Result;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};
use tokio::task::spawn_blocking;

/// A file that is on disk and survives a power cut.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stored {
    /// Hexadecimal; its name.
    pub sha256: String,
    pub bytes: i64,
}

fn path_of(data: &Path, sha256: &str) -> PathBuf {
    data.join("media").join(&sha256[..2]).join(sha256)
}

/// What a content is called.
pub(super) fn name(bytes: &[u8]) -> Stored {
    let mut sha256 = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(sha256, "{byte:02x}");
    }
    Stored {
        sha256,
        bytes: bytes.len() as i64,
    }
}

/// Writes the file unless it is there; it is as young as `now` in either case. `temporary` is a
/// name that nobody else uses.
pub(super) async fn put(data: &Path, bytes: Bytes, temporary: String, now: SystemTime) -> Result<Stored> {
    let data = data.to_owned();
    let stored = spawn_blocking(move || {
        let stored = name(&bytes);
        let path = path_of(&data, &stored.sha256);
        write_once(&data, &path, &bytes, &temporary, now)?;
        io::Result::Ok(stored)
    });
    Ok(stored.await.map_err(io::Error::other)??)
}

pub(super) async fn read(data: &Path, sha256: &str) -> Result<Vec<u8>> {
    Ok(tokio::fs::read(path_of(data, sha256)).await?)
}

fn write_once(data: &Path, path: &Path, bytes: &[u8], temporary: &str, now: SystemTime) -> io::Result<()> {
    let folder = path.parent().unwrap_or(data);
    if !folder.is_dir() {
        fs::create_dir_all(folder)?;
        sync_folder(&data.join("media"))?;
        sync_folder(data)?;
    }
    let is_there = fs::metadata(path).is_ok_and(|there| there.len() == bytes.len() as u64);
    if !(is_there && touch(path, now).is_ok()) {
        let temporary = folder.join(format!(".{temporary}"));
        let written = write_synced(&temporary, bytes, now).and_then(|()| fs::rename(&temporary, path));
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
    }
    // Also for a file that is there: whoever renamed it may not have come this far yet.
    sync_folder(folder)
}

/// So that nobody takes it for one that was left.
fn touch(path: &Path, now: SystemTime) -> io::Result<()> {
    File::options().append(true).open(path)?.set_modified(now)
}

pub(super) fn write_synced(path: &Path, bytes: &[u8], now: SystemTime) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.set_modified(now)?;
    file.sync_all()
}

/// A new name survives a power cut only when its folder was synced, where folders can be.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_content_is_one_file() {
        let data = tempfile::tempdir().unwrap();
        let first = put(
            data.path(),
            Bytes::from_static(b"hello"),
            "a".into(),
            SystemTime::UNIX_EPOCH,
        )
        .await
        .unwrap();
        let again = put(
            data.path(),
            Bytes::from_static(b"hello"),
            "b".into(),
            SystemTime::UNIX_EPOCH,
        )
        .await
        .unwrap();
        assert_eq!(first, again);
        assert_eq!(
            first.sha256,
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        );
        assert_eq!(read(data.path(), &first.sha256).await.unwrap(), b"hello");
        let names: Vec<_> = fs::read_dir(data.path().join("media/2c"))
            .unwrap()
            .map(|f| f.unwrap().file_name())
            .collect();
        assert_eq!(names, [first.sha256.as_str()], "no temporary file stays");
    }

    #[tokio::test]
    async fn a_half_file_is_written_again() {
        let data = tempfile::tempdir().unwrap();
        let stored = put(
            data.path(),
            Bytes::from_static(b"hello"),
            "a".into(),
            SystemTime::UNIX_EPOCH,
        )
        .await
        .unwrap();
        fs::write(path_of(data.path(), &stored.sha256), b"he").unwrap();
        put(
            data.path(),
            Bytes::from_static(b"hello"),
            "b".into(),
            SystemTime::UNIX_EPOCH,
        )
        .await
        .unwrap();
        assert_eq!(read(data.path(), &stored.sha256).await.unwrap(), b"hello");
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_an_error() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("media"), b"in the way").unwrap();
        assert!(
            put(
                data.path(),
                Bytes::from_static(b"hello"),
                "a".into(),
                SystemTime::UNIX_EPOCH
            )
            .await
            .is_err()
        );
    }
}
