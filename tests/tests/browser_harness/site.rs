//! A small site to try the browser's verbs on: a form that is kept in IndexedDB, and a worker.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const WORKER: &str = include_str!("worker.js");

/// As strict as the portal's: a driver that injects its scripts as page code would fail here.
const HEADERS: &str = "Content-Security-Policy: default-src 'none'; script-src 'self'; \
    connect-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'\r\n\
    Cache-Control: no-store\r\nConnection: close\r\n";

/// Serves the site until the test ends, and returns its address.
pub fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || answer(&connection));
        }
    });
    address
}

/// Answers one request; a browser that has hung up is nobody's loss.
fn answer(mut connection: &TcpStream) {
    let mut lines = BufReader::new(connection).lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    for line in lines.map_while(Result::ok) {
        if line.is_empty() {
            break;
        }
    }
    let (kind, body) = match first.split(' ').nth(1) {
        Some("/") => ("text/html", PAGE),
        Some("/other") => ("text/html", "<!doctype html><title>Other</title><p>The other page."),
        Some("/page.js") => ("text/javascript", SCRIPT),
        Some("/worker.js") => ("text/javascript", WORKER),
        _ => ("text/plain", "live"),
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\n{HEADERS}Content-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let _hung_up = connection.write_all(format!("{head}{body}").as_bytes());
}
