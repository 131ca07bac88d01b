// Makes links, copies them and lists the latest, by the same interface that programs use. Every
// text from the service is shown as text, never as markup.

const KEY = "ginnel-api-key"; // in sessionStorage: gone with the tab
const PATIENCE_MS = 15_000;
const LISTED = 10;
const WEB = { username: "web", email: "web@ginnel.invalid" }; // owns links without another owner

const publicUrl = document.body.dataset.publicUrl;
const byId = (id) => document.getElementById(id);

// Asking ------------------------------------------------------------------------------------------

/** Why the service refused: its message, and one for each field at fault. */
class Refusal extends Error {
  constructor(status, answer) {
    super(answer.error ?? `The service answered ${status}.`);
    this.status = status;
    this.details = answer.details ?? {};
  }
}

/** GET, or POST when there is a body. Gives the answer and its fields; throws a Refusal. */
async function ask(path, body) {
  const key = sessionStorage.getItem(KEY);
  const headers = { Accept: "application/json" };
  if (key) headers["X-API-Key"] = key;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Refusal(0, { error: "The service does not answer. Try again in a moment." });
  }
  if (response.status === 401 && (await haveAnotherKey(key))) return ask(path, body);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer);
  return { answer, fields: response.headers };
}

let asking = null; // the open dialog's promise: many requests may want a key at once

/** Whether there is a key other than `refused`: the person is asked for one. */
function haveAnotherKey(refused) {
  if (sessionStorage.getItem(KEY) !== refused) return true;
  asking ??= askForKey(refused !== null).finally(() => (asking = null));
  return asking;
}

function askForKey(wasWrong) {
  const dialog = byId("key");
  show(byId("key-fault"), wasWrong);
  byId("key-value").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    const onClose = () => {
      const given = dialog.returnValue === "use";
      if (given) sessionStorage.setItem(KEY, byId("key-value").value);
      done(given);
    };
    dialog.addEventListener("close", onClose, { once: true });
  });
}

// Showing -----------------------------------------------------------------------------------------

function show(element, visible) {
  element.hidden = !visible;
}

/** An element with properties and children; a text among the children is text. */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** A text of somebody else, apart: signs in it that turn the direction of writing end with it. */
function asItStands(text) {
  return make("bdi", {}, text);
}

function tell(fault, text) {
  fault.textContent = text;
  show(fault, text !== "");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard over plain HTTP, or not allowed: by way of a selection.
    const area = make("textarea", { value: text, className: "unseen" });
    const focused = document.activeElement;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return copied;
  }
}

