/** Bundles have this instead of the SDK's HTTP handler. All clients are given `awsHttp`, which returns whole bodies. */
export const NodeHttpHandler = { create: <Handler>(handler: Handler): Handler => handler };

/** Reads streams, of which there are none. */
export const streamCollector = undefined;
