import { expect, test } from "@jest/globals";
import { eventName } from "../../../../functions/core/events/events.ts";
import { exampleEvent } from "../../../../functions/core/events/example-event.ts";
import { publishedEvents } from "../../../../infra/commands/contract/published-events.ts";
import { noon } from "../../../support/fake-clock.ts";

test.each(eventName.options)("the example of %s is as the contract says", (type) => {
  const event = exampleEvent(type, { id: "evt_1", organizationId: "org", now: noon });
  const schema = publishedEvents.get(type)?.schema.strict();
  expect(schema?.parse(event)).toEqual(event);
  expect(event).toMatchObject({ data: { id: "example-evt_1", attributes: { organizationId: "org" } } });
});
