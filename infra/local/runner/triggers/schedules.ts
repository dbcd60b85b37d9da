import { randomUUID } from "node:crypto";
import * as z from "zod";
import { decide } from "../iam/policy.ts";
import { assumableRole, type Role } from "../iam/roles.ts";
import type { AsyncInvocations } from "../lambda/async-invocation.ts";
import { type LambdaFunction, unqualified } from "../lambda/lambda-function.ts";
import { ignored } from "../template/parse-template-part.ts";
import type { StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";
import { parseScheduleExpression } from "./schedule-expression.ts";
import { createTurns } from "./turns.ts";

const scheduleSchema = z.strictObject({
  Name: z.string().optional(),
  GroupName: z.string().default("default"),
  Description: ignored,
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal("OFF") }),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.enum(["UTC", "Etc/UTC"]).default("UTC"),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  KmsKeyArn: ignored,
  // Refuses a dead-letter queue as an unknown key.
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().optional(),
    // Applies to passing the event to Lambda, which cannot fail here.
    RetryPolicy: ignored,
  }),
});

/** The stack's schedules. */
export interface Schedules {
  /** Fires all schedules now. Resolves when their invocations have ended. */
  tick(): Promise<void>;
  stop(): void;
}

/** Node.js fires a timer with a longer delay at once. */
const longestTimerMs = 2 ** 31 - 1;

/** How schedules slow down on a stack that nobody uses. */
export interface IdlePace {
  /** Milliseconds without a request or message after which the stack is idle. */
  readonly afterMs: number;
  /** Schedules of an idle stack fire once in so many turns. */
  readonly oneTurnIn: number;
}

/** Maximum concurrent invocations of one schedule, to spare this machine. */
const maxInFlight = 2;

/**
 * Starts the schedules.
 * @param pace `tickSeconds`: seconds per minute of a schedule's rate; undefined for sixty. `isIdle` says whether nobody
 *   uses the stack; then a schedule fires once in `oneTurnIn` turns.
 * @param onRefused receives targets that the schedule's role may not invoke.
 * @throws StartUpError for expressions and settings that are not modelled, and for roles that Scheduler may not assume.
 */
export function startSchedules(
  stack: StackResources,
  functions: readonly LambdaFunction[],
  roles: ReadonlyMap<string, Role>,
  invocations: AsyncInvocations,
  pace: {
    readonly tickSeconds: number | undefined;
    readonly isIdle: () => boolean;
    readonly oneTurnIn: number;
  },
  onRefused: (functionName: string, message: string) => void,
): Schedules {
  const { account, region, partition } = stack.place;
  const enabled = stack
    .ofType("AWS::Scheduler::Schedule", scheduleSchema)
    .filter(({ properties }) => properties.State === "ENABLED");

  const schedules = enabled.map(({ id, arn, properties }) => {
    const { Target, GroupName } = properties;
    const groupArn = `arn:${partition}:scheduler:${region}:${account}:schedule-group/${GroupName}`;
    const role = assumableRole(roles, Target.RoleArn, "scheduler.amazonaws.com", groupArn, id);
    const fn = functions.find((candidate) => candidate.arn === unqualified(Target.Arn));
    if (fn === undefined) throw new StartUpError(`${id}: the target ${Target.Arn} is no function of the stack`);
    const permitted = decide(role.statements, { action: "lambda:InvokeFunction", resource: Target.Arn }) === "allow";
    let inFlight = 0;

    async function fire(): Promise<void> {
      if (fn === undefined || inFlight >= maxInFlight) return;
      if (!permitted) return onRefused(fn.name, `${id}: the role ${role.name} may not invoke ${fn.name}`);
      inFlight += 1;
      await invocations.invoke(fn, scheduledEvent(Target.Input, arn, account, region)).finally(() => {
        inFlight -= 1;
      });
    }
    return { fire, expression: parseScheduleExpression(properties.ScheduleExpression, id) };
  });

  const { tickSeconds, isIdle, oneTurnIn } = pace;
  const speed = tickSeconds === undefined ? 1 : (tickSeconds * 1000) / 60_000;
  const tick = async () => void (await Promise.all(schedules.map(({ fire }) => fire())));
  const timers = schedules.map(({ fire, expression }) => {
    if (expression.kind === "rate") {
      const firesNow = createTurns(isIdle, oneTurnIn);
      return setInterval(() => firesNow() && void fire(), Math.min(expression.intervalMs * speed, longestTimerMs));
    }
    return setInterval(() => expression.matches(new Date()) && void fire(), 60_000);
  });

  return {
    tick,
    stop: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

/**
 * Source: AWS, EventBridge Scheduler, context attributes and the event of a target without input.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function scheduledEvent(input: string | undefined, arn: string, account: string, region: string): unknown {
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  if (input === undefined) {
    return {
      ...{ version: "0", id: randomUUID(), "detail-type": "Scheduled Event", source: "aws.scheduler" },
      ...{ account, time, region, resources: [arn], detail: "{}" },
    };
  }
  const filled = input
    .replaceAll("<aws.scheduler.scheduled-time>", time)
    .replaceAll("<aws.scheduler.schedule-arn>", arn)
    .replaceAll("<aws.scheduler.execution-id>", randomUUID())
    .replaceAll("<aws.scheduler.attempt-number>", "1");
  return JSON.parse(filled);
}
