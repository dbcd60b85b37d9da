import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "@jest/globals";
import { startBrowser } from "../../support/console/browser.ts";
import { type ConsoleServer, organizationId, startConsoleServer } from "../../support/console/console-server.ts";
import { openConsole } from "../../support/console/start-console.ts";

/** An identity provider that signs everybody in at once, and checks PKCE. */
async function startProvider() {
  let challenge = "";
  const provider = { accessToken: "", calls: [] as URLSearchParams[] };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://provider");
    if (url.pathname === "/authorize") {
      const asked = url.searchParams;
      provider.calls.push(asked);
      challenge = asked.get("code_challenge") ?? "";
      const back = new URL(asked.get("redirect_uri") ?? "");
      back.search = String(new URLSearchParams({ code: "the-code", state: asked.get("state") ?? "" }));
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const form = new URLSearchParams(await text(request));
    provider.calls.push(form);
    const verifier = form.get("code_verifier") ?? "";
    const isRight = createHash("sha256").update(verifier).digest("base64url") === challenge;
    response.writeHead(isRight ? 200 : 400, { "content-type": "application/json", "access-control-allow-origin": "*" });
    response.end(JSON.stringify({ access_token: provider.accessToken, token_type: "Bearer" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { provider, url, stop: () => server.close() };
}

const identity = await startProvider();
const server: ConsoleServer = await startConsoleServer({
  ...{ clientId: "console", scope: "openid", parameters: { audience: "kard-audits" } },
  ...{ authorizationUrl: `${identity.url}/authorize`, tokenUrl: `${identity.url}/token` },
});
const browser = await startBrowser();
afterAll(async () => {
  await browser.close();
  await server.stop();
  identity.stop();
});
const key = await server.newKey([organizationId, "other-bank"]);
const running = { server, browser, key, stop: async () => undefined };
const stored = "JSON.stringify([...Object.values(sessionStorage), ...Object.values(localStorage)])";

test("a reader signs in at the identity provider with PKCE, and comes back to the same view", async () => {
  identity.provider.accessToken = key;
  const { page, close } = await openConsole(running, { at: "" });
  await page.goto(`${server.url}#/${organizationId}/overview`);
  await page.getByRole("button", { name: "Sign in with 127.0.0.1" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  const [asked, redeemed] = identity.provider.calls;
  expect(Object.fromEntries(asked ?? [])).toMatchObject({
    ...{ response_type: "code", client_id: "console", scope: "openid", audience: "kard-audits" },
    ...{ code_challenge_method: "S256", redirect_uri: server.url },
  });
  expect(redeemed?.get("code")).toBe("the-code");
  expect(page.url()).toBe(`${server.url}#/${organizationId}/overview`);
  expect(await page.evaluate(stored)).toBe("[]");
  await close();
});

test("an authorization code that this tab did not request is refused", async () => {
  const { page, close } = await openConsole(running, { at: "" });
  await page.goto(`${server.url}?code=stolen&state=of-somebody-else`);
  await page.getByRole("alert").getByText("not started here").waitFor();
  expect(page.url()).not.toContain("stolen");
  await close();
});

test("a pasted key is in memory only, and is gone after a reload", async () => {
  const { page, close } = await openConsole(running, { at: "" });
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Disputes" }).waitFor();
  expect(await page.evaluate(stored)).toBe("[]");
  await page.reload();
  await page.getByLabel("API key").waitFor();
  await close();
});

test("a remembered key survives a reload, and signing out clears it", async () => {
  const { page, close } = await openConsole(running, { at: "" });
  await page.getByLabel("API key").fill(key);
  await page.getByLabel("Remember the key for this tab").check();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Disputes" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Disputes" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  expect(await page.evaluate(stored)).toBe("[]");
  await page.reload();
  await page.getByLabel("API key").waitFor();
  await close();
});

test("signing out leaves nothing of the data: not on the page, in the URL, or after going back", async () => {
  const { page, close } = await openConsole(running, { at: "disputes?user=user-1" });
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("API key").waitFor();
  expect(page.url()).toBe(server.url);
  expect(await page.content()).not.toContain(organizationId);
  await page.goBack().catch(() => undefined);
  expect(await page.content()).not.toContain("user-1");
  await close();
});

test("a key that was revoked asks to sign in again, and returns to the same view", async () => {
  const { page, close } = await openConsole(running, { at: "disputes" });
  await page.route("**/stats", (route) => route.fulfill({ status: 401, json: { errors: [] } }));
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("alert").getByText("no longer valid").waitFor();
  await page.unroute("**/stats");
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await close();
});

test.each([
  ["that is wrong", "kat_nonsense"],
  ["with an invisible character", "kat_non\u200bsense"],
  ["with a letter of another alphabet", "kat_n\u043ensense"],
])("a key %s shows an error", async (_, wrong) => {
  const { page, close } = await openConsole(running, { at: "" });
  await page.getByLabel("API key").fill(wrong);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").getByText("This key is not valid").waitFor();
  await close();
});

test("a key for several organizations has a switch, and shows nothing of another one", async () => {
  const { page, close } = await openConsole(running, { at: "disputes" });
  await page.getByLabel("Organization").selectOption("other-bank");
  await page.waitForURL(/#\/other-bank\/disputes/);
  await page.goto(`${server.url}#/foreign-bank/disputes`);
  await page.getByText("Your key has no access to foreign-bank").waitFor();
  await close();
});
