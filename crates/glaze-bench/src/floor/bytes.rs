//! An axum handler that returns bytes: the most that any axum application could answer.

use axum::{Router, extract::RawQuery, http::header, routing::get, serve::ListenerExt};
use bytes::Bytes;

/// Serves `/?n` with `n` bytes until killed.
pub fn serve(port: u16) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let block: Bytes = vec![b'x'; 1 << 20].into();
        let handler = move |RawQuery(query): RawQuery| {
            let size = query.and_then(|query| query.parse().ok()).unwrap_or(0).min(block.len());
            let body = block.slice(..size);
            async move { ([(header::CONTENT_TYPE, "application/json")], body) }
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, Router::new().route("/", get(handler))).await?;
        Ok(())
    })
}
