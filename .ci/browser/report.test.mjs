// The HTML report in Chromium, made by the tool itself: the demo, foreign names that would like to be markup, 10,000 findings.
// DRIFTLINE is the tool, CHROMIUM the browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const need = createRequire(import.meta.url);
const axe = fs.readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");
const mermaid = path.join(path.dirname(need.resolve("mermaid/package.json")), "dist/mermaid.min.js");
const home = fs.mkdtempSync(path.join(os.tmpdir(), "driftline-browser-"));
const file = (name) => path.join(home, name);
const url = (name) => pathToFileURL(file(name)).href;

const driftline = (dir, ...words) => {
  // Findings end with 1.
  try { return execFileSync(process.env.DRIFTLINE, words, { cwd: dir, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }); } catch (error) {
    if (error.status !== 1) throw error;
    return error.stdout;
  }
};

// Two revisions as folders.
const pair = (name, base, head, ...outputs) => {
  for (const [side, files] of [["base", base], ["head", head]]) {
    for (const [at, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(file(`${name}/${side}/${at}`)), { recursive: true });
      fs.writeFileSync(file(`${name}/${side}/${at}`), text);
    }
  }
  driftline(file(name), "-q", "check", "base", "head", ...outputs.flatMap((output) => ["--output", output]));
};

// A contract in which every property of every schema is sent and comes back.
const contract = (names, properties, length) => {
  const schemas = {}, paths = {};
  for (const name of names) {
    schemas[name] = { type: "object", properties: Object.fromEntries(properties.map((p) => [p, { type: "string", maxLength: length }])) };
    const body = { content: { "application/json": { schema: { $ref: `#/components/schemas/${name.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("%", "%25")}` } } } };
    paths[`/${names.indexOf(name)}`] = { post: { requestBody: body, responses: { 200: { description: "", ...body } } } };
  }
  return JSON.stringify({ openapi: "3.0.3", info: { title: "t", version: "1" }, paths, components: { schemas } }, null, 1);
};
const range = (length, name) => Array.from({ length }, (_, at) => `${name}${at}`);
const evil = `"><script>window.hacked=1</script><img src=http://localhost:1/x onerror=window.hacked=1>' onload='x`;

let browser;
before(async () => {
  const demo = driftline(home, "demo").match(/^ *cd (.*)$/m)[1];
  driftline(demo, "-q", "--output", `html=${file("demo.html")}`, "--output", `markdown=${file("demo.md")}`);
  fs.rmSync(demo, { recursive: true });
  const table = (length) => `CREATE TABLE orders (id bigint PRIMARY KEY, "${evil.replaceAll('"', '""')}" varchar(${length}));\nCREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id), "a%%b;c#d" varchar(${length}));\n`;
  pair("evil", { "openapi.json": contract(["Order"], [evil, "id"], 100), "db/schema.sql": table(200) },
    { "openapi.json": contract(["Order"], [evil, "id"], 90), "db/schema.sql": table(80) }, `html=${file("evil.html")}`, `markdown=${file("evil.md")}`);
  const many = (number) => (length) => ({ "openapi.json": contract(range(number, "Entity"), range(number, "attribute"), length) });
  pair("many", many(100)(100), many(100)(90), `html=${file("many.html")}`);
  // axe needs minutes for 10,000 findings; these are of the same kind.
  pair("some", many(10)(100), many(10)(90), `html=${file("some.html")}`);
  // Without the switches for the background Chromium looks up hosts of its maker at every start.
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
});
after(async () => {
  await browser?.close();
  fs.rmSync(home, { recursive: true });
});

// A page that may ask for nothing but itself; tells what it asked for nevertheless.
const open = async (address, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const asked = [], errors = [];
  page.on("request", (request) => { if (request.url().split("#")[0] !== address.split("#")[0]) asked.push(request.url()); });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
  await page.route("**/*", (route) => (route.request().isNavigationRequest() ? route.continue() : route.abort()));
  await page.goto(address);
  return { page, asked, errors, close: () => context.close() };
};

for (const colorScheme of ["light", "dark"]) {
  for (const name of ["demo.html", "evil.html", "some.html"]) {
    test(`${name} has nothing that axe objects to, ${colorScheme}`, async () => {
      const { page, asked, errors, close } = await open(url(name), { colorScheme });
      await page.evaluate(() => { for (const fold of document.querySelectorAll("details")) fold.open = true; });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html, nodes[0].failureSummary]), []);
      assert.deepEqual([asked, errors], [[], []]);
      assert.equal(await page.evaluate(() => window.hacked), undefined);
      await close();
    });
  }
}

