/**
 * Finds a resource by its logical id, its physical name, or its logical id without the eight hex digits that the CDK
 * appends.
 */
export function findResource<Found extends { readonly id: string; readonly name: string }>(
  resources: readonly Found[],
  idOrName: string,
): Found | undefined {
  return (
    resources.find(({ id, name }) => id === idOrName || name === idOrName) ??
    resources.find(({ id }) => id.replace(/[0-9A-F]{8}$/, "") === idOrName)
  );
}
