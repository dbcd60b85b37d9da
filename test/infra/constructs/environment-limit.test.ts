import { expect, test } from "@jest/globals";
import { synthesize } from "../support/synthesize.ts";

const issuers = (count: number) => Array.from({ length: count }, (_, n) => `bank-number-${n}`);
const events = ["subscription.failing", "subscription.disabled", "notification.failed"];
const contacts = (count: number) => Object.fromEntries(issuers(count).map((name) => [name, { events }]));
const targetAccounts = (count: number) => Object.fromEntries(issuers(count).map((name) => [name, ["111122223333"]]));

test("contacts and targets of several issuers fit into the environment of a function", () => {
  expect(() => synthesize({ contacts: contacts(8), targetAccounts: targetAccounts(15) })).not.toThrow();
});

test.each([
  [{ contacts: contacts(15) }, /: shorten contacts \(\d+ bytes\)$/],
  [{ targetAccounts: targetAccounts(90) }, /: shorten targetAccounts \(\d+ bytes\)$/],
  [
    { contacts: contacts(8), targetAccounts: targetAccounts(40) },
    /: shorten contacts \(\d+ bytes\) or targetAccounts \(\d+ bytes\)$/,
  ],
])("%j is more than the environment of a function holds", (context, message) => {
  expect(() => synthesize(context)).toThrow(message);
  expect(() => synthesize(context)).toThrow("/DeliverWebhooks] the environment of the function can have 4");
});
