//! Mails by SMTP.

use async_trait::async_trait;
use glaze_app::mail::{Mail, MailError, Mailer};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use crate::{Error, config::MailConfig};

/// Sends by SMTP, over connections that are kept for the next mail.
pub(crate) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// What the configuration says; `None` when it says nothing.
    pub fn of(config: &MailConfig) -> Result<Option<Smtp>, Error> {
        let Some(url) = &config.url else { return Ok(None) };
        // The URL has a password in it: it is not repeated.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| Error::Config(format!("`[mail] url` in glaze.toml: {error}; use smtps://USER:PASSWORD@HOST")))?
            .build();
        let from = config
            .from
            .as_deref()
            .ok_or_else(|| Error::Config("`[mail] from` is missing in glaze.toml: Name <address@example.org>".into()))?;
        let from = from
            .parse()
            .map_err(|error| Error::Config(format!("`[mail] from` in glaze.toml: {error}")))?;
        Ok(Some(Smtp { transport, from }))
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let failed = |error: &dyn std::fmt::Display| MailError(format!("the mail `{}` was not sent: {error}", mail.subject));
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.to.parse().map_err(|error| failed(&error))?))
            .subject(mail.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|error| failed(&error))?;
        self.transport.send(message).await.map_err(|error| failed(&error))?;
        Ok(())
    }
}
