import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Aws, Duration, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";

interface ScheduledFunctionProps extends BundledFunctionProps {
  /** What the function is invoked with every minute: one schedule each. */
  everyMinute: object[];
}

const lateAfter = Duration.seconds(60);

/** A function that runs every minute. A run that fails or comes late is dropped: the next one does its work. */
export class ScheduledFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { everyMinute, ...props }: ScheduledFunctionProps) {
    // EventBridge Scheduler invokes asynchronously. Its own retry policy ends once Lambda has queued the event;
    // there, a throttled event waits up to 6 hours unless the function says otherwise, for 60 seconds at least.
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    super(scope, id, { ...props, retryAttempts: 0, maxEventAge: lateAfter });
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
          maxEventAge: lateAfter,
        }),
      });
    }
    Validations.of(this).acknowledge({
      id: "Serverless::Serverless-LambdaAsyncFailureDestination",
      reason: "What a run leaves undone stays in the table for the next one; alarms tell of runs that fail.",
    });
  }
}
