import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { request } from "undici";
import { signatureHeaders } from "../../functions/core/notifications/webhook-signature.ts";
import { type ExampleProgram, runExample } from "./example-program.ts";

const valid = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../docs/contract/examples/valid", `${name}.json`), "utf8");
const closed = valid("audit.closed");
const inProgress = valid("audit.in_progress");
const { id } = JSON.parse(closed) as { id: string };

const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;
const secret = newSecret();
const another = newSecret();
const root = join(import.meta.dirname, "../..");
const isPresent = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const built = mkdtempSync(join(tmpdir(), "receiver-"));
afterAll(() => rmSync(built, { recursive: true, force: true }));

/** The toolchains of `.ci/run`. CI insists on them; elsewhere their examples are skipped where they are missing. */
const inCi = { python3: isPresent("python3", "--version"), javac: isPresent("javac", "-version") };
for (const [name, present] of Object.entries(inCi)) {
  if (!present && process.env.CI !== undefined) throw new Error(`CI runs the examples: ${name} is missing`);
}

/** `go run` would leave the program running when it is killed. */
function buildGo(): string {
  const program = join(built, "receive-webhooks");
  const { status, stderr } = spawnSync("go", ["build", "-o", program, "examples/receive_webhooks.go"], { cwd: root });
  if (status !== 0) throw new Error(stderr.toString());
  return program;
}

const receivers: { whose: string; start: () => string[]; present: boolean }[] = [
  { whose: "Node's", start: () => [process.execPath, "examples/receive-webhooks.ts"], present: true },
  { whose: "Python's", start: () => ["python3", "examples/receive_webhooks.py"], present: inCi.python3 },
  { whose: "Java's", start: () => ["java", "examples/ReceiveWebhooks.java"], present: inCi.javac },
  { whose: "Go's", start: () => [buildGo()], present: isPresent("go", "version") },
];

for (const { whose, start, present } of receivers) {
  (present ? describe : describe.skip)(`${whose} receiver`, () => {
    let program: ExampleProgram;
    let url = "";
    beforeAll(async () => {
      program = runExample(start(), { WEBHOOK_SECRET: secret, PORT: "0" });
      const [, port] = await program.printed(/listening on (\d+)/);
      url = `http://127.0.0.1:${port}/`;
    });

    async function post(body: string, headers: Record<string, string>): Promise<number> {
      const response = await request(url, { method: "POST", body, headers });
      await response.body.text();
      return response.statusCode;
    }
    const signed = (message: { id: string; body: string }, secrets = [secret], at = Date.now()) =>
      signatureHeaders(secrets, message, at);

    const genuine = signed({ id, body: closed });
    test.each<[string, string, Record<string, string>]>([
      ["without a signature", closed, {}],
      ["with an empty signature", closed, { ...genuine, "webhook-signature": "" }],
      ["with a signature of no base64", closed, { ...genuine, "webhook-signature": "v1,é" }],
      [
        "with a signature of another version",
        closed,
        { ...genuine, "webhook-signature": genuine["webhook-signature"]?.replace("v1,", "v2,") ?? "" },
      ],
      ["with another secret's signature", closed, signed({ id, body: closed }, [another])],
      ["with another body", closed.replace("5004", "5005"), genuine],
      ["with another id", closed, { ...genuine, "webhook-id": "evt_another" }],
      [
        "with another timestamp",
        closed,
        { ...genuine, "webhook-timestamp": String(Number(genuine["webhook-timestamp"]) + 1) },
      ],
      ["with a timestamp that is no number", closed, { ...genuine, "webhook-timestamp": "yesterday" }],
      ["ten minutes old", closed, signed({ id, body: closed }, [secret], Date.now() - 600_000)],
      ["ten minutes early", closed, signed({ id, body: closed }, [secret], Date.now() + 600_000)],
    ])("refuses a webhook %s", async (_, body, headers) => {
      expect(await post(body, headers)).toBe(401);
      expect(program.output()).not.toContain(id);
    });

    test("takes a genuine one, drops it the second time, and what is out of date", async () => {
      expect(await post(closed, signed({ id, body: closed }))).toBe(204);
      await program.printed(new RegExp(`${id} audit\\.closed \\S+ CLOSED 5004`));
      expect(await post(closed, signed({ id, body: closed }, [another, secret]))).toBe(204);
      await program.printed(new RegExp(`${id} once more`));
      const early = (JSON.parse(inProgress) as { id: string }).id;
      expect(await post(inProgress, signed({ id: early, body: inProgress }))).toBe(204);
      await program.printed(new RegExp(`${early} out of date`));
    });

    test("takes the ping of a subscription's owner", async () => {
      const ping = valid("subscription.test");
      const { id: pingId } = JSON.parse(ping) as { id: string };
      expect(await post(ping, signed({ id: pingId, body: ping }))).toBe(204);
      await program.printed(new RegExp(`${pingId} subscription\\.test`));
    });
  });
}
