import { describe, expect, test } from "@jest/globals";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
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
    const target = fakeOwnerTarget(name, undefined);
    return { world: { ...world, ownerTargets: [...world.ownerTargets, target] }, stored, target };
  }

  test("gets every event, once", async () => {
    const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
    const { world, stored } = await worldWith(started);
    const target = fakeOwnerTarget(name, undefined);
    const deps = { ...world, ownerTargets: [...world.ownerTargets, target] };
    expect(await publishEvents(deps)(started)).toBe("published");
    expect(await publishEvents(deps)(await stored())).toBe("published");
    expect(target.sent).toMatchObject([
      { organizationId: "org", subjectId: started.auditId, event: { type: "audit.in_progress" } },
    ]);
    expect((await stored()).events.e1).toMatchObject({ [sentAt]: noon });
  });

  test("gets an event of a newer version, with its bytes", async () => {
    const event = { id: "evt_1", type: "audit.reopened", at: noon, body: '{"id":"evt_1"}' };
    const reopened = openAudit({ sequence: 1, events: { e1: event }, outboxAt: noon });
    const { world, stored } = await worldWith(reopened, aSubscription({ eventNames: ["audit.reopened"] }));
    const target = fakeOwnerTarget(name, undefined);
    const deps = { ...world, ownerTargets: [...world.ownerTargets, target] };
    expect(await publishEvents(deps)(reopened)).toBe("published");
    expect(target.sent).toMatchObject([{ event }]);
    expect(world.resolutions.sent).toEqual([]);
    expect(world.deliveries.sent).toMatchObject([{ eventName: "audit.reopened", body: event.body }]);
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
