import { describe, expect, test } from "@jest/globals";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { eventName } from "../../../../functions/core/events/events.ts";
import { publishEvents } from "../../../../functions/core/publishing/publish-events.ts";
import { refusalOf } from "../../../../functions/core/publishing/send-to-owner.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeOwnerTarget } from "../../../support/fake-queues.ts";
import { aSubscription, openAudit } from "../../../support/sample-audits.ts";
import { broken, closedAudit, worldWith } from "./closed-audit.ts";

describe.each([
  ["bus", "busAt", "busError"],
  ["topic", "topicAt", "topicError"],
] as const)("the owner's %s", (name, sentAt, refusedAs) => {
  async function worldWithTarget() {
    const { world, stored } = await worldWith(closedAudit(), aSubscription());
    const target = fakeOwnerTarget(name, eventName.options);
    return { world: { ...world, ownerTargets: [...world.ownerTargets, target] }, stored, target };
  }

  test("gets every event, once", async () => {
    const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
    const { world, stored } = await worldWith(started);
    const target = fakeOwnerTarget(name, eventName.options);
    const deps = { ...world, ownerTargets: [...world.ownerTargets, target] };
    expect(await publishEvents(deps)(started)).toBe("published");
    expect(await publishEvents(deps)(await stored())).toBe("published");
    expect(target.sent).toMatchObject([
      { organizationId: "org", subjectId: started.auditId, event: { type: "audit.in_progress" } },
    ]);
    expect((await stored()).events.e1).toMatchObject({ [sentAt]: noon });
  });

  test("blocks no other target while it fails, and is sent to again", async () => {
    const { world, stored, target } = await worldWithTarget();
    const { send } = target;
    target.send = broken;
    await expect(publishEvents(world)(closedAudit())).rejects.toThrow("it cannot be reached");
    expect(world.resolutions.sent).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
    const failed = await stored();
    expect(failed).toMatchObject({ events: { e1: { queuedAt: noon, notifiedAt: noon, feedAt: noon } } });
    expect(failed.outboxAt).toBeDefined();

    target.send = send;
    expect(await publishEvents(world)(failed, true)).toBe("published");
    expect(target.sent).toHaveLength(1);
    expect(world.resolutions.sent).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
  });

  test("gets it although another target fails", async () => {
    const { world, target } = await worldWithTarget();
    world.resolutions.send = broken;
    await expect(publishEvents(world)(closedAudit())).rejects.toThrow("it cannot be reached");
    expect(target.sent).toHaveLength(1);
  });

  test("refuses it permanently: this is stored, and the audit leaves the outbox", async () => {
    const { world, stored, target } = await worldWithTarget();
    target.refuses = "evt_";
    expect(await publishEvents(world)(closedAudit())).toBe("published");
    const { outboxAt, events } = await stored();
    expect(outboxAt).toBeUndefined();
    expect(events.e1).toMatchObject({ [refusedAs]: "InvalidMessageContents", publishedAt: noon, queuedAt: noon });
    expect(events.e1 && refusalOf(events.e1)).toBe(`${name}: InvalidMessageContents`);
  });
});
