// Makes links, copies them and lists the latest, by the same interface that programs use. Every
// text from the service is shown as text, never as markup.

const KEY = "ginnel-api-key"; // in sessionStorage: gone with the tab
const PATIENCE_MS = 15_000;
const LISTED = 10;
const SLOW_MS = 300; // what takes longer says so
const RETRIES_MS = [2_000, 4_000, 8_000, 15_000, 30_000]; // the last one again and again
const WEB = { username: "web", email: "web@ginnel.invalid" }; // owns links without another owner

const publicUrl = document.body.dataset.publicUrl;
const ownHosts = document.body.dataset.hosts.split(" "); // no link may lead there
const byId = (id) => document.getElementById(id);

// Asking ------------------------------------------------------------------------------------------

const AWAY = "The service does not answer. Try again in a moment.";

/** Why the service refused, in words for people: for all of it, and for each field at fault. */
class Refusal extends Error {
  constructor(status, answer, request) {
    super(sentence(status, answer.error, request));
    this.status = status;
    this.details = answer.details ?? {};
    this.isAway = status === 0 || (status >= 502 && status <= 504);
  }
}

function sentence(status, error, request) {
  if (status === 401) return "That needs the key of this service.";
  if (status === 403) {
    return `The service takes this only from the machine it runs on. Whoever runs it is told: ${error}`;
  }
  if (status === 503) return "The service cannot do that right now. Try again in a moment.";
  if (status >= 500) {
    return `Something went wrong at the service. Whoever runs it finds it in its log by ${request}.`;
  }
  return error ? worded("", error) : "The service did not take that.";
}

// What the service tells programs, and how people are told. What is not here is told as it is.
const WORDS = [
  [/^original_url must be a non-empty/, "Type or paste an address first."],
  [/must start with http/, "Only web pages can be made short: their addresses begin with https:// or http://."],
  [/must not exceed (\d+) characters/, "That is too long: at most $1 characters."],
  [/must not exceed (\d+) bytes.* has (\d+)/, "That is too long: written with the letters a to z alone, as browsers send it, it has $2 characters, and $1 is the most."],
  [/twice; remove one/, "It begins with https:// or http:// twice. Remove one."],
  [/must not contain credentials/, "Leave out the name and password before the @: everybody who follows the link would get them."],
  [/invalid port|port is out/, "The number behind the colon is no port: those go from 1 to 65535."],
  [/private|loopback|reserved .*host/, "That may lead to a place inside a private network or on this machine, which nobody else could open."],
  [/hostname|missing host|invalid characters|top-level domain/, "That does not look like a web address, such as https://example.org/page. Is there a typing mistake?"],
  [/code must be 3 to 32/, "A code has 3 to 32 of these: 0-9, A-Z, a-z, - and _."],
  [/short code is taken/, "Another link has this code. Choose another code."],
  [/short code is reserved/, "This word is part of the service's own addresses. Choose another code."],
  [/control characters|not Unicode/, "There are invisible characters in it. Type it anew."],
  [/^User (\d+ )?not found/, "There is no user of this name."],
];

/** A message for people. Of one that is not known the field's name, which is the interface's, is left out. */
function worded(name, message) {
  const known = WORDS.find(([pattern]) => pattern.test(message));
  if (known) return known[1].replace(/\$(\d)/g, (_, group) => known[0].exec(message)[group]);
  const rest = message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
  return rest[0].toUpperCase() + rest.slice(1) + (/[.?!]$/.test(rest) ? "" : ".");
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
    throw new Refusal(0, { error: AWAY });
  }
  if (response.status === 401 && (await haveAnotherKey(key))) return ask(path, body);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refusal(response.status, answer, response.headers.get("X-Request-ID"));
  }
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

/** Tells those who do not see it; the same text again is told again. */
function say(text) {
  byId("said").textContent = "";
  setTimeout(() => (byId("said").textContent = text), 50);
}

/** Calls `act` when `work` takes long. */
function ifSlow(work, act) {
  const timer = setTimeout(act, SLOW_MS);
  return work.finally(() => clearTimeout(timer));
}

const clamps = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const whole = !target.classList.contains("clamped");
    if (!whole) show(target.nextSibling, target.scrollHeight > target.clientHeight + 1);
  }
});

/** A text of somebody else in a few lines, and a button for the whole of it where that is more. */
function clamped(text, before = "") {
  const shown = make("span", { className: "hint target clamped" }, before, asItStands(text));
  const button = make("button", { type: "button", className: "whole", hidden: true }, "Show all");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    const cut = shown.classList.toggle("clamped");
    button.textContent = cut ? "Show all" : "Show less";
    button.setAttribute("aria-expanded", String(!cut));
  });
  clamps.observe(shown);
  return make("div", {}, shown, button);
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
    const copied = await copy(text);
    button.textContent = copied ? "Copied" : "Not copied";
    say(copied ? `Copied ${text}` : "This browser does not let the page copy. Select the address.");
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  return button;
}

