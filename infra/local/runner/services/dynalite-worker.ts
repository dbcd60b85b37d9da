import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";
import { closeIterators } from "./close-iterators.ts";

// dynalite needs its own thread: it is CPU-bound, and throws from callbacks if its store fails.
const { dataDir }: { dataDir: string | undefined } = workerData;
closeIterators();
showItemOnFailedCondition();
const server = dynalite({ createTableMs: 0, ...(dataDir === undefined ? {} : { path: dataDir }) });

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  parentPort?.postMessage({ port: typeof address === "object" ? address?.port : undefined });
});

parentPort?.once("message", () => {
  server.close(() => parentPort?.close());
  server.closeAllConnections();
});

/** dynalite ignores `ReturnValuesOnConditionCheckFailure`. This patch makes it answer as DynamoDB does. */
function showItemOnFailedCondition(): void {
  const load = createRequire(import.meta.url);
  const db = load("dynalite/db") as {
    checkConditional: (
      request: { ReturnValuesOnConditionCheckFailure?: string },
      item: object | undefined,
    ) => { body: { Item?: object } } | null | undefined;
  };
  for (const action of ["PutItem", "UpdateItem", "DeleteItem"]) {
    const { types } = load(`dynalite/validations/${action[0]?.toLowerCase()}${action.slice(1)}`) as { types: object };
    Object.assign(types, { ReturnValuesOnConditionCheckFailure: { type: "String", enum: ["ALL_OLD", "NONE"] } });
  }
  const { checkConditional } = db;
  db.checkConditional = (request, item) => {
    const failure = checkConditional(request, item);
    if (failure && item && request.ReturnValuesOnConditionCheckFailure === "ALL_OLD") failure.body.Item = item;
    return failure;
  };
}
