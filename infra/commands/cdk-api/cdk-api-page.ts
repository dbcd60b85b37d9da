import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Declaration, type Member, readDeclarations } from "./read-members.ts";

const infra = join(import.meta.dirname, "../..");

/** Sources of the properties, in the order of the page. */
const propsFiles = ["kard-props", "webhook-props", "api-props", "operations-props", "resource-props"];

const introduction = `# CDK API

Properties, attributes and methods of the constructs \`AuditTracker\` and \`AuditSubscription\`. [Use it in your own CDK
app](cdk.md) has examples. \`npm run docs:api\` writes this page from \`infra/props\`, \`infra/tracker.ts\`,
\`infra/audit-tracker.ts\` and \`infra/audit-subscription.ts\`.
`;

/** The API reference of the construct, as Markdown. */
export function cdkApiPage(): string {
  const declarations = propsFiles.flatMap((name) => read(`props/${name}.ts`));
  const isGroup = ({ name }: Declaration) => name.endsWith("Props") && name !== "CanaryProps";
  const members = [...read("tracker.ts"), ...read("audit-tracker.ts")].flatMap((one) => one.members);
  const isMethod = ({ name }: Member) => name.includes("(");
  return [
    introduction,
    "## Properties\n",
    ...declarations.filter(isGroup).map((group) => propertyTable(`### ${group.description.replace(/\.$/, "")}`, group)),
    "## Types of properties\n",
    ...declarations.filter((one) => !isGroup(one)).map((type) => propertyTable(`### ${type.name}`, type)),
    "## Attributes\n",
    table(["attribute", "type", ""], members.filter((one) => !isMethod(one)).map(row)),
    "## Methods\n",
    table(["method", "returns", ""], members.filter(isMethod).map(row)),
    "## AuditSubscription\n",
    ...read("props/subscription-props.ts").map((props) => propertyTable("### Properties of a subscription", props)),
    "### Attributes of a subscription\n",
    table(
      ["attribute", "type", ""],
      read("audit-subscription.ts")
        .flatMap((one) => one.members)
        .map(row),
    ),
  ].join("\n");
}

function read(file: string): Declaration[] {
  return readDeclarations(readFileSync(join(infra, file), "utf8"));
}

function propertyTable(heading: string, { name, description, members }: Declaration): string {
  const rows = members.map((member) => [...row(member), defaultOf(member)]);
  const text = heading.endsWith(name) ? [`${description}\n`] : [];
  return [`${heading}\n`, ...text, table(["property", "type", "", "default"], rows)].join("\n");
}

const row = ({ name, type, description }: Member) => [code(name), code(type), cell(description)];

/** By the CDK's convention, a default in words begins with a hyphen. */
function defaultOf({ name, defaultValue }: Member): string {
  if (defaultValue === undefined) return name.endsWith("?") ? "" : "required";
  return defaultValue.startsWith("- ") ? cell(defaultValue.slice(2)) : code(defaultValue);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`.replace(/ {2,}/g, " ");
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line), ""].join("\n");
}

const code = (text: string) => `\`${cell(text)}\``;
const cell = (text: string) => text.replaceAll("|", "\\|");
