import { describe, expect, test } from "@jest/globals";
import { Capture, Match } from "aws-cdk-lib/assertions";
import { auditsApiRoutes } from "../../functions/audits-api/routes.ts";
import { kardWebhookRoutes } from "../../functions/kard-webhook/routes.ts";
import { subscriptionsApiRoutes } from "../../functions/subscriptions-api/routes.ts";
import { prod, resourcesOf, synthesize } from "./synthesize.ts";

const template = synthesize();
const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^DataKey"), "Arn"] };

test("there are six functions, one table, three queues with two of dead letters, one secret and one API", () => {
  template.resourceCountIs("AWS::Lambda::Function", 6);
  template.resourceCountIs("AWS::DynamoDB::GlobalTable", 1);
  template.resourceCountIs("AWS::SQS::Queue", 5);
  template.resourceCountIs("AWS::SecretsManager::Secret", 1);
  template.resourceCountIs("AWS::ApiGatewayV2::Api", 1);
  template.resourceCountIs("AWS::KMS::Key", 1);
});

test("the outputs have the names that scripts rely on", () => {
  const outputs = [
    ...["AccessLogGroup", "ApiUrl", "AuditsApiFunction", "ConsoleUrl", "DashboardUrl", "DataKeyArn"],
    ...["DeliverWebhooksFunction", "DeliveriesDeadLettersArn", "DeliveriesDeadLettersUrl", "DeliveriesQueueUrl"],
    ...["FunctionLogGroups", "KardSecretArn", "KardTokenUrl", "KardUrl", "KardWebhookFunction", "PollAuditsFunction"],
    ...["ResolutionsDeadLettersArn", "ResolutionsDeadLettersUrl", "ResolutionsQueueArn", "ResolutionsQueueUrl"],
    ...["SlowDeliveriesQueueUrl", "SoonAlarmTopicArn", "SubscriptionsApiFunction", "SweepOutboxFunction"],
    ...["TableArn", "TableName", "UrgentAlarmTopicArn"],
  ];
  expect(Object.keys(template.findOutputs("*")).sort()).toEqual(outputs);
});

test("the stack fits any account and region", () => {
  expect(JSON.stringify(template.toJSON())).not.toMatch(/arn:aws:|us-east-1/);
});

describe("the table", () => {
  test.each([
    ["lanes", "lane", "laneAt", { ProjectionType: "INCLUDE", NonKeyAttributes: ["kardAuditId", "status"] }],
    ["outbox", "outbox", "outboxAt", { ProjectionType: "KEYS_ONLY" }],
    [
      "byIssuer",
      "issuer",
      "listedAt",
      { ProjectionType: "INCLUDE", NonKeyAttributes: ["status", "userId", "subscriptionId"] },
    ],
    ["byTransaction", "transaction", "listedAt", { ProjectionType: "KEYS_ONLY" }],
  ])("has the index %s by %s and %s", (IndexName, partition, sort, Projection) => {
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      AttributeDefinitions: Match.arrayWith([{ AttributeName: partition, AttributeType: "S" }]),
      GlobalSecondaryIndexes: Match.arrayWith([
        {
          IndexName,
          KeySchema: [
            { AttributeName: partition, KeyType: "HASH" },
            { AttributeName: sort, KeyType: "RANGE" },
          ],
          Projection,
        },
      ]),
    });
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      AttributeDefinitions: Match.arrayWith([{ AttributeName: sort, AttributeType: "N" }]),
    });
  });

  test("has no other index, is paid by request, forgets by expiresAt, can be restored and is encrypted with the key", () => {
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      BillingMode: "PAY_PER_REQUEST",
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
      Replicas: [
        {
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { KMSMasterKeyId: key },
          GlobalSecondaryIndexes: ["lanes", "outbox", "byIssuer", "byTransaction"].map((IndexName) => ({ IndexName })),
        },
      ],
    });
  });

  test("is protected and kept in production, with its key", () => {
    const production = synthesize(prod);
    production.hasResource("AWS::DynamoDB::GlobalTable", {
      DeletionPolicy: "Retain",
      Properties: { Replicas: [{ DeletionProtectionEnabled: true }] },
    });
    production.hasResource("AWS::KMS::Key", { DeletionPolicy: "Retain" });
    template.hasResource("AWS::DynamoDB::GlobalTable", { DeletionPolicy: "Delete" });
  });
});

describe("the queues", () => {
  const queues = resourcesOf(template, "AWS::SQS::Queue");

  test.each(queues)("%s is encrypted with the key and refuses plain http", (id) => {
    template.hasResourceProperties("AWS::SQS::Queue", { KmsMasterKeyId: key });
    template.hasResourceProperties("AWS::SQS::QueuePolicy", {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    });
  });

  test.each(["Resolutions", "Deliveries"])("%s has dead letters that last 14 days", (name) => {
    const deadLetters = queues.find(([id]) => id.startsWith(`${name}DeadLetters`));
    expect(deadLetters?.[1]).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
    expect(queues.find(([id]) => id.startsWith(name) && id !== deadLetters?.[0])?.[1]).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [deadLetters?.[0], "Arn"] } },
    });
  });

  test("deliveries are worked on in batches that report single failures, and stay hidden for six timeouts", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 10,
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^Deliveries(?!DeadLetters)"), "Arn"] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 50 },
    });
    template.hasResourceProperties("AWS::SQS::Queue", { VisibilityTimeout: 6 * 60 });
    template.hasResourceProperties("AWS::Lambda::Function", {
      Timeout: 60,
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: "deliver-webhooks" } },
    });
  });
});

