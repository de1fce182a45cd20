//! On paper, on the narrowest screen, and as an installed program.

use shared::forms::request;
use shared::value::Target;
use tests::browser::{Browser, Engine, Portal, Viewport};
use tests::remote_device::RemoteDevice;

use tests::signed_in::{at, everything_is_received, section, signed_in, word};

stories! {
    on chromium (Chromium): a_request_on_paper_is_its_answers_and_nothing_else, no_page_scrolls_sideways_on_the_narrowest_screen, the_portal_can_be_installed, what_is_not_the_shell_is_never_answered_from_a_cache;
}

/// The narrowest screen there is to fit (WCAG 2.2, 1.4.10).
const NARROW: Viewport = Viewport { width: 320, height: 640 };

/// Whether something is to be seen, by its selector.
#[track_caller]
fn seen(browser: &Browser, selector: &str) -> bool {
    let body = "return [...document.querySelectorAll(arguments[0])].some(one => one.checkVisibility())";
    browser.script(body, &[selector.into()]) == true
}

/// The frame and every button stay away; every answer is there.
fn a_request_on_paper_is_its_answers_and_nothing_else(engine: Engine) {
    let portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.completes(1, "On paper");
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.sees("On paper");
    browser.open(&format!("{}/print", at(document)));
    browser.sees(&word("form.request.section.letter"));
    let frame = ["header.top", ".where", "main .back", "main button", "a.skip"];
    for part in frame {
        assert!(part == "a.skip" || seen(browser, part), "{part} is on the screen");
    }
    browser.cdp("Emulation.setEmulatedMedia", &serde_json::json!({ "media": "print" })).expect("paper");
    for part in frame {
        assert!(!seen(browser, part), "{part} is on paper");
    }
    let answers = colleague.device.sees(shared::ids::Scope::shared(document)).answers();
    let asked = request::FORM.sections.iter().flat_map(|section| section.fields);
    let answered: Vec<_> = asked.filter(|field| !answers.is_empty_at(Target::of(field.id))).collect();
    assert!(answered.len() > 30, "{} answers", answered.len());
    for field in answered {
        browser.waits_for(
            &format!("the answer to {} on paper", field.key),
            "const rows = [...document.querySelectorAll('main dt')].filter(one => one.checkVisibility());
             const row = rows.find(one => one.innerText.trim() === arguments[0]);
             return row?.nextElementSibling?.tagName === 'DD' && row.nextElementSibling.checkVisibility()
               && row.nextElementSibling.innerText.trim() !== ''",
            &[word(&format!("form.request.{}.label", field.key)).into()],
        );
    }
}

/// 320 pixels, light in English and dark in French, every page of a partner and of staff.
fn no_page_scrolls_sideways_on_the_narrowest_screen(engine: Engine) {
    let portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    let document = colleague.submits(1, "Narrow");
    let draft = colleague.completes(2, "A title that is long enough to need more than one line of the screen");
    let own = ["/", "/sign-in", "/device", "/settings", "/new/request", "/nowhere"].map(str::to_owned);
    let of_requests = [document, draft].map(|id| ["", "/check", "/print"].map(|page| format!("{}{page}", at(id))));
    let sections = request::FORM.sections.iter().map(|one| section(draft, one.key));
    let partner: Vec<String> = own.into_iter().chain(of_requests.into_iter().flatten()).chain(sections).collect();
    let staff = vec!["/inbox".to_owned(), format!("/d/{document}"), "/device".to_owned(), "/settings".to_owned()];
    for (login, pages) in [("kenya", partner), ("staff", staff)] {
        let mut device = signed_in(engine, &portal, login);
        let browser = &mut device.browser;
        browser.set_viewport(NARROW);
        for (dark, language) in [(false, "en"), (true, "fr")] {
            browser.set_colour_scheme(dark);
            browser.script("localStorage.setItem('relais.lang', arguments[0])", &[language.into()]);
            let out: Vec<String> = pages.iter().flat_map(|page| stands_out(browser, page)).collect();
            assert!(out.is_empty(), "{login}, {language}: {out:#?}");
        }
    }
}

