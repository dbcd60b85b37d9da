import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Aws, Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";

interface ScheduledFunctionProps extends BundledFunctionProps {
  /** What the function is invoked with every minute: one schedule each. */
  everyMinute: object[];
}

/** A function that runs every minute. A tick that fails or comes late is dropped: the next one does its work. */
export class ScheduledFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { everyMinute, ...props }: ScheduledFunctionProps) {
    super(scope, id, props);
    const invoker = new Role(this, "Invoker", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    });
    invoker.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [this.functionArn] }));
    for (const [position, input] of everyMinute.entries()) {
      new Schedule(this, `EveryMinute${position}`, {
        schedule: ScheduleExpression.rate(Duration.minutes(1)),
        target: new LambdaInvoke(this, {
          role: invoker.withoutPolicyUpdates(),
          input: ScheduleTargetInput.fromObject(input),
          retryAttempts: 0,
          maxEventAge: Duration.seconds(60),
        }),
      });
    }
  }
}
