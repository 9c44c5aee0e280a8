"use strict";

// What each link in a mail is for: title, button, which fields, what is said when it is done.
const KINDS = [
  { path: "/auth/verify", title: "Confirm your e-mail address", button: "Confirm", fields: [], done: "Your address is confirmed." },
  { path: "/auth/password/reset", title: "Choose a new password", button: "Save", fields: ["password"], done: "Your password is saved. Log in with it." },
  { path: "/auth/magic-link/login", title: "Log in", button: "Log in", fields: [], done: "You are logged in." },
  { path: "/auth/register", title: "Make your account", button: "Make account", fields: ["name", "password"], done: "You are logged in." },
];

const kind = KINDS.find((kind) => location.pathname.endsWith(kind.path));
const token = new URLSearchParams(location.search).get("token");
const form = document.getElementById("form");
const button = form.querySelector("button");
const result = document.getElementById("result");

// The token stays in this page, not in the history.
history.replaceState(null, "", location.pathname);

document.title = kind.title;
document.getElementById("title").textContent = kind.title;
button.textContent = kind.button;
for (const field of kind.fields) {
  document.getElementById(`${field}-label`).hidden = false;
  form.elements[field].required = true;
}
if (!token) {
  form.hidden = true;
  result.textContent = "The link is not whole: copy all of it from the mail.";
}

async function send() {
  const body = { token };
  for (const field of kind.fields) body[field] = form.elements[field].value;
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return kind.done;
  const problem = await response.json();
  if (problem.code === "unauthenticated") throw new Error("The link does not hold any more: ask for another.");
  throw new Error((problem.errors && problem.errors[0] && problem.errors[0].message) || problem.detail || problem.title);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  try {
    result.textContent = await send();
    form.hidden = true;
  } catch (error) {
    result.textContent = error.message;
    button.disabled = false;
  }
});
