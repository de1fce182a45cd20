//! A real server in this process, and keep-alive lines to it over real TCP: the bytes that are
//! counted are those of the bodies as they cross.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use flate2::Compression;
use flate2::read::GzEncoder;
use shared::op::to_bytes;
use shared::sync::wire::{MEDIA_TYPE, PATH, PULL_BYTES_MAX, Reply, Request};
use tests::device::{Device, ROUNDS_MAX};
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

/// One connection of one device.
#[derive(Debug)]
pub struct Line {
    stream: BufReader<TcpStream>,
    cookie: String,
    /// Bytes of bodies sent.
    pub sent: usize,
    /// Bytes of bodies received.
    pub received: usize,
    /// Requests answered.
    pub round_trips: usize,
}

impl Line {
    pub fn new(address: SocketAddr, cookie: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream: BufReader::new(stream), cookie: cookie.to_owned(), sent: 0, received: 0, round_trips: 0 }
    }

    /// Sends one request as the client does, compressed where that is smaller.
    pub fn exchange(&mut self, request: &Request) -> Reply {
        let plain = to_bytes(request);
        let mut small = Vec::new();
        GzEncoder::new(plain.as_slice(), Compression::default()).read_to_end(&mut small).expect("memory");
        let (body, encoding) =
            if small.len() < plain.len() { (small, "content-encoding: gzip\r\n") } else { (plain, "") };
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nhost: localhost\r\nx-relais: 1\r\ncontent-type: {MEDIA_TYPE}\r\n{encoding}\
             accept-encoding: gzip, br\r\ncookie: {}\r\ncontent-length: {}\r\n\r\n",
            self.cookie,
            body.len()
        );
        let mut bytes = head.into_bytes();
        bytes.extend(&body);
        self.stream.get_mut().write_all(&bytes).expect("the server reads");
        self.sent += body.len();
        self.round_trips += 1;
        let (packed, answer) = self.answer();
        self.received += answer.len();
        let mut plain = Vec::new();
        if packed {
            let mut unpacked = brotli::Decompressor::new(answer.as_slice(), answer.len().max(1));
            unpacked.read_to_end(&mut plain).expect("brotli");
        } else {
            plain = answer;
        }
        Reply::from_body(&plain).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&plain)))
    }

    /// Reads one answer; whether its body is packed, and the body as it came.
    fn answer(&mut self) -> (bool, Vec<u8>) {
        let (mut packed, mut length) = (false, None);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("an answer");
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            packed |= line == "content-encoding: br";
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
        (packed, body)
    }

    fn chunks(&mut self, body: &mut Vec<u8>) {
        loop {
            let mut size = String::new();
            self.stream.read_line(&mut size).expect("a chunk");
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
            let request = device.offer().expect("the device is set up");
            let reply = self.exchange(&request);
            let answer = tests::server::Answer {
                status: axum::http::StatusCode::OK,
                media_type: MEDIA_TYPE.to_owned(),
                body: to_bytes(&reply),
            };
            let (writes, settled) = device.plan(&request, &answer).expect("the server’s own answer");
            device.commit(writes);
            // As the driver does: what went well is asked for twice as large.
            device.pull_bytes = (device.pull_bytes * 2).min(PULL_BYTES_MAX);
            if !settled.more && device.unsent() == 0 {
                return;
            }
        }
        panic!("not done after {ROUNDS_MAX} rounds");
    }

    /// Counts from zero again.
    pub fn reset(&mut self) {
        (self.sent, self.received, self.round_trips) = (0, 0, 0);
    }
}
