import { expect, test } from "@jest/globals";
import { createLostAudits } from "../../../../functions/adapters/kard/find-lost-audit.ts";
import type { StatusOutcome } from "../../../../functions/core/kard/ports.ts";
import { openAudit } from "../../../support/sample-audits.ts";

const conflict = ["a", "b"].map((id) => ({ status: "409", title: "Conflict", detail: "it exists", id }));

test("if the read of one candidate fails, the other is awaited before the error is thrown", async () => {
  const unreadable = new Error("the secret cannot be read");
  const { promise, resolve } = Promise.withResolvers<StatusOutcome>();
  let hasEnded = false;
  const { findLostAudit } = createLostAudits({
    getAudit: (_, id) => (id === "a" ? Promise.reject(unreadable) : promise),
  });
  const found = findLostAudit(openAudit(), conflict).finally(() => {
    hasEnded = true;
  });
  await new Promise((passed) => setImmediate(passed));
  expect(hasEnded).toBe(false);
  resolve({ outcome: "missing" });
  await expect(found).rejects.toBe(unreadable);
});
