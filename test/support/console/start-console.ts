import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { startBrowser, watch } from "./browser.ts";
import { type ConsoleServer, organizationId, startConsoleServer } from "./console-server.ts";
import { fillWithDisputes } from "./sample-disputes.ts";

/** How long a test waits for something to appear. It is far beyond what a slow machine needs. */
const patienceMs = 120_000;

export interface RunningConsole {
  server: ConsoleServer;
  browser: Browser;
  key: string;
  stop(): Promise<void>;
}

/** Starts the console over the sample disputes, or `only` some of them, and a browser. */
export async function startConsole(only?: readonly number[]): Promise<RunningConsole> {
  const [server, browser] = await Promise.all([startConsoleServer(), startBrowser()]);
  await fillWithDisputes(server, only);
  const key = await server.newKey();
  return {
    ...{ server, browser, key },
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

export interface OpenOptions {
  /** The view of the organization, as in the URL; empty for the sign-in. */
  at: string;
  width?: number;
  theme?: "light" | "dark";
  key?: string;
}

export interface OpenPage {
  page: Page;
  /** Errors of the page, and requests to other servers. */
  faults: string[];
  close(): Promise<void>;
}

/** Opens a view of the console, signed in, at the time of the samples. */
export async function openConsole({ server, browser, key }: RunningConsole, options: OpenOptions): Promise<OpenPage> {
  const { at, width = 1440, theme = "light" } = options;
  const context = await browser.newContext({
    ...{ viewport: { width, height: 900 }, colorScheme: theme, timezoneId: "UTC", locale: "en-US" },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const { faults } = watch(page, new URL(server.url).origin);
  await page.clock.setFixedTime(server.world.clock());
  await page.goto(at === "" ? server.url : `${server.url}#key=${options.key ?? key}&${organizationId}/${at}`);
  await settled(page);
  return { page, faults, close: () => context.close() };
}

/** Whether no part in the window waits until it is seen, or for the server. */
const isSettled = `document.querySelector("main .skeleton") === null &&
  [...document.querySelectorAll("main .unseen")].every((part) => part.getBoundingClientRect().top > innerHeight)`;

/** Waits until a view shows what the server has sent. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  // Not with waitForFunction: the page's security policy refuses it.
  while (!(await page.evaluate(isSettled))) await sleep(50);
}
