/** The parts of a resource's ARN and URL. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** URL of the AWS proxy. Queue URLs start with it. */
  readonly awsEndpoint: string;
  /** URL of the HTTP API. */
  readonly apiUrl: string;
}

/** The values of `Ref` and `Fn::GetAtt` for a type of resource. */
export interface ResourceKind {
  /** Property that can name the resource. */
  readonly nameProperty?: string;
  /** Physical name of a resource without a name in the template. */
  readonly generatedName?: (logicalId: string, hash: string) => string;
  /** @param of physical name of the function that the resource belongs to, for its versions and aliases. */
  readonly arn?: (name: string, place: Place, of: string) => string;
  /** Value of `Ref`. Default: the name. */
  readonly ref?: (name: string, arn: string, place: Place) => string;
  readonly attributes?: (name: string, arn: string, place: Place) => Readonly<Record<string, string>>;
}

const arnOf = (service: string, prefix = "") => ({
  arn: (name: string, place: Place) =>
    `arn:${place.partition}:${service}:${place.region}:${place.account}:${prefix}${name}`,
});
const arnOfIam = (prefix: string) => ({
  arn: (name: string, place: Place) => `arn:${place.partition}:iam::${place.account}:${prefix}${name}`,
});
const shortId = { generatedName: (_: string, hash: string) => BigInt(`0x${hash}`).toString(36).slice(0, 10) };
const refIsArn = (_: string, arn: string) => arn;
const queueUrl = (name: string, place: Place) => `${place.awsEndpoint}/${place.account}/${name}`;

/** ARN of a queue. */
export function queueArn(name: string, { partition, region, account }: Place): string {
  return `arn:${partition}:sqs:${region}:${account}:${name}`;
}

/** ARN of an event bus; an ARN stays as it is. */
export function busArn(nameOrArn: string, { partition, region, account }: Place): string {
  return nameOrArn.startsWith("arn:")
    ? nameOrArn
    : `arn:${partition}:events:${region}:${account}:event-bus/${nameOrArn}`;
}

const table: ResourceKind = { nameProperty: "TableName", ...arnOf("dynamodb", "table/") };

/** Resource types that the runner runs. */
const runKinds: Readonly<Record<string, ResourceKind>> = {
  "AWS::DynamoDB::GlobalTable": table,
  "AWS::DynamoDB::Table": table,
  "AWS::SQS::Queue": {
    nameProperty: "QueueName",
    ...arnOf("sqs"),
    ref: (name, _, place) => queueUrl(name, place),
    attributes: (name, _, place) => ({ QueueName: name, QueueUrl: queueUrl(name, place) }),
  },
  "AWS::SecretsManager::Secret": {
    nameProperty: "Name",
    arn: (name, place) =>
      `arn:${place.partition}:secretsmanager:${place.region}:${place.account}:secret:${name}-local0`,
    ref: refIsArn,
    attributes: (_, arn) => ({ Id: arn }),
  },
  "AWS::SNS::Topic": {
    nameProperty: "TopicName",
    ...arnOf("sns"),
    ref: refIsArn,
    attributes: (name, arn) => ({ TopicArn: arn, TopicName: name }),
  },
  "AWS::Events::EventBus": {
    nameProperty: "Name",
    arn: busArn,
    attributes: (name) => ({ Name: name }),
  },
  "AWS::KMS::Key": {
    generatedName: (_, hash) => hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5"),
    ...arnOf("kms", "key/"),
    attributes: (name) => ({ KeyId: name }),
  },
  "AWS::KMS::Alias": { nameProperty: "AliasName" },
  "AWS::Lambda::Function": { nameProperty: "FunctionName", ...arnOf("lambda", "function:") },
  // A version keeps what the template says now: there is one. An alias leads to it, whatever weights it has.
  "AWS::Lambda::Version": {
    arn: (_, place, of) => arnOf("lambda", "function:").arn(`${of}:1`, place),
    ref: refIsArn,
    attributes: (_, arn) => ({ Version: "1", FunctionArn: arn }),
  },
  "AWS::Lambda::Alias": {
    nameProperty: "Name",
    arn: (name, place, of) => arnOf("lambda", "function:").arn(`${of}:${name}`, place),
    ref: refIsArn,
    attributes: (_, arn) => ({ AliasArn: arn }),
  },
  "AWS::Lambda::EventInvokeConfig": {},
  "AWS::Lambda::EventSourceMapping": {},
  "AWS::Lambda::Permission": {},
  "AWS::IAM::Role": { nameProperty: "RoleName", ...arnOfIam("role/") },
  "AWS::IAM::Policy": {},
  "AWS::IAM::ManagedPolicy": { nameProperty: "ManagedPolicyName", ...arnOfIam("policy/"), ref: refIsArn },
  "AWS::Scheduler::Schedule": { nameProperty: "Name", ...arnOf("scheduler", "schedule/default/") },
  "AWS::ApiGatewayV2::Api": {
    ...shortId,
    attributes: (name, _, place) => ({ ApiEndpoint: place.apiUrl, ApiId: name }),
  },
  "AWS::ApiGatewayV2::Integration": shortId,
  "AWS::ApiGatewayV2::Route": shortId,
  "AWS::ApiGatewayV2::Stage": { nameProperty: "StageName" },
};

/** Resource types that the runner accepts and does not run: they do not affect the functions. */
const inertKinds: Readonly<Record<string, ResourceKind>> = {
  "AWS::CDK::Metadata": {},
  "AWS::Budgets::Budget": {},
  "AWS::CodeDeploy::Application": { nameProperty: "ApplicationName" },
  "AWS::CodeDeploy::DeploymentGroup": { nameProperty: "DeploymentGroupName" },
  "AWS::CloudWatch::Alarm": { nameProperty: "AlarmName", ...arnOf("cloudwatch", "alarm:") },
  "AWS::CloudWatch::CompositeAlarm": { nameProperty: "AlarmName", ...arnOf("cloudwatch", "alarm:") },
  "AWS::CloudWatch::Dashboard": { nameProperty: "DashboardName" },
  "AWS::Events::Rule": { nameProperty: "Name", ...arnOf("events", "rule/") },
  "AWS::Logs::LogGroup": {
    nameProperty: "LogGroupName",
    arn: (name, place) => `arn:${place.partition}:logs:${place.region}:${place.account}:log-group:${name}:*`,
  },
  "AWS::Logs::MetricFilter": { nameProperty: "FilterName" },
  "AWS::Logs::QueryDefinition": {},
  "AWS::Scheduler::ScheduleGroup": { nameProperty: "Name", ...arnOf("scheduler", "schedule-group/") },
  "AWS::SNS::Subscription": { ...arnOf("sns"), ref: refIsArn },
  "AWS::SNS::TopicPolicy": {},
  "AWS::SQS::QueuePolicy": {},
};

/** References of a resource type; undefined for an unknown type. */
export function resourceKind(type: string): ResourceKind | undefined {
  return runKinds[type] ?? inertKinds[type];
}
