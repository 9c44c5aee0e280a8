// Lists the operations of openapi.json and sends requests. Whatever comes from the document or an answer is put in as text.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const base = location.origin + location.pathname.replace(/\/api\/docs\/?$/, "");
let document_ = null;

function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== null));
  return node;
}

function resolve(node) {
  if (!node || !node.$ref) return node || {};
  const found = node.$ref.slice(2).split("/").reduce((at, name) => at && at[name], document_);
  return found || {};
}

// A body to begin with: every required member, and nothing deeper than needed.
function example(schema, depth = 0) {
  const it = resolve(schema);
  if (it.const !== undefined) return it.const;
  if (it.default !== undefined) return it.default;
  if (it.examples) return it.examples[0];
  if (it.enum) return it.enum[0];
  const choice = it.oneOf || it.anyOf;
  if (choice) return depth > 4 ? null : example(choice[0], depth + 1);
  const type = Array.isArray(it.type) ? it.type[0] : it.type;
  if (type === "object") {
    const names = depth > 3 ? [] : it.required || [];
    return Object.fromEntries(names.map((name) => [name, example((it.properties || {})[name], depth + 1)]));
  }
  if (type === "array") return [];
  if (type === "integer" || type === "number") return it.minimum > 0 ? it.minimum : 0;
  if (type === "boolean") return false;
  const formats = { uuid: "00000000-0000-7000-8000-000000000000", date: "2026-01-31", time: "12:00:00", "date-time": "2026-01-31T12:00:00Z",
    email: "ann@example.org", uri: "https://example.org", decimal: "0.00", duration: "PT1H" };
  return formats[it.format] ?? "";
}

function field(parameter, inputs) {
  const id = "p" + Math.random().toString(36).slice(2);
  const input = make("input", { id, type: "text", autocomplete: "off", spellcheck: false });
  if (parameter.style === "deepObject") input.placeholder = '{"field": {"_op": "value"}}';
  inputs.push({ parameter, input });
  const name = parameter.name + (parameter.required ? " *" : "");
  return make("div", { className: "row" }, make("label", { htmlFor: id }, name), input, parameter.description ? make("small", {}, parameter.description) : null);
}

async function send(method, path, inputs, body, output) {
  const query = new URLSearchParams();
  const headers = {};
  let address = path;
  for (const { parameter, input } of inputs) {
    if (input.value === "") continue;
    if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, input.value.split(",").map(encodeURIComponent).join(","));
    else if (parameter.in === "header") headers[parameter.name] = input.value;
    else query.append(parameter.name, input.value);
  }
  const key = document.getElementById("key").value.trim();
  if (key) headers.authorization = `Bearer ${key}`;
  if (body) headers["content-type"] = "application/json";
  const url = base + address + (query.size ? `?${query}` : "");
  output.replaceChildren("…");
  try {
    const begun = performance.now();
    const answer = await fetch(url, { method: method.toUpperCase(), headers, body: body ? body.value : undefined, credentials: "omit", cache: "no-store" });
    const text = await answer.text();
    const took = Math.round(performance.now() - begun);
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it is */ }
    const told = ["etag", "location"].filter((name) => answer.headers.has(name)).map((name) => `${name}: ${answer.headers.get(name)}\n`).join("");
    output.replaceChildren(make("p", { className: "status" }, `${answer.status} ${answer.statusText} · ${took} ms`), make("pre", {}, told + shown));
  } catch (error) {
    output.replaceChildren(make("p", { className: "status" }, String(error)));
  }
}

function operation(method, path, shared, it) {
  const inside = make("div", { className: "inside" });
  const box = make("details", {}, make("summary", {}, make("span", { className: "method" }, method.toUpperCase()),
    make("span", { className: "path" }, path), make("span", { className: "text" }, it.summary || "")), inside);
  box.dataset.text = `${method} ${path} ${it.summary || ""}`.toLowerCase();
  // Made when it is opened: a large model has thousands of fields.
  box.addEventListener("toggle", () => {
    if (!box.open || inside.childNodes.length) return;
    const inputs = [];
    for (const parameter of [...shared, ...(it.parameters || [])]) inside.append(field(resolve(parameter), inputs));
    let body = null;
    const schema = it.requestBody && it.requestBody.content["application/json"].schema;
    if (schema) {
      body = make("textarea", { spellcheck: false, value: JSON.stringify(example(schema), null, 2) });
      body.setAttribute("aria-label", "Body");
      inside.append(make("div", { className: "row" }, make("label", {}, "body"), body));
    }
    const output = make("div", {});
    const button = make("button", { type: "button" }, "Send");
    button.addEventListener("click", () => send(method, path, inputs, body, output));
    inside.append(button, output);
  }, { passive: true });
  return box;
}

function show() {
  const groups = new Map((document_.tags || []).map((tag) => [tag.name, { about: tag.description, boxes: [] }]));
  for (const [path, item] of Object.entries(document_.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const name = (item[method].tags || ["This node"])[0];
      if (!groups.has(name)) groups.set(name, { boxes: [] });
      groups.get(name).boxes.push(operation(method, path, item.parameters || [], item[method]));
    }
  }
  const main = document.getElementById("main");
  main.replaceChildren(make("p", {}, document_.info.description || ""));
  for (const [name, { about, boxes }] of groups) {
    main.append(make("section", {}, make("h2", {}, name), about ? make("p", {}, about) : null, ...boxes));
  }
}

document.getElementById("find").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const section of document.querySelectorAll("section")) {
    const boxes = [...section.querySelectorAll("details")];
    for (const box of boxes) box.hidden = !box.dataset.text.includes(wanted);
    section.hidden = boxes.every((box) => box.hidden);
  }
});

fetch(`${base}/api/openapi.json`)
  .then((answer) => answer.json())
  .then((json) => {
    document_ = json;
    document.title = `${json.info.title} · API`;
    document.getElementById("title").textContent = `${json.info.title} API`;
    show();
  })
  .catch((error) => document.getElementById("main").replaceChildren(make("p", {}, String(error))));
