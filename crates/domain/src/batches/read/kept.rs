//! A row as it waits on disk.

use super::template::Template;
use serde::{Deserialize, Serialize};
use types::batches::BatchRow;

/// A row that can be sent. One that takes the text for all keeps only the cells for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    #[serde(flatten)]
    pub row: BatchRow,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cells: Vec<String>,
}

impl Kept {
    pub fn of<'a>(row: BatchRow, common: Option<(&Template, impl Fn(usize) -> &'a str)>) -> Self {
        let Some((template, cell)) = common else {
            return Self {
                row,
                cells: Vec::new(),
            };
        };
        let cells = template
            .used()
            .iter()
            .map(|column| cell(*column).trim().to_owned());
        Self {
            cells: cells.collect(),
            row: BatchRow { text: None, ..row },
        }
    }

    /// The message itself.
    pub fn filled(self, common: Option<&Template>) -> BatchRow {
        let Self { mut row, cells } = self;
        if row.text.is_none() {
            let cell = |place: usize| cells.get(place).map_or("", String::as_str);
            row.text = common.and_then(|common| common.fill(cell).ok());
        }
        row
    }

    /// What it takes on disk, about.
    pub fn bytes(&self) -> usize {
        const NAMES: usize = 64;
        let row = &self.row;
        let optional = [&row.text, &row.media_url, &row.session, &row.reference_id];
        let optional = optional.into_iter().flatten().chain(&self.cells);
        NAMES + row.to.len() + optional.map(|text| text.len() + 16).sum::<usize>()
    }
}
