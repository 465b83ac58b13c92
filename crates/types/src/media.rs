//! Attachments: kinds, formats and sizes.

use crate::MediaId;
use serde::{Deserialize, Serialize};

/// What an attachment is to WhatsApp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    Image,
    Audio,
    Video,
    Document,
}

impl MediaKind {
    pub const ALL: &'static [Self] = &[Self::Image, Self::Audio, Self::Video, Self::Document];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Document => "document",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }

    /// Largest size in bytes (seed 002: 5, 16, 16 and 100 MB of 1,048,576 bytes).
    pub const fn max_bytes(self) -> i64 {
        match self {
            Self::Image => 5 << 20,
            Self::Audio | Self::Video => 16 << 20,
            Self::Document => 100 << 20,
        }
    }

    /// The formats people know, for sentences.
    pub const fn formats(self) -> &'static str {
        match self {
            Self::Image => "JPG, PNG or WEBP",
            Self::Audio => "MP3, OGG or AMR",
            Self::Video => "MP4 or 3GP",
            Self::Document => "PDF, DOC, DOCX, XLS, XLSX, PPT, PPTX, TXT, CSV or ZIP",
        }
    }
}

/// An attachment that is stored here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Media {
    pub id: MediaId,
    pub kind: MediaKind,
    pub mime: String,
    pub filename: Option<String>,
    pub bytes: i64,
}
