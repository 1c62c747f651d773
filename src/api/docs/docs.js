// Draws /openapi.json as a page to read. All text is set as text, never as markup.
"use strict";

const kMethods = ["get", "post", "patch", "put", "delete"];

let spec = {};

// --- Elements ---

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// The description's texts use two things of Markdown: paragraphs and `code`.
function prose(text) {
  return (text ?? "")
    .split("\n\n")
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) =>
      element(
        "p",
        {},
        ...paragraph.split("`").map((piece, index) => (index % 2 === 1 ? element("code", {}, piece) : piece)),
      ),
    );
}

function scrolling(table) {
  return element("div", { class: "scroll" }, table);
}

function example(text) {
  const copy = element("button", { type: "button" }, "Copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
  const canCopy = navigator.clipboard !== undefined;
  return element(
    "div",
    { class: "example" },
    element("pre", { tabindex: "0" }, element("code", {}, text)),
    canCopy ? copy : null,
  );
}

function jsonText(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

// --- Schemas ---

function resolve(object) {
  if (object === undefined || object.$ref === undefined) return object;
  const found = object.$ref
    .slice(2)
    .split("/")
    .reduce((at, key) => at[key], spec);
  return object.description === undefined ? found : { ...found, description: object.description };
}

// All members of an object's schema, with those that `allOf` adds.
function membersOf(schema) {
  const members = { ...(schema.properties ?? {}) };
  for (const part of schema.allOf ?? []) Object.assign(members, membersOf(resolve(part)));
  return members;
}

function requiredOf(schema) {
  return [...(schema.required ?? []), ...(schema.allOf ?? []).flatMap((part) => requiredOf(resolve(part)))];
}

function typeText(given) {
  const schema = resolve(given);
  if (schema.oneOf) return [...new Set(schema.oneOf.map(typeText))].join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.allOf) return "object";
  const types = [schema.type ?? "any"].flat();
  return types
    .map((type) => {
      if (type === "array" && types.length === 1) return `array of ${typeText(schema.items ?? {})}`;
      return type === "string" && schema.format ? `string (${schema.format})` : type;
    })
    .join(" or ");
}

function limitsText(schema) {
  const limits = [];
  const item = resolve(schema.items);
  if (item?.enum) limits.push(`each one of ${item.enum.map((value) => `\`${value}\``).join(", ")}`);
  if (schema.enum) limits.push(`one of ${schema.enum.map((value) => `\`${value}\``).join(", ")}`);
  if (schema.minimum !== undefined) limits.push(`at least ${schema.minimum}`);
  if (schema.maximum !== undefined) limits.push(`at most ${schema.maximum}`);
  if (schema.maxLength !== undefined) limits.push(`at most ${schema.maxLength} bytes`);
  if (schema.minItems !== undefined) limits.push(`at least ${schema.minItems} of them`);
  if (schema.maxItems !== undefined) limits.push(`at most ${schema.maxItems} of them`);
  if (schema.pattern !== undefined) limits.push(`matches \`${schema.pattern}\``);
  if (schema.default !== undefined) limits.push(`\`${JSON.stringify(schema.default)}\` where absent`);
  if (limits.length === 0) return "";
  const text = limits.join("; ");
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

// The objects that a value can be: to be drawn below it.
function objectsOf(given) {
  const schema = resolve(given);
  if (schema.oneOf) return schema.oneOf.flatMap(objectsOf);
  if (schema.items && [schema.type].flat().includes("array")) return objectsOf(schema.items);
  return Object.keys(membersOf(schema)).length > 0 ? [schema] : [];
}

