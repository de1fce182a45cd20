//! How many exchanges it takes, and how much goes in each.

use super::*;

#[tokio::test]
async fn a_new_device_sends_and_is_given_everything_in_its_first_exchange() {
    let server = Standin::new(PERSON);
    let mut first = device(MemoryStore::new(), 1, server.clone()).await;
    let mut second = device(MemoryStore::new(), 2, server.of(COLLEAGUE)).await;
    first.create().await;
    first.type_at_start("Already there. ").await;
    first.sync().await;
    assert_eq!((first.unsent().await, *server.exchanges.borrow()), (0, 1));
    second.type_at_start("Written before. ").await;
    second.sync().await;
    assert_eq!((second.unsent().await, *server.exchanges.borrow()), (0, 2));
    assert!(second.text().await.contains("Already there. ") && second.text().await.contains("Written before. "));
}

#[tokio::test]
async fn batches_shrink_while_nothing_arrives() {
    let server = Standin::new(PERSON);
    let mut device = device(MemoryStore::new(), 1, server.clone()).await;
    let before = device.driver.pace.push_bytes();
    server.set(Line::Down);
    device.driver.round(FRESH).await.expect_err("no server");
    assert_eq!(device.driver.pace.push_bytes(), before / 2);
}

#[tokio::test]
async fn a_large_outbox_leaves_in_several_exchanges_of_one_round() {
    let server = Standin::new(PERSON);
    let mut device = device(MemoryStore::new(), 1, server.clone()).await;
    device.create().await;
    for number in 0..200 {
        device.title(&format!("Title {number} {}", "x".repeat(200))).await;
    }
    device.sync().await;
    assert_eq!(device.unsent().await, 0);
    assert!(*server.exchanges.borrow() < 12, "{} exchanges", server.exchanges.borrow());
}

/// What counts is what crosses the line: what packs to a tenth goes at once.
#[tokio::test]
async fn what_packs_well_leaves_in_fewer_exchanges() {
    let mut exchanges = Vec::new();
    for packs in [1, 10] {
        let server = Standin::new(PERSON);
        server.packs.set(packs);
        let mut device = device(MemoryStore::new(), 1, server.clone()).await;
        device.create().await;
        device.type_at_start(&"Known. ".repeat(400)).await;
        device.sync().await;
        *server.exchanges.borrow_mut() = 0;
        for number in 0..200 {
            device.title(&format!("Title {number} {}", "x".repeat(200))).await;
        }
        device.sync().await;
        exchanges.push(*server.exchanges.borrow());
    }
    assert!(exchanges[0] >= 3 && exchanges[1] == 1, "{exchanges:?}");
}
