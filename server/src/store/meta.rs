//! The few numbers the database keeps about itself.

use shared::document::EDITION;
use sqlx::{SqliteConnection, SqlitePool};

use super::{Store, StoreError};

/// Returns the database's epoch; at the first start, writes down `drawn` and returns that.
pub async fn epoch_or(writer: &SqlitePool, drawn: u64) -> Result<u64, StoreError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES ('epoch', ?) ON CONFLICT DO NOTHING")
        .bind(drawn.cast_signed())
        .execute(writer)
        .await?;
    let epoch: i64 = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'epoch'").fetch_one(writer).await?;
    Ok(epoch.cast_unsigned())
}

/// Drops the snapshots that a server of another edition made: they are made again from the log.
pub async fn take_over(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut write = writer.begin().await?;
    sqlx::query("DELETE FROM snapshot WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'edition' AND value = ?)")
        .bind(EDITION)
        .execute(&mut *write)
        .await?;
    set_edition(&mut write, EDITION).await?;
    Ok(write.commit().await?)
}

/// Notes the edition of the server that folds the snapshots.
pub async fn set_edition(write: &mut SqliteConnection, edition: u16) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ('edition', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(edition)
    .execute(write)
    .await?;
    Ok(())
}

/// Notes the last place given out; written last in its transaction.
pub async fn set_head(write: &mut SqliteConnection, head: u64) -> Result<(), StoreError> {
    sqlx::query("UPDATE meta SET value = ? WHERE key = 'head'").bind(head.cast_signed()).execute(write).await?;
    Ok(())
}

/// Notes the greatest Lamport time accepted.
pub async fn set_lamport(write: &mut SqliteConnection, lamport: u64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ('lamport', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(lamport.cast_signed())
    .execute(write)
    .await?;
    Ok(())
}

/// Marks the database as the demo's, for ever.
pub async fn mark_demo(write: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES ('demo', 1) ON CONFLICT DO NOTHING").execute(write).await?;
    Ok(())
}

impl Store {
    /// Returns whether the database was made for the demo.
    pub async fn is_demo(&self) -> Result<bool, StoreError> {
        let mark: Option<i64> =
            sqlx::query_scalar("SELECT value FROM meta WHERE key = 'demo'").fetch_optional(self.reader()).await?;
        Ok(mark.is_some())
    }

    /// Returns the last place given out.
    pub async fn head(&self) -> Result<u64, StoreError> {
        let head: i64 =
            sqlx::query_scalar("SELECT value FROM meta WHERE key = 'head'").fetch_one(self.reader()).await?;
        Ok(head.cast_unsigned())
    }

    /// Returns the greatest Lamport time accepted; nothing where it was never noted.
    pub async fn lamport(&self) -> Result<Option<u64>, StoreError> {
        let lamport: Option<i64> =
            sqlx::query_scalar("SELECT value FROM meta WHERE key = 'lamport'").fetch_optional(self.reader()).await?;
        Ok(lamport.map(i64::cast_unsigned))
    }
}