// `above`: the schemas it is drawn inside of, so that one that holds itself ends. `direction`: whether a reader must
// know what to send, or only what comes.
function membersTable(schema, direction, above) {
  const required = direction === "sent" ? requiredOf(schema) : [];
  const rows = Object.entries(membersOf(schema)).map(([name, given]) => {
    const member = resolve(given);
    const inner = objectsOf(given).filter((object) => !above.includes(object));
    return element(
      "tr",
      {},
      element(
        "th",
        { scope: "row" },
        element("code", {}, name),
        required.includes(name) ? element("span", { class: "needed" }, " required") : null,
      ),
      element("td", { class: "type" }, typeText(given)),
      element(
        "td",
        {},
        ...prose(member.description),
        ...prose(limitsText(member)),
        ...inner.map((object, index) =>
          element(
            "details",
            {},
            element("summary", {}, index === 0 ? "Its members" : "Or these"),
            membersTable(object, direction, [...above, object]),
          ),
        ),
      ),
    );
  });
  for (const pattern of Object.keys(schema.patternProperties ?? {})) {
    const member = resolve(schema.patternProperties[pattern]);
    rows.push(
      element(
        "tr",
        {},
        element("th", { scope: "row" }, element("code", {}, "custom_…")),
        element("td", { class: "type" }, "any"),
        element("td", {}, ...prose(member.description)),
      ),
    );
  }
  return scrolling(element("table", {}, element("tbody", {}, ...rows)));
}

function schemaView(given, direction) {
  const objects = objectsOf(given);
  if (objects.length === 0) return [element("p", { class: "type" }, typeText(given))];
  const note = typeText(given) === "object" ? [] : [element("p", { class: "type" }, typeText(given))];
  return [...note, ...objects.map((object) => membersTable(object, direction, [object]))];
}

// --- Operations ---

function parametersTable(parameters) {
  const rows = parameters.map((parameter) =>
    element(
      "tr",
      {},
      element(
        "th",
        { scope: "row" },
        element("code", {}, parameter.name),
        parameter.required ? element("span", { class: "needed" }, " required") : null,
      ),
      element("td", {}, parameter.in),
      element("td", { class: "type" }, typeText(parameter.schema)),
      element("td", {}, ...prose(parameter.description), ...prose(limitsText(resolve(parameter.schema)))),
    ),
  );
  const heads = ["Name", "Where", "Type", ""].map((text) => element("th", { scope: "col" }, text));
  return scrolling(
    element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)),
  );
}

function bodyView(content, direction) {
  const media = content["application/json"] ?? Object.values(content)[0];
  const shown = media.example === undefined ? [] : [example(jsonText(media.example))];
  return [...schemaView(media.schema, direction), ...shown];
}

