//! How long people wait for a page, in Chromium on a processor slowed four times: another page of the
//! program, the portal opened again, and the portal opened without a server by a browser just started.

use tests::browser::{Browser, Engine, Portal};
use tests::remote_device::RemoteDevice;
use tests::signed_in::signed_in;

use super::{Row, percentile};

const SLOWNESS: f64 = 4.0;
/// Times each thing is done.
const TIMES: usize = 7;
/// Notes when the program stood on the page.
const WATCH: &str = "addEventListener('relais:drawn', () => { window.drawnAt ??= performance.now(); });";
/// Follows a link and notes how long it took until the page it leads to was painted.
const CHANGE: &str = "
    const link = [...document.querySelectorAll('main a')].find(link => link.getAttribute('href') === arguments[0]);
    if (!link) return false;
    const before = document.querySelector('h1');
    const begun = performance.now();
    window.changed = null;
    const look = () => {
      const now = document.querySelector('h1');
      if (now && now !== before && now.innerText) {
        requestAnimationFrame(() => { window.changed = performance.now() - begun; });
      } else {
        requestAnimationFrame(look);
      }
    };
    link.click();
    look();
    return true";

pub fn measure() -> Vec<Row> {
    let mut portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.completes(1, "Pages to look at");
    let mut device = signed_in(Engine::Chromium, &portal, "kenya");
    let browser = &mut device.browser;
    watch(browser);
    let (list, section) = (format!("/d/{document}"), format!("/d/{document}/results"));
    browser.open(&list);
    browser.sees("Pages to look at");
    let mut changes = Vec::new();
    for _ in 0..TIMES {
        changes.push(change(browser, &section));
        changes.push(change(browser, &list));
    }
    let mut second: Vec<f64> = (0..TIMES).map(|_| opened(browser)).collect();
    portal.stop();
    let mut cold = Vec::new();
    for _ in 0..TIMES {
        browser.restart();
        watch(browser);
        cold.push(opened(browser));
    }
    vec![
        Row::at_most("Page change, Chromium, processor 4× slower, median", 150.0, percentile(&mut changes, 0.5), "ms"),
        Row::at_most("Second visit, the same, median", 1_200.0, percentile(&mut second, 0.5), "ms"),
        Row::at_most("Cold start without a server, the same, median", 1_500.0, percentile(&mut cold, 0.5), "ms"),
    ]
}

fn watch(browser: &mut Browser) {
    let source = serde_json::json!({ "source": WATCH });
    browser.cdp("Page.enable", &serde_json::json!({})).expect("Chromium listens");
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", &source).expect("Chromium listens");
    browser.slow_cpu(SLOWNESS);
}

/// Follows a link; returns how many milliseconds passed until its page was painted.
fn change(browser: &Browser, address: &str) -> f64 {
    browser.waits_for("the link", CHANGE, &[address.into()]);
    browser.waits_for("the page behind it", "return window.changed !== null", &[]);
    browser.script("return window.changed", &[]).as_f64().unwrap_or(f64::MAX)
}

/// Opens the portal; returns how many milliseconds passed until the program stood on the page.
fn opened(browser: &Browser) -> f64 {
    browser.open("/");
    browser.waits_for("the program", "return window.drawnAt > 0", &[]);
    browser.script("return window.drawnAt", &[]).as_f64().unwrap_or(f64::MAX)
}
