import { expect, test } from "@jest/globals";
import { auditFields, idsIn } from "../support/issuer.ts";
import { expectJourney } from "../support/journey.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ tickSeconds: never });

/** A second push about an audit within five seconds waits for the poller, which does not run here. */
const apartMs = 5_100;

test("without polling, pushes alone publish and deliver", async () => {
  await expectJourney(product, product.owner, apartMs);
  expect(product.stack.logs.filter(({ functionName }) => functionName.includes("PollAudits"))).toEqual([]);
});

test("the logs show an audit's path by its id, from the request that filed it", async () => {
  const issuer = product.owner;
  const receiver = await product.newWebhookReceiver();
  const { id: subscriptionId } = await subscribe(issuer, receiver.url);
  const fields = auditFields();
  const filed = await issuer.create([fields]);
  const [id = ""] = idsIn(filed);
  product.kard.closeAudit(product.auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await until("the webhook is delivered", () => receiver.received.length > 0);

  const linesOf = (functionName: string) =>
    product.stack.logs
      .filter((log) => log.functionName.includes(functionName) && log.line.includes(id))
      .map(({ line }) => JSON.parse(line));
  const requestId = filed.headers["x-request-id"];
  expect(linesOf("AuditsApi")).toMatchObject([
    { auditId: id, requestId, status: "SUBMITTING" },
    { auditId: id, requestId, status: "NEW" },
  ]);
  expect(linesOf("KardWebhook")).toMatchObject([{ auditId: id, status: "CLOSED" }]);
  const attempts = () => linesOf("DeliverWebhooks").flatMap((line) => line.attempts);
  const delivered = expect.objectContaining({ auditId: id, subscriptionId, result: "delivered" });
  await until("the attempt is logged", () => attempts().some((attempt) => attempt.subscriptionId === subscriptionId));
  expect(attempts()).toContainEqual(delivered);
});
