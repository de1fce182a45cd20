//! What surrounds the pages: screen, light, link, processor and storage.
//!
//! Conditions outlive a restart and hold for new tabs. Those of Chromium alone say so when they
//! are asked of another engine; a story cuts the others off by stopping the portal.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Browser, Engine, waiting};

/// Chromium goes on believing in the room it last measured for half a minute.
const QUOTA_LIMIT: Duration = Duration::from_secs(60);
/// Writes more than the quota into a database of its own; returns whether the browser refused.
const QUOTA_PROBE: &str = include_str!("quota_probe.js");

/// The size of the page's window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewport {
    pub width: u32,
    pub height: u32,
}

/// An old, small telephone.
pub const PHONE: Viewport = Viewport { width: 360, height: 640 };
/// An old, small laptop.
pub const DESK: Viewport = Viewport { width: 1280, height: 800 };

/// A service worker whose link is cut, and the tab that holds it so.
#[derive(Debug)]
pub(super) struct CutWorker {
    tab: String,
    session: Value,
}

/// The conditions a story has set.
#[derive(Debug)]
pub(super) struct Conditions {
    viewport: Viewport,
    dark: bool,
    cut: bool,
    slowness: f64,
}

impl Default for Conditions {
    fn default() -> Self {
        Self { viewport: DESK, dark: false, cut: false, slowness: 1.0 }
    }
}

impl Browser {
    /// Gives the page's window a size.
    #[track_caller]
    pub fn set_viewport(&mut self, viewport: Viewport) {
        self.conditions.viewport = viewport;
        let outcome = self.in_each_tab(Self::apply_viewport);
        self.do_once("set the size of the window", outcome);
    }

    /// Tells pages that the person prefers dark colours (not on WebKit).
    #[track_caller]
    pub fn set_colour_scheme(&mut self, dark: bool) {
        self.conditions.dark = dark;
        let outcome = self.in_each_tab(Self::apply_colours);
        self.do_once("set the colour scheme", outcome);
    }

    /// Cuts or mends the link of every tab and of the running service workers (Chromium).
    ///
    /// A worker that starts later has its link: stop the portal to cut everything off.
    #[track_caller]
    pub fn cut_network(&mut self, cut: bool) {
        self.conditions.cut = cut;
        let outcome = self.in_each_tab(Self::apply_link).and_then(|()| match cut {
            true => self.cut_workers(),
            false => self.mend_workers(),
        });
        self.do_once("cut the network", outcome);
    }

    /// Makes the processor this many times slower (Chromium).
    #[track_caller]
    pub fn slow_cpu(&mut self, factor: f64) {
        self.conditions.slowness = factor;
        let outcome = self.in_each_tab(Self::apply_slowness);
        self.do_once("slow the processor down", outcome);
    }

    /// Leaves the origin of [`Browser::at`] this much room, and waits until a write beyond it is
    /// refused (Chromium, until the tab is closed). Open a page of the origin first; before the
    /// first use of IndexedDB it takes hold at once, after it within half a minute.
    #[track_caller]
    pub fn set_quota(&self, bytes: u64) {
        let parameters = json!({ "origin": self.base, "quotaSize": bytes });
        let outcome = self.cdp("Storage.overrideQuotaForOrigin", &parameters);
        self.do_once("set the quota", outcome);
        let refused = waiting::until(QUOTA_LIMIT, || match self.try_script(QUOTA_PROBE, &[json!(bytes)])? {
            Value::Bool(true) => Ok(()),
            other => Err(format!("A write beyond the quota went through: {other}.")),
        });
        self.do_once("see the quota take hold", refused);
    }

    /// Takes the quota away again.
    #[track_caller]
    pub fn lift_quota(&self) {
        let parameters = json!({ "origin": self.base });
        let outcome = self.cdp("Storage.overrideQuotaForOrigin", &parameters);
        self.do_once("lift the quota", outcome);
    }

    /// Wipes everything the origin of [`Browser::at`] keeps, as a browser short of room does,
    /// cookies included (Chromium).
    #[track_caller]
    pub fn clear_site_data(&self) {
        let parameters = json!({ "origin": self.base, "storageTypes": "all" });
        let outcome = self.cdp("Storage.clearDataForOrigin", &parameters);
        self.do_once("clear the site's data", outcome);
    }

    /// Sets everything again in a browser that has just been started.
    #[track_caller]
    pub(super) fn apply_conditions(&self) {
        self.apply_tab_conditions();
    }

    /// Sets everything again in a tab that has just been opened.
    #[track_caller]
    pub(super) fn apply_tab_conditions(&self) {
        let mut outcome = self.apply_viewport();
        if self.conditions.dark {
            outcome = outcome.and_then(|()| self.apply_colours());
        }
        if self.conditions.cut {
            outcome = outcome.and_then(|()| self.apply_link());
        }
        if self.conditions.slowness > 1.0 {
            outcome = outcome.and_then(|()| self.apply_slowness());
        }
        self.do_once("set the conditions", outcome);
    }

