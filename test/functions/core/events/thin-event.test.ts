import { expect, test } from "@jest/globals";
import { thinBody } from "../../../../functions/core/events/thin-event.ts";

test("an event of a newer version is reduced, too, whatever it is about", () => {
  const data = { type: "payout", id: "payout-1", attributes: { organizationId: "org", iban: "DE00" } };
  const event = { id: "evt_1", type: "payout.failed", timestamp: "2026-03-14T12:00:00.000Z", data };
  const thin = { ...event, data: { ...data, attributes: { organizationId: "org" } } };
  expect(JSON.parse(thinBody(JSON.stringify(event)))).toEqual(thin);
});