const shown = (page) => page.locator(".f:visible").count();

test("filters narrow what is shown and say so", async () => {
  const { page, close } = await open(url("demo.html"));
  const all = await page.locator(".f").count();
  const introduced = await page.locator(".f[data-t=introduced]").count();
  assert.equal(await page.locator(".said").textContent(), `All ${all} findings are shown.`);
  await page.locator(".filters").getByLabel(/^warning/).uncheck();
  await page.locator(".filters").getByLabel(/^note/).uncheck();
  const errors = await page.locator(".f.error").count();
  await page.getByText(`${errors} of ${all} findings are shown.`).waitFor();
  assert.equal(await shown(page), await page.locator(".f.error[data-t=introduced]").count());
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText(`All ${all} findings are shown.`).waitFor();
  for (const [name, value, want] of [
    ["r", "column-dropped", ".f[data-r=column-dropped]"],
    ["l", "link", ".f[data-l=link]"],
    ["t", "introduced", ".f[data-t=introduced]"],
  ]) {
    await page.locator(`.filters [name=${name}]`).selectOption(value);
    await page.getByText(`${await page.locator(want).count()} of ${all} findings are shown.`).waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText(`All ${all} findings are shown.`).waitFor();
  }
  await page.locator(".filters [name=e]").fill("customers");
  await page.getByText(/^\d+ of/).waitFor();
  assert.ok((await page.locator(".f:visible .subject").allTextContents()).includes("customers.email"));
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText(`All ${all} findings are shown.`).waitFor();
  await page.locator(".filters [name=o]").fill("GET /orders");
  await page.getByText(/^\d+ of/).waitFor();
  for (const finding of await page.locator(".f:visible").all()) assert.match(await finding.textContent(), /GET \/orders/);
  await page.locator(".filters [name=o]").fill("");
  await page.locator(".filters [name=q]").fill("no such words");
  await page.getByText(`0 of ${all} findings are shown.`).waitFor();
  // A link to a finding shows it, whatever is filtered, also where it is folded.
  const id = await page.locator("#older .f").first().getAttribute("id");
  await page.evaluate((id) => { location.hash = id; }, id);
  await page.locator(`[id="${id}"]`).waitFor({ state: "visible" });
  assert.ok(introduced < all);
  await close();
});

test("everything can be reached and done with the keyboard", async () => {
  const { page, close } = await open(url("demo.html"));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().top >= 0), "the skip link shows");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => location.hash), "#findings");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.name), "s", "the first filter is next");
  await page.keyboard.press("Space");
  await page.getByText(/^\d+ of/).waitFor();
  await page.locator(".theme").focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
  // Every stop shows where it is.
  const stops = await page.evaluate(() => document.querySelectorAll("a, button, summary, input, select").length);
  for (let at = 0; at < Math.min(stops, 60); at++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const active = document.activeElement;
      return active === document.body || getComputedStyle(active).outlineStyle !== "none";
    });
    assert.ok(outline, await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)));
  }
  await close();
});

test("findings and pictures lead to each other, and nothing drawn is cut off", async () => {
  const { page, close } = await open(url("demo.html"));
  const links = page.locator("svg.picture a");
  assert.ok((await links.count()) > 5);
  const target = (await links.first().getAttribute("href")).slice(1);
  await links.first().click();
  assert.ok(await page.locator(`[id="${target}"]`).isVisible());
  const back = page.locator(`[id="${target}"] dd a[href*=picture]`).first();
  const drawn = (await back.getAttribute("href")).slice(1);
  await back.click();
  assert.ok(await page.locator(`svg [id="${drawn}"]`).isVisible());
  const wrong = await page.evaluate(() => {
    const wrong = [];
    const within = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
    const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
    for (const svg of document.querySelectorAll("svg.picture")) {
      const boxes = [...svg.querySelectorAll(".box")];
      for (const box of boxes) {
        const body = box.querySelector(".body").getBoundingClientRect();
        if (!within(body, svg.getBoundingClientRect())) wrong.push("outside: " + box.id);
        const texts = [...box.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
        for (const [text, place] of texts) if (!within(place, body)) wrong.push("cut off: " + text);
        texts.forEach(([a, first], at) => texts.slice(at + 1).forEach(([b, second]) => { if (!apart(first, second)) wrong.push(`${a} over ${b}`); }));
      }
      boxes.forEach((a, at) => boxes.slice(at + 1).forEach((b) => {
        const [first, second] = [a, b].map((box) => box.querySelector(".body").getBoundingClientRect());
        if (!apart(first, second)) wrong.push(`${a.id} over ${b.id}`);
      }));
    }
    return wrong;
  });
  assert.deepEqual(wrong, []);
  await close();
});

test("a narrow page has no second axis", async () => {
  const { page, close } = await open(url("demo.html"), { viewport: { width: 360, height: 700 } });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await close();
});

test("without scripts everything is there, and nothing that does nothing", async () => {
  const { page, asked, close } = await open(url("demo.html"), { javaScriptEnabled: false });
  assert.equal(await page.locator(".filters, .theme").count(), 0);
  assert.equal(await page.locator("#findings .f").count(), await page.locator("#findings .f:visible").count());
  await page.locator("#older summary").first().click();
  assert.ok(await page.locator("#older .f").first().isVisible());
  assert.deepEqual(asked, []);
  await close();
});

// What Jenkins sends with archived pages.
test("a server that forbids scripts and styles leaves a readable page", async () => {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.setHeader("Content-Security-Policy", "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';");
    response.end(fs.readFileSync(file("demo.html")));
  }).listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const { page, asked, close } = await open(`http://127.0.0.1:${server.address().port}/`);
  assert.equal(await page.locator(".f").first().evaluate((f) => getComputedStyle(f).borderLeftStyle), "none", "the style does not count");
  assert.match(await page.locator("#findings").innerText(), /62 − {2}maximum|62 − +maximum: 200/);
  assert.equal(await page.locator(".box .body").first().evaluate((body) => getComputedStyle(body).fill), "none");
  assert.deepEqual(asked.filter((address) => !address.endsWith("/favicon.ico")), []);
  await close();
  server.close();
});

