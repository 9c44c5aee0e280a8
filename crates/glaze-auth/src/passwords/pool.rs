//! A few threads that hash, so that reading content goes on while many log in: at most half of the processors, and a queue that ends.

use std::{sync::OnceLock, thread};

use crossbeam_channel::{Sender, bounded};
use tokio::sync::oneshot;

use super::hash;
use crate::AuthError;

/// How many may wait; more are told to come back. With tens of milliseconds each, the last waits for seconds.
const WAITING: usize = 64;

/// What came of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Another password, or there is none.
    Wrong,
    /// The password.
    Right {
        /// The hash to keep from now on, when the one there is old.
        replace: Option<String>,
    },
}

enum Task {
    Make(String, oneshot::Sender<Option<String>>),
    Verify(String, Option<String>, oneshot::Sender<Verdict>),
}

/// Makes and verifies hashes on threads of its own, which begin with the first.
#[derive(Default)]
pub struct Passwords {
    tasks: OnceLock<Sender<Task>>,
}

impl Passwords {
    /// The hash of a password.
    ///
    /// # Errors
    /// [`AuthError::Busy`] when too many wait.
    pub async fn hash(&self, password: &str) -> Result<String, AuthError> {
        let (answer, answered) = oneshot::channel();
        self.give(Task::Make(password.to_owned(), answer))?;
        answered.await.ok().flatten().ok_or(AuthError::Busy)
    }

    /// Whether a password is that of the hash. Without a hash it takes as long, and is wrong.
    ///
    /// # Errors
    /// [`AuthError::Busy`] when too many wait.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<Verdict, AuthError> {
        let (answer, answered) = oneshot::channel();
        self.give(Task::Verify(password.to_owned(), hash, answer))?;
        answered.await.map_err(|_| AuthError::Busy)
    }

    fn give(&self, task: Task) -> Result<(), AuthError> {
        self.tasks.get_or_init(begin).try_send(task).map_err(|_| AuthError::Busy)
    }
}

fn begin() -> Sender<Task> {
    let (sender, tasks) = bounded(WAITING);
    let threads = thread::available_parallelism().map_or(1, |all| all.get() / 2).max(1);
    for number in 0..threads {
        let tasks = tasks.clone();
        let spawned = thread::Builder::new()
            .name(format!("glaze-password-{number}"))
            .spawn(move || tasks.iter().for_each(work));
        // With no thread at all the queue has no other end, and every task is told that it is busy here.
        drop(spawned);
    }
    sender
}

fn work(task: Task) {
    match task {
        // Who no longer waits needs no hash.
        Task::Make(_, answer) if answer.is_closed() => {}
        Task::Verify(_, _, answer) if answer.is_closed() => {}
        Task::Make(password, answer) => drop(answer.send(hash::make(&password))),
        Task::Verify(password, hash, answer) => drop(answer.send(judge(&password, hash.as_deref()))),
    }
}

fn judge(password: &str, hash: Option<&str>) -> Verdict {
    let Some(hash) = hash else {
        // As much work as a real one, so that time does not tell who has an account.
        let _ = hash::make(password);
        return Verdict::Wrong;
    };
    match hash::holds(password, hash) {
        false => Verdict::Wrong,
        true => Verdict::Right {
            replace: hash::is_old(hash).then(|| hash::make(password)).flatten(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_right_or_wrong_and_nobodys_is_wrong() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse").await.expect("a hash");
        let right = passwords.verify("correct horse", Some(hash.clone())).await.expect("a verdict");
        assert_eq!(right, Verdict::Right { replace: None });
        assert_eq!(
            passwords.verify("battery staple", Some(hash)).await.expect("a verdict"),
            Verdict::Wrong
        );
        assert_eq!(passwords.verify("correct horse", None).await.expect("a verdict"), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_queue_that_is_full_says_so() {
        let passwords = Passwords::default();
        let all = futures_util::future::join_all((0..200).map(|_| passwords.hash("correct horse"))).await;
        assert!(all.iter().any(|one| matches!(one, Err(AuthError::Busy))));
        assert!(all.iter().any(Result::is_ok));
    }
}
