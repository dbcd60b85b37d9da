import { type Command, InvalidArgumentError } from "commander";
import type * as z from "zod";
import type { changeAuditBody } from "../../functions/audits-api/annotations-input.ts";
import { oneAudit } from "../../functions/audits-api/audit-shapes.ts";
import { callOf } from "../api/routes.ts";
import { Failure } from "../failure.ts";
import { auditPage } from "../output/tables.ts";
import type { Terminal } from "../output/terminal.ts";

type Change = z.input<typeof changeAuditBody>;
type Metadata = Record<string, string | null>;

interface Options {
  reference?: string;
  metadata?: Metadata;
}

/** The command `update`. */
export function updateCommand(root: Command, terminal: Terminal): void {
  root
    .command("update <audit>")
    .description("changes an audit's reference and metadata; other metadata stays")
    .option("--reference <id>", 'your own id of the dispute; "" removes it')
    .option("--metadata <key=value>", "a value to set; an empty one removes the key; repeatable", addMetadata)
    .action(async (auditId: string, { reference, metadata }: Options) => {
      if (reference === undefined && metadata === undefined) {
        throw new Failure("usage", "give --reference or --metadata");
      }
      const attributes = { reference: reference === "" ? null : reference, metadata };
      const body: Change = { data: { type: "audit", attributes } };
      const api = terminal.api();
      const call = callOf(api, "PATCH /v2/issuers/{organizationId}/audits/{auditId}", { auditId });
      const { data } = await api.ask(oneAudit, { ...call, body });
      terminal.print(data, auditPage(data));
    });
}

function addMetadata(text: string, former: Metadata = {}): Metadata {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new InvalidArgumentError("It must be a key and a value, such as queue=vip.");
  return { ...former, [key]: value || null };
}
