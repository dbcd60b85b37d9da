import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { EventSender, OutgoingEvent } from "../../../functions/core/notifications/ports.ts";
import { signedMessage } from "../../../functions/core/notifications/signed-message.ts";
import { afterFailure } from "../../../functions/core/subscriptions/endpoint-health.ts";
import { noon } from "../../support/fake-clock.ts";
import { aSubscription } from "../../support/sample-audits.ts";

/** What an endpoint does with an event. */
export type Answer = "accept" | "deny" | "throttle" | "fail" | "break off";

/** An endpoint of one kind, and a sender that reaches it. */
export interface OpenEndpoint {
  sender: EventSender;
  /** The URL or ARN of the endpoint. */
  address: string;
  answer: (how: Answer) => void;
  /** The bodies of the events that it got, whatever it answered. */
  received: () => string[];
  close: () => void | Promise<void>;
}

const body = JSON.stringify({
  ...{ id: "evt_1", type: "audit.closed", timestamp: new Date(noon).toISOString() },
  data: {
    type: "audit",
    id: "audit-1",
    attributes: { organizationId: "org", status: "CLOSED", merchantName: "Zo\u00e9" },
  },
});
const event: OutgoingEvent = { id: "evt_1", type: "audit.closed", subjectId: "audit-1", at: noon, body };

/** What the rest of the delivery expects of every kind of endpoint. */
export function describeEventSenderContract(name: string, open: () => Promise<OpenEndpoint>): void {
  describe(`EventSender: ${name}`, () => {
    let endpoint: OpenEndpoint;
    beforeAll(async () => {
      endpoint = await open();
    });
    beforeEach(() => endpoint.answer("accept"));
    afterAll(() => endpoint.close());
    const subscription = (changes = {}) => aSubscription({ webhookUrl: endpoint.address, ...changes });
    const send = async (changes = {}) => {
      await endpoint.sender.prepare(subscription(changes));
      return endpoint.sender.send(subscription(changes), event);
    };

    test("an accepted event is delivered, with its exact bytes", async () => {
      const { attempt, ...outcome } = await send();
      expect(outcome).toMatchObject({ delivered: true, retryAfterMs: undefined });
      expect(attempt).not.toHaveProperty("error");
      expect(attempt.statusCode).toBe(200);
      expect(endpoint.received().at(-1)).toBe(body);
    });

    test("a thin payload has the bytes that are signed", async () => {
      await send({ payload: "thin" });
      expect(endpoint.received().at(-1)).toBe(signedMessage(subscription({ payload: "thin" }), event, noon).body);
    });

    test.each<Answer>(["deny", "throttle", "fail", "break off"])("%s: a failed attempt, and no error", async (how) => {
      endpoint.answer(how);
      const { attempt, delivered } = await send();
      expect(delivered).toBe(false);
      expect(attempt.error ?? String(attempt.statusCode)).not.toBe("internal-error");
      const after = afterFailure(subscription(), { attempt, isReplay: false });
      expect(after).toMatchObject({ enabled: true, failingSince: expect.any(Number) });
    });

    test("an endpoint that throttles is given time", async () => {
      endpoint.answer("throttle");
      const { attempt } = await send();
      expect(afterFailure(subscription(), { attempt, isReplay: false })).toHaveProperty("backoff.until");
    });
  });
}
