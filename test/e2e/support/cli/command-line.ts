import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect } from "@jest/globals";
import type * as z from "zod";
import type { Product } from "../product.ts";
import { newDirectory } from "../runner.ts";

const program = join(import.meta.dirname, "../../../../cli/main.ts");

/** How a command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `kard-audits` in a new directory, by default with the outputs of a product. */
export function commandLine({ outputs }: Pick<Product, "outputs">) {
  const folder = newDirectory();
  const environment = {
    KARD_AUDITS_URL: outputs.ApiUrl,
    KARD_AUDITS_KEY: outputs.ApiKey,
    KARD_AUDITS_ORGANIZATION: outputs.OrganizationId,
  };

  function run(args: readonly string[], settings: Readonly<Record<string, string>> = environment): Promise<Ended> {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const options = { cwd: folder, env: { ...env, ...settings } };
    const all = ["--disable-warning=ExperimentalWarning", program, ...args];
    return new Promise((resolve) => {
      execFile(process.execPath, all, options, (error, ...out) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout: out[0], stderr: out[1] }),
      );
    });
  }

  /** Runs it with `--json`, and parses the output. */
  async function json<Schema extends z.ZodType>(schema: Schema, code: number, ...args: string[]) {
    const ended = await run([...args, "--json"]);
    expect(ended).toMatchObject({ code });
    return schema.parse(JSON.parse(ended.stdout));
  }

  return { folder, environment, run, json, program };
}
