//! The few numbers the database keeps about itself.

use sqlx::SqlitePool;

use super::StoreError;

/// Returns the database's epoch; at the first start, writes down `drawn` and returns that.
pub async fn epoch_or(writer: &SqlitePool, drawn: u64) -> Result<u64, StoreError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES ('epoch', ?) ON CONFLICT DO NOTHING")
        .bind(drawn.cast_signed())
        .execute(writer)
        .await?;
    let epoch: i64 = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'epoch'").fetch_one(writer).await?;
    Ok(epoch.cast_unsigned())
}
