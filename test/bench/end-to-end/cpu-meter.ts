/** CPU time in milliseconds by part: each function, and the threads of the local stack. */
export type CpuByPart = Record<string, number>;

const mainThread = "gateway, AWS proxy, Kard's sandbox, receivers";
const otherThreads = "emulators of DynamoDB and SQS";

/** Measures the CPU time of a local stack that runs in this process. */
export function cpuMeter() {
  const ofFunctions = new Map<string, number>();
  const taken = { process: process.cpuUsage(), thread: process.threadCpuUsage(), functions: new Map<string, number>() };

  return {
    /** For the hook `onInvocation`. @param name the function's name or logical id */
    add(name: string, cpuMs: number): void {
      ofFunctions.set(name, (ofFunctions.get(name) ?? 0) + cpuMs);
    },

    /** The CPU time since the last call. */
    take(): CpuByPart {
      const all = inMs(process.cpuUsage(taken.process));
      const main = inMs(process.threadCpuUsage(taken.thread));
      const functions = [...ofFunctions].map(([name, ms]) => [name, ms - (taken.functions.get(name) ?? 0)] as const);
      taken.process = process.cpuUsage();
      taken.thread = process.threadCpuUsage();
      taken.functions = new Map(ofFunctions);
      return cpuByPart(all, main, Object.fromEntries(functions));
    },
  };
}

/** Whatever is neither a function's nor the main thread's belongs to the emulators' threads and to the runtime. */
export function cpuByPart(all: number, main: number, functions: CpuByPart): CpuByPart {
  const used = Object.values(functions).reduce((sum, ms) => sum + ms, 0);
  return { ...functions, [mainThread]: main, [otherThreads]: Math.max(all - main - used, 0) };
}

function inMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}