/** A short address. Its code stays in one line, however narrow that is. */
function shortLink(address) {
  const shown = address.replace(/^https?:\/\//, "");
  const end = shown.lastIndexOf("/") + 1;
  const code = make("span", { className: "code" }, shown.slice(end));
  code.style.setProperty("--length", shown.length - end);
  const link = { href: address, target: "_blank", rel: "noopener", className: "short" };
  return make("div", { className: "address" }, make("a", link, shown.slice(0, end), code));
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

// Whether a text may be right, as far as can be told here.
const mayBeRight = {
  target: (text) => text.trim() !== "" && URL.canParse(completed(text)),
  code: (text) => text.trim() === "" || /^[0-9A-Za-z_-]{3,32}$/.test(text.trim()),
};

function clearFault(id) {
  tell(byId(`${id}-fault`), "");
  byId(id).removeAttribute("aria-invalid");
}

function clearFaults() {
  tell(byId("make-fault"), "");
  Object.values(fieldOf).forEach(clearFault);
}

for (const id of Object.values(fieldOf)) {
  byId(id).addEventListener("input", () => {
    if (mayBeRight[id]?.(byId(id).value) ?? true) clearFault(id);
  });
}

/** Shows a refusal at its fields, what belongs to none below the form; the first field is focused. */
function tellRefusal(refusal) {
  const { details } = refusal;
  const known = Object.entries(fieldOf).filter(([name]) => details[name]);
  for (const [name, id] of known) {
    tell(byId(`${id}-fault`), worded(name, details[name]));
    byId(id).setAttribute("aria-invalid", "true");
  }
  if (known.length === 0) {
    tell(byId("make-fault"), refusal.message);
    if (refusal.isAway) listLatest(); // which goes on asking, and tells when there is an answer
    return;
  }
  if (known.some(([name]) => name !== "original_url")) byId("more").open = true;
  byId(known[0][1]).focus();
}

async function userNamed(name) {
  const { answer } = await ask(`users?username=${encodeURIComponent(name)}`);
  return answer[0];
}

/** Makes the user `web`. Its address is another's where an earlier `web` has been renamed. */
async function madeWeb() {
  try {
    return (await ask("users", WEB)).answer;
  } catch (refusal) {
    if (refusal.status !== 409) throw refusal;
    const email = WEB.email.replace("@", `-${Date.now()}@`);
    // Or somebody has made it meanwhile.
    return (await userNamed(WEB.username)) ?? (await ask("users", { ...WEB, email })).answer;
  }
}

/** The id of the owner by name, or undefined; the user `web` is made when it is missing. What the
    service does not take of an owner is a fault of that field. */
async function ownerId(name) {
  try {
    const found = await userNamed(name);
    return found || name !== WEB.username ? found?.id : (await madeWeb()).id;
  } catch (refusal) {
    if ([400, 409, 422].includes(refusal.status)) refusal.details = { user_id: refusal.message };
    throw refusal;
  }
}

/** Whether an address is one of this service's own. Loopback has many services, a port each. */
function isOwn(target) {
  if (!URL.canParse(target)) return false;
  const { host, hostname } = new URL(target);
  const name = hostname.replace(/^\[|\.?$|\]$/g, "");
  const isLoopback = /^(localhost|127\.[\d.]+|::1)$/.test(name);
  return host === new URL(publicUrl).host || (ownHosts.includes(name) && !isLoopback);
}

/** Makes the link, or throws a Refusal with every field at fault: an unknown owner is one of them. */
async function post(draft) {
  try {
    return await ask("urls", draft);
  } catch (refusal) {
    const { details } = refusal;
    if (refusal.status === 409) details.code = refusal.message; // nothing else can be taken
    if (draft.user_id === undefined) details.user_id = "User not found";
    if (/reserved|loopback/.test(details.original_url) && isOwn(draft.original_url)) {
      details.original_url = "This is already a short link of this service, or another page of it.";
    }
    throw refusal;
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
  const { answer, fields } = await post(draft);
  return { link: answer, address: fields.get("X-Short-URL") };
}

function showMade({ link, address }) {
  const text = make(
    "div",
    {},
    make("div", { className: "row" }, shortLink(address), copyButton(address)),
    clamped(link.original_url, "leads to "),
  );
  byId("made").replaceChildren(
    make("div", { className: "made" }, text, qrCode(link.short_code, address)),
  );
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.ariaBusy === "true") return; // a disabled button would lose the focus
  const button = form.querySelector("button");
  clearFaults();
  byId("made").replaceChildren();
  form.ariaBusy = "true";
  try {
    showMade(await ifSlow(makeLink(), () => (button.textContent = "Shortening…")));
    for (const id of ["target", "code", "title"]) byId(id).value = "";
    listLatest();
  } catch (fault) {
    tellRefusal(fault);
  } finally {
    form.ariaBusy = "false";
    button.textContent = "Shorten";
  }
});

// The latest links --------------------------------------------------------------------------------

const count = new Intl.NumberFormat("en");
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

const KINDS = [
  ["human", "People"],
  ["bot", "Crawlers, scripts and feed readers"],
  ["preview", "Previews in messengers and networks"],
  ["prefetch", "Fetched ahead by browsers"],
  ["monitor", "Watchers"],
];

/** Who followed a link, and the whole of what its row shows the beginning of. */
function showDetails(link, address, classes) {
  const number = (kind) => classes?.find(({ value }) => value === kind)?.clicks ?? 0;
  const figure = (kind) => (classes ? count.format(number(kind)) : "?");
  const lines = KINDS.map(([kind, name]) => [make("dt", {}, name), make("dd", {}, figure(kind))]);
  byId("kinds").replaceChildren(...lines.flat());
  byId("details-address").replaceChildren(shortLink(address));
  tell(byId("details-name"), link.title);
  tell(byId("details-target"), `leads to ${link.original_url}`);
  byId("details").showModal();
}

/** The row of a link. It stays the same element as long as the link is listed, and what is focused
 * in it stays so: `update` changes its texts. */
function row(link) {
  const address = `${publicUrl}/${link.short_code}`;
  const made = new Date(`${link.created_at}Z`); // the service's times are UTC
  const off = make("span", { className: "badge" }, "off");
  const name = make("div");
  const clicks = make("button", { type: "button", className: "count" }, "…");
  const element = make(
    "tr",
    {},
    make("td", {}, make("div", { className: "row" }, shortLink(address), off), name),
    make("td", { className: "number" }, clicks),
    make("td", {}, make("time", { dateTime: made.toISOString() }, day.format(made))),
    make("td", {}, copyButton(address), qrButton(link.short_code, address)),
  );
  const kept = { id: link.id, element };
  clicks.addEventListener("click", () => showDetails(kept.link, address, kept.classes));
  kept.update = (now) => {
    const title = now.title || now.original_url;
    if (name.dataset.title !== title) name.replaceChildren(clamped(title));
    name.dataset.title = title;
    show(off, !now.is_active);
    kept.link = now;
  };
  kept.updateClicks = (stats) => {
    kept.classes = stats?.bot_classes;
    clicks.textContent = stats ? count.format(stats.humans) : "?";
    const told = stats ? `${clicks.textContent} clicks of people` : "Clicks are not known";
    clicks.setAttribute("aria-label", `${told}: details of ${address}`);
  };
  kept.update(link);
  return kept;
}

let rows = []; // as they are shown

/** Shows `listed`, moving no row that is there already. */
function showRows(listed) {
  const body = byId("latest").tBodies[0];
  const hadFocus = body.contains(document.activeElement);
  for (const { element } of rows.filter((old) => !listed.includes(old))) element.remove();
  listed.forEach(({ element }, i) => {
    if (body.rows[i] !== element) body.insertBefore(element, body.rows[i] ?? null);
  });
  rows = listed;
  if (hadFocus && !body.contains(document.activeElement)) byId("refresh").focus();
  show(byId("latest"), rows.length > 0);
  show(byId("latest-empty"), rows.length === 0);
  show(byId("latest-loading"), false);
}

async function latest() {
  const { answer } = await ask(`urls?order=newest&per_page=${LISTED}`);
  const listed = answer.map((link) => [rows.find(({ id }) => id === link.id) ?? row(link), link]);
  const asked = listed.map(([{ id }]) => ask(`urls/${id}/stats?values=${KINDS.length}`).catch(() => null));
  const stats = await Promise.all(asked);
  return () => {
    listed.forEach(([kept, link], i) => {
      kept.update(link);
      kept.updateClicks(stats[i]?.answer);
    });
    showRows(listed.map(([kept]) => kept));
  };
}

let listings = 0; // an answer that comes after a later one's question is not shown
let failures = 0; // in a row
let retry; // the timer

function tellAnswering() {
  if (failures > 0) say("The service answers again.");
  failures = 0;
  tell(byId("latest-fault"), "");
  show(byId("latest-away"), false);
  if (byId("make-fault").textContent === AWAY) tell(byId("make-fault"), "");
}

function tellAway(fault) {
  const text = fault.isAway ? "The service does not answer. This page keeps trying by itself." : fault.message;
  if (byId("latest-fault").textContent !== text) tell(byId("latest-fault"), text);
  show(byId("latest-away"), true);
  show(byId("latest-loading"), false);
  if (fault.isAway) {
    retry = setTimeout(listLatest, RETRIES_MS[Math.min(failures, RETRIES_MS.length - 1)]);
    failures += 1;
  }
}

async function listLatest() {
  const mine = ++listings;
  const button = byId("refresh");
  clearTimeout(retry);
  try {
    const showAll = await ifSlow(latest(), () => (button.textContent = "Refreshing…"));
    if (mine !== listings) return;
    showAll();
    tellAnswering();
  } catch (fault) {
    if (mine === listings) tellAway(fault);
  } finally {
    if (mine === listings) button.textContent = "Refresh";
  }
}

for (const id of ["refresh", "retry"]) byId(id).addEventListener("click", listLatest);
window.addEventListener("online", listLatest);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) listLatest(); // back from a link: it has a click
});
if (document.body.dataset.access !== "closed") listLatest(); // closed: no key would be the right one
