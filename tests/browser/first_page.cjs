// SPDX-License-Identifier: MIT
// Drives the first page in Chromium as a person would, one scenario a run:
//
//   node first_page.cjs SCENARIO '{"url":...,"arrivals":PORT,"pictures":FOLDER,...}'
//
// `url` is a running service; www.example.org is mapped to the local port `arrivals`, so that links
// can be followed. `playwright` and `axe` are where those packages are, `chromium` the browser,
// `zbarimg` that program or null, `keyed` the `url` and `key` of a service that asks for one, `closed`
// the address of one that has none and should, `named` of one that is https://go.example.org, too. Prints one JSON object of figures; a failed assertion
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
const PERSON = // this Chromium calls itself headless, and is a bot
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
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
    await inWindow(browser, { userAgent: PERSON }, async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await open(page);
      const address = await shorten(page, TARGET);
      assert.match(address, new RegExp(`^${given.url}/[0-9A-Za-z]{6}$`));
      assert.equal(await page.inputValue("#target"), "");

      await page.click("#made button");
      await until(async () => (await page.textContent("#made button")) === "Copied");
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
      await until(async () => (await page.textContent("[role=status]#said")) === `Copied ${address}`);
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
      await faultOf("target", "Type or paste an address first");
      await page.fill("#target", "http://10.0.0.1/");
      await page.press("#target", "Enter");
      await faultOf("target", "inside a private network");

      await page.fill("#target", TARGET);
      await page.click("summary");
      await page.fill("#code", "a.b");
      await page.click("summary"); // closed: the fault opens it
      await page.press("#target", "Enter");
      await faultOf("code", "A code has 3 to 32 of these");
      await picture(page, "fault");
      await judge(page, "a fault");
      await page.fill("#code", "docs");
      await page.press("#code", "Enter");
      await faultOf("code", "part of the service's own addresses");

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

  /** Whoever owns the links of this page may have been renamed, and his name or address taken. */
  async links_are_made_whoever_the_user_web_is(browser) {
    const change = async (path, body, method = "PUT") => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(given.url + path, { method, headers, body: JSON.stringify(body) });
      assert.ok(answer.ok, `${answer.status} to ${path}`);
    };
    const owner = async () => (await (await fetch(`${given.url}/urls?order=newest&per_page=1`)).json())[0].user_id;
    await inWindow(browser, { expected: [409] }, async (page) => {
      await open(page);
      await shorten(page, TARGET);
      const first = await owner();
      await change(`/users/${first}`, { username: "marketing" });
      for (let number = 0; number < 3; ++number) {
        await shorten(page, `${TARGET}&renamed=${number}`);
        assert.notEqual(await owner(), first, "marketing has made none of these");
      }
      const second = await owner();
      await change(`/users/${second}`, { username: "Web" }); // the same name, as names are compared
      await shorten(page, `${TARGET}&case=1`);
      assert.equal(await owner(), second);
      await change(`/users/${second}`, { username: "once more" });
      await change(`/users/${first}`, { email: "marketing@example.org" });
      await change("/users", { username: "other", email: "WEB@ginnel.invalid" }, "POST");
      await shorten(page, `${TARGET}&other=1`);
      assert.ok(![first, second].includes(await owner()));
      assert.equal(await page.locator(".fault:visible").count(), 0);
    });
  },

  /** Why an address is refused that the service's rules call reserved: it is its own, or private. */
  async an_address_of_the_service_itself_is_told_so(browser) {
    const own = /already a short link of this service/;
    const inside = /inside a private network/;
    const here = new URL(given.url);
    for (const [url, targets] of [
      [given.url, [
        [`${given.url}/figures`, own], [`${here.host}/figures`, own], [`${given.url}/`, own],
        [`//${here.host}/${given.off}?x=1`, own], ["http://127.0.0.1:3/figures", inside],
        ["http://localhost/", inside], ["foo.nip.io", inside], ["http://192.168.1.1/", inside],
      ]],
      [given.named, [
        ["https://go.example.org/abcd", own], ["go.example.org/abcd", own],
        ["http://GO.example.org./abcd", own], ["go.example.org:8443/x", own],
        ["https://s.example.org/abcd", own], ["203.0.113.9/abcd", own],
        ["http://203.0.113.10/", inside], ["http://127.0.0.1/x", inside],
      ]],
    ]) {
      await inWindow(browser, { expected: [400, 422] }, async (page) => {
        await page.goto(url);
        for (const [target, reason] of targets) {
          await page.fill("#target", target);
          await page.press("#target", "Enter");
          await page.waitForSelector("#target-fault:not([hidden])");
          assert.match(await page.textContent("#target-fault"), reason, target);
          assert.equal(await page.locator("#make .fault:visible").count(), 1);
        }
      });
    }
  },

  /** Every fault is shown at once, and each goes as soon as its field may be right. */
  async a_fault_goes_when_its_field_is_right(browser) {
    await inWindow(browser, { expected: [400, 422] }, async (page) => {
      await open(page);
      const shown = async () => page.locator("#make .fault:visible").allTextContents();
      const invalid = () => page.locator("#make [aria-invalid]").evaluateAll((all) => all.map(({ id }) => id));
      await page.click("summary");
      await page.fill("#target", "http://10.0.0.1/");
      await page.fill("#code", "a.b");
      await page.fill("#owner", "nobody of this name");
      await page.press("#target", "Enter");
      await until(async () => (await shown()).length === 3);
      assert.deepEqual(await invalid(), ["target", "code", "owner"]);
      await picture(page, "faults");

      await page.press("#code", "End");
      await page.keyboard.type("c");
      assert.deepEqual(await invalid(), ["target", "code", "owner"], "a.bc is no code either");
      await page.fill("#code", "a-bc");
      assert.deepEqual(await invalid(), ["target", "owner"]);
      await page.fill("#target", "");
      assert.deepEqual(await invalid(), ["target", "owner"], "nothing is no address");
      await page.fill("#target", TARGET);
      assert.deepEqual(await invalid(), ["owner"]);
      await page.fill("#owner", given.owner);
      assert.deepEqual([await invalid(), await shown()], [[], []]);
      await page.press("#owner", "Enter");
      await page.waitForSelector("#made a.short");
    });
  },

  /** No message is one for programs: what the service calls fields and what it wants of JSON. */
  async messages_are_for_people(browser) {
    const wrong = [
      ["", "", ""], ["ftp://example.org/x", "", ""], ["https://user:secret@example.org/", "", ""],
      ["https://example.org:99999/", "", ""], ["https://exam ple.org/", "", ""],
      [`https://example.org/${"x".repeat(3000)}`, "", ""], ["https://localhost/", "", ""],
      ["http://192.168.1.1/", "", ""], [TARGET, "ab", ""], [TARGET, "docs", ""],
      [TARGET, "figures", ""], [TARGET, "", "nobody"], ["https://nodots/", "a b", "nobody"],
      [`https://example.org/${"я".repeat(660)}`, "", ""], ["http:example.com", "", ""], ["http://", "", ""],
      ["https://https://example.org", "", ""], ["https://example.org:0/", "", ""], ["https://a..b.org/", "", ""],
      ["https://example.c/", "", ""], [`https://${"x".repeat(64)}.org/`, "", ""], [`${given.url}/x`, "", ""],
      ["https://[::1/", "", ""], ["https://support@/", "", ""], [TARGET, "FIGURES", ""],
    ];
    await inWindow(browser, { expected: [400, 409, 422] }, async (page) => {
      await open(page);
      await page.click("summary");
      for (const [target, code, owner] of wrong) {
        await page.fill("#target", target);
        await page.fill("#code", code);
        await page.fill("#owner", owner);
        await page.press("#target", "Enter");
        await page.waitForSelector("#make[aria-busy=false] .fault:not([hidden])");
        for (const fault of await page.locator("#make .fault:visible").allTextContents()) {
          assert.match(fault, /^[A-Z].*[.?!]$/, `${target}: a sentence`);
          assert.doesNotMatch(fault, /[a-z]_[a-z]|\bURL|string|JSON|integer|Validation|\bTLD|hostname|bytes|percent|missing host/, target);
        }
      }
      figures["wrong forms told in words for people"] = wrong.length;
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
      assert.match(await page.textContent("#latest-fault"), /needs the key of this service/);

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

  /** The list says that it loads, that nobody answers, and that somebody does again: by itself. */
  async the_list_comes_back_by_itself(browser) {
    for (const [device, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
      await inWindow(browser, { viewport, colorScheme: "dark" }, async (page, context) => {
        let answer;
        await context.route("**/urls?*", (route) => new Promise((go) => (answer = go)).then((how) => how(route)));
        const answered = async (how) => {
          await until(() => answer);
          const go = answer;
          answer = undefined;
          go(how);
        };
        await page.goto(given.url);
        assert.ok(await page.isVisible("#latest-loading"));
        assert.match(await page.textContent("#latest-loading"), /Loading/);
        await picture(page, `loading-${device}`);
        page.removeAllListeners("console"); // Chromium logs the requests that fail
        await answered((route) => route.abort());
        await page.waitForSelector("#latest-away:not([hidden])");
        assert.match(await page.textContent("#latest-fault"), /does not answer/);
        assert.ok(await page.isVisible("#retry"));
        assert.ok(!(await page.isVisible("#latest-loading")) && !(await page.isVisible("#latest-empty")));
        await picture(page, `away-${device}`);
        await judge(page, `nobody answers, ${device}`);
        await answered((route) => route.abort()); // it asks again without anybody's doing
        await answered((route) => route.continue());
        await page.waitForSelector("#latest tbody tr");
        assert.ok(!(await page.isVisible("#latest-away")));
        await until(async () => /answers again/.test(await page.textContent("#said")));

        await page.click("#refresh"); // a list that is shown stays while a newer one is asked for
        await until(async () => /Refreshing/.test(await page.textContent("#refresh")));
        await answered((route) => route.abort());
        await page.waitForSelector("#latest-away:not([hidden])");
        assert.ok(await page.isVisible("#latest tbody tr"));
        await page.click("#retry");
        await answered((route) => route.continue());
        await page.waitForSelector("#latest-away", { state: "hidden" });
      });
    }
  },

  /** A refresh, and a new link above, take the focus from nothing in the list. */
  async the_focus_survives_a_refresh(browser) {
    await inWindow(browser, {}, async (page, context) => {
      await open(page);
      const rowOf = (text) => page.locator("#latest tbody tr", { hasText: text });
      const api = (method, path, data) => context.request.fetch(given.url + path, { method, data });
      const { id, user_id: owner } = (await (await api("GET", "/urls?short_code=figures")).json())[0];
      const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
      for (const name of [/^Copy /, /QR code of/, /details of/]) {
        await rowOf("figures").getByRole("button", { name }).focus();
        const before = await focused();
        await api("POST", "/urls", { user_id: owner, title: `above ${name}`, original_url: TARGET });
        await api("PUT", `/urls/${id}`, { title: `Quarterly figures ${name}` });
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        await until(async () => (await rowOf(`above ${name}`).count()) === 1);
        await until(async () => (await rowOf(`Quarterly figures ${name}`).count()) === 1);
        assert.equal(await focused(), before);
      }
      await page.focus("#refresh");
      await page.keyboard.press("Enter");
      await page.waitForLoadState("networkidle");
      assert.equal(await focused(), "Refresh");
      await page.focus("#make .main");
      await page.fill("#target", TARGET);
      await page.focus("#make .main");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#made a.short");
      assert.equal(await focused(), "Shorten");
    });
  },

  /** The number of a link is of people; who else came is a click away. */
  async people_are_counted_and_bots_told_apart(browser) {
    await inWindow(browser, { viewport: PHONE }, async (page, context) => {
      await open(page);
      const address = await shorten(page, TARGET);
      const follow = (agent) => context.request.get(address, { headers: { "User-Agent": agent }, maxRedirects: 0 });
      // People last: once they are counted, all that came before are.
      for (const agent of ["curl/8.5.0", "SomeBot/1.0", "WhatsApp/2.23.20.0", "AcmeMonitor/1", PERSON, PERSON]) {
        await follow(agent);
      }
      const first = page.locator("#latest tbody tr").first();
      await until(async () => {
        await page.click("#refresh");
        return (await first.locator(".number").textContent()) === "2";
      });
      await first.locator(".count").press("Enter");
      await page.waitForSelector("#details[open]");
      const kinds = await page.locator("#kinds dd").allTextContents();
      assert.deepEqual(kinds, ["2", "2", "1", "0", "1"]);
      assert.match(await page.textContent("#details-target"), new RegExp("a/long/way"));
      await picture(page, "details");
      await judge(page, "details of a link");
      await fits(page);
      await page.keyboard.press("Escape");
      await page.waitForSelector("#details", { state: "hidden" });
      assert.ok(await page.evaluate(() => document.activeElement.classList.contains("count")));
    });
  },

  /** A code is whole in one line on the narrowest phone; a long target is cut, and a click shows it. */
  async codes_do_not_break_and_long_targets_are_cut(browser) {
    for (const width of [320, 375, 1100]) {
      await inWindow(browser, { viewport: { width, height: 800 } }, async (page) => {
        await open(page);
        const codes = ["W".repeat(31), "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p", "summer_party-2027"];
        for (const code of codes.map((text) => (text + width).slice(-32))) {
          await page.fill("#target", `https://www.example.org/${"a-very-long-way/".repeat(60)}`);
          await page.evaluate(() => (document.getElementById("more").open = true));
          await page.fill("#code", code);
          await page.press("#code", "Enter");
          await page.waitForSelector(`#made a.short[href$="/${code}"]`);
          await page.waitForSelector(`#latest a.short[href$="/${code}"]`);
          for (const place of ["#made", "#latest"]) {
            const shown = page.locator(`${place} a.short[href$="/${code}"] .code`);
            const [lines, fitting, size] = await shown.evaluate((element) => {
              const { width, left, right } = element.getBoundingClientRect();
              return [element.getClientRects().length,
                left >= 0 && right <= document.scrollingElement.clientWidth && width > 0,
                parseFloat(getComputedStyle(element).fontSize)];
            });
            assert.deepEqual([lines, fitting], [1, true], `${code} at ${width}`);
            assert.ok(size >= 9, `${code} at ${width}: ${size} pixels`);
          }
        }
        await fits(page);
        for (const place of ["#made", "#latest tbody tr:first-child"]) {
          const [text, button] = [page.locator(`${place} .target`), page.locator(`${place} .whole`)];
          const height = async () => (await text.boundingBox()).height;
          const cut = await height();
          assert.ok(cut < 60, `${cut} pixels`);
          assert.equal(await button.getAttribute("aria-expanded"), "false");
          await button.press("Enter");
          assert.ok((await height()) > 2 * cut || width > 1000);
          assert.ok(await text.evaluate((element) => element.scrollHeight <= element.clientHeight + 1));
          assert.equal(await button.getAttribute("aria-expanded"), "true");
        }
        await fits(page);
        await picture(page, `long-${width}`);
        await judge(page, `long codes and targets at ${width}`);
      });
    }
  },

  /** The documentation is dark where the rest is, and leads back. */
  async the_documentation_is_dark_and_leads_back(browser) {
    for (const colorScheme of ["light", "dark"]) {
      for (const [device, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
        await inWindow(browser, { viewport, colorScheme }, async (page) => {
          page.setDefaultTimeout(4 * PATIENCE_MS); // 1.7 MB of script to be read
          await page.goto(`${given.url}/docs/`);
          await page.waitForSelector(".opblock-summary, main h1");
          const light = () => page.evaluate(() =>
            [document.body, document.querySelector("#interface .swagger-ui") ?? document.body].map((element) =>
              getComputedStyle(element).color.match(/\d+/g).reduce((sum, part) => sum + Number(part), 0) > 384));
          assert.deepEqual(await light(), colorScheme === "dark" ? [true, true] : [false, false]);
          await page.screenshot({ path: path.join(given.pictures, `docs-${device}-${colorScheme}.png`) });
          if (device === "desktop" && colorScheme === "light") {
            await page.emulateMedia({ colorScheme: "dark" });
            await until(async () => (await light()).every((is) => is)); // without a reload
          }
          await page.click("text=Back to the links");
          await page.waitForSelector("#make-title");
        });
      }
    }
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
