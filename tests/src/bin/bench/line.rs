//! A real server in this process, and keep-alive lines to it over real TCP: the bytes that are
//! counted are those that cross, bodies alone and with their heads. Knows no TLS and no browser, which
//! add their own to the heads.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use app::sync::Pace;
use shared::op::to_bytes;
use shared::sync::wire::{MEDIA_TYPE, PATH, Reply, Request};
use tests::device::{Device, ROUNDS_MAX};
use tests::packing::{TAKEN, packed, unpacked};
use tests::server::TestServer;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The server, answering until it is dropped.
#[derive(Debug)]
pub struct Running {
    pub runtime: Runtime,
    pub server: TestServer,
    pub address: SocketAddr,
}

impl Running {
    /// Starts a server on an empty database, on the disk itself.
    pub fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let server = runtime.block_on(TestServer::start_on_disk());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        runtime.spawn(server::listen::serve(server.server().clone(), listener, std::future::pending()));
        Self { runtime, server, address }
    }
}

/// The link the times are told for: 50 kbit/s, and 300 ms to get there.
const LINK_BITS_PER_SECOND: f64 = 50_000.0;
const LINK_ONE_WAY_SECONDS: f64 = 0.3;

/// What crossed a line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crossed {
    /// Bytes of bodies sent.
    pub sent: usize,
    /// Bytes of bodies received.
    pub received: usize,
    /// Bytes of heads, both ways.
    pub heads: usize,
    /// Requests answered.
    pub round_trips: usize,
}

impl Crossed {
    /// Returns the larger body way.
    pub fn either_way(self) -> f64 {
        self.sent.max(self.received) as f64
    }

    /// Returns all bytes, heads and bodies both ways.
    pub fn total(self) -> f64 {
        (self.sent + self.received + self.heads) as f64
    }

    /// Returns how long it takes on a weak link, in seconds.
    pub fn seconds(self) -> f64 {
        self.total() * 8.0 / LINK_BITS_PER_SECOND + 2.0 * LINK_ONE_WAY_SECONDS * self.round_trips as f64
    }
}

/// One connection of one device.
#[derive(Debug)]
pub struct Line {
    stream: BufReader<TcpStream>,
    cookie: String,
    pace: Pace,
    /// What crossed since it was last counted from zero.
    pub crossed: Crossed,
}

impl Line {
    pub fn new(address: SocketAddr, cookie: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream: BufReader::new(stream),
            cookie: cookie.to_owned(),
            pace: Pace::default(),
            crossed: Crossed::default(),
        }
    }

    /// Sends one request as the client does, compressed where that is smaller.
    pub fn exchange(&mut self, request: &Request) -> Reply {
        let plain = to_bytes(request);
        let bytes_planned = plain.len();
        let (body, encoding) = match packed(&plain) {
            Some(small) => (small, "content-encoding: gzip\r\n"),
            None => (plain, ""),
        };
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nhost: localhost\r\nx-relais: 1\r\ncontent-type: {MEDIA_TYPE}\r\n{encoding}\
             accept-encoding: {TAKEN}\r\ncookie: {}\r\ncontent-length: {}\r\n\r\n",
            self.cookie,
            body.len()
        );
        let mut bytes = head.into_bytes();
        bytes.extend(&body);
        self.stream.get_mut().write_all(&bytes).expect("the server reads");
        self.crossed.sent += body.len();
        self.crossed.heads += bytes.len() - body.len();
        self.crossed.round_trips += 1;
        let (encoding, answer) = self.answer();
        self.crossed.received += answer.len();
        let plain = unpacked(answer, encoding.as_deref()).expect("packed as it was asked for");
        let reply =
            Reply::from_body(&plain).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&plain)));
        self.pace.succeeded(bytes_planned, body.len(), reply.more);
        reply
    }

    /// Reads one answer; how its body is packed, and the body as it came.
    fn answer(&mut self) -> (Option<String>, Vec<u8>) {
        let (mut encoding, mut length) = (None, None);
        loop {
            let mut line = String::new();
            self.crossed.heads += self.stream.read_line(&mut line).expect("an answer");
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(named) = line.strip_prefix("content-encoding: ") {
                encoding = Some(named.to_owned());
            }
            if let Some(number) = line.strip_prefix("content-length: ") {
                length = number.parse().ok();
            }
        }
        let mut body = Vec::new();
        match length {
            Some(length) => {
                body.resize(length, 0);
                self.stream.read_exact(&mut body).expect("a whole body");
            }
            None => self.chunks(&mut body),
        }
        (encoding, body)
    }

    fn chunks(&mut self, body: &mut Vec<u8>) {
        loop {
            let mut size = String::new();
            self.crossed.heads += self.stream.read_line(&mut size).expect("a chunk") + 2;
            let size = usize::from_str_radix(size.trim_end(), 16).expect("a size");
            let start = body.len();
            body.resize(start + size, 0);
            self.stream.read_exact(&mut body[start..]).expect("a whole chunk");
            let mut end = [0; 2];
            self.stream.read_exact(&mut end).expect("its end");
            if size == 0 {
                return;
            }
        }
    }

    /// Pushes and pulls until nothing is left.
    pub fn sync(&mut self, device: &mut Device) {
        for _ in 0..ROUNDS_MAX {
            // As the driver does.
            (device.push_bytes, device.pull_bytes) = (self.pace.push_bytes(), self.pace.pull_bytes());
            let request = device.offer().expect("the device is set up");
            let reply = self.exchange(&request);
            let answer = tests::server::Answer {
                status: axum::http::StatusCode::OK,
                media_type: MEDIA_TYPE.to_owned(),
                body: to_bytes(&reply),
            };
            let (writes, settled) = device.plan(&request, &answer).expect("the server’s own answer");
            device.commit(writes);
            if !settled.more && device.unsent() == 0 {
                return;
            }
        }
        panic!("not done after {ROUNDS_MAX} rounds");
    }

    /// Counts from zero again.
    pub fn reset(&mut self) {
        self.crossed = Crossed::default();
    }
}
