import { jest } from "@jest/globals";
import type { Ended } from "./command-line.ts";

/** Runs an operator's command in this process, and captures what it prints: a program takes long to start. */
export async function runInProcess(command: () => Promise<number>): Promise<Ended> {
  const printed = { stdout: "", stderr: "" };
  const capture = (method: "log" | "error", stream: keyof typeof printed) =>
    jest.spyOn(console, method).mockImplementation((text) => {
      printed[stream] += `${text}\n`;
    });
  const spies = [capture("log", "stdout"), capture("error", "stderr")];
  try {
    return { code: await command(), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