    /// Sets the size until the page has it: windows take their time.
    fn apply_viewport(&self) -> Result<(), String> {
        let Viewport { width, height } = self.conditions.viewport;
        waiting::until(self.patience, || {
            self.ask_for_viewport()?;
            match self.try_script("return [innerWidth, innerHeight]", &[])? {
                size if size == json!([width, height]) => Ok(()),
                other => Err(format!("The page is {other} instead of {width} × {height}.")),
            }
        })
    }

    fn ask_for_viewport(&self) -> Result<(), String> {
        let Viewport { width, height } = self.conditions.viewport;
        match self.engine {
            Engine::Chromium => {
                let size = json!({
                    "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
                });
                self.cdp("Emulation.setDeviceMetricsOverride", &size)?;
            }
            // The window itself cannot be narrower than 500 pixels, the page in it can.
            Engine::Firefox => self.in_firefox(
                "const page = gBrowser.selectedBrowser.style;
                 page.width = page.minWidth = page.maxWidth = arguments[0] + 'px';
                 page.height = page.minHeight = page.maxHeight = arguments[1] + 'px';",
                &[json!(width), json!(height)],
            )?,
            Engine::WebKit => {
                let frame = self.try_script("return [outerWidth - innerWidth, outerHeight - innerHeight]", &[])?;
                let around = |side: usize| frame[side].as_u64().unwrap_or(0);
                let size = json!({
                    "width": u64::from(width) + around(0),
                    "height": u64::from(height) + around(1),
                });
                self.try_post("window/rect", &size)?;
            }
        }
        Ok(())
    }

    fn apply_colours(&self) -> Result<(), String> {
        let dark = self.conditions.dark;
        match self.engine {
            Engine::Chromium => {
                let value = if dark { "dark" } else { "light" };
                let feature = json!({ "name": "prefers-color-scheme", "value": value });
                self.cdp("Emulation.setEmulatedMedia", &json!({ "features": [feature] }))?;
                Ok(())
            }
            Engine::Firefox => self.in_firefox(
                "Services.prefs.setIntPref(
                   'layout.css.prefers-color-scheme.content-override', arguments[0] ? 0 : 1);",
                &[json!(dark)],
            ),
            Engine::WebKit => Err("WebKit has the colours of its desktop.".to_owned()),
        }
    }

    fn apply_slowness(&self) -> Result<(), String> {
        let rate = json!({ "rate": self.conditions.slowness });
        self.cdp("Emulation.setCPUThrottlingRate", &rate).map(drop)
    }

    fn apply_link(&self) -> Result<(), String> {
        self.cdp("Network.enable", &json!({}))?;
        self.cdp("Network.emulateNetworkConditions", &self.link()).map(drop)
    }

    /// Service workers are no tabs: they are reached from a tab, as targets of their own, and
    /// stay cut for as long as that tab holds on to them.
    fn cut_workers(&self) -> Result<(), String> {
        let targets = self.cdp("Target.getTargets", &json!({}))?;
        let targets = targets["targetInfos"].as_array().cloned();
        let workers = targets.into_iter().flatten().filter(|target| target["type"] == json!("service_worker"));
        for worker in workers {
            let attach = json!({ "targetId": worker["targetId"], "flatten": false });
            let session = self.cdp("Target.attachToTarget", &attach)?["sessionId"].clone();
            let commands = [
                json!({ "id": 1, "method": "Network.enable", "params": {} }),
                json!({ "id": 2, "method": "Network.emulateNetworkConditions", "params": self.link() }),
            ];
            for command in commands {
                let message = json!({ "sessionId": session, "message": command.to_string() });
                self.cdp("Target.sendMessageToTarget", &message)?;
            }
            let tab = self.current_handle();
            let cut = CutWorker { tab, session };
            self.running().cut_workers.borrow_mut().push(cut);
        }
        Ok(())
    }

    fn mend_workers(&self) -> Result<(), String> {
        let cut = self.running().cut_workers.take();
        self.in_each_tab(|browser| {
            let tab = browser.current_handle();
            for worker in cut.iter().filter(|worker| worker.tab == tab) {
                let session = json!({ "sessionId": worker.session });
                browser.cdp("Target.detachFromTarget", &session)?;
            }
            Ok(())
        })
    }

    fn link(&self) -> Value {
        json!({
            "offline": self.conditions.cut,
            "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        })
    }

    /// Runs a script in Firefox itself instead of the page.
    fn in_firefox(&self, body: &str, arguments: &[Value]) -> Result<(), String> {
        self.try_post("moz/context", &json!({ "context": "chrome" }))?;
        let outcome = self.try_script(body, arguments);
        self.try_post("moz/context", &json!({ "context": "content" }))?;
        outcome.map(drop)
    }
}
