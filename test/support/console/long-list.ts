import type { Page } from "playwright-core";
import { noon } from "../fake-clock.ts";
import { aRequest, openAudit } from "../sample-audits.ts";
import { type ConsoleServer, organizationId } from "./console-server.ts";

/** Stores open audits, the newest first. */
export async function addAudits({ world }: ConsoleServer, count: number, issuer = organizationId): Promise<void> {
  for (let n = 0; n < count; n++) {
    const request = { ...aRequest, transactionId: `txn-${n}`, transactionAmountInCents: 1_234, currency: "USD" };
    const auditId = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
    await world.audits.create(openAudit({ organizationId: issuer, auditId, request, createdAt: noon - n * 1_000 }));
  }
}

/** Scrolls to the end of the list, until all of its `count` rows were loaded. */
export async function scrollToEnd(page: Page, count: number, onStep: () => Promise<void> = async () => undefined) {
  for (let last = 0; last < count; ) {
    await page.mouse.wheel(0, 60_000);
    await onStep();
    await page.waitForTimeout(10);
    last = Number(await page.locator("tr[data-row]").last().getAttribute("data-row")) + 1;
  }
}

/** What a browser has measured while a reader moved through a list. */
export interface Movement {
  /** The longest interaction by the Event Timing API: from the key to the next frame, in milliseconds. */
  slowestMs: number;
  /** Tasks of more than 50 ms, in milliseconds. */
  longTasks: number[];
  /** The time that the page's main thread has worked for each key or turn of the wheel, in milliseconds of the CPU. */
  workMs: number;
}

/**
 * The time between two keys, in milliseconds. A held key repeats up to 30 times a second, the fastest setting of
 * Windows.
 * https://learn.microsoft.com/en-us/windows/win32/api/winuser/nf-winuser-systemparametersinfoa (SPI_SETKEYBOARDSPEED)
 */
const keyRepeatMs = 33;

/** Moves through a list as readers do: row by row, page by page, to the end and back, with keys that are held down. */
export async function moveThrough(page: Page): Promise<Movement> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const workMs = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1_000;
  };
  await page.evaluate(observe);
  const before = await workMs();
  let steps = 0;
  const press = async (key: string) => {
    steps++;
    await page.keyboard.press(key);
    await page.waitForTimeout(keyRepeatMs);
  };
  for (let n = 0; n < 40; n++) await press("j");
  for (let n = 0; n < 20; n++) {
    await press("PageDown");
    steps++;
    // Several notches of a wheel at once; one is about 100 pixels.
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(keyRepeatMs);
  }
  for (const key of ["End", "Home", "End", "Home"]) {
    await press(key);
  }
  for (let n = 0; n < 20; n++) await press("k");
  await page.waitForTimeout(200);
  const after = await workMs();
  const seen = (await page.evaluate("globalThis.seen")) as { events: number[]; tasks: number[] };
  await session.detach();
  return {
    slowestMs: Math.max(0, ...seen.events),
    ...{ longTasks: seen.tasks, workMs: (after - before) / steps },
  };
}

/** Runs in the page. Browsers round these durations to 8 ms. */
const observe = `
  globalThis.seen = { events: [], tasks: [] };
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) if (interactionId > 0) seen.events.push(duration);
  }).observe({ type: "event", durationThreshold: 16 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(Math.round(duration));
  }).observe({ type: "longtask" });`;