test("on paper nothing is folded or cut", async () => {
  const { page, close } = await open(url("demo.html"), { javaScriptEnabled: false });
  await page.emulateMedia({ media: "print" });
  for (const part of [".f", "details ul", ".picture"]) {
    for (const found of await page.locator(`main ${part}`).all()) {
      if (await found.evaluate((node) => !node.closest(".words"))) assert.ok(await found.isVisible(), part);
    }
  }
  assert.equal(await page.locator("nav:visible, .skip:visible, .self:visible").count(), 0);
  const pdf = await page.pdf({ format: "A4" });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages >= 4 && pages < 40, `${pages} pages`);
  await close();
});

test("10,000 findings open and filter", async () => {
  const began = performance.now();
  const { page, asked, errors, close } = await open(url("many.html"));
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const loaded = performance.now() - began;
  assert.ok((await page.locator(".f").count()) >= 10_000);
  const times = [];
  for (const [label, value] of [["Text", "attribute77"], ["Entity", "Entity42"], ["Operation", "POST /7"]]) {
    times.push(await page.evaluate(async ([label, value]) => {
      const input = [...document.querySelectorAll(".filters label")].find((l) => l.firstChild.textContent === label).querySelector("input");
      const said = document.querySelector(".said");
      const before = said.textContent;
      const began = performance.now();
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      while (said.textContent === before) await new Promise((drawn) => requestAnimationFrame(drawn));
      await new Promise((drawn) => requestAnimationFrame(drawn));
      return Math.round(performance.now() - began);
    }, [label, value]));
    await page.locator(".filters button").click();
    await page.waitForFunction(() => document.querySelector(".said").textContent.startsWith("All"));
  }
  const size = fs.statSync(file("many.html")).size;
  console.log(`10,000 findings: ${(size / 1e6).toFixed(1)} MB, open after ${Math.round(loaded)} ms, filters after ${times.join(", ")} ms (120 ms of which they wait for the next key)`);
  assert.ok(loaded < 20_000 && times.every((time) => time < 4_000), `${loaded} ${times}`);
  assert.deepEqual([asked, errors], [[], []]);
  await close();
});

test("Mermaid draws the pictures of comments", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.setContent("<body></body>");
  await page.addScriptTag({ path: mermaid });
  for (const name of ["demo.md", "evil.md"]) {
    const diagram = fs.readFileSync(file(name), "utf8").match(/^```mermaid\n([\s\S]*?)\n```$/m)?.[1];
    assert.ok(diagram, `${name} has a picture`);
    const drawn = await page.evaluate(async (diagram) => {
      window.mermaid.initialize({ startOnLoad: false });
      await window.mermaid.parse(diagram);
      const { svg } = await window.mermaid.render("drawn", diagram);
      document.body.innerHTML = svg;
      return { scripts: document.querySelectorAll("script:not(head script), img").length, hacked: window.hacked, length: svg.length };
    }, diagram);
    assert.ok(drawn.length > 1000 && drawn.scripts === 0 && !drawn.hacked, name);
  }
  await context.close();
});
