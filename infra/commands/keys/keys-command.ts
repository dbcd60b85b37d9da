import { parseArgs } from "node:util";
import * as z from "zod";
import { scope } from "../../../functions/core/access/api-key.ts";
import { freeText, pathIdentifier } from "../../../functions/core/shared/text.ts";

/** The help; `calledAs` is the name of the program. */
export function keysUsage(calledAs: string): string {
  return `${calledAs} create --organization ID [--organization ID …] [--scope SCOPE …] [--days N] [--description TEXT]
${calledAs} list [--organization ID] [--json]
${calledAs} rotate KEY [--overlap HOURS] [--days N]
${calledAs} revoke KEY

  create   creates an API key and prints it once: only its hash is stored
  list     lists all keys with scopes, expiry and the day of their latest use
  rotate   creates and prints a new key with the same permissions; KEY works until the overlap ends
  revoke   revokes a key; it stops working within a minute

  KEY                 a key or its id: the twelve characters after kat_
  --organization ID   an issuer that the key can act for
  --scope SCOPE       ${scope.options.join(", ")} (default: all)
  --days N            lifetime of the key (default for create: no expiry; for rotate: the lifetime of KEY)
  --overlap HOURS     how long KEY still works (default: 24); use 0 if KEY has leaked
  --description TEXT  description that the list shows
  --outputs FILE      the stack's outputs, from cdk deploy --outputs-file (default: .local/outputs.json of npm start)
`;
}

const keyId = z
  .string("is missing: see --help")
  .transform((text) => /^(?:kat_)?([a-z2-7]{12})(?:_[a-z2-7]{32}[0-9a-f]{8})?$/.exec(text)?.[1])
  .pipe(z.string("is not a key or a key id"));
const positive = z.coerce.number("must be a number").positive("must be more than 0");
const outputs = z.string().optional();

const organizations = z.array(pathIdentifier, "is missing: see --help").max(100, "a key can have at most 100");

const commands = z.discriminatedUnion(
  "command",
  [
    z.strictObject({
      command: z.literal("create"),
      organization: organizations.min(1, "is missing: see --help").transform((all) => [...new Set(all)]),
      scope: z.array(z.enum(scope.options, `must be one of ${scope.options.join(", ")}`)).default(scope.options),
      days: positive.optional(),
      description: freeText(256).optional(),
      outputs,
    }),
    z.strictObject({
      command: z.literal("list"),
      organization: organizations.default([]),
      json: z.boolean().default(false),
      outputs,
    }),
    z.strictObject({
      command: z.literal("rotate"),
      key: keyId,
      overlap: z.coerce.number("must be a number of hours").min(0, "must not be negative").default(24),
      days: positive.optional(),
      outputs,
    }),
    z.strictObject({ command: z.literal("revoke"), key: keyId, outputs }),
  ],
  "must be create, list, rotate or revoke: see --help",
);

/** A parsed command line of `npm run keys`. */
export type KeysCommand = z.output<typeof commands>;

/**
 * Reads the command line of `npm run keys`.
 *
 * @throws Error in one line, for an invalid command line
 */
export function readKeysCommand(args: readonly string[]): KeysCommand | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      organization: { type: "string", multiple: true },
      scope: { type: "string", multiple: true },
      days: { type: "string" },
      description: { type: "string" },
      overlap: { type: "string" },
      json: { type: "boolean" },
      outputs: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const { help, ...options } = values;
  if (help) return "help";
  const [command, key, ...more] = positionals;
  if (more.length > 0) throw new Error(`unexpected argument ${more.join(" ")}: see --help`);
  const read = commands.safeParse({ command, ...options, ...(key === undefined ? {} : { key }) });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.code === "unrecognized_keys")
    throw new Error(`${command} has no option ${issue.keys.join(", ")}: see --help`);
  const [name = "command"] = issue?.path ?? [];
  const label = name === "key" ? "KEY" : name === "command" ? "the command" : `--${String(name)}`;
  throw new Error(`${label}: ${issue?.message}`);
}
