import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { eventsInOrder } from "../../../../functions/core/audits/change-audit.ts";
import { busArn, contactArn, topicArn } from "../targets.ts";
import type { World } from "../world.ts";

/** The bus and the topic get every event, a contact those of its issuer's webhooks, all with the same bytes. */
export function checkTargets(world: World, audits: readonly Audit[]): void {
  const { targets, hasTargets, history } = world;
  if (!hasTargets) return;
  for (const event of audits.flatMap((audit) => eventsInOrder(audit)).map((one) => one.event)) {
    const errors: [arn: string, error: string | undefined][] = [
      [busArn, event.busError],
      [topicArn, event.topicError],
    ];
    for (const [arn, error] of errors) {
      expectAt(world, arn, event.id);
      if ((error !== undefined) !== targets.isRefused(arn, event.id))
        history.violated(`event ${event.id}: ${arn} did not refuse it so`);
    }
  }
  for (const { id, eventName, organizationId } of webhookEvents(world)) {
    for (const arn of [busArn, topicArn]) expectAt(world, arn, id);
    // People do not hear of each failed delivery.
    if (eventName !== "notification.failed") expectAt(world, contactArn(organizationId), id);
  }
  for (const arn of targets.arns()) {
    for (const body of targets.of(arn)) {
      const { id, data } = JSON.parse(body);
      history.sameContent(id, body);
      const { organizationId } = data.attributes;
      if (arn.includes("contact-") && arn !== contactArn(organizationId))
        history.violated(`event ${id}: told another issuer's contact`);
    }
  }
}

function expectAt({ targets, history }: World, arn: string, id: string): void {
  if (targets.isRefused(arn, id)) return;
  if (!targets.of(arn).some((body) => JSON.parse(body).id === id))
    history.violated(`event ${id}: never came to ${arn}`);
}

/** The events about webhooks, as the feeds have them. */
function webhookEvents({ rows }: World) {
  return [...rows.rows.values()].flatMap(({ pk, eventId, eventName, body }) =>
    pk?.S?.startsWith("EVENTS#") && body?.S !== undefined
      ? { id: eventId?.S ?? "", eventName: eventName?.S, organizationId: pk.S.slice("EVENTS#".length) }
      : [],
  );
}
