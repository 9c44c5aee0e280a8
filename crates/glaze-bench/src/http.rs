//! The little HTTP that setting up needs: one request, one connection.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, bail};

/// Status and body of an answer.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Body as text.
    pub body: String,
}

/// Sends one request to loopback.
pub fn request(port: u16, method: &str, path: &str, key: Option<&str>, body: Option<&str>) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    if let Some(key) = key {
        head += &format!("authorization: Bearer {key}\r\n");
    }
    if let Some(body) = body {
        head += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    }
    stream.write_all(format!("{head}\r\n{}", body.unwrap_or_default()).as_bytes())?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw)?;
    let text = String::from_utf8_lossy(&raw);
    let (head, body) = text.split_once("\r\n\r\n").context("an HTTP answer")?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("a status")?;
    Ok(Answer {
        status,
        body: body.to_owned(),
    })
}

/// The body of a successful GET.
pub fn get(port: u16, path: &str, key: Option<&str>) -> anyhow::Result<String> {
    let answer = request(port, "GET", path, key, None)?;
    if answer.status != 200 {
        bail!("GET {path}: {} {}", answer.status, answer.body);
    }
    Ok(answer.body)
}
