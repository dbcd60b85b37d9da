import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** What `kard-audits submit --json` prints. */
export const lines = z.array(
  z.object({ line: z.number(), result: z.string(), id: z.string().optional(), reason: z.string().optional() }),
);

const head = "transaction_id,user_id,audit_code,merchant_name,description,contact_email";

/** Writes the lines of disputes to a CSV file in a folder. */
export const csvFiles =
  (folder: string) =>
  (name: string, ...rows: string[]): string => {
    const file = join(folder, name);
    writeFileSync(file, [head, ...rows, ""].join("\n"));
    return file;
  };
