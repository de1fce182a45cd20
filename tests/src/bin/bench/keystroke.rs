//! From a key to the disk: prose typed into the real portal in Chromium, on a processor slowed four
//! times; each key until the transaction that holds it is complete and strict.

use tests::browser::{Engine, Portal};
use tests::remote_device::RemoteDevice;
use tests::signed_in::signed_in;

use super::{Row, percentile};

const KEYS: usize = 60;
const SLOWNESS: f64 = 4.0;
/// Notes when each key came and when each strict transaction that may write was complete.
const WATCH: &str = "
    window.keys = []; window.kept = [];
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (object_stores, mode, options) {
      const one = begin.call(this, object_stores, mode, options);
      one.addEventListener('complete', () => { if (one.wrote) window.kept.push(performance.now()); });
      return one;
    };
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...all) { this.transaction.wrote = true; return put.apply(this, all); };
    addEventListener('input', () => window.keys.push(performance.now()), true);";

pub fn measure() -> Vec<Row> {
    let portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.completes(1, "Keys on their way");
    let mut device = signed_in(Engine::Chromium, &portal, "kenya");
    let browser = &mut device.browser;
    browser.sees("Keys on their way");
    let source = serde_json::json!({ "source": WATCH });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", &source).expect("Chromium listens");
    browser.open(&format!("/d/{document}/results"));
    browser.sees("Objectives");
    browser.slow_cpu(SLOWNESS);
    browser.focus("Objectives");
    for key in "people write as they speak, slowly, and every word is kept. ".chars().cycle().take(KEYS) {
        browser.type_keys(&key.to_string());
        browser.waits_for(
            "the key to be on the disk",
            "return window.kept.length && window.kept.at(-1) > window.keys.at(-1)",
            &[],
        );
    }
    let times = browser.script("return [window.keys, window.kept]", &[]);
    let times = |index: usize| -> Vec<f64> {
        times[index].as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64).collect()
    };
    let (keys, kept) = (times(0), times(1));
    let mut took: Vec<f64> =
        keys.iter().filter_map(|key| kept.iter().find(|done| *done > key).map(|done| done - key)).collect();
    assert!(took.len() >= KEYS, "every key was followed");
    let median = percentile(&mut took, 0.5);
    vec![Row::at_most("Key to disk, Chromium, processor 4× slower, median", 50.0, median, "ms")]
}
