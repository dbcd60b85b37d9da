import { describe, expect, test } from "@jest/globals";
import { attributes, audits, authorized, creation, legacy, start } from "../running-sandbox.ts";

describe("Create Audits", () => {
  test("creates audits; an exact duplicate is a 409 with the first audit's id", async () => {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    const made = await kard("POST", audits, creation("t1", "t2"), token);
    expect(made).toMatchObject({ status: 201, body: { data: [{ attributes: { transactionId: "t1" } }, {}] } });
    const { id } = made.body.data[0];
    const again = await kard("POST", audits, creation("t1"), token);
    expect(again).toMatchObject({ status: 409, body: { errors: [{ status: "409", id }] } });
    sandbox.configure({ omitConflictId: true });
    expect((await kard("POST", audits, creation("t1"), token)).body.errors[0]).not.toHaveProperty("id");
    expect(sandbox.audits()).toMatchObject([{ id, createCalls: 3 }, { createCalls: 1 }]);
    expect(sandbox.requests()).toEqual({ token: 1, create: 3 });
  });

  test("answers a partly refused request with 207", async () => {
    const { kard } = await start();
    const token = await authorized(kard);
    expect(await kard("POST", audits, creation("good", "refuse-400-x"), token)).toMatchObject({
      status: 207,
      body: { data: [{}], errors: [{ status: "400", id: "refuse-400-x" }] },
    });
    expect(await kard("POST", audits, creation("refuse-404"), token)).toMatchObject({ status: 404 });
    const onlyErrors = await kard("POST", audits, creation("refuse-404", "refuse-400"), token);
    expect(onlyErrors.status).toBe(207);
    expect(onlyErrors.body).not.toHaveProperty("data");
  });

  test.each([
    ["not JSON", "{", ""],
    ["no data", {}, "/data"],
    ["empty data", { data: [] }, "/data"],
    ["another type", { data: [{ type: "x", attributes }] }, "/data/0/type"],
    [
      "an unknown code",
      { data: [{ type: "audit", attributes: { ...attributes, auditCode: 1 } }] },
      "/data/0/attributes/auditCode",
    ],
    [
      "a code as text",
      { data: [{ type: "audit", attributes: { ...attributes, auditCode: "8001" } }] },
      "/data/0/attributes/auditCode",
    ],
    [
      "no merchant",
      { data: [{ type: "audit", attributes: { ...attributes, merchantName: undefined } }] },
      "/data/0/attributes/merchantName",
    ],
  ])("refuses %s with a pointer", async (_, body, pointer) => {
    const { kard } = await start();
    const response = await kard("POST", audits, body, await authorized(kard));
    expect(response).toMatchObject({ status: 400, body: { errors: [{ source: { pointer } }] } });
  });
});

describe("the legacy calls", () => {
  test("create, conflict, refuse and read in Kard's legacy shapes", async () => {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    const made = await kard("POST", "/transactions/audit", legacy, token);
    expect(made).toMatchObject({ status: 201, body: { status: "NEW", preferredContactEmail: "someone@company.com" } });
    const id: string = made.body._id;
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(await kard("POST", "/transactions/audit", legacy, token)).toMatchObject({
      status: 409,
      body: expect.any(String),
    });
    sandbox.configure({ plainTextErrors: true });
    const plain = await kard("GET", "/transactions/audit/nobody", undefined, token);
    expect(plain).toMatchObject({ status: 404, body: "Audit not found" });
    expect(plain.headers.get("content-type")).toContain("text/plain");
    expect(await kard("POST", "/transactions/audit", "{", token)).toMatchObject({
      status: 400,
      body: expect.any(String),
    });
    expect(await kard("POST", "/transactions/audit", {}, token)).toMatchObject({
      status: 400,
      body: { errors: expect.any(Array) },
    });
    expect(await kard("GET", `/transactions/audit/${id}`)).toMatchObject({
      status: 401,
      body: { message: "Unauthorized" },
    });
  });

  test("a status goes NEW, IN_PROGRESS, CLOSED; only CLOSED has a resolution", async () => {
    const { kard } = await start();
    const token = await authorized(kard);
    const made = await kard("POST", audits, creation("t"), token);
    const path = `/transactions/audit/${made.body.data[0].id}`;
    const admin = `/admin/audits/${made.body.data[0].id}`;
    expect((await kard("GET", path, undefined, token)).body).toMatchObject({ status: "NEW", transactionId: "t" });
    expect(await kard("POST", `${admin}/start`)).toMatchObject({ status: 200 });
    expect(await kard("POST", `${admin}/start`)).toMatchObject({ status: 409 });
    const started = await kard("GET", path, undefined, token);
    expect(started.body.status).toBe("IN_PROGRESS");
    expect(started.body).not.toHaveProperty("resolutionCode");
    const resolution = { resolutionCode: 9002, resolutionDescription: "it came back" };
    expect(await kard("POST", `${admin}/close`, resolution)).toMatchObject({ body: { closedAt: expect.any(Number) } });
    expect((await kard("GET", path, undefined, token)).body).toMatchObject({ status: "CLOSED", ...resolution });
    expect(await kard("POST", `${admin}/close`)).toMatchObject({ status: 409 });
    expect(await kard("POST", "/admin/audits/nobody/close")).toMatchObject({ status: 404 });
  });
});
