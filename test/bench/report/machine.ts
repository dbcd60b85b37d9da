import { availableParallelism, cpus, totalmem } from "node:os";

/** The machine of a measurement. */
export function describeMachine(): string {
  const [{ model = "an unknown processor" } = {}] = cpus();
  return `${availableParallelism()} cores of ${model.trim()} with ${Math.round(totalmem() / 2 ** 30)} GB`;
}
