//! A small HTTP/1.1 client: one connection, one call at a time.
//!
//! It shares the machine with the server it measures, so it costs as little as it can: requests
//! are bytes made beforehand, and of an answer only what is needed is read.

use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

#[derive(Debug)]
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

/// Where the body of an answer lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    status: u16,
    from: usize,
    to: usize,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 8_192],
        })
    }

    /// Sends the request and waits for the whole answer. After an error the connection is of no
    /// more use.
    pub async fn call(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        let (mut filled, mut frame) = (0, None);
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            filled += read;
            if frame.is_none() {
                frame = Frame::find(&self.buffer[..filled])?;
            }
            if let Some(Frame { status, from, to }) = frame
                && to <= filled
            {
                return Ok(Answer {
                    status,
                    body: &self.buffer[from..to],
                });
            }
        }
    }
}

impl Frame {
    fn find(bytes: &[u8]) -> io::Result<Option<Self>> {
        let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else {
            return Ok(None);
        };
        let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let status = bytes
            .get(9..12)
            .and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
            .ok_or_else(|| bad("no status"))?;
        let mut length = 0;
        for line in bytes[..head].split(|byte| *byte == b'\n').skip(1) {
            let Some(colon) = line.iter().position(|byte| *byte == b':') else {
                continue;
            };
            let value = || std::str::from_utf8(&line[colon + 1..]).unwrap_or_default().trim();
            match colon {
                14 if line[..colon].eq_ignore_ascii_case(b"content-length") => {
                    length = value().parse().map_err(|_| bad("a bad content-length"))?;
                }
                17 if line[..colon].eq_ignore_ascii_case(b"transfer-encoding") => {
                    return Err(bad("an answer in chunks, which this client does not read"));
                }
                _ => {}
            }
        }
        Ok(Some(Self {
            status,
            from: head + 4,
            to: head + 4 + length,
        }))
    }
}

/// A request in its final bytes; the body is JSON.
pub fn request(method: &str, path: &str, key: &str, idempotency: Option<&str>, body: &str) -> Vec<u8> {
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    if let Some(idempotency) = idempotency {
        text.push_str("Idempotency-Key: ");
        text.push_str(idempotency);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_framed() {
        let bytes = b"HTTP/1.1 200 OK\r\ncontent-type: x\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(
            Frame::find(bytes).unwrap(),
            Some(Frame {
                status: 200,
                from: 55,
                to: 57
            })
        );
        assert_eq!(Frame::find(&bytes[..40]).unwrap(), None);
        let nothing = b"HTTP/1.1 204 No Content\r\n\r\n";
        assert_eq!(
            Frame::find(nothing).unwrap(),
            Some(Frame {
                status: 204,
                from: 27,
                to: 27
            })
        );
        assert!(Frame::find(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
    }
}
