//! `relais backup` and `relais restore`.

use super::{Backup, Failure, Restore, lock, say};
use crate::clock::{Clock, Entropy};
use crate::store::{FILE, Storage, Store, backup, make_folder};

/// Writes a copy of everything; works beside a running server.
pub async fn back_up(options: Backup) -> Result<(), Failure> {
    let folder = options.data.data;
    if !folder.join(FILE).exists() {
        return Err(Failure(format!("there is no database in {}", folder.display())));
    }
    let store = Store::open(&Storage::Folder(folder), &Entropy::system()).await?;
    let written = store.back_up(&options.file).await;
    store.close().await;
    written?;
    say(format_args!("The backup {} was written", options.file.display()))
}

/// Puts a copy back while no server holds the folder.
pub async fn restore(options: Restore) -> Result<(), Failure> {
    let folder = options.data.data;
    make_folder(&folder)?;
    let _lock = lock(&folder)?;
    let kept = format!("replaced-{}-", Clock::system().now_ms());
    backup::restore(&options.backup, &folder, options.replace, &kept, &Entropy::system()).await?;
    say(format_args!("{} was restored into {}", options.backup.display(), folder.display()))?;
    say(format_args!(
        "Accounts, passwords and sessions are those of the backup. Devices offer again what it does not have."
    ))
}
