//! The program of the facility's staff: which page stands at which address.

/// Starts it. Programs that know more forms than Relais' own start it too.
#[cfg(target_arch = "wasm32")]
pub fn main() {
    use app::pages::inbox::Inbox;
    use app::pages::not_found::NotFound;
    use app::pages::on_this_device::OnThisDevice;
    use app::pages::print::Print;
    use app::pages::review::Review;
    use app::pages::settings::Settings;
    use app::program::{Program, start};
    use leptos::prelude::*;
    use leptos_router::components::{Redirect, Route, Routes};
    use leptos_router::path;

    start(Program { message_files: &["", "office."], for_staff: true }, || {
        view! {
            <Routes fallback=NotFound>
                <Route path=path!("/") view=|| view! { <Redirect path="/inbox"/> }/>
                <Route path=path!("/inbox") view=Inbox/>
                <Route path=path!("/d/:document") view=Review/>
                <Route path=path!("/d/:document/print") view=Print/>
                <Route path=path!("/device") view=OnThisDevice/>
                <Route path=path!("/settings") view=Settings/>
            </Routes>
        }
        .into_any()
    });
}

#[cfg(not(target_arch = "wasm32"))]
pub fn main() {}