describe("the API", () => {
  const integrations = new Map(
    resourcesOf(template, "AWS::ApiGatewayV2::Integration").map(([id, { IntegrationUri }]) => [id, IntegrationUri]),
  );
  const routes = resourcesOf(template, "AWS::ApiGatewayV2::Route").map(([, { RouteKey, Target }]) => {
    const [, id] = JSON.stringify(Target).match(/"Ref":"(\w+)"/) ?? [];
    return { route: RouteKey, target: JSON.stringify(integrations.get(id ?? "")) };
  });

  test.each([
    ["AuditsApi", auditsApiRoutes],
    ["SubscriptionsApi", subscriptionsApiRoutes],
    ["KardWebhook", kardWebhookRoutes],
  ])("sends %s exactly the routes of its table", (name, table) => {
    const mine = routes.filter(({ target }) => target.includes(`"${name}`)).map(({ route }) => route);
    const others = Object.keys(table).flatMap((route) => route.split(" ")[1] ?? []);
    const expected = new Set([...Object.keys(table), ...others.map((path) => `ANY ${path}`)]);
    expect(mine.sort()).toEqual([...expected].sort());
  });

  test("throttles Kard's pushes apart from all else, once their route is there", () => {
    const [id] = Object.keys(
      template.findResources("AWS::ApiGatewayV2::Route", {
        Properties: { RouteKey: "POST /kard/{organizationId}/notifications" },
      }),
    );
    template.hasResource("AWS::ApiGatewayV2::Stage", {
      Properties: {
        RouteSettings: {
          "POST /kard/{organizationId}/notifications": { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
        },
      },
      DependsOn: Match.arrayWith([id]),
    });
  });

  test("logs every request as JSON without headers, and is throttled", () => {
    const format = new Capture();
    template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      StageName: "$default",
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      AccessLogSettings: { Format: format },
    });
    synthesize({ apiRequestsPerSecond: 20 }).hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
    const line = format.asString();
    expect(JSON.parse(line)).toMatchObject({ requestId: "$context.requestId", status: "$context.status" });
    expect(line).not.toMatch(/header|authorizer/i);
  });
});

