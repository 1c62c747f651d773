// The dashboard of a real server in a real browser. Each page that a test opens must in the end have asked nobody but the
// server, broken no rule of its Content-Security-Policy, and thrown nothing.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { quickFlags, root, Shakehook } from '../harness/shakehook.mjs';

export const administrator = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' };

const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
// A machine that does other things beside needs more.
const waitMsMax = Number(process.env.WAIT_MS ?? 15_000);
const screenshots = path.join(root, 'build/screenshots');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser;

async function launched() {
  // Chromium's sandbox refuses to run as root.
  browser ??= chromium.launch({ executablePath: browserPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  return browser;
}

export async function closeBrowser() {
  await (await browser)?.close();
}

// A server with its first administrator, as after the first start. `server.admin` is signed in, for ApiClient-like calls.
export async function startDashboard(test, { flags = { ...quickFlags, 'max-retries': 2 }, port = 0 } = {}) {
  const server = await Shakehook.start(test, { flags, port });
  await setUp(server);
  return server;
}

// The one-time token that the server printed.
export function setupToken(server) {
  const [, token] = server.process.output.match(/\/setup\?token=(\S+)/) ?? [];
  assert.ok(token, `the server prints a token:\n${server.process.output}`);
  return token;
}

async function setUp(server) {
  const response = await fetch(`${server.url}/api/setup`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: setupToken(server), ...administrator }),
  });
  assert.equal(response.status, 201, await response.clone().text());
}

// A page of its own browser profile. `language`, `scheme`, `phone` are what the browser says of itself; `signedIn` begins
// with a session of that user (null: none).
export async function openPage(test, server, { language = 'en-GB', scheme = 'light', phone = false, signedIn = administrator } = {}) {
  const context = await (await launched()).newContext({
    baseURL: server.url,
    locale: language,
    colorScheme: scheme,
    viewport: phone ? { width: 390, height: 844 } : { width: 1360, height: 860 },
    hasTouch: phone,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Paris',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(waitMsMax);
  const page = await context.newPage();
  page.complaints = [];
  // The browser also prints the server's intended errors.
  page.on('console', (message) => {
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) page.complaints.push(message.text());
  });
  // A page that is left while a part of it is still being loaded says so.
  page.on('pageerror', (error) => {
    if (!/Unable to preload CSS|dynamically imported module/.test(String(error))) page.complaints.push(String(error));
  });
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && new URL(request.url()).origin !== new URL(server.url).origin) {
      page.complaints.push(`asked ${request.url()}`);
    }
  });
  test.after(async () => {
    await context.close();
    assert.deepEqual(page.complaints, [], 'what the page did wrong');
  });
  if (signedIn !== null) await signInQuietly(context, server, signedIn);
  return page;
}

// By the API, so that a test begins with its own page.
async function signInQuietly(context, server, { email, password }) {
  const response = await context.request.post(`${server.url}/api/session`, { data: { email, password } });
  assert.equal(response.status(), 201, await response.text());
}

export async function signIn(page, { email, password }) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

// The page at this address, once it shows its heading, nothing loads, and the rows of its tables are there.
export async function open(page, address) {
  await page.goto(address);
  await settled(page);
}

export async function settled(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForFunction(() => document.querySelector('[role=status] .mantine-Skeleton-root, table[aria-busy=true]') === null);
}

// Chooses in a select, the browser's own or one of Mantine's.
export async function choose(page, label, option) {
  const select = page.getByRole('combobox', { name: label });
  if (await select.evaluate((element) => element.tagName === 'SELECT')) {
    await select.selectOption({ label: option });
    return;
  }
  await select.click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

// Checks that axe finds nothing serious or critical, in light and in dark.
export async function assertAccessible(page, name) {
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForFunction((wanted) => document.documentElement.dataset.mantineColorScheme === wanted, scheme);
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const said = serious.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.slice(0, 5).map((node) => `  ${node.target.join(' ')}: ${node.failureSummary}`).join('\n')}`);
    assert.equal(said.join('\n'), '', `${name}, ${scheme}`);
  }
}

// No page is wider than the screen.
export async function assertFits(page, name) {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= screen, `${name} is ${content} px wide on a screen of ${screen}`);
}

// For people to look at: build/screenshots/NAME.png.
export async function screenshot(page, name) {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
}
