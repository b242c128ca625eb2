// The page /docs: reads a version's openapi.json, shows its operations, and sends the calls that somebody tries. What comes from a
// server is only ever put into the page as text. Credentials live in the fields of the form: they are read for each call, sent in
// a header to this server, and kept nowhere else.
"use strict";

const byId = (id) => document.getElementById(id);

// An element with its children: text, elements, or nothing. Names of `properties` are the element's own.
function element(name, properties, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key === "label") made.setAttribute("aria-label", value);
    else if (key === "for") made.htmlFor = value;
    else made[key] = value;
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== "") made.append(child);
  }
  return made;
}

// One document and what can be asked of it.
class Api {
  constructor(prefix, description) {
    this.prefix = prefix;
    this.description = description;
  }

  resolve(value) {
    if (!value || !value.$ref) return value;
    const names = value.$ref.replace(/^#\//, "").split("/");
    return names.reduce((found, name) => (found === undefined ? undefined : found[name]), this.description) || {};
  }

  nameOf(schema) {
    return schema && schema.$ref ? schema.$ref.split("/").pop() : "";
  }

  // "string (date-time) or null", "list of Post"
  typeOf(schema) {
    if (!schema) return "";
    if (schema.$ref) return this.nameOf(schema);
    if (schema.anyOf) return schema.anyOf.map((one) => this.typeOf(one)).join(" or ");
    if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" or ");
    const types = [].concat(schema.type || "anything");
    const words = types.map((type) => {
      if (type === "array") return "list of " + this.typeOf(schema.items);
      return type;
    });
    const details = [];
    if (schema.format && schema.format !== "int64") details.push(schema.format);
    if (schema.minimum !== undefined) details.push("from " + schema.minimum);
    if (schema.maximum !== undefined) details.push("up to " + schema.maximum);
    if (schema.default !== undefined) details.push("default " + JSON.stringify(schema.default));
    return words.join(" or ") + (details.length ? " (" + details.join(", ") + ")" : "");
  }

  example(given, depth = 0) {
    const schema = this.resolve(given);
    if (!schema || depth > 8) return null;
    if (schema.examples) return schema.examples[0];
    for (const keyword of ["default", "const"]) if (schema[keyword] !== undefined) return schema[keyword];
    if (schema.enum) return schema.enum[0];
    if (schema.anyOf) return this.example(schema.anyOf[0], depth + 1);
    switch ([].concat(schema.type)[0]) {
      case "object":
        return Object.fromEntries(
          Object.entries(schema.properties || {}).map(([name, one]) => [name, this.example(one, depth + 1)]));
      case "array": return [this.example(schema.items, depth + 1)];
      case "integer": return schema.minimum || 1;
      case "boolean": return true;
      case "string": return "text";
      default: return null;
    }
  }
}

function table(heads, rows) {
  return element("div", { className: "scroll" },
    element("table", {},
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, rows.map((row) => element("tr", {}, row.map((cell) => element("td", {}, cell)))))));
}

const code = (text) => element("code", {}, text);

// The members of a schema as rows; those of nested objects under their dotted names.
function memberRows(api, given, before = "", depth = 0) {
  const schema = api.resolve(given) || {};
  const rows = [];
  for (const [name, member] of Object.entries(schema.properties || {})) {
    const required = (schema.required || []).includes(name);
    rows.push([code(before + name), api.typeOf(member) + (required ? "" : ", optional"), api.resolve(member).description || ""]);
    const inner = api.resolve(member);
    const nested = inner.type === "array" ? api.resolve(inner.items) : inner;
    if (nested && nested.properties && depth < 2) {
      rows.push(...memberRows(api, nested, before + name + (inner.type === "array" ? "[]." : "."), depth + 1));
    }
  }
  return rows;
}

