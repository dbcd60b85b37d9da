import { spawnSync } from "node:child_process";

/** Whether AWS's own DynamoDB Local can run here: it is a Java program. */
export function hasJava(): boolean {
  return spawnSync("java", ["-version"]).status === 0;
}
