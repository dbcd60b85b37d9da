declare module "jest-light-runner" {
  const runner: object;
  export = runner;
}
