//! A network that answers in the server's name: a sign-in page with 200 for every request.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::Portal;

const PAGE: &str = "<!doctype html><title>Hotel</title><p>Welcome. Room number?";

/// Stands at the portal's address until it is dropped.
#[derive(Debug)]
pub struct Impostor {
    address: String,
    ends: Arc<AtomicBool>,
    answers: Option<JoinHandle<()>>,
}

impl Impostor {
    /// Takes the address of a portal that was stopped.
    #[track_caller]
    pub fn in_the_name_of(portal: &Portal) -> Self {
        let address = portal.url().trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind(&address).expect("the portal was stopped");
        let ends = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&ends);
        let answers = thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                answer(&connection);
            }
        });
        Self { address, ends, answers: Some(answers) }
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // Whoever waits for a connection sees that it is over once there is one.
        let _last = TcpStream::connect(&self.address);
        if let Some(answers) = self.answers.take() {
            let _ended = answers.join();
        }
    }
}

/// A browser that has hung up is nobody's loss.
fn answer(mut connection: &TcpStream) {
    let lines = BufReader::new(connection).lines();
    let _head: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        PAGE.len()
    );
    let _hung_up = connection.write_all(format!("{head}{PAGE}").as_bytes());
}
