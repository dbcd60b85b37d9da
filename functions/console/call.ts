import type { Operations } from "./openapi.ts";

type Route = keyof Operations;
type Parameter<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Parameter<Rest> : never;

interface Given<Called extends Route> {
  path?: { [name in Exclude<Parameter<Called>, "organizationId">]: string };
  query?: Operations[Called]["query"];
  body?: Operations[Called]["body"];
  signal?: AbortSignal;
  /** Called with the status of a successful answer. */
  onStatus?: (status: number) => void;
}

/** Calls one operation of the public API. */
export type Call = <Called extends Route>(
  route: Called,
  given?: Given<Called>,
) => Promise<Operations[Called]["answer"]>;
