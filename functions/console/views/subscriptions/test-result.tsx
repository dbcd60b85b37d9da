import { Badge, Fact, Time } from "../../components/parts.tsx";
import { duration } from "../../logic/format.ts";
import type { Schemas } from "../../openapi.ts";

/** What the endpoint answered to a test. */
export function TestResult({ test }: { test: Schemas["Test"] }) {
  const { delivered, timestamp, milliseconds, statusCode, body, errorMessage } = test.attributes;
  return (
    <div class="notice" role="status">
      <dl class="facts across">
        <Fact name="Test">
          <Badge tone={delivered ? "good" : "bad"}>{delivered ? "Delivered" : "Not delivered"}</Badge>
        </Fact>
        <Fact name="Answer">{statusCode ?? errorMessage ?? "none"}</Fact>
        <Fact name="Took">{duration(milliseconds)}</Fact>
        <Fact name="Sent">
          <Time at={timestamp} />
        </Fact>
        {statusCode !== undefined && errorMessage !== undefined && <Fact name="Error">{errorMessage}</Fact>}
        {body !== "" && (
          <Fact name="Body">
            <span class="free-text" dir="auto">
              {body}
            </span>
          </Fact>
        )}
      </dl>
    </div>
  );
}
