import { beforeAll, expect, test } from "@jest/globals";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Duration } from "aws-cdk-lib/core";
import { lambda, synthesize } from "../support/assembly.ts";
import { run, until } from "../support/running-stack.ts";

const logEvent = `export const handler = async (event) => { console.log(JSON.stringify(event)); };`;
const everyMinute = ScheduleExpression.rate(Duration.minutes(1));

let assemblyDir: string;
beforeAll(() => {
  assemblyDir = synthesize((stack) => {
    const fn = lambda(stack, "Poll", logEvent);
    const input = ScheduleTargetInput.fromObject({ lanes: [0, 1], at: ContextAttribute.scheduledTime });
    new Schedule(stack, "WithInput", { schedule: everyMinute, target: new LambdaInvoke(fn, { input }) });
    const sweep = lambda(stack, "Sweep", logEvent);
    new Schedule(stack, "Plain", { schedule: everyMinute, target: new LambdaInvoke(sweep) });
    new Schedule(stack, "Off", { schedule: everyMinute, enabled: false, target: new LambdaInvoke(fn) });
  });
});

test("a tick invokes every target once with its input, and waits for the invocations", async () => {
  const stack = await run(assemblyDir);
  await stack.tick();
  const events = stack.logs.map(({ line }) => JSON.parse(line));
  expect(events).toHaveLength(2);
  expect(events).toContainEqual({ lanes: [0, 1], at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) });
  expect(events).toContainEqual(expect.objectContaining({ "detail-type": "Scheduled Event", source: "aws.scheduler" }));
});

test("tickSeconds makes schedules fire faster", async () => {
  const stack = await run(assemblyDir, { tickSeconds: 0.05 });
  await until("each has fired three times", () => stack.logs.length >= 6);
});

test("while nobody uses the stack, schedules skip turns", async () => {
  const oneTurnIn = Number.MAX_SAFE_INTEGER;
  const [idle, used] = await Promise.all(
    [0, 600_000].map((afterMs) => run(assemblyDir, { tickSeconds: 0.05, whenIdle: { afterMs, oneTurnIn } })),
  );
  await until("each schedule of the used stack has fired three times", () => (used?.logs.length ?? 0) >= 6);
  expect(idle?.logs).toEqual([]);
});

test("a schedule without permission to invoke invokes nothing", async () => {
  const stack = await run(
    synthesize((scope) => {
      const role = new Role(scope, "Powerless", { assumedBy: new ServicePrincipal("scheduler.amazonaws.com") });
      const target = new LambdaInvoke(lambda(scope, "Poll", logEvent), { role: role.withoutPolicyUpdates() });
      new Schedule(scope, "S", { schedule: everyMinute, target });
    }),
  );
  await stack.tick();
  expect(stack.logs).toEqual([]);
  expect(stack.violations).toMatchObject([
    { kind: "access denied", message: expect.stringContaining("may not invoke") },
  ]);
});
