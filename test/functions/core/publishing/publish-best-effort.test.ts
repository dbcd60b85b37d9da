import { expect, test } from "@jest/globals";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { publishBestEffort } from "../../../../functions/core/publishing/publish-best-effort.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { openAudit } from "../../../support/sample-audits.ts";

test("a failed publishing is reported and leaves the audit in the outbox", async () => {
  const world = fakeWorld();
  const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };
  const closed = changeAudit(openAudit(), "close", { resolution }, world.clock());
  if (closed === undefined) throw new Error("an open audit can be closed");
  await world.audits.create(closed);
  const failure = new Error("SQS does not answer");
  world.resolutions.send = async () => {
    throw failure;
  };
  await publishBestEffort(world)(closed);
  expect(world.errors).toEqual([failure]);
  expect((await world.audits.get(closed))?.outboxAt).toBe(noon + 50_000);
});
