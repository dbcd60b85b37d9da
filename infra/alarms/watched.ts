import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Duration } from "aws-cdk-lib/core";
import type { Config } from "../config/config.ts";
import type { AuditTable } from "../constructs/audit-table.ts";
import type { MessageQueue } from "../constructs/message-queue.ts";
import type { PublicApi } from "../constructs/public-api.ts";
import type { OperationalAlarm, OperationalAlarmProps } from "./operational-alarm.ts";
import type { OwnMetrics } from "./own-metrics.ts";

/** The parts of a tracker that its alarms monitor. */
export interface Watched {
  config: Pick<
    Config,
    | "accountConcurrency"
    | "alarmEmail"
    | "encryptAll"
    | "followUpAfterDays"
    | "resolutionsAgeAlarm"
    | "runbookUrl"
    | "sloAlarms"
  >;
  dataKey: IKey;
  own: OwnMetrics;
  functions: Readonly<Record<"pollAudits" | "sweepOutbox" | "deliverWebhooks", IFunction>> & Record<string, IFunction>;
  /** The canary, if there is one, and how often it runs. */
  canary: { fn: IFunction; interval: Duration } | undefined;
  resolutions: MessageQueue;
  deliveries: MessageQueue;
  slowDeliveries: MessageQueue;
  table: AuditTable;
  api: PublicApi;
}

/** Creates one alarm of a tracker. By default, its `lookAt` is the dashboard. */
export type MakeAlarm = (
  id: string,
  props: Omit<OperationalAlarmProps, "topic" | "lookAt" | "runbookUrl"> & { lookAt?: string },
) => OperationalAlarm;
