declare module "dynalite" {
  import type { Server } from "node:http";

  /** In memory without a `path`. */
  function dynalite(options: { path?: string; createTableMs?: number }): Server;
  export = dynalite;
}
