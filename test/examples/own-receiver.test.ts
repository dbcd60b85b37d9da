import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "@jest/globals";
import { forwardEvent } from "../../cli/listen/forward-event.ts";
import { asciiJson } from "../../functions/core/events/ascii-json.ts";
import { exampleEvent } from "../../functions/core/events/example-event.ts";
import { runExample } from "./example-program.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "own-receiver-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The package as a receiver sees it, from the sources. `test/infra/package.test.ts` tests the built one. */
function installPackage(): void {
  const installed = join(folder, "node_modules/kard-audit-tracker");
  mkdirSync(installed, { recursive: true });
  const manifest = { name: "kard-audit-tracker", type: "module", exports: { "./webhooks": "./webhooks.js" } };
  writeFileSync(join(installed, "package.json"), JSON.stringify(manifest));
  const source = pathToFileURL(join(root, "webhooks/verify-webhook.ts")).href;
  writeFileSync(join(installed, "webhooks.js"), `export * from ${JSON.stringify(source)};\n`);
}

test("the documented program accepts a signed event and refuses a forged one", async () => {
  const page = readFileSync(join(root, "docs/receive-webhooks.md"), "utf8");
  const program = /^ {3}```js\n(.*?)^ {3}```/ms.exec(page)?.[1] ?? "";
  const documentedListen = 'listen(9000, () => console.log("listening"))';
  expect(program).toContain(documentedListen);
  const anyPort = 'listen(0, function () { console.log("listening", this.address().port); })';
  installPackage();
  writeFileSync(join(folder, "receiver.mjs"), program.replace(documentedListen, anyPort));

  const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
  const receiver = runExample([process.execPath, join(folder, "receiver.mjs")], { WEBHOOK_SECRET: secretOf(7) });
  const [, port] = await receiver.printed(/listening (\d+)/);
  const send = (id: string, secret: string) => {
    const body = asciiJson(exampleEvent("audit.closed", { id, organizationId: "org", now: Date.now() }));
    return forwardEvent({ url: `http://127.0.0.1:${port}/`, secret, format: undefined }, { id, body });
  };
  expect(await send("evt_forged", secretOf(8))).toMatchObject({ delivered: false, statusCode: 401 });
  expect(await send("evt_1", secretOf(7))).toMatchObject({ delivered: true, statusCode: 204 });
  await receiver.printed(/^example-evt_1 5004$/m);
  expect(receiver.output()).not.toContain("evt_forged");
});
