import { describe, expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

const template = synthesize();

describe("the schedules", () => {
  const inputs = (pollers: number, rate = "rate(1 minute)") =>
    resourcesOf(synthesize({ pollers }), "AWS::Scheduler::Schedule")
      .filter(([, { ScheduleExpression }]) => ScheduleExpression === rate)
      .map(([, { Target }]) => JSON.parse((Target as { Input: string }).Input));

  test.each([1, 2, 4, 8])("divide the eight shards among %d pollers, with one sweep", (pollers) => {
    const polls = inputs(pollers).filter((input) => "shards" in input);
    expect(polls).toHaveLength(pollers);
    expect(polls.flatMap(({ shards }) => shards)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(inputs(pollers).filter((input) => !("shards" in input))).toEqual([{}]);
  });

  test("drop a late run", () => {
    template.allResourcesProperties("AWS::Scheduler::Schedule", {
      State: "ENABLED",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }),
    });
  });

  test("drop a run after a minute in Lambda's queue", () => {
    const scheduled = ["PollAudits", "SweepOutbox"];
    template.resourceCountIs("AWS::Lambda::EventInvokeConfig", scheduled.length);
    for (const name of scheduled) {
      template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
        FunctionName: { Ref: Match.stringLikeRegexp(`^${name}`) },
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
      });
    }
  });
});
