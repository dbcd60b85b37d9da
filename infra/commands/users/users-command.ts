import { parseArgs } from "node:util";
import * as z from "zod";
import { identifier } from "../../../functions/core/shared/text.ts";

/** The help; `calledAs` is the name of the program. */
export function usersUsage(calledAs: string): string {
  return `${calledAs} export --organization ID --user ID [--output FILE]
${calledAs} erase --organization ID --user ID (--dry-run | --yes) [--include-open]

  export   prints all data of a user as JSON
  erase    deletes the data permanently. After an interruption, run it again

  --organization ID   the user's issuer
  --user ID           the issuer's id of the user
  --output FILE       write the export to this new file
  --dry-run           print what would be erased
  --yes               erase the data
  --include-open      also erase audits that are open at Kard, not published or not delivered;
                      they are no longer tracked, and their events are not sent
  --outputs FILE      the stack's outputs, from cdk deploy --outputs-file (default: .local/outputs.json of npm start)

For other data and its retention, see docs/privacy.md.
`;
}

const id = z.string("is missing: see --help").pipe(identifier);
const issuersUser = { organization: id, user: id };
const outputs = z.string().optional();
const flag = z.boolean().default(false);

const commands = z.discriminatedUnion(
  "command",
  [
    z.strictObject({
      command: z.literal("export"),
      ...issuersUser,
      output: z.string().optional(),
      /** The export is always JSON. `kard-audits` gives this option to all commands. */
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

/** A parsed command line of `npm run users`. */
export type UsersCommand = z.output<typeof commands>;

/**
 * Reads the command line of `npm run users`.
 *
 * @throws Error in one line, for an invalid command line
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
      outputs: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const { help, ...options } = values;
  if (help) return "help";
  const [command, ...more] = positionals;
  if (more.length > 0) throw new Error(`unexpected argument ${more.join(" ")}: see --help`);
  const read = commands.safeParse({ command, ...options });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.code === "unrecognized_keys")
    throw new Error(`${command} has no option ${issue.keys.join(", ")}: see --help`);
  const [name = "command"] = issue?.path ?? [];
  throw new Error(`${name === "command" ? "the command" : `--${String(name)}`}: ${issue?.message}`);
}
