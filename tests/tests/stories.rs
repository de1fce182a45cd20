//! Stories of people at the real portal, in real browsers.
//!
//! Deliberately does not know how anything is built: people read words and press buttons. What a
//! story needs beside its browser (a colleague abroad, a member of staff) works on devices without one.

/// Tells stories on engines: the core ones on all three, the others on Chromium.
macro_rules! stories {
    ($(on $engine:ident ($named:ident): $($story:ident),+ ;)+) => {
        $(mod $engine {
            $(#[test]
            fn $story() {
                super::$story(tests::browser::Engine::$named);
            })+
        })+
    };
}

mod stories {
    mod correct;
    mod device;
    mod draft;
    mod faults;
    mod languages;
    mod offline;
    mod prose;
    mod review;
    mod sign_in;
    mod submit;
    mod surfaces;
    mod two_people;
    mod two_tabs;
    mod unwritten;
    mod update;
}
