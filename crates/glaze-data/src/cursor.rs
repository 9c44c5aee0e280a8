//! Cursors: the order values of a row, sealed. A client can neither read nor make one, and each is good only for the question it
//! was given for: the same entity, filter, order and visibility.
//!
//! Layout before base64url: 16 bytes of HMAC-SHA256 over scope and content, then the content under a key stream that starts from
//! those bytes. So equal cursors are equal texts, and nothing of a value shows.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use glaze_expr::tree::FieldRef;
use glaze_model::Value;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::{actor::Actor, bound::BoundRead, schema::Schema};

mod pack;

const TAG: usize = 16;
const BEFORE: u8 = 1;
const AFTER: u8 = 0;

/// Why a text is not a cursor of this question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Not made by us, or damaged, or of another question, or of somebody who may see something else. Which one is not told.
    #[error("this cursor does not belong to this request: begin again without it")]
    Foreign,
    /// Sorting or filter are the same, but it leads the other way.
    #[error("this cursor leads the other way: use `after` with `next` and `before` with `previous`")]
    Direction,
}

/// The question that a cursor belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope([u8; 32]);

impl Scope {
    /// The scope of a bound list: what decides which rows it has and in which order, not what of them is shown.
    pub fn of(schema: &Schema, actor: &Actor, read: &BoundRead) -> Scope {
        use std::fmt::Write;
        let mut text = Hashed(Sha256::new());
        let mut roles: Vec<&String> = actor.roles().iter().collect();
        roles.sort_unstable();
        let entity = schema.entity(read.entity);
        // Writing into a hash can't fail.
        let _ = write!(text, "{:?}{:?}{roles:?}{:?}", entity.name, actor.id(), read.filter.node);
        for order in &read.order {
            let _ = write!(
                text,
                "|{:?}{}{:?}{:?}",
                order.by,
                order.desc,
                order.guard,
                type_of(schema, &order.by)
            );
        }
        Scope(text.0.finalize().into())
    }
}

/// Name and type at the end of a path: positions may mean something else once the schema has changed.
fn type_of<'s>(schema: &'s Schema, field: &FieldRef) -> Option<(&'s str, &'s glaze_expr::tree::Type)> {
    let mut entity = schema.entity(field.entity);
    for hop in &field.hops {
        entity = schema.entity(entity.fields.get(*hop as usize)?.relation.as_ref()?.target()?);
    }
    entity
        .fields
        .get(field.field as usize)
        .map(|field| (field.name.as_str(), &field.ty))
}

struct Hashed(Sha256);

impl std::fmt::Write for Hashed {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// Seals and opens cursors with the keys of this installation.
#[derive(Clone)]
pub struct Cursors {
    sign: Hmac<Sha256>,
    hide: Hmac<Sha256>,
}

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cursors")
    }
}

impl Cursors {
    /// From a secret that all nodes share.
    pub fn new(secret: &[u8]) -> Cursors {
        let derive = |purpose: &[u8]| keyed(keyed(secret).chain_update(purpose).finalize().into_bytes().as_slice());
        Cursors {
            sign: derive(b"glaze cursor: signature"),
            hide: derive(b"glaze cursor: content"),
        }
    }

    /// The cursor that leads on from the row with these order values: `before` for `page.previous`, else for `page.next`.
    pub fn encode(&self, scope: &Scope, values: &[Value], before: bool) -> String {
        let mut content = vec![if before { BEFORE } else { AFTER }];
        pack::write(values, &mut content);
        let tag = self.tag(scope, &content);
        self.mask(&tag, &mut content);
        let mut sealed = Vec::with_capacity(TAG + content.len());
        sealed.extend_from_slice(&tag);
        sealed.extend_from_slice(&content);
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// The order values in a cursor.
    ///
    /// # Errors
    /// When it is not one of ours for this question.
    pub fn decode(&self, scope: &Scope, cursor: &str, before: bool) -> Result<Vec<Value>, CursorError> {
        let sealed = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| CursorError::Foreign)?;
        let (tag, hidden) = sealed.split_at_checked(TAG).ok_or(CursorError::Foreign)?;
        let mut content = hidden.to_vec();
        self.mask(tag, &mut content);
        self.mac(scope, &content)
            .verify_truncated_left(tag)
            .map_err(|_| CursorError::Foreign)?;
        let (direction, packed) = content.split_first().ok_or(CursorError::Foreign)?;
        if *direction != if before { BEFORE } else { AFTER } {
            return Err(CursorError::Direction);
        }
        pack::read(packed).ok_or(CursorError::Foreign)
    }

    fn mac(&self, scope: &Scope, content: &[u8]) -> Hmac<Sha256> {
        self.sign.clone().chain_update(scope.0).chain_update(content)
    }

    fn tag(&self, scope: &Scope, content: &[u8]) -> [u8; TAG] {
        let whole = self.mac(scope, content).finalize().into_bytes();
        let mut tag = [0; TAG];
        tag.copy_from_slice(&whole[..TAG]);
        tag
    }

    /// Hides the content, or shows it again.
    fn mask(&self, tag: &[u8], content: &mut [u8]) {
        for (block, chunk) in content.chunks_mut(32).enumerate() {
            let stream = self
                .hide
                .clone()
                .chain_update(tag)
                .chain_update((block as u64).to_le_bytes())
                .finalize()
                .into_bytes();
            chunk.iter_mut().zip(stream).for_each(|(byte, mask)| *byte ^= mask);
        }
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length")
}
