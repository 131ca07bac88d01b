// SPDX-License-Identifier: MIT
// Drives the first page in Chromium as a person would, one scenario a run:
//
//   node first_page.cjs SCENARIO '{"url":...,"arrivals":PORT,"pictures":FOLDER,...}'
//
// `url` is a running service; www.example.org is mapped to the local port `arrivals`, so that links
// can be followed. `playwright` and `axe` are where those packages are, `chromium` the browser,
// `zbarimg` that program or null, `keyed` the `url` and `key` of a service that asks for one, `closed`
// the address of one that has none and should. Prints one JSON object of figures; a failed assertion
// ends it with 1. Every scenario fails when the page breaks its own policy, throws, or logs an error.
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { setTimeout: sleep } = require("node:timers/promises");

const DESKTOP = { width: 1100, height: 900 };
const PATIENCE_MS = 10_000;
const PHONE = { width: 375, height: 740 };
const TARGET = "http://www.example.org/a/long/way?through=the+town";

const [scenario, argument] = process.argv.slice(2);
const given = JSON.parse(argument);
const figures = {};
const { chromium } = require(given.playwright);
const AXE = readFileSync(given.axe, "utf8");

/** Runs `act` in a window of its own; what the page must not say is collected and must be nothing. */
async function inWindow(browser, options, act) {
  const { expected = [], ...rest } = options;
  const context = await browser.newContext({ viewport: DESKTOP, locale: "en-GB", ...rest });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`thrown: ${error}`));
  page.on("console", (message) => {
    const text = message.text();
    const foreseen = expected.some((status) => text.includes(`status of ${status}`));
    if (message.type() === "error" && !foreseen) faults.push(text);
  });
  page.setDefaultTimeout(PATIENCE_MS);
  await act(page, context);
  assert.deepEqual(faults, []);
  await context.close();
}

/** Asks from out here until it holds: the page's policy does not let playwright's own loop run in it. */
async function until(holds) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `in vain: ${holds}`);
    await sleep(50);
  }
}

const picture = (page, name) =>
  page.screenshot({ path: path.join(given.pictures, `${name}.png`), fullPage: true });

/** Opens the first page and waits for its list. */
async function open(page) {
  await page.goto(given.url);
  await page.waitForSelector("#latest:not([hidden]), #latest-empty:not([hidden])");
}

async function shorten(page, target) {
  await page.fill("#target", target);
  await page.press("#target", "Enter");
  await page.waitForSelector("#made a.short");
  return page.getAttribute("#made a.short", "href");
}

/** axe finds nothing serious; what it finds beside is counted. */
async function judge(page, where) {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => axe.run(document));
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const told = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(told, [], where);
  figures[`axe, ${where}`] = `${passes.length} rules passed, ${violations.length} minor findings`;
}

/** Nothing is wider than the window. */
async function fits(page) {
  const [needed, there] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(needed <= there, `${needed} pixels in a window of ${there}`);
}

/** Waits until `image`, a QR code, is drawn; reads it off the screen where that can be done. */
async function assertReadsAs(image, address) {
  await image.evaluate((element) => element.decode());
  assert.equal(await image.getAttribute("alt"), `QR code of ${address}`);
  if (!given.zbarimg) return;
  const input = await image.screenshot();
  const options = { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] };
  assert.equal(execFileSync(given.zbarimg, ["--quiet", "--raw", "png:-"], options).trim(), address);
  figures["QR codes read off the screen"] = (figures["QR codes read off the screen"] ?? 0) + 1;
}

