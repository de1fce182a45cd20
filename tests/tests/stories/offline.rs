//! Story 3: without a network.

use std::time::Duration;

use tests::browser::{Browser, Engine, Portal, keys};
use tests::remote_device::RemoteDevice;

use super::draft::begins;
use tests::signed_in::{everything_is_received, everything_is_saved, keeps_the_shell, sign_in, signed_in, word};

stories! {
    on chromium (Chromium): drafts_survive_everything_without_a_server, an_unfinished_draft_goes_on_at_another_device, two_people_at_one_device_never_see_each_others_files, a_connection_that_returns_unannounced_is_found, whoever_signed_out_offline_stays_signed_out;
    on firefox (Firefox): drafts_survive_everything_without_a_server, an_unfinished_draft_goes_on_at_another_device, two_people_at_one_device_never_see_each_others_files;
    on webkit (WebKit): drafts_survive_everything_without_a_server, an_unfinished_draft_goes_on_at_another_device, two_people_at_one_device_never_see_each_others_files;
}

/// What the waits between tries add up to by the time a busy machine has its server back.
const FOUND_AGAIN: Duration = Duration::from_secs(60);

/// Signed in a moment ago, the browser is killed; started cold without a server it opens at once.
/// A draft is begun, edited, reloaded, its tab closed, its browser killed: it is there each time.
fn drafts_survive_everything_without_a_server(engine: Engine) {
    let mut portal = Portal::start();
    let mut device = signed_in(engine, &portal, "kenya");
    let browser = &mut device.browser;
    browser.kill();
    portal.stop();
    browser.restart();
    browser.open("/");
    browser.sees("My files");
    browser.sees("No connection");
    let path = begins(browser, "Border posts that answer");
    browser.open(&format!("{path}/results"));
    browser.fill("Objectives", "Posts that answer.");
    browser.sees("saved on this device");
    everything_is_saved(browser);
    browser.reload();
    browser.holds("Objectives", "Posts that answer.");
    browser.focus("Objectives");
    browser.type_keys(&format!("{}{}", keys::CONTROL, keys::END));
    browser.type_keys(&format!("{} Within a day.", keys::RELEASE));
    browser.new_tab();
    browser.open(&format!("{path}/results"));
    browser.holds("Objectives", "Posts that answer. Within a day.");
    browser.switch_tab(0);
    browser.close_tab();
    browser.holds("Objectives", "Posts that answer. Within a day.");
    browser.kill();
    browser.restart();
    browser.open(&format!("{path}/results"));
    browser.holds("Objectives", "Posts that answer. Within a day.");
    browser.open("/");
    browser.sees("Border posts that answer");
    // Browsers keep a session's cookie in memory for a while: killed so soon, this one asks again.
    portal.start_again();
    browser.open("/sign-in");
    sign_in(browser, "kenya", "en");
    browser.sees("Border posts that answer");
    everything_is_received(browser);
}

/// Nothing was submitted, yet a colleague of the same authority goes on with it elsewhere.
fn an_unfinished_draft_goes_on_at_another_device(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    begins(browser, "Begun here");
    everything_is_received(browser);
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    colleague.sync();
    let documents = colleague.device.documents();
    assert_eq!(documents.len(), 1, "the draft is there too");
    let title = shared::value::Target::of(shared::forms::request::TITLE);
    colleague.device.set(documents[0], title, shared::value::Value::Text("Continued elsewhere".to_owned()));
    colleague.sync();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.sees("Continued elsewhere");
}

/// One signs out, another signs in: neither sees a file of the other, by list, address or reload.
fn two_people_at_one_device_never_see_each_others_files(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    let path = begins(browser, "Only for Kenya");
    everything_is_received(browser);
    leaves(browser);
    browser.open(&path);
    browser.sees(&word("ui.sign_in.promise"));
    assert!(!browser.text().contains("Only for Kenya"), "nobody is signed in");
    browser.open("/");
    sign_in(browser, "staff", "en");
    browser.is_at("/inbox");
    browser.open(&path);
    browser.sees(&word("ui.file.missing"));
    leaves(browser);
    sign_in(browser, "kenya", "en");
    browser.sees("Only for Kenya");
    keeps_the_shell(browser);
}

/// The server comes back and no event says so: the device finds it by itself.
fn a_connection_that_returns_unannounced_is_found(engine: Engine) {
    let mut portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    portal.stop();
    begins(browser, "Found again");
    browser.sees("No connection");
    portal.start_again();
    browser.sees_within(FOUND_AGAIN, "Everything is received");
}

/// Signed out without a network: with one, the session ends and the portal asks for the password.
fn whoever_signed_out_offline_stays_signed_out(engine: Engine) {
    let mut portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    begins(browser, "Not for the next person");
    everything_is_received(browser);
    portal.stop();
    leaves(browser);
    portal.start_again();
    browser.open("/");
    browser.waits_for(
        "the session to have ended",
        "return fetch('/api/v1/session', { headers: { 'x-relais': '1' } }).then(answer => answer.status === 401)",
        &[],
    );
    browser.sees("Account name");
    sign_in(browser, "kenya", "en");
    browser.sees("Not for the next person");
}

#[track_caller]
fn leaves(browser: &Browser) {
    browser.open("/device");
    browser.press("Sign out");
    browser.sees(&word("ui.sign_in.promise"));
}
