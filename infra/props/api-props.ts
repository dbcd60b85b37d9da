import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { IdentityProvider } from "../../functions/core/access/identity-provider.ts";

/** A custom domain for the API. */
export interface ApiDomain {
  /** Such as `audits.example.com`. Point a CNAME or alias to `domainTarget`. */
  readonly domainName: string;
  /** In the stack's own region. */
  readonly certificate: ICertificate;
  /**
   * Callers must present a client certificate signed by an authority of this PEM file. Kard, the
   * canary and the command line present none, so they are refused. The certificate of the domain must be a public one
   * that ACM issued.
   *
   * @default - no client certificates
   */
  readonly mutualTls?: { readonly bucket: IBucket; readonly key: string; readonly version?: string };
}

/** Rate limits, authentication and domain of the API. */
export interface ApiProps {
  /**
   * The time in seconds in which a create without an `Idempotency-Key` counts as a repeat if an earlier one was
   * identical. 0 turns the detection off.
   *
   * @default 600
   */
  readonly duplicateWindowSeconds?: number;
  /**
   * How many requests a second a caller may make, averaged over ten seconds.
   *
   * @default 100
   */
  readonly callerRequestsPerSecond?: number;
  /**
   * How many requests a second all callers of one issuer may make together, averaged over ten seconds.
   *
   * @default 200
   */
  readonly issuerRequestsPerSecond?: number;
  /**
   * How many requests a second each route accepts from all callers together; twice as many at once.
   *
   * @default 500
   */
  readonly apiRequestsPerSecond?: number;
  /**
   * The same for each route that needs no key.
   *
   * @default 20
   */
  readonly anonymousRequestsPerSecond?: number;
  /**
   * The same for Kard's pushes.
   *
   * @default 500
   */
  readonly pushRequestsPerSecond?: number;
  /**
   * Reserved concurrency of each function behind the API.
   *
   * @default - none: they share the account's
   */
  readonly apiConcurrency?: number;
  /**
   * SHA-256, in hexadecimal, of the `x-origin-secret` that your firewall adds to requests. Requests without it are
   * refused. Two hashes with a comma between them while you rotate the secret.
   *
   * @default - requests need no such header
   */
  readonly originSecretSha256?: string;
  /**
   * An identity provider whose tokens (JWT) are accepted besides API keys. Not CDK tokens.
   *
   * @default - none
   */
  readonly identityProvider?: IdentityProvider;
  /**
   * A custom domain for the API. The default endpoint is then disabled.
   *
   * @default - the default endpoint
   */
  readonly domain?: ApiDomain;
}
