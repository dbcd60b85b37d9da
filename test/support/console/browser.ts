import { type Browser, chromium, type Page } from "playwright-core";

/** Starts Debian's Chromium, or the browser of CHROMIUM. `--no-sandbox` because CI's containers run as root. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
}

/** What a page did that it must not do. */
export interface PageFaults {
  faults: string[];
}

/** Records errors of a page and requests to anywhere but its own server. */
export function watch(page: Page, ownOrigin: string): PageFaults {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== ownOrigin && protocol !== "blob:") faults.push(`request to ${request.url()}`);
  });
  return { faults };
}