function showSchema(api, content) {
  const mediaTypes = Object.keys(content || {});
  if (mediaTypes.length === 0) return [];
  const schema = content[mediaTypes[0]].schema;
  const rows = memberRows(api, schema);
  return [
    element("p", { className: "meta" }, [api.nameOf(schema), mediaTypes.join(", ")].filter(Boolean).join(" as ")),
    rows.length ? table(["Member", "Type", "About"], rows) : null,
    element("details", {}, element("summary", {}, "Example"),
      element("pre", { tabIndex: 0 }, JSON.stringify(api.example(schema), null, 2))),
  ];
}

function showResponses(api, operation) {
  const rows = [];
  let success = [];
  for (const [status, given] of Object.entries(operation.responses)) {
    const response = api.resolve(given);
    rows.push([code(status), response.description, Object.keys(response.headers || {}).join(", ")]);
    if (status.startsWith("2")) success = showSchema(api, response.content);
  }
  return [element("h3", {}, "Answers"), table(["Status", "When", "Headers"], rows), ...success];
}

function securityOf(operation) {
  const schemes = (operation.security || []).flatMap((one) => Object.keys(one));
  if (schemes.length === 0) return "Anybody may call it.";
  return "Needs credentials: " + schemes.join(" or ") + (operation["x-permission"] ? ", and the permission " + operation["x-permission"] : "") + ".";
}

