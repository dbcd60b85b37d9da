import { expect, test } from "@jest/globals";
import { z } from "zod";
import type { Issuer } from "./support/issuer.ts";
import { never, startProduct } from "./support/product.ts";
import { subscribe } from "./support/told.ts";

const { newIssuer } = await startProduct({ tickSeconds: never, push: false });

const path = ({ organizationId }: Issuer) => `/v2/issuers/${organizationId}/subscriptions`;
const create = (issuer: Issuer, ...all: Record<string, unknown>[]) =>
  issuer.call("POST", path(issuer), {
    body: { data: all.map((attributes) => ({ type: "subscription", attributes })) },
  });

const webhookUrl = "https://example.com/webhooks";

test("what is created is listed, with its defaults", async () => {
  const issuer = await newIssuer();
  const answer = await create(
    issuer,
    { webhookUrl },
    { webhookUrl, eventNames: ["audit.overdue"], description: "pager" },
  );
  const attributes = [
    { webhookUrl, eventNames: ["audit.closed"], enabled: true },
    { webhookUrl, eventNames: ["audit.overdue"], description: "pager", enabled: true },
  ];
  expect(answer).toMatchObject({
    status: 201,
    json: { data: attributes.map((given) => ({ type: "subscription", id: expect.any(String), attributes: given })) },
  });
  const { status, json } = await issuer.call("GET", path(issuer));
  const { data } = z.object({ data: z.array(z.looseObject({ attributes: z.unknown() })) }).parse(json);
  expect(status).toBe(200);
  expect(data.map((subscription) => subscription.attributes)).toEqual(
    expect.arrayContaining(attributes.map((given) => expect.objectContaining(given))),
  );
  expect(data).toHaveLength(2);
});

test("the signing secret is shown once: in the answer that creates it", async () => {
  const issuer = await newIssuer();
  const { id, secret } = await subscribe(issuer, webhookUrl);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32,}=*$/);
  const { text } = await issuer.call("GET", path(issuer));
  expect(text).toContain(id);
  expect(text).not.toContain("secret");
  expect(text).not.toContain(secret);
});

test("each has a secret of its own", async () => {
  const issuer = await newIssuer();
  const secrets = [await subscribe(issuer, webhookUrl), await subscribe(issuer, webhookUrl)];
  expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(2);
});

test.each([
  ["not a URL", "must be a URL"],
  ["http://example.com/", "must be an https URL"],
  ["ftp://example.com/", "must be an https URL"],
  ["https://user:pass@example.com/", "must not carry a user name or password"],
  ["https://example.com/#part", "must not have a fragment"],
  ["https://example.com:8443/", "must use port 443"],
])("a webhook cannot be %s", async (refused, detail) => {
  const issuer = await newIssuer();
  expect(await create(issuer, { webhookUrl }, { webhookUrl: refused })).toMatchObject({
    status: 400,
    json: { errors: [{ status: "400", detail, source: { pointer: "/data/1/attributes/webhookUrl" } }] },
  });
  expect((await issuer.call("GET", path(issuer))).json).toEqual({ data: [] });
});

test.each([
  [{ webhookUrl, eventNames: [] }, "/data/0/attributes/eventNames"],
  [{ webhookUrl, eventNames: ["audit.opened"] }, "/data/0/attributes/eventNames/0"],
  [{ webhookUrl, enabled: "yes" }, "/data/0/attributes/enabled"],
  [{}, "/data/0/attributes/webhookUrl"],
])("%j is refused at %s", async (attributes, pointer) => {
  const issuer = await newIssuer();
  expect(await create(issuer, attributes)).toMatchObject({ status: 400, json: { errors: [{ source: { pointer } }] } });
});

test("another issuer's subscriptions are not listed", async () => {
  const [one, other] = [await newIssuer(), await newIssuer()];
  await subscribe(one, webhookUrl);
  expect((await other.call("GET", path(other))).json).toEqual({ data: [] });
});

test("an issuer has 100 subscriptions at most", async () => {
  const issuer = await newIssuer();
  const ten = Array.from({ length: 10 }, () => ({ webhookUrl }));
  for (let made = 0; made < 100; made += 10) expect(await create(issuer, ...ten)).toMatchObject({ status: 201 });
  expect(await create(issuer, { webhookUrl })).toMatchObject({ status: 409, json: { errors: [{ status: "409" }] } });
});
