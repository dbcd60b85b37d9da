import type { DynamoDbEmulator } from "./runner/services/data-stores.ts";
import { StartUpError } from "./runner/template/start-up-error.ts";

/**
 * Reads the value of `KAT_DYNAMODB`: the emulator of DynamoDB on this machine.
 *
 * @throws StartUpError for any other value than `dynalite` and `local`
 */
export function readDynamoDbEmulator(value = "dynalite"): DynamoDbEmulator {
  if (value === "dynalite" || value === "local") return value;
  throw new StartUpError(`KAT_DYNAMODB must be dynalite or local, not ${value}`);
}
