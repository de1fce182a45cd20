//! The program of focal points: which page stands at which address.

/// Starts it. Programs that know more forms than Relais' own start it too.
#[cfg(target_arch = "wasm32")]
pub fn main() {
    use app::pages::check::Check;
    use app::pages::home::Home;
    use app::pages::new_document::NewDocument;
    use app::pages::not_found::NotFound;
    use app::pages::on_this_device::OnThisDevice;
    use app::pages::print::Print;
    use app::pages::section::SectionPage;
    use app::pages::settings::Settings;
    use app::pages::task_list::TaskList;
    use app::program::{Program, start};
    use leptos::prelude::*;
    use leptos_router::components::{Route, Routes};
    use leptos_router::path;

    start(Program { message_files: &[""], for_staff: false }, || {
        view! {
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Home/>
                <Route path=path!("/new/:form") view=NewDocument/>
                <Route path=path!("/d/:document") view=TaskList/>
                <Route path=path!("/d/:document/check") view=Check/>
                <Route path=path!("/d/:document/print") view=Print/>
                <Route path=path!("/d/:document/:section") view=SectionPage/>
                <Route path=path!("/device") view=OnThisDevice/>
                <Route path=path!("/settings") view=Settings/>
            </Routes>
        }
        .into_any()
    });
}

#[cfg(not(target_arch = "wasm32"))]
pub fn main() {}
