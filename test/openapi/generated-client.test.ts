import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { issueApiKey } from "../../functions/core/access/api-key.ts";
import { fakeWorld } from "../support/fake-world.ts";
import { inProcessApi } from "../support/openapi/in-process-api.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "generated-client-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = (program: string, ...args: string[]) =>
  promisify(execFile)(join(root, "node_modules/.bin", program), args, {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "", PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` },
  });

/** What a user writes with a client that oazapfts has generated. */
const program = `import * as tracker from "./client.ts";

export async function use(fetch: typeof globalThis.fetch, key: string) {
  Object.assign(tracker.defaults, { baseUrl: "https://tracker.example", fetch });
  tracker.defaults.headers = { authorization: \`Bearer \${key}\` };
  const data = [{ type: "subscription" as const, attributes: { webhookUrl: "https://a.example/", enabled: true } }];
  const created = await tracker.createSubscriptions("org", { data });
  if (created.status !== 201) throw new Error(String(created.status));
  const id: string = created.data.data[0]?.id ?? "";
  const listed = await tracker.listSubscriptions("org");
  const ids: string[] = listed.status === 200 ? listed.data.data.map((each) => each.id) : [];
  const attributes = { webhookUrl: "http://10.0.0.1/" };
  const refused = await tracker.changeSubscription("org", id, { data: { type: "subscription", attributes } });
  const pointer = refused.status === 400 ? refused.data.errors[0]?.source?.pointer : undefined;
  // @ts-expect-error a subscription has no such attribute
  void (() => tracker.createSubscriptions("org", { data: [{ type: "subscription", attributes: { url: "" } }] }));
  return { id, ids, pointer };
}
`;

beforeAll(async () => {
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "use.ts"), program);
  // oazapfts does not know ranges of statuses (openapi-typescript and @hey-api/openapi-ts do).
  const document = readFileSync(join(root, "docs/contract/openapi.json"), "utf8").replaceAll('"4XX":', '"default":');
  writeFileSync(join(folder, "openapi.json"), document);
  await run("oazapfts", "openapi.json", "client.ts");
});

test("a generated client has a function for each operation", () => {
  const { paths } = JSON.parse(readFileSync(join(root, "docs/contract/openapi.json"), "utf8"));
  const operations = Object.values(paths as Record<string, Record<string, { operationId?: string }>>)
    .flatMap((path) => Object.values(path))
    .flatMap(({ operationId }) => operationId ?? []);
  const client = readFileSync(join(folder, "client.ts"), "utf8");
  expect(operations.length).toBeGreaterThan(20);
  for (const name of operations) expect(client).toContain(`export function ${name}(`);
});

test("the compiler accepts it, and knows requests, responses and errors", async () => {
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--allowImportingTsExtensions"];
  await run("tsc", ...options, "--types", "", "use.ts");
});

test("it calls the API", async () => {
  const world = fakeWorld();
  const scopes = ["notifications:read" as const, "notifications:write" as const];
  const granted = { organizations: ["org"], scopes, validUntil: undefined };
  const { text, apiKey } = issueApiKey(granted, (count) => Buffer.alloc(count, 1), world.clock());
  await world.apiKeys.create(apiKey);
  const api = inProcessApi(world, "key", {});
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    const request = new Request(url, init);
    const { pathname, search } = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer());
    const headers = Object.fromEntries(request.headers);
    const sent = { method: request.method, target: pathname + search, headers, body, exists: true };
    const { status, bytes, headers: received } = await api(sent);
    return new Response(new Uint8Array(bytes), { status, headers: received });
  };
  const { use } = await import(join(folder, "use.ts"));
  const { id, ids, pointer } = await use(fetch, text);
  expect(id).not.toBe("");
  expect(ids).toEqual([id]);
  expect(pointer).toBe("/data/attributes/webhookUrl");
});
