import * as z from "zod";
import { publishEnvironment, tableEnvironment } from "../adapters/environment.ts";

export const sweepOutboxEnvironment = z.object({ ...tableEnvironment.shape, ...publishEnvironment.shape });

export type SweepOutboxEnvironment = z.input<typeof sweepOutboxEnvironment>;
