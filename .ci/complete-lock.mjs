// Completes package-lock.json with the optional packages of other platforms, which npm leaves out when its registry
// does not offer them (https://github.com/npm/cli/issues/4828); `npm ci` then refuses the lock. Run it after adding a
// package.
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm64", "x64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x"];

let added = 0;
for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    const parts = name.split(/[-/]/);
    const os = systems.filter((system) => parts.includes(system));
    const cpu = processors.filter((processor) => parts.includes(processor));
    const isThere = Object.keys(lock.packages).some((other) => other === path || other.endsWith(`/${path}`));
    if (isThere || os.length === 0 || cpu.length === 0 || !/^\d/.test(version)) continue;
    lock.packages[path] = { version, cpu, ...(dev && { dev }), optional: true, os };
    added++;
  }
}

lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added`);