function copyButton(text) {
  const button = make("button", { type: "button" }, "Copy");
  button.setAttribute("aria-label", `Copy ${text}`);
  button.addEventListener("click", async () => {
    button.textContent = (await copy(text)) ? "Copied" : "Not allowed";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  return button;
}

function shortLink(address) {
  const shown = address.replace(/^https?:\/\//, "");
  return make("a", { href: address, target: "_blank", rel: "noopener", className: "short" }, shown);
}

// QR codes are asked for below this page, which need not be where short links are.

/** The QR code of a link, and its files to keep. */
function qrCode(code, address) {
  const file = (kind) =>
    make("a", { href: `${code}.${kind}?size=1024`, download: `${code}.${kind}` }, kind.toUpperCase());
  const picture = { src: `${code}.svg`, alt: `QR code of ${address}`, width: 160, height: 160 };
  return make(
    "figure",
    { className: "qr" },
    make("img", picture),
    make("figcaption", { className: "hint" }, "Save as ", file("svg"), " or ", file("png")),
  );
}

function qrButton(code, address) {
  const button = make("button", { type: "button" }, "QR");
  button.setAttribute("aria-label", `QR code of ${address}`);
  button.addEventListener("click", () => {
    byId("qr-shown").replaceChildren(
      make("p", { className: "hint target" }, address),
      qrCode(code, address),
    );
    byId("qr").showModal();
  });
  return button;
}

// Making a link -----------------------------------------------------------------------------------

const form = byId("make");
const fieldOf = { original_url: "target", code: "code", title: "title", user_id: "owner" };

function clearFaults() {
  tell(byId("make-fault"), "");
  for (const id of Object.values(fieldOf)) {
    tell(byId(`${id}-fault`), "");
    byId(id).removeAttribute("aria-invalid");
  }
}

/** A message at its field: without the field's name, which is that of the interface. */
function worded(name, message) {
  const rest = message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
  return rest[0].toUpperCase() + rest.slice(1);
}

/** Shows a refusal at its fields, what belongs to none below the form; the first field is focused. */
function tellRefusal(refusal) {
  const details = { ...refusal.details };
  if (refusal.status === 409) details.code = refusal.message; // nothing else can be taken
  const known = Object.entries(fieldOf).filter(([name]) => details[name]);
  for (const [name, id] of known) {
    tell(byId(`${id}-fault`), worded(name, details[name]));
    byId(id).setAttribute("aria-invalid", "true");
  }
  if (known.length === 0) {
    tell(byId("make-fault"), refusal.message);
    return;
  }
  if (known.some(([name]) => name !== "original_url")) byId("more").open = true;
  byId(known[0][1]).focus();
}

async function userNamed(name) {
  const { answer } = await ask(`users?username=${encodeURIComponent(name)}`);
  return answer[0];
}

/** The id of the owner by name; the user `web` is made when it is missing. */
async function ownerId(name) {
  const found = await userNamed(name);
  if (found) return found.id;
  if (name !== WEB.username) {
    throw new Refusal(0, { details: { user_id: "There is no user of this name." } });
  }
  try {
    return (await ask("users", WEB)).answer.id;
  } catch (refusal) {
    const other = await userNamed(name); // somebody may have made it meanwhile
    if (!other) throw new Refusal(0, { details: { user_id: refusal.message } });
    return other.id;
  }
}

/** What was typed, with https:// before what has no scheme, as domain/typed_target.h does. What is
    invisible at the end is the service's to remove: some of it belongs to an emoji. */
function completed(target) {
  const text = target.trim().replace(/^[\p{White_Space}\p{Default_Ignorable_Code_Point}]+/u, "");
  if (text.startsWith("//")) return `https:${text}`;
  const hasPort = /^[a-z][a-z0-9+.-]*:\d{1,5}(?![^/?#\s\p{Default_Ignorable_Code_Point}])/iu.test(text);
  const hasScheme = /^[a-z][a-z0-9+.-]*:/i.test(text) && !hasPort;
  return text === "" || hasScheme ? text : `https://${text}`;
}

async function makeLink() {
  const typed = (id) => byId(id).value.trim();
  const draft = {
    original_url: completed(typed("target")),
    title: typed("title"),
    user_id: await ownerId(typed("owner") || WEB.username),
  };
  if (typed("code")) draft.code = typed("code");
  const { answer, fields } = await ask("urls", draft);
  return { link: answer, address: fields.get("X-Short-URL") };
}

function showMade({ link, address }) {
  const text = make(
    "div",
    {},
    make("p", { className: "row" }, shortLink(address), copyButton(address)),
    make("p", { className: "hint target" }, "leads to ", asItStands(link.original_url)),
  );
  byId("made").replaceChildren(
    make("div", { className: "made" }, text, qrCode(link.short_code, address)),
  );
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.disabled) return;
  clearFaults();
  byId("made").replaceChildren();
  button.disabled = true;
  try {
    showMade(await makeLink());
    for (const id of ["target", "code", "title"]) byId(id).value = "";
    listLatest();
  } catch (fault) {
    tellRefusal(fault);
  } finally {
    button.disabled = false;
  }
});

// The latest links --------------------------------------------------------------------------------

const count = new Intl.NumberFormat("en");
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

function row(link) {
  const address = `${publicUrl}/${link.short_code}`;
  const made = new Date(`${link.created_at}Z`); // the service's times are UTC
  const title = link.title || link.original_url;
  const state = link.is_active ? [] : [make("span", { className: "badge" }, "off")];
  const clicks = make("td", { className: "number" }, "…");
  const element = make(
    "tr",
    {},
    make(
      "td",
      {},
      shortLink(address),
      ...state,
      make("span", { className: "hint target", title: link.original_url }, asItStands(title)),
    ),
    clicks,
    make("td", {}, make("time", { dateTime: made.toISOString() }, day.format(made))),
    make("td", {}, copyButton(address), qrButton(link.short_code, address)),
  );
  return { link, element, clicks };
}

async function showClicks({ link, clicks }) {
  try {
    const { answer } = await ask(`urls/${link.id}/stats?values=1`);
    clicks.textContent = count.format(answer.clicks);
  } catch {
    clicks.textContent = "?";
  }
}

let listings = 0; // an answer that comes after a later one's question is not shown

async function listLatest() {
  const mine = ++listings;
  try {
    const { answer } = await ask(`urls?order=newest&per_page=${LISTED}`);
    const rows = answer.map(row);
    await Promise.all(rows.map(showClicks));
    if (mine !== listings) return;
    byId("latest").tBodies[0].replaceChildren(...rows.map(({ element }) => element));
    show(byId("latest"), rows.length > 0);
    show(byId("latest-empty"), rows.length === 0);
    tell(byId("latest-fault"), "");
  } catch (fault) {
    if (mine === listings) tell(byId("latest-fault"), fault.message);
  }
}

byId("refresh").addEventListener("click", listLatest);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !byId("latest").hidden) listLatest(); // back from a link: it has a click
});
if (document.body.dataset.access !== "closed") listLatest(); // closed: no key would be the right one
