// Your own domain name with a certificate of the same app, Kard's token URL from SSM, and your identity provider's
// tokens.
import { App, Duration, Stack } from "aws-cdk-lib";
import { Certificate, CertificateValidation } from "aws-cdk-lib/aws-certificatemanager";
import { CnameRecord, HostedZone } from "aws-cdk-lib/aws-route53";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { AuditTracker } from "kard-audit-tracker";

const stack = new Stack(new App(), "Ledger", { terminationProtection: true });
const zone = HostedZone.fromHostedZoneAttributes(stack, "Zone", {
  hostedZoneId: "Z0123456789",
  zoneName: "example.com",
});
const domainName = "audits.example.com";
const certificate = new Certificate(stack, "Certificate", {
  domainName,
  validation: CertificateValidation.fromDns(zone),
});

const tracker = new AuditTracker(stack, "Audits", {
  kardTokenUrl: StringParameter.valueForStringParameter(stack, "/kard/token-url"),
  domain: { domainName, certificate },
  identityProvider: {
    issuer: "https://login.example.com/",
    audience: "kard-audits",
    jwksUrl: "https://login.example.com/.well-known/jwks.json",
    organizationsClaim: "organizations",
    scopesClaim: "scope",
  },
  auditRetention: Duration.days(730),
});
if (tracker.domainTarget !== undefined) {
  new CnameRecord(stack, "Alias", { zone, recordName: domainName, domainName: tracker.domainTarget });
}
tracker.addOutputs();
