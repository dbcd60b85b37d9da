import { parseArgs } from "node:util";
import { z } from "zod";
import { identifier } from "../../../functions/core/shared/text.ts";

/** The help, under the name that the program was called by. */
export function usersUsage(calledAs: string): string {
  return `${calledAs} export --organization ID --user ID [--output FILE]
${calledAs} erase --organization ID --user ID (--dry-run | --yes) [--include-open]

  export   prints all that the table holds of a user, as JSON
  erase    deletes it, for good. Run it again after an interruption: it goes on

  --organization ID   the issuer whose user it is
  --user ID           the user, by the issuer's own id
  --output FILE       a new file that the export goes to
  --dry-run           only says what would be erased
  --yes               erases it
  --include-open      erases audits, too, that Kard has yet to close or of which somebody has yet to be told;
                      they are not followed any more, and nobody hears how they end
  --outputs FILE      the stack's outputs: of cdk deploy --outputs-file, or .local/outputs.json of npm start (the default)

What there is beside the table, and how long it stays: docs/privacy.md.
`;
}

const id = z.string("is missing: see --help").pipe(identifier);
const issuersUser = { organization: id, user: id };
const outputs = z.string();
const flag = z.boolean().default(false);

const commands = z.discriminatedUnion(
  "command",
  [
    z.strictObject({
      command: z.literal("export"),
      ...issuersUser,
      output: z.string().optional(),
      /** It is JSON in any case; an option of all commands where this is one of them. */
      json: flag,
      outputs,
    }),
    z.strictObject({
      command: z.literal("erase"),
      ...issuersUser,
      "dry-run": flag,
      yes: flag,
      "include-open": flag,
      outputs,
    }),
  ],
  "must be export or erase: see --help",
);

/** What is asked of `npm run users`. */
export type UsersCommand = z.output<typeof commands>;

/**
 * Reads the command line of `npm run users`.
 *
 * @throws Error for what it does not understand, in one line
 */
export function readUsersCommand(args: readonly string[]): UsersCommand | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      organization: { type: "string" },
      user: { type: "string" },
      output: { type: "string" },
      json: { type: "boolean" },
      "dry-run": { type: "boolean" },
      yes: { type: "boolean" },
      "include-open": { type: "boolean" },
      outputs: { type: "string", default: ".local/outputs.json" },
      help: { type: "boolean" },
    },
  });
  const { help, ...options } = values;
  if (help) return "help";
  const [command, ...more] = positionals;
  if (more.length > 0) throw new Error(`what is meant by ${more.join(" ")}? See --help`);
  const read = commands.safeParse({ command, ...options });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.code === "unrecognized_keys") throw new Error(`${command} takes no ${issue.keys.join(", ")}: see --help`);
  const [name = "command"] = issue?.path ?? [];
  throw new Error(`${name === "command" ? "the command" : `--${String(name)}`}: ${issue?.message}`);
}
