//! Documents by file: a file that both revisions share is parsed once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::model::origin::FileId;
use crate::source::Files;

use super::tree::Document;

/// Parsed documents of a comparison; may be used by several threads.
#[derive(Debug, Default)]
pub struct Cache {
    slots: Mutex<HashMap<FileId, Arc<OnceLock<Arc<Document>>>>>,
}

impl Cache {
    /// The document of the file, parsed at the first call.
    pub fn get(&self, files: &Files, id: FileId) -> Arc<Document> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            slots.entry(id).or_default().clone()
        };
        slot.get_or_init(|| Arc::new(super::parse(id, &files.get(id)))).clone()
    }
}
