import { expect, test } from "@jest/globals";
import { expectJourney } from "./support/journey.ts";
import { never, startProduct } from "./support/product.ts";

const product = await startProduct({ tickSeconds: never });

/** A second push about an audit within five seconds is left to the poller, which does not run here. */
const apartMs = 5_100;

test("without polling, Kard's push alone is enough and everyone is told", async () => {
  await expectJourney(product, product.owner, apartMs);
  expect(product.stack.logs.filter(({ functionName }) => functionName.includes("PollAudits"))).toEqual([]);
});