const scenarios = {
  /** Paste, Enter, copy, follow, see the click. */
  async a_link_is_made_copied_and_followed(browser) {
    await inWindow(browser, {}, async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await open(page);
      const address = await shorten(page, TARGET);
      assert.match(address, new RegExp(`^${given.url}/[0-9A-Za-z]{6}$`));
      assert.equal(await page.inputValue("#target"), "");

      await page.click("#made button");
      await until(async () => (await page.textContent("#made button")) === "Copied");
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
      await picture(page, "made");

      const [followed] = await Promise.all([context.waitForEvent("page"), page.click("#made a.short")]);
      await followed.waitForSelector("h1");
      assert.equal(followed.url(), TARGET);
      assert.equal(await followed.textContent("h1"), "Arrived");
      await followed.close();

      const first = page.locator("#latest tbody tr").first();
      assert.equal(await first.locator("a.short").getAttribute("href"), address);
      await until(async () => {
        await page.click("#refresh");
        return (await first.locator(".number").textContent()) === "1";
      });
    });
  },

  /** Where the clipboard may not be used, as over plain HTTP, copying goes another way. */
  async a_link_is_copied_without_the_clipboard(browser) {
    await inWindow(browser, {}, async (page) => {
      await page.addInitScript(() => {
        Object.defineProperty(navigator, "clipboard", { value: undefined });
        document.addEventListener("copy", () => (globalThis.copied = String(getSelection())));
      });
      await open(page);
      const address = await shorten(page, TARGET);
      await page.click("#made button");
      await until(async () => (await page.textContent("#made button")) === "Copied");
      assert.equal(await page.evaluate(() => globalThis.copied), address);
    });
  },

  /** A new link's QR code stands beside it, that of every other is a button away; both are files. */
  async qr_codes_are_shown_and_saved(browser) {
    for (const [device, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
      await inWindow(browser, { viewport, colorScheme: "dark" }, async (page) => {
        await open(page);
        const address = await shorten(page, TARGET);
        await assertReadsAs(page.locator("#made .qr img"), address);
        for (const [name, start] of [["SVG", "<svg"], ["PNG", "\x89PNG"]]) {
          const [saved] = await Promise.all([
            page.waitForEvent("download"),
            page.click(`#made .qr a:text("${name}")`),
          ]);
          assert.equal(saved.suggestedFilename(), `${address.split("/").pop()}.${name.toLowerCase()}`);
          assert.ok(readFileSync(await saved.path(), "latin1").startsWith(start), name);
        }

        const row = page.locator("#latest tbody tr", { hasText: "figures" });
        await row.getByRole("button", { name: "QR code of" }).press("Enter");
        await page.waitForSelector("#qr[open]");
        await assertReadsAs(page.locator("#qr img"), `${given.url}/figures`);
        await picture(page, `qr-${device}`);
        await judge(page, `QR code, ${device}`);
        await fits(page);
        await page.keyboard.press("Escape");
        await page.waitForSelector("#qr", { state: "hidden" });
        assert.equal(await page.evaluate(() => document.activeElement.textContent), "QR");
      });
    }
  },

  /** Everything by keyboard, in the order of the page. */
  async the_keyboard_suffices(browser) {
    await inWindow(browser, {}, async (page) => {
      await open(page);
      const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
      assert.equal(await focused(), "target");
      await page.keyboard.type("www.example.org/by-keyboard");
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "Shorten");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter"); // opens the details
      for (const id of ["code", "title", "owner"]) {
        await page.keyboard.press("Tab");
        assert.equal(await focused(), id);
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
        assert.equal(outline, "3px", "focus is visible");
        if (id === "code") await page.keyboard.type("by-keyboard");
        if (id === "title") await page.keyboard.type("Typed <b>&amp; not clicked");
      }
      await page.keyboard.press("Enter");
      await page.waitForSelector("#made a.short");
      assert.equal(await page.getAttribute("#made a.short", "href"), `${given.url}/by-keyboard`);
      assert.match(await page.textContent("#made"), /leads to https:\/\/www\.example\.org\/by-keyboard/);
      const row = page.locator("#latest tbody tr", { hasText: "by-keyboard" });
      assert.match(await row.textContent(), /Typed <b>&amp; not clicked/, "a title is no markup");
    });
  },

  /** What is typed or pasted as it comes gets a scheme and loses what nobody sees. */
  async a_target_is_typed_without_a_scheme(browser) {
    await inWindow(browser, {}, async (page) => {
      await open(page);
      for (const [typed, target] of [
        ["example.com:8080/x", "https://example.com:8080/x"],
        ["//example.com/y", "https://example.com/y"],
        ["\u200bexample.com/z\ufeff", "https://example.com/z"],
        ["\u202ahttps://example.com/\u2764\ufe0f\u202c", "https://example.com/\u2764\ufe0f"],
      ]) {
        await page.fill("#target", typed);
        await page.press("#target", "Enter");
        await until(async () => (await page.textContent("#made")).includes(`leads to ${target}`));
      }
    });
  },

  /** Signs in a title that turn the direction of writing turn nothing beside it. */
  async a_title_from_right_to_left_stays_in_its_place(browser) {
    await inWindow(browser, {}, async (page) => {
      await open(page);
      await page.click("summary");
      await page.fill("#title", "\u202egpj.exe \u05d0\u05d1");
      await shorten(page, TARGET);
      const title = page.locator("#latest tbody tr bdi").first();
      await until(async () => (await title.textContent()) === "\u202egpj.exe \u05d0\u05d1");
      const style = (name) => title.evaluate((one, of) => getComputedStyle(one)[of], name);
      assert.match(await style("unicodeBidi"), /isolate/);
      await picture(page, "title-from-right-to-left");
    });
  },

  /** What the service refuses stands at its field, and the field has the focus. */
  async faults_stand_at_their_fields(browser) {
    await inWindow(browser, { expected: [400, 409, 422] }, async (page) => {
      await open(page);
      const faultOf = async (id, text) => {
        await until(async () => (await page.textContent(`#${id}-fault`)).includes(text));
        assert.equal(await page.getAttribute(`#${id}`, "aria-invalid"), "true");
        assert.equal(await page.evaluate(() => document.activeElement.id), id);
        assert.ok(await page.isVisible(`#${id}-fault`));
      };
      await page.click("#make .main");
      await faultOf("target", "Must be a non-empty string");
      await page.fill("#target", "http://10.0.0.1/");
      await page.press("#target", "Enter");
      await faultOf("target", "private or loopback IP address");

      await page.fill("#target", TARGET);
      await page.click("summary");
      await page.fill("#code", "a.b");
      await page.click("summary"); // closed: the fault opens it
      await page.press("#target", "Enter");
      await faultOf("code", "Must be 3 to 32 characters");
      await picture(page, "fault");
      await judge(page, "a fault");
      await page.fill("#code", "docs");
      await page.press("#code", "Enter");
      await faultOf("code", "This short code is reserved");

      await page.fill("#code", "");
      await page.fill("#owner", "nobody of this name");
      await page.press("#owner", "Enter");
      await faultOf("owner", "There is no user of this name");
      await page.fill("#owner", given.owner);
      await page.press("#owner", "Enter");
      await page.waitForSelector("#made a.short");
      assert.equal(await page.locator("[aria-invalid]").count(), 0);
      assert.equal(await page.locator(".fault:visible").count(), 0);
    });
  },

  /** A service that does not answer is told below the form; the text stays. */
  async a_service_that_is_away_is_told(browser) {
    await inWindow(browser, {}, async (page, context) => {
      await open(page);
      await page.fill("#target", TARGET);
      await context.setOffline(true);
      page.removeAllListeners("console"); // Chromium logs the requests that fail
      await page.press("#target", "Enter");
      await until(async () => (await page.textContent("#make-fault")) !== "");
      assert.match(await page.textContent("#make-fault"), /does not answer/);
      assert.equal(await page.inputValue("#target"), TARGET);
      await context.setOffline(false);
      await page.press("#target", "Enter");
      await page.waitForSelector("#made a.short");
      assert.ok(!(await page.isVisible("#make-fault")));
    });
  },

  /** A 401 makes the page ask for a key; a wrong one is told, the right one is kept by the tab. */
  async a_key_is_asked_for(browser) {
    await inWindow(browser, { expected: [401] }, async (page) => {
      await page.goto(given.keyed.url);
      await page.waitForSelector("#key[open]");
      await judge(page, "the dialog");
      assert.equal(await page.evaluate(() => document.activeElement.id), "key-value");
      assert.ok(!(await page.isVisible("#key-fault")));
      await page.keyboard.press("Escape");
      await page.waitForSelector("#latest-fault:not([hidden])");
      assert.match(await page.textContent("#latest-fault"), /invalid or missing API key/);

      await page.click("#refresh");
      await page.fill("#key-value", "a wrong key");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#key-fault:not([hidden])");
      await picture(page, "key");
      await page.fill("#key-value", given.keyed.key);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#latest-empty:not([hidden])");
      assert.ok(!(await page.isVisible("#key")));
      await assertReadsAs(page.locator("#made .qr img"), await shorten(page, TARGET));
      await page.reload();
      await page.waitForSelector("#latest:not([hidden])");
      const kept = await page.evaluate(() => [sessionStorage.length, localStorage.length]);
      assert.deepEqual(kept, [1, 0]);
    });
  },

  /** Nobody has the key of a server that has none: the page says how one is made, and asks nothing. */
  async a_server_without_a_key_says_how_one_is_made(browser) {
    await inWindow(browser, {}, async (page) => {
      const asked = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(given.closed);
      await page.waitForLoadState("networkidle");
      await judge(page, "the page without a key");
      await picture(page, "closed");
      assert.match(await page.textContent("main :visible >> nth=0"), /has no key yet/);
      assert.match(await page.textContent(".closed pre"), /openssl rand -hex 32/);
      assert.ok(!(await page.isVisible("#key")) && !(await page.isVisible("#make")));
      assert.ok(!(await page.isVisible("#latest-title")));
      assert.deepEqual(asked.filter((path) => !path.startsWith("/assets/")), ["/"]);
    });
  },

  /** Pictures of desktop and phone, light and dark; axe on each; nothing is too wide. */
  async it_looks_well_everywhere(browser) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [device, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
        await inWindow(browser, { viewport, colorScheme }, async (page) => {
          await open(page);
          await shorten(page, TARGET);
          await page.waitForSelector("#latest tbody tr");
          await picture(page, `${device}-${colorScheme}`);
          await judge(page, `${device}, ${colorScheme}`);
          await fits(page);
          await page.click("summary");
          await judge(page, `${device}, ${colorScheme}, opened`);
          await fits(page);
          await page.setViewportSize({ width: 320, height: 640 });
          await fits(page);
        });
      }
    }
  },

  /** The pages of errors. */
  async errors_are_small_pages(browser) {
    for (const [name, address, status, title] of [
      ["404", "/nosuch", 404, "There is no such link"],
      ["410", `/${given.off}`, 410, "This link is switched off"],
      ["410-deep", `/urls/${given.off}/redirect`, 410, "This link is switched off"],
    ]) {
      for (const [colorScheme, viewport] of [["light", DESKTOP], ["dark", PHONE]]) {
        await inWindow(browser, { colorScheme, viewport, expected: [status] }, async (page) => {
          const answer = await page.goto(given.url + address);
          assert.equal(answer.status(), status);
          assert.equal(await page.textContent("h1"), title);
          const styled = await page.evaluate(() => getComputedStyle(document.body).display);
          assert.equal(styled, "grid", "the style is there");
          await picture(page, `${name}-${colorScheme}`);
          await judge(page, `${name}, ${colorScheme}`);
          await fits(page);
        });
      }
    }
  },
};

async function main() {
  const browser = await chromium.launch({
    executablePath: given.chromium,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      `--host-resolver-rules=MAP www.example.org 127.0.0.1:${given.arrivals}`,
    ],
  });
  try {
    await scenarios[scenario](browser);
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(figures));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
