//! Pictures, the console, and what a failing story leaves behind to be looked at.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{Browser, Engine};

/// As much of the page's words as a failure quotes.
const QUOTED_CHARACTERS: usize = 1_500;
/// WebKit waits for the page to change before it takes a picture, so one invisible pixel does.
const START_PAINTING: &str = "
    const pixel = document.createElement('i');
    pixel.id = 'relais-picture';
    pixel.style.cssText = 'position: fixed; right: 0; bottom: 0; width: 1px; height: 1px';
    document.documentElement.append(pixel);
    let turn = 0;
    pixel.timer = setInterval(() => {
      pixel.style.backgroundColor = `rgb(0 0 0 / ${turn++ % 2 ? 0.002 : 0.001})`;
    }, 30);";
const STOP_PAINTING: &str = "
    const pixel = document.getElementById('relais-picture');
    clearInterval(pixel?.timer);
    pixel?.remove();";

static NEXT_PICTURE: AtomicU32 = AtomicU32::new(0);

impl Browser {
    /// Saves what the screen shows as a PNG.
    #[track_caller]
    pub fn screenshot(&self, path: &Path) {
        self.do_once("take a picture", self.try_screenshot(path));
    }

    /// Saves the whole page, however long, as a PNG (not on WebKit).
    #[track_caller]
    pub fn screenshot_whole(&self, path: &Path) {
        let picture = match self.engine {
            Engine::Chromium => self
                .cdp("Page.captureScreenshot", &json!({ "captureBeyondViewport": true }))
                .map(|answer| answer["data"].clone()),
            Engine::Firefox => {
                let whole = self.session().get("moz/screenshot/full");
                whole.map_err(super::told)
            }
            Engine::WebKit => Err("WebKit only shows what is on the screen.".to_owned()),
        };
        let saved = picture.and_then(|picture| save(&picture, path));
        self.do_once("take a picture of the whole page", saved);
    }

    /// What the pages wrote to the console since the last look (Chromium only; empty elsewhere).
    pub fn console(&self) -> Vec<String> {
        let log = self.try_post("se/log", &json!({ "type": "browser" }));
        let lines = log.ok().and_then(|log| log.as_array().cloned());
        lines.unwrap_or_default().iter().map(|line| format!("{} {}", line["level"], line["message"])).collect()
    }

    fn try_screenshot(&self, path: &Path) -> Result<(), String> {
        self.try_script(START_PAINTING, &[])?;
        let picture = self.session().get("screenshot").map_err(super::told);
        self.try_script(STOP_PAINTING, &[])?;
        save(&picture?, path)
    }

    /// Ends the story with everything that helps to understand why.
    #[track_caller]
    pub(super) fn fail(&self, deed: &str, reason: &str) -> ! {
        let address = self.try_script("return location.href", &[]);
        let text = self.try_script("return document.body.innerText", &[]);
        let words: String = match &text {
            Ok(Value::String(words)) => words.chars().take(QUOTED_CHARACTERS).collect(),
            other => format!("{other:?}"),
        };
        let picture = failure_picture(self.engine);
        let shown = match self.try_screenshot(&picture) {
            Ok(()) => picture.display().to_string(),
            Err(reason) => reason,
        };
        panic!(
            "{engine} could not {deed}: {reason}\n\
             Address: {address:?}\nPicture: {shown}\nConsole: {console:#?}\n\
             The page says:\n{words}\n",
            engine = self.engine,
            console = self.console(),
        )
    }
}

fn failure_picture(engine: Engine) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/browser-failures");
    let number = NEXT_PICTURE.fetch_add(1, Ordering::Relaxed);
    folder.join(format!("{engine}-{}-{number}.png", std::process::id()))
}

fn save(picture: &Value, path: &Path) -> Result<(), String> {
    let text = picture.as_str().ok_or("The driver sent no picture.")?;
    let bytes = BASE64_STANDARD.decode(text).map_err(|error| error.to_string())?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    fs::write(path, bytes).map_err(|error| error.to_string())
}
