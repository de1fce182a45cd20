//! What pages are made of: one component a file.

pub mod answer;
pub mod answer_table;
pub mod app_shell;
pub mod back_link;
pub mod check_box;
pub mod check_boxes;
pub mod comment_draft;
pub mod confirm_dialog;
pub mod conflict;
pub mod document_page;
pub mod error_summary;
pub mod field;
pub mod history;
pub mod icon;
pub mod item_list;
pub mod moves;
pub mod options_input;
pub mod prose_editor;
pub mod remarks;
pub mod rescue_file;
pub mod save_status;
pub mod text_input;