/// What stands out of a page on the right.
#[track_caller]
fn stands_out(browser: &Browser, page: &str) -> Vec<String> {
    browser.open(page);
    let drawn = "return [...document.querySelectorAll('main h1')].some(one => one.checkVisibility())";
    browser.waits_for("a page", drawn, &[]);
    if page == "/inbox" {
        // With the rows come the menus' words.
        browser.sees("Costa Rica III");
    }
    let too_wide = browser.script(
        "const root = document.documentElement;
         if (innerWidth !== 320) return ['the window is ' + innerWidth];
         if (root.scrollWidth <= root.clientWidth && document.body.scrollWidth <= root.clientWidth) return [];
         return [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > root.clientWidth + 1)
           .slice(0, 5).map(one => one.tagName + '.' + one.className + ' ' + one.innerText?.slice(0, 40) + ' ' + one.getBoundingClientRect().right)",
        &[],
    );
    let parts = too_wide.as_array().expect("a list").iter();
    parts.map(|part| format!("{page}: {part}")).collect()
}

/// The manifest names the portal, where it starts, and icons that are there and are pictures.
fn the_portal_can_be_installed(engine: Engine) {
    let portal = Portal::start();
    let device = signed_in(engine, &portal, "kenya");
    let told = device.browser.script(
        "const link = document.querySelector('link[rel=manifest]');
         const answer = await fetch(link.href);
         const manifest = await answer.json();
         const icons = await Promise.all(manifest.icons.map(async icon => {
           const answer = await fetch(new URL(icon.src, link.href));
           const picture = new Image();
           picture.src = answer.url;
           await picture.decode();
           return [icon.sizes, answer.status, picture.naturalWidth > 0];
         }));
         return { name: manifest.name, start: manifest.start_url, display: manifest.display, icons }",
        &[],
    );
    assert_eq!(told["name"], "Relais");
    assert_eq!(told["start"], "/");
    assert_eq!(told["display"], "standalone");
    let icons = told["icons"].as_array().expect("icons");
    assert!(icons.iter().all(|icon| icon[1] == 200 && icon[2] == true), "{icons:?}");
    for size in ["any", "192x192", "512x512"] {
        assert!(icons.iter().any(|icon| icon[0] == size), "no icon of {size}: {icons:?}");
    }
    let errors = device.browser.cdp("Page.getAppManifest", &serde_json::json!({})).expect("the browser's own reading");
    assert_eq!(errors["errors"], serde_json::json!([]));
}

/// The worker keeps the shell, and nothing of what the server says to this person: with the server stopped
/// there is no answer rather than an old one.
fn what_is_not_the_shell_is_never_answered_from_a_cache(engine: Engine) {
    let mut portal = Portal::start();
    let mut colleague = RemoteDevice::signed_in(&portal, "kenya2", 2);
    colleague.begins(1, "Not for a cache");
    let device = signed_in(engine, &portal, "kenya");
    let browser = &device.browser;
    browser.sees("Not for a cache");
    everything_is_received(browser);
    browser.reload();
    browser.sees("Not for a cache");
    let kept = "const keys = [];
        for (const name of await caches.keys())
          for (const request of await (await caches.open(name)).keys()) keys.push(new URL(request.url).pathname);
        return keys";
    let kept = browser.script(kept, &[]);
    let kept: Vec<&str> = kept.as_array().expect("keys").iter().filter_map(|key| key.as_str()).collect();
    assert!(kept.len() > 5, "the shell is kept: {kept:?}");
    let others: Vec<_> = kept.iter().filter(|key| key.starts_with("/sync") || key.starts_with("/api")).collect();
    assert!(others.is_empty(), "{others:?}");
    assert_eq!(browser.script("return !!navigator.serviceWorker.controller", &[]), true);
    let asks = "const told = async (path, how) => { try { return (await fetch(path, how)).status } catch { return 'no answer' } };
        return [await told('/api/v1/session'), await told('/sync', { method: 'POST', headers: { 'x-relais': '1' }, body: '' }),
          await told('/manifest.webmanifest')]";
    let answers = browser.script(asks, &[]);
    assert_eq!(answers[0], 200);
    assert!(answers[1].is_u64() && answers[1] != 200, "the server itself refuses an empty body: {answers}");
    portal.stop();
    let answers = browser.script(asks, &[]);
    assert_eq!(answers, serde_json::json!(["no answer", "no answer", 200]));
}
