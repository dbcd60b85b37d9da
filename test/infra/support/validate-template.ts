import { createRequire } from "node:module";

// AWS's offline validator of templates, with the rule ids of cfn-lint. The CDK has it inside, newer than npm's own.
const insideTheCdk = createRequire(createRequire(import.meta.url).resolve("aws-cdk-lib/package.json"));
interface Diagnostic {
  severity: string;
  ruleId: string;
  entity: unknown;
  message: string;
}
const { CompositeEngine, TemplateContent } = insideTheCdk("@aws/cloudformation-validate") as {
  CompositeEngine: new () => { validateTemplate(template: object): { diagnostics: Diagnostic[] } };
  TemplateContent: new (text: string, name: string) => object;
};

/** The engine of this process: it takes seconds to start, and this module is loaded again for each test file. */
const shared = globalThis as { cloudFormationEngine?: InstanceType<typeof CompositeEngine> };

/**
 * Not wrong: a dependency on a role that the function refers to already, which the CDK adds, and an ARN that is given,
 * with its account id.
 */
const accepted = new Set(["W3005", "W9002", "W9013"]);

/** What AWS finds wrong with a template, without its mere information: `<severity> <rule>`, resource and message. */
export function findingsOf(template: object): string[] {
  shared.cloudFormationEngine ??= new CompositeEngine();
  const { diagnostics } = shared.cloudFormationEngine.validateTemplate(
    new TemplateContent(JSON.stringify(template), "template.json"),
  );
  return diagnostics
    .filter(({ severity, ruleId }) => severity !== "INFO" && !accepted.has(ruleId))
    .map(({ severity, ruleId, entity, message }) => `${severity} ${ruleId} ${JSON.stringify(entity)}: ${message}`);
}
