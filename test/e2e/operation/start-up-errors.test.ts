import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startLocalSandbox } from "../../../infra/local/local-kard.ts";
import { startLocalTracker } from "../../../infra/local/local-tracker.ts";
import { copySharedAssembly } from "../support/grants/shared-assembly.ts";
import { newDirectory, run } from "../support/runner.ts";

async function expectRefusal(args: readonly string[], reason: RegExp): Promise<void> {
  const { code, stderr } = await run("start", args).ended;
  expect(stderr).toMatch(/^Cannot start: [^\n]+\n$/);
  expect(stderr).toMatch(reason);
  expect(code).toBe(1);
}

test.each([
  [["--prot", "4000"], /Unknown option '--prot'/],
  [["surplus"], /surplus/],
  [["--port", "many"], /--port: must be a number/],
  [["--port", "70000"], /--port: must be a port/],
  [["--port", "-1"], /--port/],
  [["--tick", "0"], /--tick: must be at least 0.1 seconds/],
  [["--kard", "kard"], /--kard: must be an http\(s\) URL/],
  [["--kard", "http://127.0.0.1:9"], /--kard: nothing answers at http:\/\/127\.0\.0\.1:9\/v2\/ping/],
])("%j", async (args, reason) => {
  await expectRefusal(args, reason);
});

test("a data directory that is a file", async () => {
  const file = join(newDirectory(), "file");
  writeFileSync(file, "");
  await expectRefusal(["--port", "0", "--data", file], /the data directory .*file cannot be used/);
});

test("a port in use", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await expectRefusal(["--port", String(port), "--data", "memory"], new RegExp(`port ${port} is in use`));
  server.close();
});

test("a Kard that refuses the way to a token, with what to set", async () => {
  const { sandbox } = await startLocalSandbox({
    ...{ dataDir: undefined, organizationId: "organization-123", progress: null },
  });
  sandbox?.configure({ tokenRequests: ["form"] });
  await expectRefusal(["--kard", sandbox?.url ?? ""], /with a JSON body.*KARD_TOKEN_URL=https:\/\/YOUR-CLIENT/);
  await sandbox?.stop();
});

test("a data directory that another runner uses", async () => {
  const dataDir = newDirectory();
  const organizationId = "organization-123";
  const kard = await startLocalSandbox({ dataDir, organizationId, progress: null });
  const other = await startLocalTracker({
    ...{ kard, organizationId, port: 0, dataDir, tickSeconds: 60, synthesize: copySharedAssembly },
  });
  await expectRefusal(["--port", "0", "--data", dataDir], /the data directory .* is in use by another runner/);
  await other.stop();
  await kard.sandbox?.stop();
});
