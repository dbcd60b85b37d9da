import { expect, test } from "@jest/globals";
import { createMessageTraces } from "../../../../../infra/local/runner/services/message-traces.ts";

test("keeps the trace headers of the latest 10,000 messages", () => {
  const traces = createMessageTraces();
  for (let n = 0; n <= 10_000; n += 1) {
    const request = { action: "SendMessage", input: {}, traceHeader: `trace ${n}` };
    const body = Buffer.from(JSON.stringify({ MessageId: `message-${n}` }));
    traces.note(request as Parameters<typeof traces.note>[0], { status: 200, headers: {}, body });
  }
  expect(traces.of("message-0")).toBeUndefined();
  expect(traces.of("message-1")).toBe("trace 1");
  expect(traces.of("message-10000")).toBe("trace 10000");
});
