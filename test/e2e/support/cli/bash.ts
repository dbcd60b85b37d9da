import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface CurlResponse {
  status: number;
  contentType: string;
  text: string;
}

/** Runs a command line with `curl` in bash, unchanged. */
export async function runCurl(command: string): Promise<CurlResponse> {
  const script = `curl() { command curl --silent --write-out '\\n%{http_code} %{content_type}' "$@"; }\n${command}`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script]);
  const end = stdout.lastIndexOf("\n");
  const [status = "", contentType = ""] = stdout.slice(end + 1).split(" ");
  return { status: Number(status), contentType, text: stdout.slice(0, end) };
}