function answerView(status, given) {
  const answer = resolve(given);
  const line = [element("span", { class: "status" }, status), " ", ...prose(answer.description)[0].childNodes];
  const parts = [];
  if (answer.headers) {
    const headers = Object.entries(answer.headers).map(([name, header]) => ({
      name,
      in: "header",
      ...resolve(header),
    }));
    parts.push(parametersTable(headers));
  }
  if (answer.content) parts.push(...bodyView(answer.content, "received"));
  if (parts.length === 0) return element("div", { class: "answer" }, ...line);
  const opened = status.startsWith("2") && status !== "2XX";
  return element("details", { class: "answer", open: opened }, element("summary", {}, ...line), ...parts);
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function curlText(method, path, operation, parameters) {
  const url = parameters.reduce(
    (text, { name, example }) => text.replace(`{${name}}`, example),
    location.origin + path,
  );
  const lines = [`curl${method === "get" ? "" : ` -X ${method.toUpperCase()}`} ${quoted(url)}`];
  if (operation.security === undefined) lines.push(`-H "Authorization: Bearer $API_KEY"`);
  const body = operation.requestBody?.content["application/json"]?.example;
  if (body !== undefined) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  return lines.join(" \\\n  ");
}

function operationView(method, path, item, operation, kind) {
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
  const body = resolve(operation.requestBody);
  const inside = [...prose(operation.description)];
  if (parameters.length > 0) inside.push(element("h4", {}, "Parameters"), parametersTable(parameters));
  if (body) inside.push(element("h4", {}, "Body"), ...prose(body.description), ...bodyView(body.content, "sent"));
  if (kind === "path")
    inside.push(element("h4", {}, "With curl"), example(curlText(method, path, operation, parameters)));
  inside.push(element("h4", {}, kind === "path" ? "Answers" : "What your endpoint may answer"));
  for (const status of Object.keys(operation.responses).sort()) {
    inside.push(answerView(status, operation.responses[status]));
  }
  return element(
    "details",
    { class: "operation", id: operation.operationId },
    element(
      "summary",
      {},
      element(
        "span",
        { class: `method ${kind === "path" ? method : "event"}` },
        kind === "path" ? method.toUpperCase() : "EVENT",
      ),
      element("span", { class: "path" }, path),
      element("h3", {}, operation.summary),
    ),
    element("div", { class: "inside" }, ...inside),
  );
}

function operationsOf(tag) {
  const found = [];
  for (const [kind, items] of [
    ["path", spec.paths],
    ["webhook", spec.webhooks],
  ]) {
    for (const [path, item] of Object.entries(items)) {
      for (const method of kMethods) {
        if (item[method]?.tags.includes(tag)) found.push({ kind, path, item, method, operation: item[method] });
      }
    }
  }
  return found;
}

// --- The page ---

function draw() {
  const overview = element(
    "section",
    { id: "overview" },
    element("h1", {}, spec.info.title),
    element("p", { class: "lead" }, spec.info.summary),
    ...prose(spec.info.description),
  );
  const sections = [overview];
  const links = [];
  for (const tag of spec.tags) {
    const operations = operationsOf(tag.name);
    if (operations.length === 0) continue;
    const views = operations.map(({ kind, path, item, method, operation }) =>
      operationView(method, path, item, operation, kind),
    );
    const section = element(
      "section",
      {},
      element("h2", {}, tag.name),
      element("p", { class: "lead" }, tag.description),
      ...views,
    );
    sections.push(section);
    const entries = operations.map(({ operation }) =>
      element("li", {}, element("a", { href: `#${operation.operationId}` }, operation.summary)),
    );
    links.push(element("section", {}, element("h2", {}, tag.name), element("ul", {}, ...entries)));
  }
  // What the `type` of a problem leads to.
  const problems = Object.entries(spec["x-problems"]).map(([kind, text]) =>
    element("article", { id: `problem-${kind}`, class: "problem" }, element("h3", {}, kind), ...prose(text)),
  );
  sections.push(element("section", { id: "problems" }, element("h2", {}, "Problems"), ...problems));
  links.push(
    element(
      "section",
      {},
      element("h2", {}, "Problems"),
      element("ul", {}, element("li", {}, element("a", { href: "#problems" }, "Kinds of problems"))),
    ),
  );
  document.getElementById("main").replaceChildren(...sections);
  document.getElementById("nav").replaceChildren(...links);
  document.getElementById("version").textContent = spec.info.version;
}

// Shows the operations whose path or words hold every word that is asked for.
function filter(text) {
  const words = text.toLowerCase().split(/\s+/);
  for (const operation of document.querySelectorAll(".operation")) {
    const summary = operation.querySelector("summary").textContent.toLowerCase();
    operation.hidden = !words.every((word) => summary.includes(word));
    const link = document.querySelector(`nav a[href="#${operation.id}"]`);
    link.parentElement.hidden = operation.hidden;
  }
  for (const section of document.querySelectorAll("main > section:not(#overview):not(#problems)")) {
    section.hidden = section.querySelector(".operation:not([hidden])") === null;
  }
  for (const section of document.querySelectorAll("nav > section")) {
    section.hidden = section.querySelector("li:not([hidden])") === null;
  }
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target === null) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView();
}

function showTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.getElementById("theme").textContent = theme === "dark" ? "Light" : "Dark";
}

function setUpTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  showTheme(localStorage.getItem("theme") ?? (dark ? "dark" : "light"));
  document.getElementById("theme").addEventListener("click", () => {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", theme);
    showTheme(theme);
  });
}

async function main() {
  setUpTheme();
  try {
    const answer = await fetch("/openapi.json");
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    spec = await answer.json();
  } catch (error) {
    document.getElementById("wait").textContent = `The description cannot be loaded: ${error.message}.`;
    return;
  }
  draw();
  document.getElementById("filter").addEventListener("input", (event) => filter(event.target.value));
  addEventListener("hashchange", openTarget);
  openTarget();
}

main();
