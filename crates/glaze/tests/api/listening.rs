//! Over a real socket: keeping alive, slow clients, stopping.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use glaze_app::{App, Live, NoSystem, Settings};
use glaze_data::write::Hooks;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{journal::journal, world::World};

struct Listening {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<std::io::Result<()>>,
}

async fn listen(world: &World, settings: Settings) -> Listening {
    let live = world.apps().next().unwrap().live();
    let app = App::new(
        settings,
        Hooks::default(),
        Live::new(live.schema.clone(), live.store.clone()),
        Arc::new(NoSystem),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let done = tokio::spawn(async move {
        let shutdown = async {
            let _ = stopped.await;
        };
        glaze_server::serve(listener, glaze_server::router(app.clone()), &app, shutdown).await
    });
    Listening { address, stop, done }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Reads until the text is there.
fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let mut block = [0; 4096];
    while !text.contains(wanted) {
        let count = stream.read(&mut block).unwrap();
        assert!(count > 0, "the connection ended: {text}");
        text.push_str(&String::from_utf8_lossy(&block[..count]));
    }
    text
}

/// Reads to the end of the connection.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_kept_alive() {
    let world = journal().await;
    let server = listen(&world, Settings::default()).await;
    let address = server.address;
    blocking(move || {
        let mut stream = connect(address);
        for _ in 0..3 {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
            let answer = until(&mut stream, "{\"status\":\"ok\"}");
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_sends_too_slowly_is_let_go() {
    let world = journal().await;
    let short = Duration::from_millis(300);
    let server = listen(
        &world,
        Settings {
            header_timeout: short,
            body_timeout: short,
            ..Settings::default()
        },
    )
    .await;
    let address = server.address;
    blocking(move || {
        let begun = Instant::now();
        let mut head = connect(address);
        head.write_all(b"GET /healthz HTTP/1.1\r\nhost").unwrap();
        rest(&mut head);
        let mut body = connect(address);
        body.write_all(b"POST /api/visits HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"pa")
            .unwrap();
        let answer = until(&mut body, "request_timeout");
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(5));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_begun_is_finished_when_the_server_stops() {
    let world = journal().await;
    let server = listen(&world, Settings::default()).await;
    let address = server.address;
    let mut stream = blocking(move || {
        let mut stream = connect(address);
        stream
            .write_all(b"POST /api/visits HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{\"pag")
            .unwrap();
        std::thread::sleep(Duration::from_millis(200));
        stream
    })
    .await;
    server.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    blocking(move || {
        assert!(TcpStream::connect(address).is_err(), "nobody new is let in");
        stream.write_all(b"e\": \"/\"}").unwrap();
        let answer = rest(&mut stream);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    })
    .await;
    tokio::time::timeout(Duration::from_secs(5), server.done)
        .await
        .expect("it stops")
        .unwrap()
        .unwrap();
}
