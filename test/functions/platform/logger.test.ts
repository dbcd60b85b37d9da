import { expect, jest, test } from "@jest/globals";
import { describe as describeError, logger } from "../../../functions/platform/logger.ts";

const everyControl = String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code));

test.each([
  ['ordinary\n{"level":"ERROR","message":"forged"}'],
  ['"}\r\n{"level":"ERROR","message":"forged"}\r\n{"a":"'],
  ["\u001b[2J\u001b]0;title\u0007 clears the screen"],
  [everyControl],
])("%j is logged as text in one line of JSON", (hostile) => {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
  }
  logger.info(hostile, { [hostile]: hostile });
  logger.warn("a warning", describeError(new TypeError(hostile)));
  logger.error("an error", { nested: [{ hostile }] });
  jest.restoreAllMocks();
  expect(written).toHaveLength(3);
  for (const line of written) expect(line).toMatch(/^[^\p{Cc}]+\n$/u);
  expect(written.map((line) => JSON.parse(line))).toMatchObject([
    { level: "INFO", message: hostile, [hostile]: hostile },
    { level: "WARN", error: `TypeError: ${hostile}` },
    { level: "ERROR", nested: [{ hostile }] },
  ]);
});
