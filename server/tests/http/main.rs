//! The real router over a real domain, on both databases.

mod alerts;
mod app;
mod batches;
mod call;
mod compat_bulk;
mod compat_lists;
mod compat_message;
mod compat_send;
mod compat_status;
mod denial;
mod denial_files;
mod denial_pages;
mod denial_session;
mod forms;
mod idempotency;
mod live;
mod native;
mod nothing_queued;
mod ours;
mod pages;
mod request_log;
mod sandbox;
mod send;
mod sending;
mod snippets;
