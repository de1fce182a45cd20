//! The pages of the real client, in a real browser, draw and write a document type they do not know.

use std::env;
use std::path::{Path, PathBuf};

use tests::browser::{Browser, Engine, Portal};
use tests::signed_in::{everything_is_received, signed_in};

/// Where the client with the form of visits was built, unless the environment says otherwise.
const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/wasm/visit");

fn portal() -> Portal {
    let client = env::var_os("RELAIS_VISIT_CLIENT").map_or_else(|| PathBuf::from(CLIENT), PathBuf::from);
    assert!(client.join("index.html").exists(), "cargo xtask test builds the client first: {}", client.display());
    let client = client.to_string_lossy().into_owned();
    Portal::start_program(Path::new(env!("CARGO_BIN_EXE_relais-visit")).to_owned(), &["--client", &client])
}

/// Begins a visit on the page that asks what its form says.
fn begins(browser: &Browser, place: &str) {
    browser.follow("New visit");
    browser.fill("Place", place);
    browser.press("Begin");
    browser.sees(place);
    browser.sees("planned");
}

/// Writes offline: stops below each other, and who was there on which day.
fn writes(browser: &Browser) {
    browser.follow("Plan");
    for stop in ["Market", "Fish hall"] {
        browser.press("Add a stop");
        browser.fill("Name of the stop", stop);
        browser.press("Close");
        browser.sees(stop);
    }
    browser.waits_for(
        "two stops, of which the second can be put below the first",
        "const menus = [...document.querySelectorAll('.acts select')];
         if (menus.length !== 2) return false;
         const below = [...menus[1].options].find(option => option.text === 'Market');
         if (!below) return false;
         menus[1].value = below.value;
         menus[1].dispatchEvent(new Event('change', { bubbles: true }));
         return true",
        &[],
    );
    browser.waits_for(
        "the fish hall below the market",
        "return [...document.querySelectorAll('.acts > li')][1].style.getPropertyValue('--level').trim() === '1'",
        &[],
    );
    browser.follow("Next");
    browser.sees("The table appears once each of its two lists has an item.");
    browser.press("Add a person");
    browser.fill("Name of the person", "Aïcha");
    browser.press("Close");
    browser.press("Add a day");
    browser.fill("Day of the visit", "2026-03-09");
    browser.press("Close");
    browser.waits_for(
        "one cell, named by its row and its column",
        "const label = document.querySelector('.cells td label');
         return label?.textContent.includes('Aïcha') && label.textContent.includes('2026') && label.textContent.includes('present')",
        &[],
    );
    browser.waits_for(
        "the cell to take an answer",
        "const menu = document.querySelector('.cells td select');
         if (!menu) return false;
         menu.value = 'yes';
         menu.dispatchEvent(new Event('change', { bubbles: true }));
         return true",
        &[],
    );
    browser.follow("Next");
    browser.fill("What was found", "Fresh fish.");
    browser.fill("Arrived on", "2099-03-09");
}

#[test]
fn a_visit_is_written_offline_handed_in_and_agreed_on_pages_that_know_no_visits() {
    let mut portal = portal();
    let partner = signed_in(Engine::Chromium, &portal, "kenya");
    let browser = &partner.browser;
    browser.sees("New request");
    portal.stop();
    begins(browser, "Mombasa");
    writes(browser);
    browser.follow("Check and send");
    browser.sees("Nothing is missing.");
    browser.sees("Only 1 day.");
    browser.does_not_see("Hand the visit in");
    browser.follow("Mombasa");
    browser.press("Start the visit");
    browser.sees("It gets its reference.");
    browser.inside("dialog[open]", |browser| browser.press("Start the visit"));
    browser.sees("decision waiting to be sent");
    portal.start_again();
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.sees("Under way as 2");
    browser.follow("Check and send");
    browser.press("Hand the visit in");
    browser.inside("dialog[open]", |browser| browser.press("Hand the visit in"));
    browser.sees("Handed in, receipt R-");
    everything_is_received(browser);
    browser.open("/");
    browser.sees("With the team");
    is_read_and_agreed(&portal);
    browser.script("dispatchEvent(new Event('online'))", &[]);
    browser.sees("agreed");
    browser.sees("Closed");
}

fn is_read_and_agreed(portal: &Portal) {
    let staff = signed_in(Engine::Chromium, portal, "staff");
    let browser = &staff.browser;
    browser.follow("Mombasa");
    browser.sees("Aïcha");
    browser.sees("Fish hall");
    browser.sees("Only 1 day.");
    browser.waits_for(
        "the table of who was there, in words",
        "return [...document.querySelectorAll('.ans li')].some(row => /Aïcha \\(.*2026.*Yes.*\\)/.test(row.innerText))",
        &[],
    );
    browser.press("Agree");
    browser.inside("dialog[open]", |browser| browser.press("Agree"));
    browser.sees("Agreed");
    everything_is_received(browser);
}
