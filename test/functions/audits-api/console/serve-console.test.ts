import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "@jest/globals";
import { openConsoleFiles } from "../../../../functions/adapters/console-files.ts";
import { consoleRoutes } from "../../../../functions/audits-api/console/serve-console.ts";
import { consoleSignIn } from "../../../../functions/core/access/identity-provider.ts";
import { bundleConsole } from "../../../../infra/constructs/console-bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "console-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
bundleConsole(folder);
const files = openConsoleFiles(folder);
const routes = consoleRoutes({ files, signIn: undefined });

const get = (file: string, acceptEncoding = "gzip, br") =>
  routes["GET /console/{file}"].respond({
    parameters: { file },
    headers: { "accept-encoding": acceptEncoding },
  } as never);
const page = (of = routes) => of["GET /console"].respond({} as never);
const names = [...files().assets.keys()];

test("the whole console is at most 40 KB with gzip", () => {
  const sizes = [files().page.length, ...[...files().assets.values()].map(({ length }) => length)];
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(40 * 1024);
  expect(readdirSync(folder)).toHaveLength(4);
});

test("the page names exactly the files that are there, and contains no script or style itself", async () => {
  const { html = "" } = await page();
  expect([...html.matchAll(/"console\/([^"]+)"/g)].map(([, name]) => name).sort()).toEqual([...names].sort());
  expect(html).not.toMatch(/<style|<script(?! type="module" src=)| style=| on\w+=/);
});

test("the page allows only its own files, and is asked for each time", async () => {
  const { headers = {} } = await page();
  const policy = headers["content-security-policy"] ?? "";
  expect(policy.split("; ")).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "connect-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
      "require-trusted-types-for 'script'",
      "frame-ancestors 'none'",
    ]),
  );
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(headers).toMatchObject({ "cache-control": "no-cache", "referrer-policy": "no-referrer" });
});

test("files are kept for a year, because their names change with their content", async () => {
  for (const name of names) {
    expect(name).toMatch(/^[a-z]+-[A-Z0-9]{8}\.(js|css|svg)$/);
    const { headers, file } = await get(name);
    expect(headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-encoding": "gzip",
    });
    expect(file?.bytes.equals(readFileSync(join(folder, `${name}.gz`)))).toBe(true);
  }
});

test("a client without gzip gets a file uncompressed", async () => {
  const [name = ""] = names;
  const { headers, file } = await get(name, "identity");
  expect(headers).not.toHaveProperty("content-encoding");
  expect(file?.bytes.equals(gunzipSync(files().assets.get(name) ?? ""))).toBe(true);
});

test.each(["index.html", "../index.html", "main.js", "constructor", ""])("the file %p is a 404", async (name) => {
  await expect(get(name)).rejects.toMatchObject({ statusCode: 404 });
});

test("with a sign-in, the page has its settings as text, and may reach the token endpoint alone", async () => {
  const signIn = consoleSignIn.parse({
    clientId: `"><script>alert("1")</script>`,
    authorizationUrl: "https://login.example/authorize",
    tokenUrl: "https://login.example/oauth/token",
  });
  const { html = "", headers = {} } = await page(consoleRoutes({ files, signIn }));
  expect(html).not.toContain("<script>alert");
  expect(html).toContain("&#34;&#62;&#60;script&#62;alert");
  expect(headers["content-security-policy"]).toContain("connect-src 'self' https://login.example;");
});
