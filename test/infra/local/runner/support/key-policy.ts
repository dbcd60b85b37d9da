import { request } from "undici";

/**
 * Sets the policy of a key in another account, as `aws kms put-key-policy` does. The SDK's client of KMS is not
 * installed.
 */
export async function putKeyPolicy(
  endpoint: string,
  account: string,
  KeyId: string,
  Statement: readonly object[],
): Promise<void> {
  const { statusCode, body } = await request(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "TrentService.PutKeyPolicy",
      authorization: `AWS4-HMAC-SHA256 Credential=${account}/20261130/us-east-1/kms/aws4_request`,
    },
    body: JSON.stringify({
      KeyId,
      PolicyName: "default",
      Policy: JSON.stringify({ Version: "2012-10-17", Statement }),
    }),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(text);
}
