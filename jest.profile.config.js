import config from "./jest.config.js";
export default { ...config, projects: config.projects.map((p) => ({ ...p, rootDir: process.cwd(), setupFiles: ["/tmp/suite-prof/setup.mjs", ...p.setupFiles] })) };
