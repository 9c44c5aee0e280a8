//! Runs the example: `cargo run -p integrated`, then <http://127.0.0.1:3000/> and <http://127.0.0.1:3000/cms/api/greetings>.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let database = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:data/guestbook.db".into());
    let application = integrated::application(&database).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://127.0.0.1:3000/ and http://127.0.0.1:3000/cms/api/greetings");
    axum::serve(listener, application).await?;
    Ok(())
}