describe("the schedules", () => {
  const inputs = (pollers: number, rate = "rate(1 minute)") =>
    resourcesOf(synthesize({ pollers }), "AWS::Scheduler::Schedule")
      .filter(([, { ScheduleExpression }]) => ScheduleExpression === rate)
      .map(([, { Target }]) => JSON.parse((Target as { Input: string }).Input));

  test.each([1, 2, 4, 8])("divide the eight shards among %d pollers, and sweep once", (pollers) => {
    const polls = inputs(pollers).filter((input) => "shards" in input);
    expect(polls).toHaveLength(pollers);
    expect(polls.flatMap(({ shards }) => shards)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(inputs(pollers).filter((input) => !("shards" in input))).toEqual([{}]);
  });

  test("drop a run that is late", () => {
    template.allResourcesProperties("AWS::Scheduler::Schedule", {
      State: "ENABLED",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }),
    });
  });

  test("drop a run that waits in Lambda's own queue for more than a minute", () => {
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

describe("the local stage", () => {
  /** Every place at which two templates differ. */
  function differences(left: unknown, right: unknown, path = ""): string[] {
    if (Object.is(left, right)) return [];
    if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return [path];
    const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) =>
      differences(a[name], b[name], path === "" ? name : `${path}.${name}`),
    );
  }

  test("differs from dev in where webhooks may go, in the poll plan and in Kard's rate limit alone", () => {
    const lastNames = differences(template.toJSON(), synthesize({ stage: "local" }).toJSON()).map((path) =>
      path.replace(/^.*\./, ""),
    );
    expect([...new Set(lastNames)].sort()).toEqual([
      "KARD_ARRIVAL_SPREAD_MS",
      "KARD_REQUESTS_PER_SECOND",
      "POLL_PLAN",
      "WEBHOOK_TARGETS",
    ]);
  });

  test("differs from production in Kard's URLs and in what is kept, too", () => {
    const lastNames = differences(synthesize(prod).toJSON(), synthesize({ stage: "local" }).toJSON()).map((path) =>
      path.replace(/^.*\./, ""),
    );
    expect([...new Set(lastNames)].sort()).toEqual([
      "DeletionPolicy",
      "DeletionProtectionEnabled",
      "KARD_API_URL",
      "KARD_ARRIVAL_SPREAD_MS",
      "KARD_REQUESTS_PER_SECOND",
      "KARD_TOKEN_URL",
      "POLL_PLAN",
      "UpdateReplacePolicy",
      "Value",
      "WEBHOOK_TARGETS",
    ]);
  });
});

test("a domain name of the owner's own leads to the API, and is what the outputs say", () => {
  const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/1234";
  const named = synthesize({ domainName: "audits.example.com", certificateArn });
  named.hasResourceProperties("AWS::ApiGatewayV2::DomainName", {
    DomainName: "audits.example.com",
    DomainNameConfigurations: [Match.objectLike({ CertificateArn: certificateArn, EndpointType: "REGIONAL" })],
  });
  named.hasResourceProperties("AWS::ApiGatewayV2::ApiMapping", { Stage: "$default" });
  named.hasOutput("ApiUrl", { Value: "https://audits.example.com" });
  named.hasOutput("DomainTarget", { Value: { "Fn::GetAtt": [Match.anyValue(), "RegionalDomainName"] } });
});

test("where addresses are to stay, whatever calls out does so through gateways that have two, and says which", () => {
  const placed = synthesize({ egress: "static-ips" });
  placed.resourceCountIs("AWS::EC2::NatGateway", 2);
  placed.resourceCountIs("AWS::EC2::EIP", 2);
  placed.hasOutput("EgressAddresses", {});
  const inNetwork = resourcesOf(placed, "AWS::Lambda::Function").filter(([, { VpcConfig }]) => VpcConfig !== undefined);
  expect(inNetwork).toHaveLength(5);
  synthesize({}).resourceCountIs("AWS::EC2::VPC", 0);
});

test("an existing network holds all functions, in its subnets and security groups", () => {
  const network = {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  };
  const given = synthesize({ network: JSON.stringify({ ...network, securityGroupIds: ["sg-0123456789abcdef0"] }) });
  const functions = resourcesOf(given, "AWS::Lambda::Function");
  for (const [, { VpcConfig }] of functions)
    expect(VpcConfig).toEqual({ SubnetIds: network.subnetIds, SecurityGroupIds: ["sg-0123456789abcdef0"] });
  given.resourceCountIs("AWS::EC2::SecurityGroup", 0);
  synthesize({ network }).hasResourceProperties("AWS::EC2::SecurityGroup", { VpcId: "vpc-0123456789abcdef0" });
});

test("what is done with is forgotten only where the configuration says so, by every function alike", () => {
  const given = (context: Record<string, unknown>) =>
    resourcesOf(synthesize(context), "AWS::Lambda::Function").map(([, { Environment }]) => {
      const { AUDIT_RETENTION_DAYS, NOTIFICATION_RETENTION_DAYS } = (
        Environment as { Variables: Record<string, string> }
      ).Variables;
      return [AUDIT_RETENTION_DAYS, NOTIFICATION_RETENTION_DAYS];
    });
  expect(new Set(given({}).flat())).toEqual(new Set([undefined]));
  expect(given({ auditRetentionDays: "400", notificationRetentionDays: 90 })).toEqual(Array(6).fill(["400", "90"]));
});

test("the secret with certificates for webhooks is read by the functions that call webhooks, and by no other", () => {
  const webhookTlsSecret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:webhook-tls-AbCdEf";
  const given = synthesize({ webhookTlsSecret });
  const readers = resourcesOf(given, "AWS::Lambda::Function").filter(([, { Environment }]) =>
    Object.values((Environment as { Variables: object }).Variables).includes(webhookTlsSecret),
  );
  expect(readers.map(([id]) => id.slice(0, -8)).sort()).toEqual(["DeliverWebhooks", "SubscriptionsApi"]);
  const policies = resourcesOf(given, "AWS::IAM::Policy").filter(([, policy]) =>
    JSON.stringify(policy).includes(webhookTlsSecret),
  );
  expect(policies).toHaveLength(2);
});

test("private hosts and ranges that webhooks may go to are known to the functions that call webhooks", () => {
  const privateWebhookTargets = ["hooks.corp.example", "10.20.0.0/16"];
  const given = synthesize({ privateWebhookTargets: JSON.stringify(privateWebhookTargets) });
  const told = resourcesOf(given, "AWS::Lambda::Function").flatMap(([, { Environment }]) => {
    const { WEBHOOK_TARGETS: text } = (Environment as { Variables: { WEBHOOK_TARGETS?: string } }).Variables;
    return text === undefined ? [] : [JSON.parse(text).privateTargets];
  });
  expect(told).toEqual([privateWebhookTargets, privateWebhookTargets]);
});

test.each([
  [{}, [443]],
  [{ webhookPorts: "[443,8443]" }, [443, 8443]],
  [prod, [443]],
])("a deployed stack (%j) knows no way for webhooks to its own machine or without TLS", (context, ports) => {
  const deployed = synthesize(context);
  const variables = resourcesOf(deployed, "AWS::Lambda::Function").map(
    ([, { Environment: environment }]) => (environment as { Variables: { WEBHOOK_TARGETS?: string } }).Variables,
  );
  const targets = variables.flatMap(({ WEBHOOK_TARGETS: text }) => (text === undefined ? [] : [JSON.parse(text)]));
  expect(targets).toEqual([
    { reach: "public", ports },
    { reach: "public", ports },
  ]);
  expect(JSON.stringify(deployed.toJSON())).not.toContain("loopback");
});