// base64 of the UTF-8 bytes.
function encoded(text) {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

function authorization() {
  switch (byId("scheme").value) {
    case "token": return "Basic " + encoded(byId("token").value.trim() + ":");
    case "password": return "Basic " + encoded(byId("email").value.trim() + ":" + byId("password").value);
    default: return "";
  }
}

function pretty(text, contentType) {
  if (!/json/.test(contentType || "")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(target, method, headers, body, answer) {
  answer.replaceChildren(element("p", { className: "meta" }, "Waiting ..."));
  const request = { method, headers, cache: "no-store", credentials: "omit", redirect: "follow" };
  if (body !== null) request.body = body;
  try {
    const started = performance.now();
    const response = await fetch(target, request);
    const text = await response.text();
    const elapsed = Math.round(performance.now() - started);
    const lines = Array.from(response.headers, ([name, value]) => name + ": " + value).join("\n");
    answer.replaceChildren(
      element("p", {}, element("span", { className: "status " + (response.ok ? "ok" : "bad") },
        response.status + " " + response.statusText), " ", element("span", { className: "meta" }, elapsed + " ms")),
      element("h3", {}, "Headers"), element("pre", { tabIndex: 0 }, lines),
      element("h3", {}, "Body"),
      element("pre", { tabIndex: 0 }, text === "" ? "(none)" : pretty(text, response.headers.get("Content-Type"))));
  } catch (error) {
    answer.replaceChildren(element("p", { className: "status bad" }, "No answer: " + error.message));
  }
}

let fieldCount = 0;

function field(label, control) {
  control.id = "field" + ++fieldCount;
  return element("p", {}, element("label", { for: control.id }, label), control);
}

function showTry(api, path, method, operation) {
  const inputs = (operation.parameters || []).map((parameter) => ({
    parameter,
    input: element("input", {
      autocomplete: "off", spellcheck: false, required: Boolean(parameter.required),
      placeholder: parameter.in === "path" ? String(api.example(parameter.schema) ?? "") : "",
    }),
  }));
  const mediaTypes = Object.keys((operation.requestBody || {}).content || {});
  const mediaType = element("select", {}, mediaTypes.map((type) => element("option", { value: type }, type)));
  const body = element("textarea", { spellcheck: false });
  if (mediaTypes.length) body.value = JSON.stringify(api.example(operation.requestBody.content[mediaTypes[0]].schema), null, 2);
  const button = element("button", { type: "submit" }, "Send");
  const answer = element("div", { className: "answer" });
  answer.setAttribute("aria-live", "polite");
  answer.hidden = true;

  const form = element("form", { className: "try", autocomplete: "off" },
    element("h3", {}, "Try it"),
    inputs.map(({ parameter, input }) => field(parameter.name, input)),
    mediaTypes.length ? [field("Content-Type", mediaType), field("Body", body)] : [],
    element("p", {}, button));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let filled = path;
    const query = new URLSearchParams();
    const headers = { Accept: "application/json" };
    for (const { parameter, input } of inputs) {
      const value = input.value.trim();
      if (parameter.in === "path") filled = filled.replace("{" + parameter.name + "}", encodeURIComponent(value));
      else if (value !== "" && parameter.in === "query") query.set(parameter.name, value);
      else if (value !== "" && parameter.in === "header") headers[parameter.name] = value;
    }
    if (authorization()) headers.Authorization = authorization();
    if (mediaTypes.length) headers["Content-Type"] = mediaType.value;
    button.disabled = true;
    answer.hidden = false;
    const target = api.prefix + filled + (query.size ? "?" + query : "");
    await send(target, method, headers, mediaTypes.length ? body.value : null, answer);
    button.disabled = false;
  });
  return [form, answer];
}

function showOperation(api, path, method, operation) {
  const inside = element("div", { className: "inside" });
  const details = element("details", { className: "operation", id: operation.operationId },
    element("summary", {},
      element("span", { className: "method " + method }, method),
      element("span", { className: "path" + (operation.deprecated ? " deprecated" : "") }, path),
      element("span", { className: "summary" }, operation.summary)),
    inside);
  details.addEventListener("toggle", () => {  // made when it is first wanted
    if (!details.open || inside.childElementCount) return;
    const rows = (operation.parameters || []).map((one) =>
      [code(one.name), one.in, api.typeOf(one.schema) + (one.required ? ", required" : ""), one.description]);
    inside.append(...[
      operation.description ? element("p", {}, operation.description) : null,
      element("p", { className: "meta" }, securityOf(operation)),
      ...(rows.length ? [element("h3", {}, "Parameters"), table(["Name", "In", "Type", "About"], rows)] : []),
      ...(operation.requestBody ? [element("h3", {}, "Request"), ...showSchema(api, operation.requestBody.content)] : []),
      ...showResponses(api, operation),
      ...showTry(api, path, method, operation),
    ].filter(Boolean));
  });
  return details;
}

function showApi(api) {
  const { info, paths, tags = [] } = api.description;
  byId("about").textContent = info.description || "";
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
  byId("operations").replaceChildren(...tags.map((tag) => element("section", {},
    element("h2", {}, tag.name, element("span", { className: "meta" }, tag.description)),
    all.filter(({ operation }) => (operation.tags || []).includes(tag.name))
      .map(({ path, method, operation }) => showOperation(api, path, method, operation)))));
  openNamed();
}

// "/docs#get_posts" opens that operation.
function openNamed() {
  const named = location.hash ? byId(decodeURIComponent(location.hash.slice(1))) : null;
  if (!named || named.tagName !== "DETAILS") return;
  named.open = true;
  named.scrollIntoView();
}

async function load() {
  const prefix = byId("version").value;
  const problem = byId("problem");
  byId("source").href = prefix + "/openapi.json";
  byId("operations").setAttribute("aria-busy", "true");
  problem.hidden = true;
  try {
    const response = await fetch(prefix + "/openapi.json", { credentials: "omit" });
    if (!response.ok) throw new Error("status " + response.status);
    const description = await response.json();
    if (byId("version").value === prefix) showApi(new Api(prefix, description));
  } catch (error) {
    problem.textContent = "The description of the API could not be read: " + error.message;
    problem.hidden = false;
  }
  byId("operations").setAttribute("aria-busy", "false");
}

function showFields() {
  const scheme = byId("scheme").value;
  byId("token-field").hidden = scheme !== "token";
  byId("email-field").hidden = byId("password-field").hidden = scheme !== "password";
}

byId("version").addEventListener("change", load);
byId("scheme").addEventListener("change", showFields);
byId("settings").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", openNamed);
showFields();
load();
