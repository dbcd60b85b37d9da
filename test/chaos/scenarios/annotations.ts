import { isDeepStrictEqual } from "node:util";
import { auditOf, referencePartition } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { eventsInOrder } from "../../../functions/core/audits/change-audit.ts";
import type { Scenario } from "../scenario.ts";
import { everyoneGot, filed, firstPoll, minutes } from "./steps.ts";

const merged = { queue: "vip", step: "2" };

export const annotationScenarios: Record<string, Scenario> = {
  /** The audit is changed before Kard closes it, while the poll stores that, and afterwards. */
  "change-annotations": {
    async run(world) {
      await world.subscribe("a");
      await filed(world);
      const auditId = world.submitted[0]?.auditIds[0] ?? "";
      const key = { organizationId: "org", auditId };
      await world.change(key, { reference: "CASE-1", metadata: { queue: "vip", old: "1" } });
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await Promise.all([firstPoll(world), world.change(key, { metadata: { step: "2" } })]);
      await minutes(world, 1);
      await Promise.all([world.change(key, { reference: "CASE-2" }), world.change(key, { metadata: { old: null } })]);
    },
    expect(world) {
      const { rows, history, outside } = world;
      everyoneGot(world, ["a"], "audit.closed");
      for (const item of rows.rows.values()) {
        if (item.sk?.S !== "AUDIT") continue;
        const audit = auditOf(item);
        const { organizationId, auditId, reference, metadata, annotationsRevision } = audit;
        if (reference !== "CASE-2") history.violated(`audit ${auditId}: its reference is ${reference}`);
        if (!isDeepStrictEqual(metadata, merged))
          history.violated(`audit ${auditId}: its metadata is ${JSON.stringify(metadata)}`);
        if (item.issuerReference?.S !== referencePartition(organizationId, "CASE-2"))
          history.violated(`audit ${auditId}: it is listed under ${item.issuerReference?.S}`);
        // A change that was repeated because its response was lost counts again.
        if ((annotationsRevision ?? 0) < 4 || (outside.struck.length === 0 && annotationsRevision !== 4))
          history.violated(`audit ${auditId}: its own data has changed ${annotationsRevision} times`);
        for (const { event } of eventsInOrder(audit)) {
          const shown = JSON.parse(event.body).data.attributes;
          if (shown.reference !== "CASE-1" && shown.reference !== "CASE-2")
            history.violated(`event ${event.id}: it has the reference ${shown.reference}`);
          if (shown.metadata?.queue !== "vip") history.violated(`event ${event.id}: it has no metadata`);
        }
      }
    },
  },
};
