import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { apiKey } from "../../functions/core/access/api-key.ts";
import { audit, auditEvent } from "../../functions/core/audits/audit.ts";
import { auditRequest } from "../../functions/core/kard/audit-request.ts";
import { resolution } from "../../functions/core/kard/resolution.ts";
import { notification } from "../../functions/core/notifications/notification.ts";
import { openSnapshot } from "../../functions/core/stats/open-figures.ts";
import { attempt } from "../../functions/core/subscriptions/attempt.ts";
import { subscription } from "../../functions/core/subscriptions/subscription.ts";
import { adoption } from "../../functions/core/tracking/adoption.ts";
import { resourcesOf, synthesize } from "../infra/support/synthesize.ts";
import { documentedAccessLog, documentedFields, documentedMessages } from "../support/privacy-page.ts";

const root = join(import.meta.dirname, "../..");

const namesOf = (...schemas: z.ZodObject[]) => [...new Set(schemas.flatMap(({ shape }) => Object.keys(shape)))];

test.each<[item: string, names: string[]]>([
  ["audit", namesOf(audit, auditRequest, resolution, auditEvent)],
  ["notification", [...namesOf(notification, attempt), "body"]],
  ["pending adoption", namesOf(adoption)],
  ["subscription", namesOf(subscription)],
  ["API key", namesOf(apiKey)],
  ["figures of open audits", ["organizationId", ...namesOf(openSnapshot)]],
])("each field that is kept of an item is weighed: %s", (item, names) => {
  expect(
    documentedFields
      .get(item)
      ?.filter((name) => name !== "Idempotency-Key")
      .sort(),
  ).toEqual(names.sort());
});

test("the fields of the access log are those of the template", () => {
  const settings = z.object({ AccessLogSettings: z.object({ Format: z.string() }) });
  const stages = resourcesOf(synthesize(), "AWS::ApiGatewayV2::Stage");
  const formats = stages.map(([, properties]) => settings.parse(properties).AccessLogSettings.Format);
  expect(formats).toHaveLength(1);
  const fields = Object.keys(z.record(z.string(), z.string()).parse(JSON.parse(formats[0] ?? "")));
  expect([...documentedAccessLog].sort()).toEqual(fields.sort());
});

test("the messages are those that the functions log", () => {
  const files = globSync("functions/**/*.ts", { cwd: root });
  const sources = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  const calls = sources.match(/\blogger\s*\.\s*(?:trace|debug|info|warn|error|critical)\(/g) ?? [];
  const literal = sources.matchAll(/\blogger\s*\.\s*(?:trace|debug|info|warn|error|critical)\(\s*"([^"]+)"/g);
  const messages = [...literal].map(([, message = ""]) => message);
  // A message that is made up as it runs would be on no list.
  expect(messages).toHaveLength(calls.length);
  expect([...documentedMessages.keys()].sort()).toEqual(messages.sort());
  expect(sources).not.toMatch(/\bconsole\s*\.\s*(?:log|info|warn|error|debug)\(/);
  expect(sources.match(/\.appendKeys\(\{ requestId/g)).toHaveLength(
    sources.match(/\.append(?:Persistent)?Keys\(/g)?.length ?? -1,
  );
});
