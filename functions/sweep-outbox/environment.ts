import * as z from "zod";
import { queueEnvironment, tableEnvironment } from "../adapters/environment.ts";

export const sweepOutboxEnvironment = z.object({ ...tableEnvironment.shape, ...queueEnvironment.shape });

export type SweepOutboxEnvironment = z.input<typeof sweepOutboxEnvironment>;
