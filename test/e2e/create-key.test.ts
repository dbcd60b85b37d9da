import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { issuerWith } from "./support/issuer.ts";
import { never, startProduct } from "./support/product.ts";

const { outputs } = await startProduct({ tickSeconds: never, push: false });
const folder = mkdtempSync(join(tmpdir(), "create-key-"));
const file = join(folder, "outputs.json");
// As `cdk deploy --outputs-file` writes it: by stack.
writeFileSync(file, JSON.stringify({ "KardAuditTracker-local": outputs }));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command of `npm run keys:create`. */
function createKey(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = join(import.meta.dirname, "../../infra/commands/create-key.ts");
  return new Promise((resolve) => {
    execFile(process.execPath, ["--disable-warning=ExperimentalWarning", command, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

test("a key that was made opens its issuer's doors, as far as its scopes go", async () => {
  const made = await createKey("--organization", "new-bank", "--scope", "audit:read", "--outputs", file);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const issuer = issuerWith(outputs.ApiUrl, "new-bank", made.stdout.trim());
  expect(await issuer.call("GET", "/v2/issuers/new-bank/audits")).toMatchObject({ status: 200 });
  expect(await issuer.call("GET", "/v2/issuers/new-bank/subscriptions")).toMatchObject({ status: 403 });
  expect(await issuer.call("GET", "/v2/issuers/organization-123/audits")).toMatchObject({ status: 404 });
});

test.each([
  ["no issuer", ["--outputs", file], /npm run keys:create/],
  ["an unknown scope", ["--organization", "a", "--scope", "audit:delete", "--outputs", file], /^--scope: there are /],
  ["an unknown option", ["--organisation", "a"], /^Unknown option '--organisation'/],
  ["no outputs", ["--organization", "a", "--outputs", join(folder, "none.json")], /^.* is not there or not JSON/],
])("with %s it makes none and says why", async (_, args, reason) => {
  const refused = await createKey(...args);
  expect(refused.code).toBe(1);
  expect(refused.stdout + refused.stderr).toMatch(reason);
});
