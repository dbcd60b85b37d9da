import { spawnSync } from "node:child_process";

/** Whether DynamoDB Local can run here. It needs Java. */
export function hasJava(): boolean {
  return spawnSync("java", ["-version"]).status === 0;
}
