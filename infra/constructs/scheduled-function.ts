import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Aws, Duration, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";

interface ScheduledFunctionProps extends Omit<BundledFunctionProps, "isGradual"> {
  /** Inputs of the invocations: one schedule each. */
  inputs: object[];
  /** Interval. Default: every minute. */
  every?: Duration;
}

const lateAfter = Duration.seconds(60);

/**
 * A function that runs on a schedule. Lambda drops a failed or late run; the next run does its work.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class ScheduledFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { inputs, every = Duration.minutes(1), ...props }: ScheduledFunctionProps) {
    // EventBridge Scheduler invokes asynchronously. Its retry policy ends when Lambda has queued the event. By default,
    // a throttled event waits there for up to 6 hours. The minimum is 60 seconds.
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    super(scope, id, { ...props, isGradual: false, retryAttempts: 0, maxEventAge: lateAfter });
    const invoker = new Role(this, "Invoker", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    });
    invoker.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [this.functionArn] }));
    for (const [position, input] of inputs.entries()) {
      new Schedule(this, `EveryMinute${position}`, {
        schedule: ScheduleExpression.rate(every),
        target: new LambdaInvoke(this, {
          role: invoker.withoutPolicyUpdates(),
          input: ScheduleTargetInput.fromObject(input),
          retryAttempts: 0,
          maxEventAge: lateAfter,
        }),
      });
    }
    Validations.of(this).acknowledge({
      id: "Serverless::Serverless-LambdaAsyncFailureDestination",
      reason: "Unfinished work stays in the table for the next run. Alarms detect failing runs.",
    });
  }
}
