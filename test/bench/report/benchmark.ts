import * as z from "zod";

/** A benchmark's result in words. */
export const description = z.object({
  /** What is measured, and what it is compared to. */
  about: z.string(),
  figures: z.array(
    z.object({
      what: z.string(),
      /** The value, with its unit. */
      result: z.string(),
      /** What it is compared to: a value of the same run, with what it belongs to. */
      comparedTo: z.string().optional(),
    }),
  ),
  /** What the ratios mean, in one sentence. */
  meaning: z.string(),
  /** Versions of the programs that the product is compared to. */
  peers: z.record(z.string(), z.string()).optional(),
});

export type Description = z.infer<typeof description>;

export interface BenchOptions {
  progress: (line: string) => void;
  /** A smaller number of audits, for a quick run. */
  audits?: number | undefined;
}

/** An image of a result. */
export interface Plot {
  /** Its name in `docs/images`. */
  file: string;
  svg: string;
  /** What it shows, for readers who do not see it. */
  alt: string;
}

/** A benchmark of `npm run bench`. The result of `run` is what `--json` prints. */
export interface Benchmark<Result> {
  name: string;
  run(options: BenchOptions): Promise<Result>;
  describe(result: Result): Description;
  plot?(result: Result): Plot;
}
