import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { operatorCredentials } from "../../../../infra/local/runner/operator-credentials.ts";
import { type CallOptions, call } from "../issuer.ts";
import type { Product } from "../product.ts";
import type { Evidence } from "./canaries.ts";

type Method = Parameters<typeof call>[2];

/** Collects all data of a product that others may read: responses, messages, logs, rows and events. */
export function collectEvidence(
  { stack, faults, outputs, resolutions }: Pick<Product, "stack" | "faults" | "outputs" | "resolutions">,
  webhookBodies: readonly string[],
) {
  const messages: Evidence[] = [];
  const responses: Evidence[] = [];
  /** Responses that may contain a secret: the first after its creation. */
  const firstResponses: Evidence[] = [];
  const table = new DynamoDBClient({ endpoint: outputs.DynamoDbEndpoint, ...operatorCredentials });

  // Records the messages that the functions send.
  faults.add({
    service: "sqs",
    matches(input) {
      messages.push({ where: "a message", text: JSON.stringify(input) });
      return false;
    },
    kind: "before",
  });

  async function rows(): Promise<Record<string, unknown>[]> {
    const { Items: items = [] } = await table.send(new ScanCommand({ TableName: outputs.TableName }));
    return items.map((item) => unmarshall(item));
  }

  /** All stored data, except for the secrets in the subscriptions' rows. */
  async function stored(): Promise<Evidence[]> {
    return (await rows()).map(({ pk, sk, ...row }) => {
      const isSubscription = String(sk).startsWith("SUBSCRIPTION#");
      const { secrets: _secrets, headers: _headers, ...others } = row;
      return { where: `the row ${sk}`, text: JSON.stringify({ pk, sk, ...(isSubscription ? others : row) }) };
    });
  }

  return {
    firstResponses,
    rows,
    /** Calls the API and records the response. */
    async ask(method: Method, path: string, options: CallOptions, apiKey: string, showsSecret: boolean) {
      const response = await call(outputs.ApiUrl, apiKey, method, path, options);
      const text = `${JSON.stringify(response.headers)}\n${response.text}`;
      (showsSecret ? firstResponses : responses).push({
        where: `the response to ${method} ${path.slice(0, 60)}`,
        text,
      });
      return response;
    },
    async everything(): Promise<Evidence[]> {
      const logged = stack.logs.map(({ line, functionName }) => {
        return { where: `a log line of ${functionName}`, text: line };
      });
      const events = [...webhookBodies, ...resolutions.received.map((one) => JSON.stringify(one))];
      return [
        ...responses,
        ...messages,
        ...logged,
        ...(await stored()),
        ...events.map((text) => ({ where: "an event", text })),
      ];
    },
    stop: () => table.destroy(),
  };
}
