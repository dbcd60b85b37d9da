import { expect, test } from "@jest/globals";
import * as z from "zod";
import { never, startProduct } from "../support/product.ts";
import {
  changeSubscription,
  createSubscription,
  createSubscriptions,
  subscriptionsPath,
} from "../support/webhooks/subscriptions.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const { newIssuer } = await startProduct({ tickSeconds: never, push: false });

const webhookUrl = "https://example.com/webhooks";

test("created subscriptions are listed with defaults", async () => {
  const issuer = await newIssuer();
  const response = await createSubscriptions(
    issuer,
    { webhookUrl },
    { webhookUrl, eventNames: ["audit.overdue"], description: "pager" },
  );
  const attributes = [
    { webhookUrl, eventNames: ["audit.closed"], enabled: true },
    { webhookUrl, eventNames: ["audit.overdue"], description: "pager", enabled: true },
  ];
  expect(response).toMatchObject({
    status: 201,
    json: { data: attributes.map((given) => ({ type: "subscription", id: expect.any(String), attributes: given })) },
  });
  const { status, json } = await issuer.call("GET", subscriptionsPath(issuer));
  const { data } = z.object({ data: z.array(z.looseObject({ attributes: z.unknown() })) }).parse(json);
  expect(status).toBe(200);
  expect(data.map((subscription) => subscription.attributes)).toEqual(
    expect.arrayContaining(attributes.map((given) => expect.objectContaining(given))),
  );
  expect(data).toHaveLength(2);
});

test("the signing secret is shown only in the create response", async () => {
  const issuer = await newIssuer();
  const { id, secret } = await subscribe(issuer, webhookUrl);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32,}=*$/);
  const { text } = await issuer.call("GET", subscriptionsPath(issuer));
  expect(text).toContain(id);
  expect(text).not.toContain("secret");
  expect(text).not.toContain(secret);
});

test("each subscription has its own secret", async () => {
  const issuer = await newIssuer();
  const secrets = [await subscribe(issuer, webhookUrl), await subscribe(issuer, webhookUrl)];
  expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(2);
});

test.each([
  ["not-a-URL", "must be a URL"],
  ["https://m\u00fcnchen.example/", "must be ASCII without spaces, control characters or backslashes"],
  ["http://example.com/", "must be an https URL"],
  ["ftp://example.com/", "must be an https URL"],
  ["https://user:pass@example.com/", "must not contain a user name or password"],
  ["https://example.com/#part", "must not have a fragment"],
  ["https://example.com:8443/", "must use port 443"],
])("a webhook cannot be %s", async (refused, detail) => {
  const issuer = await newIssuer();
  expect(await createSubscriptions(issuer, { webhookUrl }, { webhookUrl: refused })).toMatchObject({
    status: 400,
    json: { errors: [{ status: "400", detail, source: { pointer: "/data/1/attributes/webhookUrl" } }] },
  });
  expect((await issuer.call("GET", subscriptionsPath(issuer))).json).toEqual({ data: [] });
});

test.each([
  [{ webhookUrl, eventNames: [] }, "/data/0/attributes/eventNames"],
  [{ webhookUrl, eventNames: ["audit.opened"] }, "/data/0/attributes/eventNames/0"],
  [{ webhookUrl, enabled: "yes" }, "/data/0/attributes/enabled"],
  [{}, "/data/0/attributes/webhookUrl"],
])("%j is refused at %s", async (attributes, pointer) => {
  const issuer = await newIssuer();
  expect(await createSubscriptions(issuer, attributes)).toMatchObject({
    status: 400,
    json: { errors: [{ source: { pointer } }] },
  });
});

test("another issuer's subscriptions are not listed", async () => {
  const [one, other] = [await newIssuer(), await newIssuer()];
  await subscribe(one, webhookUrl);
  expect((await other.call("GET", subscriptionsPath(other))).json).toEqual({ data: [] });
});

test("an issuer can have at most 100 subscriptions", async () => {
  const issuer = await newIssuer();
  const ten = Array.from({ length: 10 }, () => ({ webhookUrl }));
  for (let made = 0; made < 100; made += 10)
    expect(await createSubscriptions(issuer, ...ten)).toMatchObject({ status: 201 });
  expect(await createSubscriptions(issuer, { webhookUrl })).toMatchObject({
    status: 409,
    json: { errors: [{ status: "409" }] },
  });
});

test("a subscription is read, changed and deleted; missing fields stay", async () => {
  const issuer = await newIssuer();
  const filters = { auditCodes: [3005], resolutionCodes: [5004] };
  const { id } = await createSubscription(issuer, { webhookUrl, filters, description: "books" });
  expect(await issuer.call("GET", `${subscriptionsPath(issuer)}/${id}`)).toMatchObject({
    status: 200,
    json: { data: { type: "subscription", id, attributes: { webhookUrl, filters, description: "books" } } },
  });
  const eventNames = ["audit.rejected"];
  const changed = await changeSubscription(issuer, id, { eventNames, description: null });
  expect(changed).toMatchObject({
    status: 200,
    json: { data: { id, attributes: { webhookUrl, eventNames, filters } } },
  });
  expect(changed.text).not.toContain("books");
  const others = { auditCodes: [3006] };
  expect(await changeSubscription(issuer, id, { filters: others })).toMatchObject({
    json: { data: { attributes: { filters: others } } },
  });
  expect(await issuer.call("DELETE", `${subscriptionsPath(issuer)}/${id}`)).toMatchObject({ status: 204, text: "" });
  for (const method of ["GET", "DELETE"] as const) {
    expect(await issuer.call(method, `${subscriptionsPath(issuer)}/${id}`)).toMatchObject({ status: 404 });
  }
  expect(await changeSubscription(issuer, id, { description: "back" })).toMatchObject({ status: 404 });
});

test("another issuer's subscription gets the response of a missing one", async () => {
  const [issuer, other] = [await newIssuer(), await newIssuer()];
  const { id } = await createSubscription(issuer, { webhookUrl });
  const responses = [
    await other.call("GET", `${subscriptionsPath(other)}/${id}`),
    await changeSubscription(other, id, { enabled: false }),
    await other.call("DELETE", `${subscriptionsPath(other)}/${id}`),
  ];
  const missing = await other.call("GET", `${subscriptionsPath(other)}/00000000-0000-4000-8000-000000000000`);
  for (const response of responses) expect(response).toMatchObject({ status: 404, text: missing.text });
  expect(await issuer.call("GET", `${subscriptionsPath(issuer)}/${id}`)).toMatchObject({ status: 200 });
});
