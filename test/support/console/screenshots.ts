import { join } from "node:path";
import { openConsole, startConsole } from "./start-console.ts";

// `npm run screenshots` draws the console over the sample disputes into `docs/images/`.
const folder = join(import.meta.dirname, "../../../docs/images");
/** All disputes but one, whose merchant has characters that the fonts of a bare machine lack. */
const rows = Array.from({ length: 40 }, (_, index) => index).filter((index) => index !== 6);
const running = await startConsole(rows);
const closedAudit = "7c1f6f2e-0000-4000-8000-000000000018";

const shots = [
  { name: "console-attention", at: "disputes?tab=attention" },
  { name: "console-attention-dark", at: "disputes?tab=attention", theme: "dark" },
  { name: "console-dispute", at: `disputes/${closedAudit}` },
  { name: "console-overview", at: "overview", isWhole: true },
  { name: "console-subscriptions", at: "subscriptions" },
  { name: "console-phone", at: "disputes", width: 390 },
] as const;

for (const { name, at, ...options } of shots) {
  const { page, close } = await openConsole(running, { at, ...options });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: "isWhole" in options });
  await close();
}
await running.stop();
console.log(`${shots.length} screenshots are in ${folder}`);
